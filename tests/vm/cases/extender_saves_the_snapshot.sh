# shellcheck shell=bash
DESCRIPTION='let the examples of the documentation extend an area in time, and print every event'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 256M)
TIMEOUT=1200

test_case() {
	local i n grace extender subscriber
	load_module
	n=$(scaled 2 50 1)
	# a second is enough where nothing else runs; the full size is for such a machine;
	# half a minute is the most there is
	grace=$(scaled 30s 1s 30s)
	/usr/bin/python3 "$BLKSNAP_TOP/doc/examples/subscriber.py" "$BLKSNAP_TOP/genl-proto/specs/blksnap.yaml" \
		>"$SCRATCH/subscriber" 2>&1 &
	subscriber=$!
	defer kill $subscriber
	wait_until 'grep -q ^ready "$SCRATCH/subscriber"' 120
	stamp "$DISK0" 0 0 16384
	for ((i = 1; i <= n; i++)); do
		expect_ok blksnap snapshot create "run$i" --device "$DISK0" --area "$DISK1:0+1M" --low 512K --grace "$grace"
		"$BLKSNAP_BUILD/tests/vm/tools/extender" "run$i" "$DISK3" 0 4 >"$SCRATCH/extender" 2>&1 &
		extender=$!
		wait_until 'grep -q ^watching "$SCRATCH/extender"' 120
		stamp "$DISK0" "$i" 0 16384
		expect taken "$(state_of "run$i")"
		expect_match 'extended by 4 MiB' "$(cat "$SCRATCH/extender")"
		check_stamp "$(blksnap image path "run$i")" $((i - 1)) 0 16384
		expect_ok blksnap snapshot destroy "run$i"
		wait $extender || fail "wanted the extender to end with 0, got $?: $(cat "$SCRATCH/extender")"
	done
	wait_until "grep -q 'snapshot-del-ntf.*\"run$n\"' $SCRATCH/subscriber" 60
	expect_match 'area-level-ntf .*"level": "low"' "$(grep -m 1 area-level-ntf "$SCRATCH/subscriber")"
	wait_until "grep -q 'device-del-ntf' $SCRATCH/subscriber" 60
	# numbered from its first to its last
	sed -n 's/.*-ntf .*"seq": \([0-9]*\).*/\1/p' "$SCRATCH/subscriber" >"$SCRATCH/numbers"
	expect "$(seq "$(head -n 1 "$SCRATCH/numbers")" "$(tail -n 1 "$SCRATCH/numbers")")" \
		"$(cat "$SCRATCH/numbers")" 'numbers of the events'
	expect_nothing_left
}
