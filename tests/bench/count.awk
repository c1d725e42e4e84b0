# SPDX-License-Identifier: GPL-2.0-or-later
#
# count.awk - what a request costs, by function: from targets, groups, what the
# guest printed, and a sorted list of symbols and counts, lines of both forms:
#
#	ADDRESS - FUNCTION [MODULE]
#	ADDRESS ROW COUNT

function name_of(subject, row) {
	return subject != "raw" && row in what ? what[row] : subject " " row
}
function group_of(f,    i) {
	for (i = 1; i <= ngroups; i++)
		if (f ~ pattern[i])
			return group[i]
	return "anything else"
}
# The key of the largest number, up or down, at least 1; it is taken from the list.
function take_largest(list,    k, best, size) {
	size = 1
	for (k in list)
		if (list[k] >= size || -list[k] >= size) {
			size = list[k] < 0 ? -list[k] : list[k]
			best = k
		}
	return best
}
# One row beside another, or alone if that is -1.
function show(r, raw,    f, g, above, by, of, of_group, k, line, each, left) {
	split("", by)
	for (f in functions) {
		each = count[r, f] / requests[r] - (raw < 0 ? 0 : count[raw, f] / requests[raw])
		if (each) {
			of[f] = each
			by[group_of(f)] += each
			above += each
		}
	}
	printf "\n%s: %.0f instructions", name_of(subject[r], row[r]), total[r] / requests[r]
	if (raw >= 0)
		printf ", %.0f above raw", above
	printf " (%.0f by the clock)\n", clock[subject[r], row[r]]
	while ((g = take_largest(by)) != "") {
		split("", of_group)
		for (f in of)
			if (group_of(f) == g)
				of_group[f] = of[f]
		line = sprintf("%9.0f  %-17s", by[g], g)
		for (left = most; left > 0 && (k = take_largest(of_group)) != ""; left--) {
			f = k
			sub(/ .*/, "", f)
			line = line sprintf("%s %s %.0f", left < most ? "," : "", f, of_group[k])
			delete of_group[k]
		}
		print line
		delete by[g]
	}
}

$1 == "target" {
	base[$2] = $3
	text = $0
	sub(/^target +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +/, "", text)
	what[$2] = text
}
$1 == "group" {
	pattern[++ngroups] = $2
	group[ngroups] = $0
	sub(/^group +[^ ]+ +/, "", group[ngroups])
}
# An instruction is 2 ns.
$1 == "fig" { clock[$2, $3] = $6 * 500000 / $4 }
$1 == "counted" { subject[rows + 0] = $2; row[rows + 0] = $3; requests[rows++] = $4 }
$1 == "wrong" { print "WRONG: " $0; bad = 1 }
length($1) == 16 && $2 == "-" {
	symbol = $3 (NF > 3 ? " " $4 : "")
	sub(/\.[^ ]*/, "", symbol) # of parts of a function
}
length($1) == 16 && $2 != "-" {
	if (symbol == "")
		symbol = "fio"
	functions[symbol] = 1
	count[$2, symbol] += $3
	total[$2] += $3
}

END {
	print command
	print "Linux " kernel ", blksnap " version
	for (r = 0; r < rows; r++) {
		raw = -1
		beside = row[r] in base ? base[row[r]] : row[r]
		sub(/-again$/, "", beside)
		for (i = 0; i < r; i++)
			if (subject[i] == "raw" && row[i] == beside)
				raw = i
		show(r, raw)
	}
	exit bad
}
