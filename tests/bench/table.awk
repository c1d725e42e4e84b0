# SPDX-License-Identifier: GPL-2.0-or-later
#
# table.awk - the table and the JSON of a run, from its targets and figures.
# A figure of a subject whose image was wrong is not shown.

function figure(subject, row,    raw, r) {
	r = row
	if (sub(/^copied:/, "", r))
		return (subject, r) in stored ? sprintf("%.2f", stored[subject, r]) : "-"
	raw = base[row]
	if (!((subject, row) in rate) || !rate["raw", raw])
		return "-"
	return sprintf("%.3f", rate[subject, row] / rate["raw", raw])
}
function quote(text) {
	gsub(/["\\]/, "\\\\&", text)
	return "\"" text "\""
}
function number(text) { return text == "-" ? "null" : text + 0 }

$1 == "target" {
	rows[++nr] = $2; base[$2] = $3; floor[$2] = $4; goal[$2] = $5
	text = $0
	sub(/^target +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +/, "", text)
	what[$2] = text
}
$1 == "fig" {
	if (!($2 in seen) && $2 != "raw")
		subjects[++ns] = $2
	seen[$2] = 1
	rate[$2, $3] = $5 > 0 && $6 > 0 ? $4 * 1000 / $6 : 0
	speed[$2, $3] = $6 > 0 ? $5 * 1000 / 1024 / $6 : 0
	if ($2 == "raw")
		raws[++nraw] = $3
}
$1 == "copied" { stored[$2, $3] = $5 / $6; fetched[$2, $3] = $4 / $6 }
$1 == "wrong" {
	subject = $2
	sub(/^wrong +[^ ]+ +/, "")
	wrong[subject] = $0
	bad = 1
}
$1 == "note" { sub(/^note +/, ""); notes = notes $0 "\n" }

END {
	print command
	print "Linux " kernel ", blksnap " version "\n"
	for (i = 1; i <= nraw; i++) {
		r = raws[i]
		printf "raw %-16s %7.0f requests/s %8.1f MiB/s\n", r, rate["raw", r], speed["raw", r]
	}
	printf "\n%-44s", "ratio to raw"
	for (s = 1; s <= ns; s++)
		printf " %8s", subjects[s]
	printf " %8s %8s\n", "floor", "goal"
	for (i = 1; i <= nr; i++) {
		r = rows[i]
		any = 0
		line = sprintf("%-44s", what[r])
		for (s = 1; s <= ns; s++) {
			f = subjects[s] in wrong ? "wrong" : figure(subjects[s], r)
			any += f != "-"
			line = line sprintf(" %8s", f)
		}
		f = figure("blksnap", r)
		less = f != "-" && floor[r] != "-" && (r ~ /^copied:/ ? f > floor[r] + 0 : f < floor[r] - 0.0005)
		if (any)
			print line sprintf(" %8s %8s", floor[r], goal[r]) (less ? "  short" : "")
	}
	printf "%s", notes ? "\n" notes : ""
	for (s in wrong)
		print "\nWRONG: " s ": " wrong[s]
	if (json) {
		printf "{\n  \"command\": %s,\n  \"kernel\": %s,\n  \"blksnap\": %s,\n  \"raw\": {", quote(command), quote(kernel), quote(version) >json
		for (i = 1; i <= nraw; i++)
			printf "%s\n    %s: {\"requests_per_second\": %.1f, \"mib_per_second\": %.2f}", (i > 1 ? "," : ""), quote(raws[i]), rate["raw", raws[i]], speed["raw", raws[i]] >json
		printf "\n  },\n  \"rows\": [" >json
		for (i = 1; i <= nr; i++) {
			r = rows[i]
			printf "%s\n    {\"row\": %s, \"floor\": %s, \"goal\": %s, \"ratios\": {", (i > 1 ? "," : ""), quote(r), number(floor[r]), number(goal[r]) >json
			for (s = 1; s <= ns; s++)
				printf "%s%s: %s", (s > 1 ? ", " : ""), quote(subjects[s]), (subjects[s] in wrong ? "null" : number(figure(subjects[s], r))) >json
			printf "}}" >json
		}
		printf "\n  ]\n}\n" >json
	}
	exit bad ? 1 : 0
}
