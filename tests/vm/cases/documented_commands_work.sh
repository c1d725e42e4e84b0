# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
DESCRIPTION='do what the administrator'\''s text says, command by command'
KERNELS='6.12'
QUICK_ON='6.12'

# Commands are the lines of fenced blocks that begin with "# "; one shell runs
# them all, so that variables last.
commands() { # FILE
	awk '/^```/ { in_block = !in_block; next } in_block && sub(/^# /, "")' "$1"
}

test_case() {
	local line
	load_module
	expect /dev/vdb "$DISK1" 'the disk the text speaks of'
	expect /dev/vdc "$DISK2" 'the area the text speaks of'
	expect_ok mkfs.ext4 -q -F "$DISK1"
	mkdir -p /srv
	expect_ok mount "$DISK1" /srv
	echo content >/srv/file
	commands "$BLKSNAP_TOP/doc/administrator.md" >"$SCRATCH/commands"
	expect_that "$(wc -l <"$SCRATCH/commands") > 10" 'commands in the text'
	while IFS= read -r line <&3; do
		step "$line"
		eval "$line" || fail "'$line' ended with status $?"
		case $line in
		'blksnap cbt export'*)
			eval "$line" | grep -q . || fail "'$line' told of no change";;
		'ls -l'*) [ -e /mnt/first/file ] || fail 'the file is not in the image';;
		esac
	done 3<"$SCRATCH/commands"
}
