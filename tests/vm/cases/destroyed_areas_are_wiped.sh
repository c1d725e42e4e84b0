# shellcheck shell=bash
DESCRIPTION='zero or discard what an area held once its snapshot is gone, and nothing of others'
KERNELS='6.1 6.12 debug'
SIZES='full'
DISKS=(24M 64M 64M,nodiscard 24M)

night() { # AREA...
	local areas=() a
	for a; do areas+=(--area "$a"); done
	stamp "$DISK0" 1
	expect_ok blksnap snapshot create night --device "$DISK0" "${areas[@]}"
	stamp "$DISK0" 2
	drop_caches "$DISK1" "$DISK2"
}

# Sectors from FIRST on that are not zeroes.
filled() { # DEV FIRST COUNT
	dd if="$1" bs=64k skip="$(($2 * 512))" count="$(($3 * 512))" iflag=direct,skip_bytes,count_bytes status=none | tr -d '\0' | wc -c
}

test_case() {
	local n i
	load_module

	step 'zeroes over the ranges, and over nothing beside them'
	stamp "$DISK1" 7
	stamp "$DISK2" 8
	night "$DISK1:4M+16M" "$DISK2:1M+16M"
	expect_match 'would be destroyed, 32M of its area zeroed' \
		"$(blksnap -n snapshot destroy night --zero)"
	check_stamp "$(blksnap image path night)" 1
	expect_match '^night: destroyed, 32M of its area zeroed' \
		"$(blksnap snapshot destroy night --zero)"
	expect 0 "$(filled "$DISK1" 8192 32768)" 'of the first range'
	expect 0 "$(filled "$DISK2" 2048 32768)" 'of the second range'
	check_stamp "$DISK1" 7 0 8192
	check_stamp "$DISK1" 7 40960
	check_stamp "$DISK2" 8 0 2048
	check_stamp "$DISK2" 8 34816

	step 'discards, where the device has them'
	stamp "$DISK1" 7
	night "$DISK1:4M+16M"
	n=$(writes_discarded "$DISK1")
	expect_ok blksnap -j snapshot destroy night --discard
	i=$(writes_discarded "$DISK1")
	expect_that 'i - n == 32768' 'sectors discarded'
	check_stamp "$DISK1" 7 0 8192
	check_stamp "$DISK1" 7 40960

	step 'a device without discards: refused, and the snapshot lives'
	night "$DISK2:1M+32M"
	expect_fail 1 --says 'takes no discards; nothing was done' blksnap snapshot destroy night --discard
	expect_fail 2 --says 'exclude each other' blksnap snapshot destroy night --discard --zero
	check_stamp "$(blksnap image path night)" 1
	expect_ok blksnap snapshot destroy night --zero
	expect 0 "$(filled "$DISK2" 2048 65536)"

	step 'a file goes with its zeroes, a zram disk by itself'
	modprobe loop || skip 'no loop devices here'
	night "file:$SCRATCH/area,size=32M"
	expect_ok blksnap snapshot destroy night --zero
	wait_until '! losetup -a | grep -q .'

	step 'interrupted: gone, not wiped, said, with the status of that'
	night "$DISK1:4M+16M"
	expect_fail 130 --says 'destroyed, but .*:8192s\+32768s is not zeroed: interrupted' \
		env --block-signal=INT sh -c 'kill -INT $$; exec blksnap snapshot destroy night --zero'
	expect_fail 3 blksnap snapshot show night
	expect_that "$(filled "$DISK1" 8192 32768) > 0"

	step 'another snapshot has a range of the device: not touched, said, and gone all the same'
	night "$DISK1:0+32M"
	expect_ok blksnap snapshot create other --device "$DISK3" --area "$DISK1:32M+16M"
	stamp "$DISK3" 3 0 16384
	expect_fail 10 --says 'destroyed, but .*:0s\+65536s is not zeroed' blksnap snapshot destroy night --zero
	expect_fail 3 blksnap snapshot show night
	expect_that "$(filled "$DISK1" 0 65536) > 0"
	expect taken "$(state_of other)"
	expect_ok blksnap snapshot destroy other --zero
	expect 0 "$(filled "$DISK1" 65536 32768)"
	expect_nothing_left
}

# Sectors that were ever discarded.
writes_discarded() { # DISK
	local f
	read -ra f <"/sys/block/${1##*/}/stat"
	echo "${f[13]}"
}
