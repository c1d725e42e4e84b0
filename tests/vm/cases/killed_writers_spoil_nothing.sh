# shellcheck shell=bash
DESCRIPTION='kill writers at any point: the snapshot stays, its image right, the origin writable'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(48M 64M 48M)

test_case() {
	local i pid n
	RANDOM=815
	n=$(scaled 12 200 6)
	load_module stall_ms=60000 memory_budget=1048576
	stamp "$DISK0" 1
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	for ((i = 0; i < n; i++)); do
		"$diskpat" scribble "$DISK0" $i 1000000 "$( ((i % 2)) && echo direct || echo mixed)" >/dev/null 2>&1 &
		pid=$!
		sleep "$(printf '0.%03d' $((RANDOM % 400)))"
		kill -KILL $pid
		wait $pid 2>/dev/null
		expect taken "$(state_of night)"
	done
	wait_until '[ "$(field held_now blksnap device show "$DISK0")" = 0 ]'
	drop_caches "$(blksnap image path night)"
	check_stamp "$(blksnap image path night)" 1
	stamp "$DISK0" 2
	check_stamp "$DISK0" 2
	check_stamp "$(blksnap image path night)" 1
	expect_ok blksnap snapshot destroy night
	expect_nothing_left
	unload_module
}
