# shellcheck shell=bash
DESCRIPTION='find file systems of images clean without a replay, taken under load'
QUICK_ON='6.12'
DISKS=(48M 400M 400M 48M)
MEM=2048
TIMEOUT=900

test_case() {
	. "$BLKSNAP_TOP/tests/vm/guest/files.sh"
	need mkfs.ext4 mkfs.xfs
	load_module
	mkdir -p "$SCRATCH/ext4" "$SCRATCH/xfs" "$SCRATCH/past"
	expect_ok mkfs.ext4 -q "$DISK0"
	expect_ok mkfs.xfs -q "$DISK2"
	mount "$DISK0" "$SCRATCH/ext4" || fail 'cannot mount ext4'
	mount "$DISK2" "$SCRATCH/xfs" || fail 'cannot mount xfs'
	load_files "$SCRATCH/ext4" &
	load_files "$SCRATCH/xfs" &
	wait_until "[ -s $SCRATCH/ext4/rounds ] && [ -s $SCRATCH/xfs/rounds ]" 60
	expect_ok blksnap snapshot create night --device "$DISK0" --device "$DISK2" --area "$DISK1"
	expect 2 "$(blksnap -j snapshot show night | grep -c '"freeze_result": "frozen"')" 'file systems frozen'

	look ext4 ro,noload "$(blksnap image path night "$DISK0")"
	look xfs ro,norecovery,nouuid "$(blksnap image path night "$DISK2")"
	# once more, when much of it has been overwritten
	wait_until "[ \$(wc -l <$SCRATCH/ext4/rounds) -gt \$((\$(wc -l <$SCRATCH/ext4.rounds) + 1)) ]" 60
	look ext4 ro,noload "$(blksnap image path night "$DISK0")"
	look xfs ro,norecovery,nouuid "$(blksnap image path night "$DISK2")"

	step 'end the load; the origins are sound too'
	: >"$SCRATCH/enough"
	wait
	umount "$SCRATCH/ext4" "$SCRATCH/xfs" || fail 'cannot unmount'
	expect_ok e2fsck -fn "$DISK0"
	expect_ok xfs_repair -n "$DISK2"
}

look() { # TYPE OPTIONS IMAGE
	step "the image of $1"
	drop_caches "$3"
	if [ "$1" = ext4 ]; then
		expect_ok e2fsck -fn "$3"
	else
		repairs "$3"
	fi
	mount -t "$1" -o "$2" "$3" "$SCRATCH/past" || fail "cannot mount the image of $1"
	cp "$SCRATCH/past/rounds" "$SCRATCH/$1.rounds"
	[ ! -e "$SCRATCH/$1.sum" ] || expect "$(cat "$SCRATCH/$1.sum")" "$(sum_of_files)" 'files of the image'
	sum_of_files >"$SCRATCH/$1.sum"
	umount "$SCRATCH/past" || fail 'cannot unmount the image'
}

sum_of_files() { (cd "$SCRATCH/past" && find . -type f -exec cksum {} + | sort | cksum); }
