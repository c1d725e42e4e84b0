# shellcheck shell=bash
DESCRIPTION='shrink, extend, partition, mkfs and remount origins under their snapshots'
QUICK_ON='6.12'
KERNELS='6.1 6.12 debug'
DISKS=(64M 96M 64M 64M)

test_case() {
	local loop image sum number
	need sfdisk losetup lvcreate mkfs.ext4
	modprobe loop
	load_module watch_ms=1000000

	step 'a loop device shrinks'
	truncate -s 32M "$SCRATCH/file"
	loop=$(losetup --show -f "$SCRATCH/file")
	defer losetup -d "$loop"
	stamp "$loop" 1
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create shrunk --device "$loop" --area "$DISK1:0+40M"
	overwrite_units "$loop" 0 7 100
	truncate -s 16M "$SCRATCH/file"
	losetup -c "$loop"
	expect_event 'snapshot shrunk: failed' >/dev/null
	overwrite_units "$loop" 1 7 100
	expect_fail any dd if="$(blksnap image path shrunk)" of=/dev/null bs=4K count=1 iflag=direct status=none
	expect_ok blksnap snapshot destroy shrunk
	rm "$SCRATCH/file"

	step 'a loop device gets another file of the same size'
	truncate -s 16M "$SCRATCH/one" "$SCRATCH/another"
	losetup -d "$loop"
	wait_until '[ -z "$(blksnap device list | sed 1d)" ] || blksnap device detach "$loop"'
	loop=$(losetup --show -f "$SCRATCH/one")
	expect_ok blksnap device attach "$loop"
	expect_ok blksnap snapshot create one --device "$loop" --area "$DISK1:0+40M"
	number=$(blksnap snapshot show one | awk '$1 == "since-number" { print $2 }')
	expect_ok blksnap snapshot destroy one
	expect_ok blksnap cbt export "$loop" --since "$number"
	losetup -d "$loop"
	wait_until '! blksnap cbt export "$loop" --since "$number" >/dev/null'
	expect_ok losetup "$loop" "$SCRATCH/another"
	expect $((16 << 20)) "$(blockdev --getsize64 "$loop")" 'size of the device'
	expect_fail 7 blksnap cbt export "$loop" --since "$number"
	wait_until 'blksnap cbt info "$loop"'
	expect_fail 7 blksnap cbt export "$loop" --since "$number"
	expect_ok blksnap device detach "$loop"
	rm "$SCRATCH/one" "$SCRATCH/another"

	step 'a volume is extended'
	expect_ok vgcreate -qq -s 1M vg "$DISK0"
	expect_ok lvcreate -qq -y -W n -l 20 -n lv vg
	stamp /dev/vg/lv 1
	expect_ok blksnap snapshot create volume --device /dev/vg/lv --area "$DISK1:0+40M"
	overwrite_units /dev/vg/lv 0 7 100
	expect_ok lvextend -qq -l +10 vg/lv
	expect $((30 << 20)) "$(blockdev --getsize64 /dev/vg/lv)" 'size of the volume'
	overwrite_units /dev/vg/lv 3 7 100
	overwrite_units /dev/vg/lv 6000 7 100
	image=$(blksnap image path volume)
	expect $((20 << 20)) "$(blockdev --getsize64 "$image")" 'size of the image'
	check_stamp "$image" 1
	expect_ok blksnap snapshot destroy volume
	expect_ok vgremove -qq -y vg
	expect_ok pvremove -qq "$DISK0"

	step 'a disk gets another partition, and is read again'
	stamp "$DISK2" 1 40960
	printf 'label: dos\n2048,20480,83\n' | sfdisk -q "$DISK2" || fail 'cannot partition'
	sum=$(fresh_checksum "$DISK2")
	expect_ok blksnap snapshot create disk --device "$DISK2" --area "$DISK1"
	printf '40960,40960,83\n' | sfdisk -q --append "$DISK2" || fail 'cannot add a partition'
	expect_ok blockdev --rereadpt "$DISK2"
	[ -b "${DISK2}2" ] || fail 'wanted a second partition'
	stamp "${DISK2}2" 9
	expect "$sum" "$(fresh_checksum "$(blksnap image path disk)")" 'image'
	expect_ok blksnap snapshot destroy disk

	step 'another file system over the origin, then remounted'
	expect_ok mkfs.ext4 -q "$DISK3"
	mkdir "$SCRATCH/mnt"
	mount "$DISK3" "$SCRATCH/mnt"
	seq 1 200000 >"$SCRATCH/mnt/numbers"
	expect_ok blksnap snapshot create files --device "$DISK3" --area "$DISK1"
	image=$(blksnap image path files)
	sum=$(fresh_checksum "$image")
	expect_ok mount -o remount,ro "$SCRATCH/mnt"
	expect_ok mount -o remount,rw "$SCRATCH/mnt"
	seq 1 300000 >"$SCRATCH/mnt/numbers"
	umount "$SCRATCH/mnt"
	expect_ok mkfs.ext4 -q -F -b 1024 "$DISK3"
	mount "$DISK3" "$SCRATCH/mnt"
	seq 1 400000 >"$SCRATCH/mnt/others"
	umount "$SCRATCH/mnt"
	expect "$sum" "$(fresh_checksum "$image")" 'image'
	mount -o ro,noload "$image" "$SCRATCH/mnt" || fail 'cannot mount the image'
	expect "$(seq 1 200000 | cksum)" "$(cksum <"$SCRATCH/mnt/numbers")" 'the file of the past'
	umount "$SCRATCH/mnt"
	expect_ok blksnap snapshot destroy files

	step 'a loop device on a file of an origin: alone it can be, in one set not'
	mount "$DISK3" "$SCRATCH/mnt"
	truncate -s 16M "$SCRATCH/mnt/disk"
	loop=$(losetup --show -f "$SCRATCH/mnt/disk")
	stamp "$loop" 1
	expect_ok blksnap snapshot create inner --device "$loop" --area "$DISK1"
	stamp "$loop" 2
	check_stamp "$(blksnap image path inner)" 1
	expect_ok blksnap snapshot destroy inner
	expect_fail any --says 'is a file on member' blksnap snapshot create both --device "$loop" --device "$DISK3" --area "$DISK1"
	losetup -d "$loop"
	umount "$SCRATCH/mnt"
	expect_nothing_left
	unload_module
}
