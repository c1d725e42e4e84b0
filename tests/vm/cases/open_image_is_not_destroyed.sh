# shellcheck shell=bash
DESCRIPTION='refuse to destroy a snapshot whose image is open, but for --force, which gives readers an error'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)
ALLOW_LOG='EXT4-fs'

test_case() {
	local image
	load_module
	mkfs.ext4 -q "$DISK0"
	stamp "$DISK2" 1 0 8192
	expect_ok blksnap snapshot create kept --device "$DISK0" --device "$DISK2" --area "$DISK1"
	image=$(blksnap image path kept "$DISK2")
	exec 5<"$image"
	expect_fail any --says "${image##*/}" blksnap snapshot destroy kept
	expect taken "$(state_of kept)"
	stamp "$DISK2" 2 0 8192
	check_stamp "$image" 1 0 8192
	exec 5<&-
	step 'mounted'
	mkdir "$SCRATCH/past"
	mount -o ro,noload "$(blksnap image path kept "$DISK0")" "$SCRATCH/past"
	expect_fail any --says "$(basename "$(blksnap image path kept "$DISK0")")" blksnap snapshot destroy kept
	expect taken "$(state_of kept)"
	check_stamp "$image" 1 0 8192
	step 'by force'
	exec 5<"$image"
	expect_ok blksnap snapshot destroy kept --force
	expect '' "$(blksnap snapshot list | sed 1d)" 'snapshots'
	# the kernel shows openers of a disk that went an error or its end
	expect 0 "$(dd bs=4K count=1 status=none <&5 2>/dev/null | wc -c)" 'bytes read through it'
	expect_fail any dd if="$image" of=/dev/null bs=4K count=1 status=none
	stamp "$DISK2" 3 0 8192
	check_stamp "$DISK2" 3 0 8192
	step 'another one beside what is still held open'
	expect_ok blksnap snapshot create next --device "$DISK2" --area "$DISK1"
	check_stamp "$(blksnap image path next)" 3 0 8192
	exec 5<&-
	umount "$SCRATCH/past"
	expect_ok blksnap snapshot destroy next
	expect_nothing_left
	unload_module
}
