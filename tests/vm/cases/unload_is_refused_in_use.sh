# shellcheck shell=bash
DESCRIPTION='refuse to be unloaded while a device is tracked or in a snapshot'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)

test_case() {
	load_module
	expect_ok blksnap device attach "$DISK0"
	expect_fail any --says 'in use' rmmod blksnap
	expect_ok blksnap snapshot create s --device "$DISK0" --device "$DISK2" --area "$DISK1"
	expect_fail any --says 'in use' rmmod blksnap
	expect_fail any --says 'in a snapshot' blksnap device detach "$DISK0"
	expect_ok blksnap snapshot destroy s
	expect_fail any --says 'in use' rmmod blksnap
	expect "${DISK0##*/}" "$(blksnap device list | awk 'NR > 1 { print $1 }')" 'kept device'
	expect_ok blksnap device detach "$DISK0"
	wait_until '[ "$(cat /sys/module/blksnap/refcnt)" = 0 ]'
	unload_module
}
