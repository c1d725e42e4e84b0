# shellcheck shell=bash
DESCRIPTION='let the writes of a fast origin go on while a slow one of the same snapshot is read'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M,iops=100000 64M 128M 64M)

test_case() {
	local slow before
	load_module
	stamp "$DISK0" 1
	stamp "$DISK1" 1
	expect_ok blksnap snapshot create both --device "$DISK0" --device "$DISK1" --area "$DISK2"
	limit_disk 0 2
	# 800 first overwrites need 1600 requests: minutes
	(overwrite_units "$DISK0" 0 20 800) &
	slow=$!
	wait_until '[ "$(field held_now blksnap device show "$DISK0")" -gt 0 ]'
	step 'the other one, from end to end'
	stamp "$DISK1" 2
	overwrite_units "$DISK1" 0 20 400
	kill -0 $slow 2>/dev/null || fail 'wanted the slow writer still at it, got it done'
	before=$(field cow_units blksnap device show "$DISK0")
	expect_that 'before < 800' 'units copied of the slow one'
	check_stamp "$(blksnap image path both "$DISK1")" 1
	limit_disk 0 0
	wait $slow || fail 'wanted the slow writer to succeed'
	expect taken "$(state_of both)"
	check_stamp "$(blksnap image path both "$DISK0")" 1
	expect_ok blksnap snapshot destroy both
	expect_nothing_left
	unload_module
}
