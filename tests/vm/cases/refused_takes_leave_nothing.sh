# shellcheck shell=bash
DESCRIPTION='refuse a snapshot that cannot be, say why, and leave nothing of it'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M,ro)

refused() { # REGEX ARGUMENT...
	expect_fail any --says "$1" blksnap snapshot create none "${@:2}"
	expect '' "$(blksnap snapshot list | sed 1d)" 'snapshots'
	expect '' "$(blksnap device list | sed 1d)" 'devices'
}

test_case() {
	load_module
	step 'devices'
	mknod "$SCRATCH/ghost" b 254 200
	refused 'no such block device' --device "$DISK0" --device "$SCRATCH/ghost" --area "$DISK1"
	refused 'no such block device' --device "$DISK0" --device /dev/ghost --area "$DISK1"
	refused 'named twice' --device "$DISK0" --device "$DISK2" --device "$DISK0" --area "$DISK1"
	refused 'device is read-only' --device "$DISK0" --device "$DISK3" --area "$DISK1"
	step 'areas'
	refused 'in the snapshot itself' --device "$DISK0" --area "$DISK0:0+1M"
	refused 'in the snapshot itself' --device "$DISK0" --device "$DISK2" --area "$DISK1:0+1M" --area "$DISK2:0+1M"
	refused 'beyond the end' --device "$DISK0" --area "$DISK1:0+65M"
	refused 'beyond the end' --device "$DISK0" --area "$DISK1:64M+4K"
	refused 'beyond the end' --device "$DISK0" --area "$DISK1:0+1M" --area "$DISK2:131071s+8s"
	refused 'overlaps another one of the request' --device "$DISK0" --area "$DISK1:0+2M" --area "$DISK1:4095s+8s"
	refused 'smaller than 4 KiB' --device "$DISK0" --area "$DISK1:0+7s"
	refused 'read-only' --device "$DISK0" --area "$DISK3"
	mkfs.ext4 -q "$DISK2"
	mkdir "$SCRATCH/mnt"
	mount "$DISK2" "$SCRATCH/mnt"
	refused 'is mounted' --device "$DISK0" --area "$DISK2"
	umount "$SCRATCH/mnt"
	expect_ok blksnap device attach "$DISK1"
	expect_fail any --says 'tracked' blksnap snapshot create none --device "$DISK0" --area "$DISK1"
	expect "$(basename "$DISK1")" "$(blksnap device list | awk 'NR > 1 { print $1 }')" 'devices'
	expect_ok blksnap device detach "$DISK1"

	step 'what works, and what it forbids to others'
	stamp "$DISK0" 1 0 8192
	expect_ok blksnap snapshot create first --device "$DISK0" --area "$DISK1:0+4M"
	expect_fail any --says 'in a snapshot already' blksnap snapshot create none --device "$DISK2" --device "$DISK0" --area "$DISK1:8M+4M"
	expect_fail any --says 'has this name already' blksnap snapshot create first --device "$DISK2" --area "$DISK1:8M+4M"
	expect_fail any blksnap snapshot create none --device "$DISK2" --area "$DISK1:2M+4M"
	expect_fail any --says 'in an area|is in use|has a part of it' blksnap area extend first "$DISK1:4095K+8K"
	expect_fail any --says 'image of a snapshot' blksnap snapshot create none --device /dev/blksnap0 --area "$DISK2:8M+4M"
	expect_fail any blksnap snapshot create none --device "$DISK2" --area /dev/blksnap0
	expect_fail any --says 'image of a snapshot' blksnap device attach /dev/blksnap0
	expect_fail any --says 'area lies on the device' blksnap device attach "$DISK1"
	expect_fail any --says 'in a snapshot' blksnap device detach "$DISK0"
	expect_fail any rmmod blksnap
	expect first "$(blksnap snapshot list | awk 'NR > 1 { print $1 }')" 'snapshots'
	expect "$(basename "$DISK0")" "$(blksnap device list | awk 'NR > 1 { print $1 }')" 'devices'
	stamp "$DISK0" 2 0 8000
	check_stamp "$(blksnap image path first)" 1 0 8192
	expect_ok blksnap snapshot destroy first
	expect_nothing_left
	unload_module
}
