# shellcheck shell=bash
DESCRIPTION='refuse a path of a multipath map, whose writes are not seen there, and track the map'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M,if=scsi 64M,if=scsi 64M)

test_case() {
	local number image
	{ modprobe dm-multipath && modprobe dm-round-robin; } || skip 'the kernel has no multipath'
	load_module
	stamp "$DISK0" 1
	dmsetup create mpatha --table "0 131072 multipath 0 0 1 1 round-robin 0 1 1 $DISK0 1" ||
		fail 'no multipath map'
	defer dmsetup remove --retry mpatha

	step 'the path is refused by all that track'
	expect_fail any --says "is a path of mpatha, whose writes cannot be seen on it; name the map" \
		blksnap device attach "$DISK0"
	expect_fail any --says 'is a path of mpatha' blksnap snapshot create night --device "$DISK0" --area "$DISK2"
	expect_fail any --says 'is a path of mpatha' blksnap run --device "$DISK0" --area "$DISK2" -- true
	expect_fail any --says 'is a path of mpatha' blksnap run --since "$SCRATCH/since" --device "$DISK0" \
		--area "$DISK2" -- true
	expect_fail any --says 'in use by mpatha' blksnap snapshot create night --device "$DISK1" --area "$DISK0"
	expect '' "$(blksnap device list -H)" 'devices'
	expect_ok blksnap --record "$SCRATCH/machine" device list --all >/dev/null
	expect_fail any --says 'is a path of mpatha' blksnap --source "$SCRATCH/machine" device attach "${DISK0##*/}"

	step 'the map is tracked'
	expect_ok blksnap device attach /dev/mapper/mpatha
	expect_ok blksnap snapshot create night --device /dev/mapper/mpatha --area "$DISK2"
	image=$(blksnap image path night)
	number=$(blksnap snapshot show night | awk '$1 == "since-number" { print $2 }')
	stamp /dev/mapper/mpatha 2 8192 128
	check_stamp "$image" 1 8192 8192
	expect_ok blksnap snapshot destroy night
	expect_ok blksnap snapshot create later --device /dev/mapper/mpatha --area "$DISK2"
	expect "4194304	65536" "$(blksnap cbt export /dev/mapper/mpatha --since "$number")" 'changes'
	expect_ok blksnap snapshot destroy later
	expect_ok blksnap device detach /dev/mapper/mpatha

	step 'and the path, when it is none any more'
	expect_ok dmsetup remove --retry mpatha
	expect_ok blksnap device attach "$DISK0"
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
	unload_module
}
