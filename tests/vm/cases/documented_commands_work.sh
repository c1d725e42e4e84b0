# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
DESCRIPTION='do what the texts say, command by command'
KERNELS='6.12'
QUICK_ON='6.12'
DISKS=(128M 256M 256M 1536M)

# Commands are the lines of fenced blocks that begin with "# "; one shell runs
# all of a text, so that variables last.
commands() { # FILE
	awk '/^```/ { in_block = !in_block; next } in_block && sub(/^# /, "")' "$1"
}

# The machine that the texts speak of.
new_machine() {
	local dev
	for dev in "$DISK0" "$DISK1"; do
		expect_ok mkfs.ext4 -q -F "$dev"
	done
	mkdir -p /srv /backup
	expect_ok mount "$DISK1" /srv
	echo content >/srv/file
	sync
}
# A backup was made of it before; its numbers are where the text expects them.
earlier_backup() { # DEV
	local earlier
	expect_ok blksnap device attach "$1"
	expect_ok blksnap snapshot create earlier --device "$1" --area /dev/vdc
	earlier=$(blksnap snapshot show earlier | awk '$1 == "since-number" { print $2 }')
	generation=${earlier%:*} number=${earlier#*:}
	expect_ok blksnap snapshot destroy earlier
	expect_ok dd if=/dev/urandom of="$1" bs=4K seek=1000 count=3 oflag=direct status=none
}

run_commands() { # FILE LEAST
	local line said
	commands "$BLKSNAP_TOP/$1" >"$SCRATCH/commands"
	expect_that "$(wc -l <"$SCRATCH/commands") >= $2" "commands in $1"
	while IFS= read -r line <&3; do
		step "$1: $line"
		# in a terminal it would stay
		[ "$line" != blksnap-top ] || line='blksnap-top --once'
		eval "$line" >"$SCRATCH/said" || fail "'$line' ended with status $?"
		said=$(cat "$SCRATCH/said")
		printf '%s\n' "$said"
		case $line in
		'blksnap cbt export'*) [ -n "$said" ] || fail "'$line' told of no change";;
		'grep .'*) expect $'/srv/file:after\n/mnt/file:before' "$said" 'the present, and the past';;
		'ls -l'*) [ -e /mnt/first/file ] || fail 'the file is not in the image';;
		since=*|*snapshot\ list\ -S*) ;;
		*list*|*show*|*status*) [ -n "$said" ] || fail "'$line' said nothing";;
		esac
	done 3<"$SCRATCH/commands"
}

# Nothing that the next text would find.
clean() {
	local name
	umount /mnt /srv 2>/dev/null
	while read -r name; do
		expect_ok blksnap snapshot destroy "$name"
	done < <(blksnap -H -o name snapshot list)
	blksnap device detach "$DISK0" 2>/dev/null
	blksnap device detach "$DISK1" 2>/dev/null
	expect_nothing_left
}

test_case() {
	local generation number since
	load_module
	expect '/dev/vda /dev/vdb /dev/vdc' "$DISK0 $DISK1 $DISK2" 'the disks the texts speak of'
	need jq
	cd "$SCRATCH" || fail 'no scratch folder'
	new_machine
	run_commands doc/administrator.md 10
	clean
	# a guest of ./dev shell, whose disks are empty
	expect_ok wipefs -q -a "$DISK0" "$DISK1"
	run_commands README.md 15
	clean
	new_machine
	earlier_backup /dev/vdb
	run_commands doc/backup-author.md 4
	clean
}
