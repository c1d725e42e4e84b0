# shellcheck shell=bash
DESCRIPTION='leave a file system frozen that its user has frozen'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)

test_case() {
	local writer
	load_module
	mkfs.ext4 -q "$DISK0"
	mkdir "$SCRATCH/mnt" "$SCRATCH/past"
	mount "$DISK0" "$SCRATCH/mnt"
	defer fsfreeze -u "$SCRATCH/mnt"
	echo before >"$SCRATCH/mnt/file"
	fsfreeze -f "$SCRATCH/mnt"
	echo after >"$SCRATCH/mnt/file" &
	writer=$!
	expect_ok blksnap snapshot create cold --device "$DISK0" --area "$DISK1"
	expect by-user "$(field freeze_result blksnap snapshot show cold)"
	sleep 1
	kill -0 $writer 2>/dev/null || fail 'wanted the file system frozen still, got it written'
	fsfreeze -u "$SCRATCH/mnt" || fail 'wanted it frozen by the user still, got it not'
	wait_until "! kill -0 $writer 2>/dev/null"
	sync "$SCRATCH/mnt/file"
	mount -o ro,noload "$(blksnap image path cold)" "$SCRATCH/past"
	expect before "$(cat "$SCRATCH/past/file")" 'the past'
	expect after "$(cat "$SCRATCH/mnt/file")" 'the present'
	umount "$SCRATCH/past"
	expect_ok blksnap snapshot destroy cold
	step 'and thaw what it froze itself'
	expect_ok blksnap snapshot create warm --device "$DISK0" --area "$DISK1"
	expect frozen "$(field freeze_result blksnap snapshot show warm)"
	echo later >"$SCRATCH/mnt/file"
	sync "$SCRATCH/mnt/file"
	expect_ok blksnap snapshot destroy warm
	umount "$SCRATCH/mnt"
	expect_nothing_left
}
