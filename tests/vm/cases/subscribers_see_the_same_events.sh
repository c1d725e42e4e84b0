# shellcheck shell=bash
DESCRIPTION='send two subscribers the same events in the same order, without a gap'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

events_of() { awk '{ sub(/^[^#]*/, ""); print }' "$1" | grep -v '#0 '; }

test_case() {
	local i second
	load_module
	watch_events
	stdbuf -oL blksnap monitor >"$SCRATCH/second" 2>&1 &
	second=$!
	defer kill $second
	expect_event 'this is the state' >/dev/null
	wait_until 'grep -q "this is the state" "$SCRATCH/second"'
	for ((i = 0; i < $(scaled 2 10 1); i++)); do
		expect_ok blksnap snapshot create "s$i" --device "$DISK0" --device "$DISK2" --area "$DISK1:0+256K" --low 128K
		overwrite_units "$DISK0" 0 25 40
		overwrite_units "$DISK2" 0 25 40
		expect_event "s$i: area overflow" >/dev/null
		expect_ok blksnap snapshot destroy "s$i"
		expect_event "s$i: gone" >/dev/null
	done
	wait_until "grep -q 's$((i - 1)): gone' $SCRATCH/second"
	expect "$(events_of "$EVENTS")" "$(events_of "$SCRATCH/second")" 'events'
	step 'one whose reader is gone ends, though nothing happens any more'
	(timeout 60 blksnap monitor; echo $? >"$SCRATCH/status") | sed 1q
	wait_until '[ -s "$SCRATCH/status" ]' 120
	expect 141 "$(cat "$SCRATCH/status")" 'its status'
	# numbered from the first to the last
	expect "$(seq "$(events_of "$EVENTS" | wc -l)")" "$(events_of "$EVENTS" | sed 's/^#\([0-9]*\).*/\1/')" 'numbers'
}
