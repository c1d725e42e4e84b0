# shellcheck shell=bash
DESCRIPTION='pull an origin out while it is written: the snapshot fails, and all can be taken down'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M,if=scsi)
ALONE=1

test_case() {
	local writer image
	load_module
	expect_ok blksnap device attach "$DISK3"
	stamp "$DISK0" 1 0 8192
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create pulled --device "$DISK0" --device "$DISK3" --area "$DISK1"
	image=$(blksnap image path pulled "$DISK0")
	(while dd if=/dev/zero of="$DISK3" bs=64K count=500 oflag=direct conv=nocreat status=none; do :; done) 2>/dev/null &
	writer=$!
	sleep 0.5
	unplug 3
	expect_event 'snapshot pulled: failed.*ENODEV|snapshot pulled: failed.*EIO' >/dev/null
	wait_until "! kill -0 $writer 2>/dev/null"
	expect failed "$(state_of pulled)"
	wait_until '[ "$(blksnap device list | awk -v d="${DISK3##*/}" "\$1 == d { print \$3 }")" = gone ]'
	step 'the other one is as it was'
	stamp "$DISK0" 2 0 8192
	check_stamp "$DISK0" 2 0 8192
	expect_fail any dd if="$image" of=/dev/null bs=4K count=1 iflag=direct status=none
	expect_ok blksnap snapshot destroy pulled
	wait_until '[ -z "$(blksnap device list | sed 1d)" ]'
	expect_event "device ${DISK3##*/}: detached" >/dev/null
	expect_nothing_left
	unload_module
}
