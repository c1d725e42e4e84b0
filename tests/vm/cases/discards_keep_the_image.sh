# shellcheck shell=bash
DESCRIPTION='find the old content after discards, and count those not passed on'
KERNELS='6.1 6.12 debug'
DISKS=(24M 32M 24M 24M)

test_case() {
	local image used dropped sum i
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	stamp "$DISK0" 1
	drop_caches "$DISK0"
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	image=$(blksnap image path night)

	step 'over units not copied: neither passed on nor copied'
	expect_ok blkdiscard -o 4M -l 8M "$DISK0"
	expect $((8 * 1024 * 1024)) "$(counter "$DISK0" discard_dropped_bytes)" 'bytes not discarded'
	expect 0 "$(counter "$DISK0" cow_units)" 'units copied'
	check_stamp "$image" 1
	drop_caches "$DISK0"
	check_stamp "$DISK0" 1

	step 'over copied units: passed on'
	stamp "$DISK0" 2 0 2048
	wait_until "[ \"\$(counter $DISK0 memory_bytes)\" = 0 ]"
	used=$(counter "$DISK0" cow_units)
	expect_ok blkdiscard -o 0 -l 1M "$DISK0"
	expect $((8 * 1024 * 1024)) "$(counter "$DISK0" discard_dropped_bytes)" 'bytes not discarded'
	expect "$used" "$(counter "$DISK0" cow_units)" 'units copied'
	drop_caches "$DISK0" "$image"
	cmp -n $((1024 * 1024)) "$DISK0" /dev/zero || fail 'wanted the discard passed on'
	check_stamp "$image" 1

	step 'over both'
	expect_ok blkdiscard -o 512K -l 1M "$DISK0"
	drop_caches "$DISK0" "$image"
	check_stamp "$image" 1
	check_stamp "$DISK0" 1 2048 1024

	step 'ranges zeroed and punched'
	expect_ok fallocate -z -n -o 13M -l 1M "$DISK0"
	expect_ok fallocate -p -o 15M -l 1M "$DISK0"
	drop_caches "$DISK0" "$image"
	cmp -i 13M:0 -n 1M "$DISK0" /dev/zero || fail 'wanted the range zeroed'
	check_stamp "$image" 1
	expect taken "$(state_of night)"

	step 'a file system that discards, and one that is trimmed'
	expect_ok mkfs.ext4 -q -E nodiscard "$DISK2"
	mkdir -p "$SCRATCH/mnt"
	expect_ok mount -o discard "$DISK2" "$SCRATCH/mnt"
	for i in 1 2 3 4; do head -c 2M /dev/urandom >"$SCRATCH/mnt/$i" || fail 'no space'; done
	sync -f "$SCRATCH/mnt"
	expect_ok blksnap device attach "$DISK2"
	expect_ok blksnap snapshot create files --device "$DISK2" --area "$DISK3"
	image=$(blksnap image path files)
	sum=$(checksum "$image")
	rm "$SCRATCH/mnt/1" "$SCRATCH/mnt/2"
	sync -f "$SCRATCH/mnt"
	wait_until "[ \"\$(counter $DISK2 discard_dropped_bytes)\" -ge 4194304 ]"
	head -c 3M /dev/urandom >"$SCRATCH/mnt/5"
	rm "$SCRATCH/mnt/3"
	expect_ok fstrim "$SCRATCH/mnt"
	head -c 3M /dev/urandom >"$SCRATCH/mnt/6"
	sync -f "$SCRATCH/mnt"
	expect "$sum" "$(fresh_checksum "$image")" 'image of a file system that discards'
	expect taken "$(state_of files)"
	expect_ok umount "$SCRATCH/mnt"
	expect_ok e2fsck -fn "$DISK2"
	expect_changes_told "$DISK2" "$image"
	expect_ok blksnap snapshot destroy files
	expect_ok blksnap device detach "$DISK2"

	step 'tracked without a snapshot: passed on'
	expect_ok blksnap device attach "$DISK0"
	expect_ok blksnap snapshot destroy night
	expect_ok blkdiscard -o 4M -l 8M "$DISK0"
	drop_caches "$DISK0"
	cmp -i $((4 * 1024 * 1024)):0 -n $((8 * 1024 * 1024)) "$DISK0" /dev/zero ||
		fail 'wanted the discard passed on'

	step 'one that the disk no longer takes is refused, and nothing is kept for it'
	stamp "$DISK0" 3
	drop_caches "$DISK0"
	expect_ok blksnap snapshot create late --device "$DISK0" --area "$DISK1"
	image=$(blksnap image path late)
	expect_ok dmsetup create above --table "0 $(blockdev --getsz "$DISK0") linear $DISK0 0"
	defer dmsetup remove --retry above
	echo 0 >"/sys/block/${DISK0##*/}/queue/discard_max_bytes" # 6.12 cannot take it back
	dropped=$(counter "$DISK0" discard_dropped_bytes)
	used=$(counter "$DISK0" cow_units)
	expect_ok blkdiscard -o 4M -l 8M /dev/mapper/above # the kernel says that it worked
	expect "$dropped" "$(counter "$DISK0" discard_dropped_bytes)" 'bytes not discarded'
	expect "$used" "$(counter "$DISK0" cow_units)" 'units copied'
	drop_caches "$DISK0" "$image"
	check_stamp "$DISK0" 3
	check_stamp "$image" 3
}

# Where DEVICE and its image differ, the next snapshot tells a change.
expect_changes_told() { # DEVICE IMAGE
	local since
	drop_caches "$1" "$2"
	cp "$2" "$SCRATCH/past"
	since=$(blksnap snapshot show files | awk '$1 == "since-number" { print $2 }')
	expect_ok blksnap snapshot destroy files
	expect_ok blksnap snapshot create files --device "$1" --area "$DISK3"
	blksnap cbt export "$1" --since "$since" >"$SCRATCH/told" || fail 'no changes told'
	/usr/bin/python3 - "$1" "$SCRATCH/past" "$SCRATCH/told" <<-'END' || fail 'wanted every change told'
	import sys
	now, past = (open(name, 'rb').read() for name in sys.argv[1:3])
	told = [tuple(map(int, line.split())) for line in open(sys.argv[3])]
	missing = [at for at in range(0, len(past), 4096) if now[at:at + 4096] != past[at:at + 4096]
	           and not any(start <= at < start + count for start, count in told)]
	changed = sum(count for start, count in told)
	print(f'{changed} of {len(past)} bytes told, missing: {missing}')
	sys.exit(bool(missing) or changed >= len(past))
	END
}
