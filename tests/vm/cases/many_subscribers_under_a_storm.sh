# shellcheck shell=bash
DESCRIPTION='let many subscribers follow a storm of events, one of them standing still, one short of memory, one late'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)
TIMEOUT=1800

test_case() {
	load_module
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok "$BLKSNAP_TOP/build/tests/vm/tools/storm" "$(scaled 10 100 5)" "$(scaled 1200 10000 250)" \
		"$DISK0" "$DISK1" "$DISK2" "$DISK3"
	expect_event 'snapshot end: gone' 600 >/dev/null
	# the monitor beside them had every event, or says that it lost some
	grep -q lost "$EVENTS" || expect "$(awk '{ sub(/^[^#]*#/, ""); print $1 }' "$EVENTS" | tail -n 1)" \
		"$(awk '{ sub(/^[^#]*#/, ""); if ($1 > 0) print $1 }' "$EVENTS" | wc -l)" 'events'
	wait_until '[ -z "$(blksnap device list | sed 1d)" ]'
	expect_nothing_left
}
