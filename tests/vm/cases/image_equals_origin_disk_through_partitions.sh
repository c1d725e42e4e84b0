# shellcheck shell=bash
DESCRIPTION='prove the image of a whole disk that is written through its partitions'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(24M 32M 24M 24M)

test_case() {
	local sum image part
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	printf 'label: dos\n63,20001,83\n20070,20003,83\n' | sfdisk -q "$DISK0" || fail 'cannot partition'
	wait_until "[ -b ${DISK0}2 ]"
	scribble "${DISK0}1" 1 40 direct
	scribble "${DISK0}2" 2 40 direct
	drop_caches "$DISK0" "${DISK0}1" "${DISK0}2"
	sum=$(checksum "$DISK0")
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	image=$(blksnap image path night)
	expect "$sum" "$(checksum "$image")" 'image at once'
	scribble "${DISK0}1" 3 "$(scaled 50 2000 10)" mixed &
	scribble "${DISK0}2" 4 "$(scaled 50 2000 10)" mixed &
	wait
	drop_caches "$DISK0" "$image"
	expect "$sum" "$(checksum "$image")" 'image after writes'
	[ "$sum" != "$(checksum "$DISK0")" ] || fail 'wanted the origin changed, got the same'
	# the partitions of the image are there, where they were
	wait_until "[ -b ${image}p2 ]"
	expect 20070 "$(cat "/sys/block/${image##*/}/${image##*/}p2/start")" 'start of a partition of the image'
	expect "$(checksum "$image" 20070 20003)" "$(checksum "${image}p2")" 'partition of the image'

	step 'and one of a partition beside it, written both ways'
	part=$(fresh_checksum "${DISK0}1")
	expect_ok blksnap snapshot create part --device "${DISK0}1" --area "$DISK2"
	scribble "${DISK0}1" 5 "$(scaled 40 1000 10)" direct &
	scribble "$DISK0" 6 "$(scaled 40 1000 10)" direct &
	wait
	expect "$sum" "$(fresh_checksum "$image")" 'image of the disk'
	expect "$part" "$(fresh_checksum "$(blksnap image path part)")" 'image of the partition'
	expect_ok blksnap snapshot destroy night
	scribble "$DISK0" 7 "$(scaled 40 1000 10)" direct
	expect "$part" "$(fresh_checksum "$(blksnap image path part)")" 'image of the partition alone'
	expect_ok blksnap snapshot destroy part
}
