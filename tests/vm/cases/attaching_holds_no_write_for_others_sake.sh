# shellcheck shell=bash
DESCRIPTION='attach a device, write to it and take it, although the area of another snapshot is stuck in its last close'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local destroy
	load_module
	tasks_may_hang
	dmsetup create stuck --table "0 131072 linear $DISK1 0"
	defer dmsetup remove --retry stuck
	expect_ok blksnap snapshot create gone --device "$DISK0" --area "/dev/mapper/stuck:0+32M" >/dev/null
	step 'a last close of the area that has something to write, and cannot'
	expect_ok dd if=/dev/zero of=/dev/mapper/stuck bs=64K seek=800 count=1 conv=notrunc status=none
	dmsetup suspend --noflush --nolockfs stuck
	defer dmsetup resume stuck
	blksnap snapshot destroy gone &
	destroy=$!
	wait_until 'stuck_in area_leave' 120
	step 'another device'
	expect_ok timeout 60 blksnap device attach "$DISK2"
	timeout 60 dd if=/dev/zero of="$DISK2" bs=4K count=1 oflag=direct conv=notrunc status=none ||
		fail 'wanted the write to pass, it is held'
	expect_ok timeout 60 blksnap snapshot create other --device "$DISK2" --area "$DISK3:0+8M"
	expect_ok timeout 60 blksnap area extend other "$DISK3:8M+8M"
	expect_ok timeout 60 blksnap snapshot destroy other
	stuck_in area_leave || fail 'wanted the area still in its last close'
	dmsetup resume stuck
	wait $destroy || fail 'wanted the snapshot destroyed'
	expect_ok blksnap device detach "$DISK2"
	expect_nothing_left
}

stuck_in() { # FUNCTION of the module
	grep -qs "$1+.*blksnap" /proc/[0-9]*/stack
}
