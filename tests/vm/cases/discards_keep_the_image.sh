# shellcheck shell=bash
DESCRIPTION='find the old content after discards, and count those not passed on'
KERNELS='6.1 6.12 debug'
DISKS=(24M 32M 24M 24M)

test_case() {
	local image used
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	stamp "$DISK0" 1
	drop_caches "$DISK0"
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	image=$(blksnap image path night)

	step 'over units not copied: neither passed on nor copied'
	expect_ok blkdiscard -o 4M -l 8M "$DISK0"
	expect $((8 * 1024 * 1024)) "$(counter "$DISK0" discard_dropped_bytes)" 'bytes not discarded'
	expect 0 "$(counter "$DISK0" cow_units)" 'units copied'
	check_stamp "$image" 1
	drop_caches "$DISK0"
	check_stamp "$DISK0" 1

	step 'over copied units: passed on'
	stamp "$DISK0" 2 0 2048
	wait_until "[ \"\$(counter $DISK0 memory_bytes)\" = 0 ]"
	used=$(counter "$DISK0" cow_units)
	expect_ok blkdiscard -o 0 -l 1M "$DISK0"
	expect $((8 * 1024 * 1024)) "$(counter "$DISK0" discard_dropped_bytes)" 'bytes not discarded'
	expect "$used" "$(counter "$DISK0" cow_units)" 'units copied'
	drop_caches "$DISK0" "$image"
	cmp -n $((1024 * 1024)) "$DISK0" /dev/zero || fail 'wanted the discard passed on'
	check_stamp "$image" 1

	step 'over both'
	expect_ok blkdiscard -o 512K -l 1M "$DISK0"
	drop_caches "$DISK0" "$image"
	check_stamp "$image" 1
	check_stamp "$DISK0" 1 2048 1024

	step 'tracked without a snapshot: passed on'
	expect_ok blksnap device attach "$DISK0"
	expect_ok blksnap snapshot destroy night
	expect_ok blkdiscard -o 4M -l 8M "$DISK0"
	drop_caches "$DISK0"
	cmp -i $((4 * 1024 * 1024)):0 -n $((8 * 1024 * 1024)) "$DISK0" /dev/zero ||
		fail 'wanted the discard passed on'
}
