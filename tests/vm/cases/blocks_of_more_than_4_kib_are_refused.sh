# shellcheck shell=bash
DESCRIPTION='refuse origins and areas with blocks of more than 4 KiB in a sentence, and leave them as they are'
KERNELS='7.3'
DISKS=(64M,lbs=16384,pbs=16384 64M 64M)

test_case() {
	[ "$(blockdev --getss "$DISK0")" = 16384 ] || skip 'no blocks of 16 KiB here'
	load_module
	stamp "$DISK0" 1
	expect_fail any --says 'the device has blocks of more than 4 KiB' blksnap device attach "$DISK0"
	expect_fail any --says 'the device has blocks of more than 4 KiB' \
		blksnap snapshot create none -d "$DISK1" -d "$DISK0" -a "$DISK2"
	expect_fail any --says 'the area device has blocks of more than 4 KiB' \
		blksnap snapshot create none -d "$DISK1" -a "$DISK0"
	check_stamp "$DISK0" 1
	expect_nothing_left
	unload_module
}
