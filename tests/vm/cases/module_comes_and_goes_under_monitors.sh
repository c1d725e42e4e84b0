# shellcheck shell=bash
DESCRIPTION='unload and load the module while monitors follow and clients dump'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)
TIMEOUT=1200

dump_for_ever() {
	while :; do
		blksnap snapshot list
		blksnap device list
		blksnap stat
	done >/dev/null 2>&1
}

test_case() {
	local i n follower dumper ends status
	load_module
	n=$(scaled 2 50 1)
	stdbuf -oL blksnap monitor --follow >"$SCRATCH/follower" 2>&1 &
	follower=$!
	defer kill $follower
	dump_for_ever &
	dumper=$!
	defer kill $dumper
	wait_until 'grep -q "this is the state" "$SCRATCH/follower"'
	for ((i = 1; i <= n; i++)); do
		blksnap monitor >"$SCRATCH/ends" 2>&1 &
		ends=$!
		wait_until 'grep -q "this is the state" "$SCRATCH/ends"'
		expect_ok blksnap device attach "$DISK0"
		expect_ok blksnap device detach "$DISK0"
		wait_until 'rmmod blksnap 2>/dev/null'
		wait $ends
		status=$?
		expect 11 $status 'what a monitor ends with that does not follow'
		wait_until "[ \$(grep -c 'the module is gone' $SCRATCH/follower) = $i ]"
		load_module
		wait_until "[ \$(grep -c 'this is the state' $SCRATCH/follower) = $((i + 1)) ]"
	done
	kill $dumper
	expect_ok blksnap device attach "$DISK0"
	wait_until "[ \$(grep -c 'vda: attached' $SCRATCH/follower) = $((n + 1)) ]"
	expect_ok blksnap device detach "$DISK0"
}
