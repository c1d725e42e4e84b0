# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reads kernel/LAYERS, then C files: a file may include only headers of a
# strictly lower rank, or of its own room.

# The room of a path below kernel/: the folder for logic/ and env/, else the
# longest listed name that is the file's, or its beginning up to a "_".
function room_of(path,   name, dir) {
	sub(/^kernel\//, "", path)
	if (index(path, "/")) {
		dir = path
		sub(/\/.*/, "", dir)
		return dir
	}
	name = path
	sub(/\.[ch]$/, "", name)
	while (!(name in rank)) {
		if (!match(name, /_[^_]*$/))
			return ""
		name = substr(name, 1, RSTART - 1)
	}
	return name
}

# A room of the same rank under the same first name, as netlink and netlink_gen.
function kin(a, b) {
	return a in rank && b in rank && rank[a] == rank[b] &&
		(index(b, a "_") == 1 || index(a, b "_") == 1)
}

FILENAME ~ /LAYERS$/ {
	if ($1 ~ /^[0-9]+$/)
		for (i = 2; i <= NF; i++)
			rank[$i] = $1
	next
}

FNR == 1 {
	room = room_of(FILENAME)
	if (room == "" || !(room in rank)) {
		printf "%s: this room is not in kernel/LAYERS\n", FILENAME
		bad = 1
		room = ""
		nextfile
	}
}

room == "logic" && /^#include </ && !/<logic_env\.h>/ {
	printf "%s:%d: logic includes only logic_env.h and logic, not %s\n", FILENAME, FNR, $2
	bad = 1
}

/^#include "/ {
	header = $2
	gsub(/"/, "", header)
	if (header ~ /logic_env\.h$/)
		other = "env"
	else if (index(header, "/") == 0 && FILENAME ~ /kernel\/[^\/]+\//)
		other = room		# a file beside this one in logic/ or env/
	else
		other = room_of(header)
	if (other == room || kin(room, other))
		next
	if (other == "" || !(other in rank)) {
		printf "%s:%d: %s belongs to no room of kernel/LAYERS\n", FILENAME, FNR, header
		bad = 1
	} else if (rank[other] >= rank[room]) {
		printf "%s:%d: %s (rank %d) may not include %s (rank %d)\n",
			FILENAME, FNR, room, rank[room], header, rank[other]
		bad = 1
	}
}

# Reaching for another room's function behind its header's back.
FILENAME ~ /\.c$/ && /^extern / {
	printf "%s:%d: extern in a .c file\n", FILENAME, FNR
	bad = 1
}

END { exit bad }
