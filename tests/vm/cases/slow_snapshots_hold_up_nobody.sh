# shellcheck shell=bash
DESCRIPTION='answer other generic netlink families, and register new ones, while a freeze and a destroy hang'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

# A family that is there, one that comes and one that goes: these take the lock
# for the whole host, and wait for every request that is under way.
others_answer() {
	expect_ok timeout 120 genl ctrl get name nlctrl
	expect_ok timeout 120 modprobe psample
	expect_ok timeout 120 modprobe -r psample
	expect_ok timeout 120 blksnap info
}

resume_all() { dmsetup resume upper; dmsetup resume area; }

test_case() {
	local taker loop reader adder
	need genl dmsetup mkfs.ext4 udevadm
	modinfo psample >/dev/null 2>&1 || skip 'no psample'
	tasks_may_hang
	load_module
	watch_events
	expect_event 'this is the state' >/dev/null
	# what is suspended keeps requests until it is resumed
	dmsetup create upper --table "0 $(blockdev --getsz "$DISK0") linear $DISK0 0"
	dmsetup create area --table "0 $(blockdev --getsz "$DISK1") linear $DISK1 0"
	defer resume_all
	expect_ok mkfs.ext4 -q -F /dev/mapper/upper
	mkdir "$SCRATCH/mnt"
	expect_ok mount /dev/mapper/upper "$SCRATCH/mnt"
	expect_ok blksnap device attach "$DISK0"
	stdbuf -oL udevadm monitor --kernel --subsystem-match=block >"$SCRATCH/udev" 2>&1 &
	defer kill $!
	wait_until 'grep -q "^KERNEL - " "$SCRATCH/udev"' 60

	others_answer # a take has a minute, and the first time takes longer

	step 'a freeze that hangs'
	echo dirty >"$SCRATCH/mnt/file"
	expect_ok dmsetup suspend --nolockfs --noflush upper
	blksnap snapshot create slow --device "$DISK0" --area /dev/mapper/area >"$SCRATCH/taker" 2>&1 &
	taker=$!
	wait_until '[ "$(state_of slow)" = taking ]' 60
	others_answer
	expect taking "$(state_of slow)"
	expect_ok timeout 120 blksnap snapshot rename slow still-slow
	expect_ok dmsetup resume upper
	wait $taker || fail "wanted the snapshot to be taken, got $?: $(cat "$SCRATCH/taker")"
	expect taken "$(state_of still-slow)"
	# renamed while it was taken: told when it was
	wait_until 'grep -q "^KERNEL.* change .*/blksnap[0-9]* (block)" "$SCRATCH/udev"' 60

	step 'a take that is called off while it hangs'
	expect_ok blksnap snapshot destroy still-slow
	echo dirtier >"$SCRATCH/mnt/file"
	expect_ok dmsetup suspend --nolockfs --noflush upper
	blksnap snapshot create off --device "$DISK0" --area /dev/mapper/area >"$SCRATCH/taker" 2>&1 &
	taker=$!
	wait_until '[ "$(state_of off)" = taking ]' 60
	blksnap snapshot destroy off >"$SCRATCH/destroyer" 2>&1 &
	wait_until '[ "$(state_of off)" = destroying ]' 60
	others_answer
	expect destroying "$(state_of off)"
	expect_ok dmsetup resume upper
	expect_event 'snapshot off: gone' 60 >/dev/null
	! wait $taker || fail "wanted the take to fail, got success: $(cat "$SCRATCH/taker")"

	step 'a destroy that hangs'
	expect_ok blksnap snapshot create full --device "$DISK0" --area /dev/mapper/area
	expect_ok dmsetup suspend --nolockfs --noflush area
	overwrite_units "$DISK0" 64 1 8
	wait_until '[ "$(field memory_bytes blksnap device show "$DISK0")" != 0 ]'
	sleep 1 # soon it is on its way to the area
	blksnap snapshot destroy full >"$SCRATCH/destroyer" 2>&1 &
	wait_until '[ "$(state_of full)" = destroying ]' 60
	others_answer
	expect destroying "$(state_of full)"
	expect_ok dmsetup resume area
	expect_event 'snapshot full: gone' 60 >/dev/null

	umount "$SCRATCH/mnt"

	step 'an area device that is being opened and does not answer'
	modprobe loop || skip 'no loop devices'
	loop=$(losetup -f -P --show --direct-io=on /dev/mapper/area) || fail 'no loop device'
	expect_ok blksnap snapshot create one --device "$DISK0" --area "$DISK2:0+32M"
	expect_ok blockdev --flushbufs "$loop"
	expect_ok dmsetup suspend --nolockfs --noflush area
	# who looks for partitions keeps others from opening the disk
	blockdev --rereadpt "$loop" &
	reader=$!
	wait_until "grep -q bdev_disk_changed /proc/$reader/stack" 60
	blksnap area extend one "$loop" >"$SCRATCH/adder" 2>&1 &
	adder=$!
	wait_until "grep -q area_devs_open /proc/$adder/stack" 60
	# not others_answer: a family that comes waits for every request
	expect_ok timeout 120 blksnap info
	expect_ok timeout 120 blksnap snapshot create two --device "$DISK3" --area "$DISK2:32M+32M"
	expect_ok timeout 120 blksnap snapshot destroy two
	expect_ok timeout 120 blksnap area extend one "$DISK2:32M+8M"
	expect_ok timeout 120 blksnap area set one --low 1M
	grep -q area_devs_open /proc/$adder/stack || fail 'wanted the device still being opened'
	expect_ok dmsetup resume area
	wait $reader
	wait $adder || fail "wanted the range to be added, got $?: $(cat "$SCRATCH/adder")"
	expect_ok blksnap snapshot destroy one
	expect_ok losetup -d "$loop"
	expect_ok blksnap device detach "$DISK0"
	expect_ok blksnap device detach "$DISK3"
	expect_nothing_left
}
