# shellcheck shell=bash
DESCRIPTION='remove a volume, stop an array and read partitions again although they are tracked'
KERNELS='6.1 6.12 debug'
DISKS=(24M 32M 24M 24M)

test_case() {
	local n
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	need lvcreate mdadm sfdisk
	load_module

	step 'a logical volume'
	expect_ok vgcreate -qq -s 1M vg "$DISK0"
	expect_ok lvcreate -qq -y -W n -l 10 -n lv vg
	expect_ok blksnap device attach /dev/vg/lv
	scribble /dev/vg/lv 1 10 mixed
	expect_ok lvremove -qq -y vg/lv
	wait_until '[ -z "$(blksnap device list | sed 1d)" ]'
	# and one of the same name and number does not inherit anything
	expect_ok lvcreate -qq -y -W n -l 10 -n lv vg
	stamp /dev/vg/lv 1
	expect_ok blksnap snapshot create night --device /dev/vg/lv --area "$DISK1"
	scribble /dev/vg/lv 1 10 mixed
	check_stamp "$(blksnap image path night)" 1
	expect_ok blksnap snapshot destroy night
	expect_ok blksnap device attach /dev/vg/lv
	expect_ok vgremove -qq -y vg

	step 'an array'
	expect_ok mdadm --create /dev/md7 --run --level=1 --assume-clean --raid-devices=2 "$DISK2" "$DISK3"
	expect_ok blksnap device attach /dev/md7
	scribble /dev/md7 1 10 mixed
	expect_ok mdadm --stop /dev/md7

	step 'partitions'
	printf 'label: dos\n63,20001,83\n' | sfdisk -q "$DISK0" || fail 'cannot partition'
	expect_ok blksnap device attach "${DISK0}1"
	scribble "${DISK0}1" 1 10 mixed
	printf 'label: dos\n2048,20480,83\n' | sfdisk -q "$DISK0" || fail 'cannot partition again'
	expect_ok blockdev --rereadpt "$DISK0"
	expect 2048 "$(cat "/sys/block/${DISK0##*/}/${DISK0##*/}1/start")" 'start of the partition'
	wait_until "! blksnap -j device list | grep -q '\"dev\"'"
	# tracked afresh, at its new place
	stamp "${DISK0}1" 1
	expect_ok blksnap snapshot create night --device "${DISK0}1" --area "$DISK1"
	scribble "${DISK0}1" 1 10 mixed
	drop_caches "$(blksnap image path night)"
	check_stamp "$(blksnap image path night)" 1
	expect_ok blksnap snapshot destroy night

	step 'the whole disk tracked, its partitions read again'
	expect_ok blksnap device attach "$DISK0"
	expect_ok blockdev --rereadpt "$DISK0"
	printf 'label: dos\n4096,10240,83\n' | sfdisk -q "$DISK0" || fail 'cannot partition again'
	n=$(counter "$DISK0" writes)
	scribble "${DISK0}1" 1 10 direct
	expect_that "$(counter "$DISK0" writes) >= n + 10" 'writes seen through the new partition'
}
