# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
DESCRIPTION='extend an area each time it runs low, under random writes at full speed, with little more space than they need'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(1G 64M 2G)
TIMEOUT=1500

# The writes take every block once; in the full size they go on for five
# minutes. What the agent is to be in time for is the grace, not its own luck.
test_case() {
	local piece size pieces i endless=()
	need fio
	load_module
	piece=$(scaled 4 64 2)
	size=$(scaled 32 1024 8)
	[ "$SIZE" != full ] || endless=(--time_based --runtime=300 --norandommap)
	# 1.3 times what all blocks need, the first piece included
	pieces=$((size * 13 / 10 / piece))
	for ((i = 1; i < pieces; i++)); do
		echo "$DISK2:$((i * piece))M+${piece}M"
	done >"$SCRATCH/list"
	stamp "$DISK0" 1 0 $((size * 2048))
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create grow --device "$DISK0" --area "$DISK1:0+${piece}M" --low $((piece / 2))M --grace "$(scaled 30s 10s 30s)"
	blksnap autogrow grow --list "$SCRATCH/list" --limit 8G >"$SCRATCH/agent" 2>&1 &
	defer kill $!
	step "writes of 4 KiB all over $size MiB"
	fio --name=w --filename="$DISK0" --rw=randwrite --bs=4k --ioengine=libaio --iodepth=32 --direct=1 \
		--size="${size}M" ${endless[@]+"${endless[@]}"} --output="$SCRATCH/fio" || fail 'a write failed'
	expect taken "$(state_of grow)" "state, with an agent that said: $(tail -n 3 "$SCRATCH/agent")"
	expect 0 "$(count_events overflow)" 'overflow events'
	# told once the writers go on already
	wait_until '[ "$(grep -c extended "$SCRATCH/agent")" -ge $((size / piece - 1)) ]'
	expect_that "$(field area_used_bytes blksnap snapshot show grow) >= $((size << 20)) * 9 / 10"
	check_stamp "$(blksnap image path grow)" 1 0 $((size * 2048))
	expect_ok blksnap snapshot destroy grow
	expect_nothing_left
}
