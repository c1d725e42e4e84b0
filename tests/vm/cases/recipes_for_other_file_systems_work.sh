# shellcheck shell=bash
DESCRIPTION='back up an XFS and a btrfs by the recipes of doc/recipes.md, word for word'
SIZES='full'
KERNELS='6.1 6.12'
DISKS=(64M 400M 128M 700M)

test_case() {
	. "$BLKSNAP_TOP/tests/vm/guest/recipes.sh"
	load_module
	modprobe loop || skip 'no loop devices'
	need mkfs.xfs mkfs.btrfs rsync jq
	expect "$DISK1 $DISK2 $DISK3" '/dev/vdb /dev/vdc /dev/vdd'
	mkdir -p /backup "$SCRATCH/live" "$SCRATCH/past"
	mkfs.ext4 -q "$DISK3"
	mount "$DISK3" /backup
	xfs
	btrfs_
	umount /backup
	expect_nothing_left
}

fill() {
	mkdir "$SCRATCH/live/etc"
	cp /etc/*.conf "$SCRATCH/live/etc/"
	head -c 300000 /dev/urandom >"$SCRATCH/live/file"
	sync
}

xfs() {
	step 'an XFS'
	mkfs.xfs -q -f "$DISK1"
	mount "$DISK1" "$SCRATCH/live" || skip 'no xfs'
	fill
	recipe rsync
	expect "$(sums "$SCRATCH/live")" "$(sums /backup/files)" 'files copied'
	head -c 200000 /dev/urandom >"$SCRATCH/live/more"
	recipe mount-xfs
	expect "$(sums "$SCRATCH/live")" "$(sums /backup/files)" 'files copied by hand'
	expect_ok blksnap snapshot create n --device "$DISK1" --area "$DISK2"
	expect ro,norecovery,nouuid "$(blksnap -j image show n | jq -r '.images[0].mount_options')" 'its options'
	expect_ok blksnap snapshot destroy n
	umount "$SCRATCH/live"
	rm -rf /backup/files
}

btrfs_() {
	step 'a btrfs'
	mkfs.btrfs -q -f "$DISK1"
	mount -t btrfs "$DISK1" "$SCRATCH/live" || skip 'no btrfs'
	fill
	echo before >"$SCRATCH/live/which"
	recipe btrfs
	sums "$SCRATCH/live" >"$SCRATCH/sums"
	beside_its_origin
	umount "$SCRATCH/live"
	recipe btrfs-read
	expect "$(cat "$SCRATCH/sums")" "$(cat /backup/sums)" 'files of the copy'
	mount -t btrfs "$DISK1" "$SCRATCH/live" || fail 'the origin cannot be mounted any more'
	expect "$DISK1" "$(findmnt -n -o SOURCE "$SCRATCH/live")" 'what is mounted'
	expect after "$(cat "$SCRATCH/live/which")" 'the origin'
	umount "$SCRATCH/live"
}

# The kernel tells image and origin apart, or says that it cannot.
beside_its_origin() {
	local status
	step 'the image beside its origin'
	# shellcheck disable=SC2016 # for the command's shell
	blksnap run --device "$DISK1" --area "$DISK2" --mount -- \
		sh -c 'echo after >"$1"; sync; cat "$BLKSNAP_MOUNT/which"' sh "$SCRATCH/live/which" >"$SCRATCH/said" 2>&1
	status=$?
	cat "$SCRATCH/said"
	case $status in
	0) expect before "$(cat "$SCRATCH/said")" 'what is mounted is the past';;
	125)
		expect_match 'cannot mount it as btrfs' "$(cat "$SCRATCH/said")"
		echo after >"$SCRATCH/live/which";;
	*) fail "blksnap run ended with $status";;
	esac
}
