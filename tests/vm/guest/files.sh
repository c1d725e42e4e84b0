# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# files.sh - verbs about file systems under load and in images. A case sources
# it from its test_case, after lib.sh.

# Writes, renames and deletes files until $SCRATCH/enough exists.
load_files() { # DIR
	local i=0
	while [ ! -e "$SCRATCH/enough" ]; do
		i=$((i + 1))
		mkdir -p "$1/d$((i % 5))"
		# a file says what it holds: equal lines
		seq -f "$i %.0f" 1 1500 >"$1/d$((i % 5))/f$i"
		mv "$1/d$((i % 5))/f$i" "$1/d$((i % 5))/g$((i % 30))"
		[ $((i % 7)) != 0 ] || rm -rf "$1/d$(((i + 2) % 5))"
		[ $((i % 4)) != 0 ] || sync -f "$1"
		echo $i >>"$1/rounds"
	done
}

# What xfs_repair would do to an image. A frozen xfs has a log that says nothing
# but that it is not unmounted, and keeps the blocks it reserves out of the sum of
# free ones: both are so on the origin too.
repairs() { # IMAGE
	local said
	said=$(xfs_repair -n "$1" 2>&1 | grep -vE '^ *-|^Phase|^ALERT|^ignored because|^which may be|^sb_fdblocks|^No modify')
	expect '' "$said" 'what xfs_repair found'
}
