# shellcheck shell=bash
DESCRIPTION='remove ranges from an area that hold nothing, and only those'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local sum
	load_module
	stamp "$DISK0" 1 0 32768
	sum=$(checksum "$DISK0" 0 32768)
	expect_ok blksnap snapshot create shrink --device "$DISK0" --area "$DISK1:0+64K" \
		--area "$DISK2:0+64K" --area "$DISK3" --area "$DISK2:1M+64K"
	overwrite_units "$DISK0" 0 25 12
	wait_until '[ "$(field store_bytes blksnap device show "$DISK0")" = $((12 * 4096)) ]'
	expect_fail any --says 'the range holds copies' blksnap area remove shrink "$DISK1:0+64K"
	expect_fail any --says 'no such range' blksnap area remove shrink "$DISK2:0+32K"
	expect_fail any --says 'has nothing there' blksnap area remove shrink "$DISK2:2M+64K"
	step 'all or nothing'
	expect_fail any --says 'holds copies' blksnap area remove shrink "$DISK3" "$DISK1:0+64K"
	expect $((3 * 65536 + 67108864 - (2 << 20))) "$(field area_total_bytes blksnap snapshot show shrink)" 'total'
	expect_ok blksnap area remove shrink "$DISK2:0+64K" "$DISK3"
	expect $((2 * 65536)) "$(field area_total_bytes blksnap snapshot show shrink)" 'total'
	step 'the device is free'
	stamp "$DISK3" 2
	expect_ok blksnap device attach "$DISK3"
	step 'the rest is used to the end'
	overwrite_units "$DISK0" 300 25 20
	expect taken "$(state_of shrink)"
	expect $((2 * 65536)) "$(field area_used_bytes blksnap snapshot show shrink)" 'used'
	expect "$sum" "$(fresh_checksum "$(blksnap image path shrink)" 0 32768)" 'image'
	check_stamp "$DISK3" 2
	expect_ok blksnap area extend shrink "$DISK2:0+64K"
	expect_ok blksnap area remove shrink "$DISK2:0+64K"
	expect_ok blksnap snapshot destroy shrink
	expect_ok blksnap device detach "$DISK3"
	expect_nothing_left
}
