# SPDX-License-Identifier: GPL-2.0-or-later
#
# plot.awk - the curves of a run as an SVG: random writes a second from the
# moment of the take on, of each subject and of the bare disk.

function x(ms) { return left + ms / most_ms * width }
function y(rate) { return top + height - rate / most_rate * height }
# A round step of which some five make @most.
function step_of(most,    step) {
	step = 10 ^ int(log(most / 5) / log(10))
	if (most / step > 25)
		return step * 5
	return most / step > 10 ? step * 2 : step
}

$1 == "curve" {
	if (!($2 in n))
		order[++subjects] = $2
	at[$2, ++n[$2]] = $3
	rate[$2, n[$2]] = $4
	most_ms = $3 > most_ms ? $3 : most_ms
	most_rate = $4 > most_rate ? $4 : most_rate
}

END {
	if (!subjects)
		exit 1
	left = 70; top = 44; width = 640; height = 260
	split("#888888 #1b6ca8 #d1495b #edae49", color, " ")
	label["raw"] = "bare disk"; label["dm-4k"] = "dm-snapshot, 4 KiB"; label["dm-256k"] = "dm-snapshot, 256 KiB"
	most_rate *= 1.05
	print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 880 350\" font-family=\"sans-serif\" font-size=\"12\">"
	print "<rect width=\"880\" height=\"350\" fill=\"#ffffff\"/>"
	printf "<text x=\"%d\" y=\"20\" font-size=\"14\">Random writes of 4 KiB to 64 MiB, from the take of a snapshot on (Linux %s)</text>\n", left, kernel
	for (r = 0; r <= most_rate; r += step_of(most_rate)) {
		printf "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n", left, left + width, y(r), y(r)
		printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>\n", left - 8, y(r) + 4, r
	}
	for (t = 0; t <= most_ms; t += step_of(most_ms))
		printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.1f</text>\n", x(t), top + height + 18, t / 1000
	printf "<text x=\"%d\" y=\"%d\">writes a second</text>\n", left, top - 8
	printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">seconds of a processor that does one instruction each 2 ns</text>\n", left + width, top + height + 36
	for (s = 1; s <= subjects; s++) {
		name = order[s]
		printf "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"", color[s]
		for (i = 1; i <= n[name]; i++)
			printf "%.1f,%.1f ", x(at[name, i]), y(rate[name, i])
		print "\"/>"
		printf "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"3\" fill=\"%s\"/><text x=\"%d\" y=\"%d\">%s</text>\n",
			left + width + 16, top + s * 20 - 4, color[s], left + width + 36, top + s * 20, name in label ? label[name] : name
	}
	print "</svg>"
}
