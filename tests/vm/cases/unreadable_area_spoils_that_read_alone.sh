# shellcheck shell=bash
DESCRIPTION='give an error for what cannot be read of the area, and all else of the image'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local image
	load_module gather_ms=0
	stamp "$DISK0" 1 0 32768
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create holed --device "$DISK0" --area "$DISK1:0+1M"
	image=$(blksnap image path holed)
	# slots in the order of the writes, one after the other
	overwrite_units "$DISK0" 0 25 20
	wait_until '[ "$(field store_bytes blksnap device show "$DISK0")" = 81920 ]'
	fail_disk 1 read 40
	defer heal_disk 1
	blockdev --flushbufs "$image"
	expect_fail any dd if="$image" of=/dev/null bs=4K skip=125 count=1 iflag=direct status=none
	expect_event 'snapshot holed: ' >/dev/null
	expect taken "$(state_of holed)"
	check_stamp "$image" 1 0 992
	check_stamp "$image" 1 1008 31760
	step 'it may heal'
	heal_disk 1
	blockdev --flushbufs "$image"
	check_stamp "$image" 1 0 32768
	expect_ok blksnap snapshot destroy holed
	expect_nothing_left
}
