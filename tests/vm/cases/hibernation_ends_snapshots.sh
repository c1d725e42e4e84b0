# shellcheck shell=bash
DESCRIPTION='fail snapshots and begin new generations of tracking when the machine hibernates'
KERNELS='6.1 6.12'
QUICK_ON='6.12'
DISKS=(24M 32M 24M 24M)

test_case() {
	local number other
	[ -w /sys/power/pm_test ] || skip 'the kernel cannot rehearse hibernation'
	load_module watch_ms=1000000 # so that it must be told
	stamp "$DISK0" 1
	expect_ok blksnap device attach "$DISK2"
	other=$(interval_of "$DISK2")
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	number=$(blksnap snapshot show night | awk '$1 == "since-number" { print $2 }')
	overwrite_units "$DISK0" 0 7 100
	step 'as far as everything standing still, and back'
	echo freezer >/sys/power/pm_test
	echo disk >/sys/power/state || skip 'the kernel does not hibernate'
	expect_event 'snapshot night: failed.*EHOSTDOWN' >/dev/null
	expect failed "$(state_of night)"
	expect_fail any dd if="$(blksnap image path night)" of=/dev/null bs=4K count=1 iflag=direct status=none
	expect_fail 7 blksnap cbt export "$DISK0" --since "$number"
	expect_fail 7 blksnap cbt export "$DISK2" --since "$other"
	step 'and all works as before'
	check_stamp "$DISK0" 1 40960
	expect_ok blksnap snapshot destroy night
	stamp "$DISK0" 2
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	stamp "$DISK0" 3
	check_stamp "$(blksnap image path night)" 2
	expect_ok blksnap snapshot destroy night
	expect_ok blksnap device detach "$DISK2"
	expect_nothing_left
	unload_module
}
