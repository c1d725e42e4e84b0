# shellcheck shell=bash
DESCRIPTION='grow an origin: its image keeps its size and content, and tracking starts anew'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)
ALONE=1

test_case() {
	local number image
	load_module watch_ms=1000000 # so that it must be noticed
	expect_ok blksnap device attach "$DISK0"
	stamp "$DISK0" 1
	expect_ok blksnap snapshot create small --device "$DISK0" --area "$DISK1"
	number=$(blksnap snapshot show small | awk '$1 == "since-number" { print $2 }')
	image=$(blksnap image path small)
	resize_disk 0 $((96 * 1048576))
	wait_until '[ "$(field capacity_bytes blksnap device show "$DISK0")" = $((96 * 1048576)) ]'
	step 'write over the old end and beyond it'
	overwrite_units "$DISK0" 16380 1 10
	overwrite_units "$DISK0" 100 25 50
	overwrite_units "$DISK0" 20000 25 100
	expect taken "$(state_of small)"
	expect $((64 * 1048576)) "$(blockdev --getsize64 "$image")" 'size of the image'
	blockdev --flushbufs "$image"
	check_stamp "$image" 1
	expect_fail 7 blksnap cbt export "$DISK0" --since "$number"
	expect_ok blksnap snapshot destroy small
	expect_ok blksnap snapshot create large --device "$DISK0" --area "$DISK1"
	expect $((96 * 1048576)) "$(blockdev --getsize64 "$(blksnap image path large)")" 'size of the image'
	expect_ok blksnap snapshot destroy large
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
}
