# shellcheck shell=bash
DESCRIPTION='let many subscribers follow a storm of events, one of them standing still, one short of memory, one late'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)
TIMEOUT=1800

# Every event from its first to its last, or it says that some are lost.
expect_complete() { # FILE
	grep -q lost "$1" && return
	awk '{ sub(/^[^#]*#/, "") } $1 > 0 { if (!n++) first = $1; last = $1 }
		END { exit !n || last - first + 1 != n }' "$1" || fail "wanted every event in $1, got a gap that it does not tell"
}

test_case() {
	local i n monitors=()
	load_module
	n=$(scaled 3 10 2)
	for ((i = 1; i <= n; i++)); do
		stdbuf -oL blksnap monitor >"$SCRATCH/monitor$i" 2>&1 &
		monitors+=($!)
		defer kill $!
		wait_until "grep -q 'this is the state' $SCRATCH/monitor$i" 60
	done
	expect_ok "$BLKSNAP_TOP/build/tests/vm/tools/storm" "$(scaled 10 100 5)" "$(scaled 1200 10000 250)" \
		"$DISK0" "$DISK1" "$DISK2" "$DISK3"
	for ((i = 1; i <= n; i++)); do
		# the storm is two
		wait_until "[ \$(grep -c 'snapshot end: gone' $SCRATCH/monitor$i) = 2 ] || grep -q lost $SCRATCH/monitor$i" 600
		expect_complete "$SCRATCH/monitor$i"
	done
	kill "${monitors[@]}"
	wait_until '[ -z "$(blksnap device list | sed 1d)" ]'
	expect_nothing_left
}
