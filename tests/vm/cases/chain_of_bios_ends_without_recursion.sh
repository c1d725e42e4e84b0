# shellcheck shell=bash
DESCRIPTION='end a chain of 8192 bios, the first one last, on a tracked device'
KERNELS='6.1 6.12 debug'
DISKS=(24M 32M 24M 24M)

# Zeroes are written as a chain in which each bio ends the next. The first MiB
# is slow and the rest is done at once, so the whole chain collapses in the
# completion of the first: a handler that nests overflows the stack.
test_case() {
	local mib=8193
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	modprobe -a dm-delay dm-zero || skip 'no dm-delay or dm-zero'
	expect_ok dmsetup create long --table "0 2048 delay $DISK0 0 0 $DISK0 0 5000
		2048 $(((mib - 1) * 2048)) zero"
	stamp "$DISK0" 1
	expect 0 "$(cat "/sys/dev/block/$(dmsetup info -c --noheadings -o major,minor long)/queue/write_zeroes_max_bytes")" \
		'largest zeroing the device does by itself'
	expect_ok blksnap device attach /dev/mapper/long
	expect_ok blkdiscard -z /dev/mapper/long
	dmesg_clean
	expect_that "$(counter /dev/mapper/long writes) >= mib" 'writes seen'
	drop_caches "$DISK0"
	cmp -n $((2048 * 512)) "$DISK0" /dev/zero || fail 'wanted the first MiB zeroed'

	step 'in a snapshot, the whole device tracked, first MiB copied'
	stamp "$DISK0" 2 0 2048
	drop_caches "$DISK0" /dev/mapper/long
	expect_ok blksnap snapshot create night --device /dev/mapper/long --area "$DISK1"
	expect_ok blkdiscard -z -l 16M /dev/mapper/long
	check_stamp "$(blksnap image path night)" 2 0 2048
	expect_ok blksnap snapshot destroy night
}
