# shellcheck shell=bash
DESCRIPTION='pull the area out while its origin is written: the snapshot fails, the writer sees nothing'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M,if=scsi)
ALONE=1

test_case() {
	local writer image
	load_module
	stamp "$DISK0" 1
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create pulled --device "$DISK0" --area "$DISK3"
	image=$(blksnap image path pulled)
	# less than there is room for: it may be through before that goes
	stamp "$DISK0" 2 0 122880 &
	writer=$!
	wait_until '[ "$(field cow_units blksnap device show "$DISK0")" -gt 100 ]'
	unplug 3
	wait $writer || fail 'wanted the writer to succeed, got an error'
	overwrite_units "$DISK0" 16000 1 10 5
	expect_event 'snapshot pulled: failed' >/dev/null
	expect failed "$(state_of pulled)"
	check_stamp "$DISK0" 2 0 122880
	expect_fail any dd if="$image" of=/dev/null bs=4K count=1 iflag=direct status=none
	expect_ok blksnap snapshot destroy pulled
	expect_nothing_left
	unload_module
}
