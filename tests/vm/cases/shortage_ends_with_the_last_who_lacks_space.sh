# shellcheck shell=bash
DESCRIPTION='a write that was refused space needs none any more, and others lack memory alone: that is no overflow'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

hung=/dev/mapper/hung
others=/dev/mapper/others

# Zeroes, from a MiB on; its old content does not come.
write_hung() { # HELD-THEN DEVICE KIB MIB...
	local held=$1 device=$2 kib=$3 mib
	shift 3
	for mib; do
		dd if=/dev/zero of="$device" bs="${kib}K" count=1 seek="${mib}M" oflag=direct,seek_bytes \
			conv=notrunc status=none &
		writers+=($!)
	done
	wait_until "[ \"\$(field held_now blksnap device show $device)\" = $held ]"
}

test_case() {
	local refused writers=()
	load_module memory_budget=1048576
	dmsetup create hung --table "0 131072 linear $DISK0 0"
	dmsetup create others --table "0 131072 linear $DISK3 0"
	defer dmsetup remove --retry hung others
	stamp "$hung" 1
	stamp "$DISK1" 1
	expect_ok blksnap snapshot create set -d "$hung" -d "$DISK1" -a "$DISK2:0+512K" --grace 30s
	expect_ok blksnap snapshot create more -d "$others" -a "$DISK2:8M+32M"
	# 31 units are free
	overwrite_units "$DISK1" 0 25 97
	wait_until '[ "$(field memory_bytes blksnap device show "$DISK1")" = 0 ]'
	dmsetup suspend --noflush --nolockfs others
	defer dmsetup resume others
	dmsetup suspend --noflush --nolockfs hung
	defer dmsetup resume hung
	step 'another snapshot takes all memory, one write the reserve, then there is none'
	write_hung 7 "$others" 200 0 1 2 3 4 5 6
	write_hung 15 "$others" 40 7 8 9 10 11 12 13 14
	write_hung 1 "$hung" 64 0
	write_hung 2 "$hung" 40 1
	step 'one that needs 16 of the 15 that are free'
	dd if=/dev/zero of="$DISK1" bs=64K seek=800 count=1 oflag=direct conv=notrunc status=none &
	refused=$!
	wait_until '[ "$(field held_now blksnap device show "$DISK1")" = 1 ]'
	step 'it needs none any more'
	expect_ok blksnap image release set "$DISK1" 50M+64K
	wait $refused || fail 'the write that was refused'
	sleep 35
	expect taken "$(state_of set)"
	step 'who hung goes on'
	dmsetup resume hung
	dmsetup resume others
	wait "${writers[@]}" || fail 'a write to a disk that hung'
	expect taken "$(state_of set)"
	check_stamp "$(blksnap image path set "$hung")" 1
	expect_ok blksnap snapshot destroy set
	expect_ok blksnap snapshot destroy more
	expect_nothing_left
}
