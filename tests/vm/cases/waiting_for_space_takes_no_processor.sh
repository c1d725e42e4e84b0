# shellcheck shell=bash
DESCRIPTION='while a write waits for space its worker looks now and then, and does not go round and round'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M)

tracing=/sys/kernel/tracing
runs() { grep -cE 'function cow_work( |$)' "$tracing/trace"; }

test_case() {
	local begun writer count elapsed
	mountpoint -q "$tracing" || mount -t tracefs none "$tracing"
	[ -e "$tracing/events/workqueue/workqueue_execute_start" ] || skip 'no events of workqueues'
	load_module
	defer bash -c "echo 0 >$tracing/events/workqueue/workqueue_execute_start/enable"
	for _ in 1 2 3; do
		expect_ok blksnap snapshot create tight --device "$DISK0" --area "$DISK1:0+256K" --grace 30s
		overwrite_units "$DISK0" 0 25 64
		dd if=/dev/zero of="$DISK0" bs=256K seek=128 count=1 oflag=direct status=none &
		writer=$!
		wait_until '[ "$(field held_now blksnap stat)" != 0 ]'
		echo >"$tracing/trace"
		begun=$(date +%s%3N)
		echo 1 >"$tracing/events/workqueue/workqueue_execute_start/enable"
		wait_until '[ "$(runs)" -ge 10 ]'
		echo 0 >"$tracing/events/workqueue/workqueue_execute_start/enable"
		count=$(runs)
		elapsed=$(($(date +%s%3N) - begun))
		expect_that 'count <= elapsed / 20' 'runs in so many milliseconds'
		blksnap area extend tight "$DISK1:256K+1M"
		wait $writer || fail 'the write'
		# all that may have taken more than the grace
		[ "$(state_of tight)" = overflow ] || break
		expect_ok blksnap snapshot destroy tight
	done
	expect taken "$(state_of tight)"
	expect_ok blksnap snapshot destroy tight
	expect_nothing_left
	unload_module
}
