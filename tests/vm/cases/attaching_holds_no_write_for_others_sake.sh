# shellcheck shell=bash
DESCRIPTION='let a device that is being attached be written to, although the attach waits for a stuck area of others'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local destroy attach
	load_module
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
	blksnap device attach "$DISK2" &
	attach=$!
	wait_until 'stuck_in area_exclude' 120
	timeout 60 dd if=/dev/zero of="$DISK2" bs=4K count=1 oflag=direct conv=notrunc status=none ||
		fail 'wanted the write to pass, it is held'
	dmsetup resume stuck
	wait $attach || fail 'wanted the device attached'
	wait $destroy || fail 'wanted the snapshot destroyed'
	expect_ok blksnap device detach "$DISK2"
	expect_nothing_left
}

stuck_in() { # FUNCTION of the module
	grep -qs "$1+.*blksnap" /proc/[0-9]*/stack
}
