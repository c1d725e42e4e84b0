# shellcheck shell=bash
DESCRIPTION='notice that the area was pulled out although nothing is written'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M,if=scsi)
ALONE=1

test_case() {
	load_module watch_ms=1000000 # so that it must be noticed
	stamp "$DISK0" 1 0 8192
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create pulled --device "$DISK0" --area "$DISK3"
	stamp "$DISK0" 2 0 8192
	unplug 3
	expect_event 'snapshot pulled: failed' >/dev/null
	expect_ok blksnap snapshot destroy pulled
	check_stamp "$DISK0" 2 0 8192
	expect_nothing_left
}
