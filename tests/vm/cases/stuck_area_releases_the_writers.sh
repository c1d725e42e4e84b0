# shellcheck shell=bash
DESCRIPTION='fail the snapshot when its area takes nothing any more, and let the writers go on'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local begun
	load_module stall_ms=1500 memory_budget=1048576
	stamp "$DISK0" 1 0 65536
	dmsetup create stuck --table "0 131072 linear $DISK1 0"
	defer dmsetup remove --retry stuck
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create stuck --device "$DISK0" --area /dev/mapper/stuck
	overwrite_units "$DISK0" 0 25 20
	wait_until '[ "$(field store_bytes blksnap device show "$DISK0")" = 81920 ]'
	dmsetup suspend --noflush --nolockfs stuck
	defer dmsetup resume stuck
	step 'more than memory takes'
	begun=$SECONDS
	scribble "$DISK0" 3 "$(scaled 60 300 20)" direct min=4096 max=131072 to=32M
	expect_match 'ETIMEDOUT' "$(expect_event 'snapshot stuck: failed')"
	expect_that "$((SECONDS - begun)) < 60" 'writers'
	stamp "$DISK0" 2 0 65536
	check_stamp "$DISK0" 2 0 65536
	expect_that "$(field memory_used_bytes blksnap info) <= 1048576 + 262144"
	step 'it comes back'
	dmsetup resume stuck
	expect_ok blksnap snapshot destroy stuck
	check_stamp "$DISK0" 2 0 65536
	expect_nothing_left
	expect 0 "$(field memory_used_bytes blksnap info)" 'memory of the module'
}
