# shellcheck shell=bash
DESCRIPTION='a disk of the set hangs and its writes have taken all memory: writes to the other one go on'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M)
TIMEOUT=600

hung=/dev/mapper/hung
stall_ms() { echo "$1" >/sys/module/blksnap/parameters/stall_ms; }

# More writes than there is memory for, each waiting for old content that does not come.
fill() {
	local i
	writers=()
	for i in {0..79}; do
		dd if=/dev/zero of="$hung" bs=64K seek="$i" count=1 oflag=direct conv=notrunc status=none &
		writers+=($!)
	done
	wait_until '[ "$(field held_now blksnap device show "$hung")" -ge 60 ]'
}

# Longer than reads may take when others wait for them: nobody does.
hang() {
	stall_ms 500
	sleep 8
	expect taken "$(state_of set)"
}

resume() {
	dmsetup resume hung
	wait "${writers[@]}" || fail 'a write to the disk that hung'
	check_stamp "$hung" 1 10240
	expect 0 "$(dd if="$hung" bs=64K count=80 iflag=direct status=none | tr -d '\0' | wc -c)" 'what was written to it'
}

# The budget of memory: each origin has something of its own.
short_of_budget() {
	fill
	overwrite_units "$DISK1" 0 25 20
	hang
	stall_ms 5000
	resume
	check_stamp "$(blksnap image path set "$hung")" 1
	check_stamp "$(blksnap image path set "$DISK1")" 1
}

# What holds a write: there is only what the disk that hangs has, and this has a limit.
short_of_holds() {
	load_failer
	failer cache cow_hold
	fill
	hang
	overwrite_units "$DISK1" 0 25 1 7 &
	other=$!
	expect_match 'ETIMEDOUT' "$(expect_event 'snapshot set: failed')"
	expect_match 'ETIMEDOUT in phase copy.*origin' "$(blksnap snapshot show set | tr '\n' ' ')"
	wait "$other" || fail 'the write to the other disk'
	failer off
	resume
	expect 0707 "$(dd if="$DISK1" bs=4K count=1 iflag=direct status=none | od -An -tx1 -N2 | tr -d ' \n')" 'the write'
	expect_ok rmmod failer
}

test_case() {
	local writers other
	load_module memory_budget=1048576
	dmsetup create hung --table "0 131072 linear $DISK0 0"
	defer dmsetup remove --retry hung
	stamp "$hung" 1
	stamp "$DISK1" 1
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create set -d "$hung" -d "$DISK1" -a "$DISK2"
	dmsetup suspend --noflush --nolockfs hung
	defer dmsetup resume hung
	# only there can allocations be made to fail
	if [ "$KERNEL" = debug ]; then short_of_holds; else short_of_budget; fi
	expect_ok blksnap snapshot destroy set
	expect_nothing_left
}
