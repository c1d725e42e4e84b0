# shellcheck shell=bash
DESCRIPTION='extend, set and destroy a snapshot although a range just taken from it is stuck in the last close of its device'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

stuck_in() { # FUNCTION of the module
	grep -qs "$1+.*blksnap" /proc/[0-9]*/stack
}

test_case() {
	local removal
	load_module
	tasks_may_hang
	dmsetup create stuck --table "0 131072 linear $DISK1 0"
	defer dmsetup remove --retry stuck
	expect_ok blksnap snapshot create one --device "$DISK0" --area "$DISK2:0+8M" --area "/dev/mapper/stuck:0+32M"
	step 'the device has something to write at its last close, and cannot'
	expect_ok dd if=/dev/zero of=/dev/mapper/stuck bs=64K seek=800 count=1 conv=notrunc status=none
	dmsetup suspend --noflush --nolockfs stuck
	defer dmsetup resume stuck
	blksnap area remove one "/dev/mapper/stuck:0+32M" &
	removal=$!
	wait_until 'stuck_in "area_[a-z_]*"' 120
	step 'the snapshot can be changed'
	expect_ok timeout 60 blksnap area extend one "$DISK2:8M+8M"
	expect_ok timeout 60 blksnap area extend one "$DISK3"
	expect_ok timeout 60 blksnap area set one --low 1M
	expect_ok timeout 60 blksnap snapshot destroy one
	stuck_in 'area_[a-z_]*' || fail 'wanted the device still in its last close'
	dmsetup resume stuck
	wait $removal || fail 'wanted the range removed'
	expect_nothing_left
}
