# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
DESCRIPTION='do what the examples of the manual pages do that are stories, command by command'
KERNELS='6.12'
SIZES='full'
DISKS=(128M 256M 256M 1536M)

# Lines of the examples that begin with "# ", with those that continue them.
examples() { # PAGE
	awk '
		/^\.SH/ { in_examples = /^\.SH EXAMPLES?$/ }
		/^\.(nf|EX)$/ { in_block = in_examples; next }
		/^\.(fi|EE)$/ { in_block = 0 }
		!in_block { next }
		{ gsub(/\\-/, "-"); gsub(/\\e/, "\\") }
		sub(/^# /, "") { printf "%s%s", between, $0; between = "\n"; next }
		{ sub(/^ +/, " "); printf "%s", $0 }
		END { print "" }' "$BLKSNAP_TOP/doc/man/$1" | sed 's/\\ / /g'
}

run_examples() { # PAGE LEAST [REGEX]: those that match
	local line
	examples "$1" | grep -E "${3:-.}" >"$SCRATCH/examples"
	expect_that "$(wc -l <"$SCRATCH/examples") >= $2" "commands in $1"
	while IFS= read -r line <&3; do
		step "$1: $line"
		eval "$line" || fail "'$line' ended with status $?"
		# whoever types the next one takes longer
		[[ $line != *'&' ]] || wait_until '[ -S /run/blksnap/nightly-vdb.nbd ]' 120
	done 3<"$SCRATCH/examples"
}

# What is not installed is stood in for, by what shows that it finds the past.
stand_in() { # PROGRAM
	command -v "$1" >/dev/null && return
	printf '#!/bin/sh\ncat /srv/file >>%s/found\n' "$SCRATCH" >"$SCRATCH/bin/$1"
	chmod 755 "$SCRATCH/bin/$1"
}

test_case() {
	local since
	need jq sfdisk qemu-nbd qemu-img
	modprobe loop || skip 'no loop devices'
	load_module
	expect '/dev/vda /dev/vdb /dev/vdc /dev/vdd' "$DISK0 $DISK1 $DISK2 $DISK3"
	mkdir -p /srv /backup /run/blksnap "$SCRATCH/bin"
	PATH=$SCRATCH/bin:$BLKSNAP_TOP/dist/backup:$BLKSNAP_TOP/dist/nbd:$PATH
	printf ',32M\n,\n' | sfdisk -q "$DISK0" || fail 'no partitions'
	wait_until '[ -b /dev/vda2 ]'
	expect_ok mkfs.ext4 -q /dev/vda2
	expect_ok mkfs.ext4 -q "$DISK1"
	expect_ok mkfs.ext4 -q "$DISK3"
	expect_ok mount "$DISK3" /backup
	expect_ok mount "$DISK1" /srv
	expect_ok mount /dev/vda2 /home
	echo content >/srv/file
	cd "$SCRATCH" || fail 'no scratch folder'

	run_examples blksnap.8.in 7 '^(blksnap (device|snapshot|-j)|mount|tar|umount) '
	expect content "$(tar -xOf /backup/files.tar ./file)" 'the file in the archive'
	dd if=/dev/urandom of=/srv/more bs=64K count=4 conv=fsync status=none
	expect_ok blksnap snapshot create nightly -d "$DISK1" -a "$DISK2"
	run_examples blksnap.8.in 1 '^blksnap cbt '
	expect_that "$(awk '{ n += $2 } END { print n + 0 }' ranges) >= 262144" 'bytes that changed'

	since=$(cat since)
	run_examples blksnap-nbd.8 2
	kill %1
	wait
	expect_ok qemu-img convert -O raw /backup/vdb.qcow2 /backup/vdb.img
	expect_same "$(blksnap image path nightly)" /backup/vdb.img
	expect_ok blksnap snapshot destroy nightly
	run_examples blksnap.8.in 1 '^blksnap run '
	expect 9 "$(examples blksnap.8.in | wc -l)" 'examples, all of them run'
	expect_match 'blksnap since' "$(cat /backup/numbers)"

	stand_in restic
	stand_in borgmatic
	export RESTIC_PASSWORD=secret
	[ -e "$SCRATCH/bin/restic" ] || expect_ok restic -q -r /backup/restic init
	run_examples blksnap-past.8 2
	[ ! -e "$SCRATCH/bin/borgmatic" ] || expect_match content "$(cat found)"
	umount /srv /home /backup
	expect_ok blksnap device detach "$DISK1"
	expect_nothing_left
}
