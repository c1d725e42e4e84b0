# shellcheck shell=bash
DESCRIPTION='take three kinds of file systems under load again and again, and find every image sound'
SIZES='full'
DISKS=(48M 320M 160M 400M)
MEM=2048

test_case() {
	local i n fs
	. "$BLKSNAP_TOP/tests/vm/guest/files.sh"
	need mkfs.ext4 mkfs.xfs mkfs.btrfs
	n=$(scaled 2 50)
	load_module
	mkdir -p "$SCRATCH/ext4" "$SCRATCH/xfs" "$SCRATCH/btrfs"
	expect_ok mkfs.ext4 -q "$DISK0"
	expect_ok mkfs.xfs -q "$DISK1"
	expect_ok mkfs.btrfs -q "$DISK2"
	mount "$DISK0" "$SCRATCH/ext4" || fail 'cannot mount ext4'
	mount "$DISK1" "$SCRATCH/xfs" || fail 'cannot mount xfs'
	mount -t btrfs "$DISK2" "$SCRATCH/btrfs" || skip 'no btrfs'
	for fs in ext4 xfs btrfs; do
		load_files "$SCRATCH/$fs" &
	done
	for fs in ext4 xfs btrfs; do
		wait_until "[ -s $SCRATCH/$fs/rounds ]" 60
	done
	for ((i = 1; i <= n; i++)); do
		step "take $i of $n"
		expect_ok blksnap snapshot create night --device "$DISK0" --device "$DISK1" --device "$DISK2" --area "$DISK3"
		expect 3 "$(blksnap -j snapshot show night | grep -c '"freeze_result": "frozen"')" 'file systems frozen'
		drop_caches "$(blksnap image path night "$DISK0")" "$(blksnap image path night "$DISK1")" "$(blksnap image path night "$DISK2")"
		expect_ok e2fsck -fn "$(blksnap image path night "$DISK0")"
		repairs "$(blksnap image path night "$DISK1")"
		expect_ok btrfs check --readonly --force "$(blksnap image path night "$DISK2")"
		expect taken "$(state_of night)"
		expect_ok blksnap snapshot destroy night
	done
	step 'end the load; the origins are sound too'
	: >"$SCRATCH/enough"
	wait
	umount "$SCRATCH/ext4" "$SCRATCH/xfs" "$SCRATCH/btrfs" || fail 'cannot unmount'
	expect_ok e2fsck -fn "$DISK0"
	expect_ok xfs_repair -n "$DISK1"
	expect_ok btrfs check --readonly "$DISK2"
	expect_nothing_left
}
