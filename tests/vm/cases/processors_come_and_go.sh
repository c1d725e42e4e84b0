# shellcheck shell=bash
DESCRIPTION='count, copy and take while processors are taken away and given back'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 96M 64M 64M)
TIMEOUT=900

processor=/sys/devices/system/cpu/cpu1/online

# It has ten seconds to come, whatever the machine does.
switch_on() {
	for _ in 1 2 3 4 5; do
		! echo 1 >$processor || return 0
	done
	return 1
}

switch_on_and_off() {
	local rounds=0
	until [ -e "$SCRATCH/enough" ]; do
		if ! { echo 0 >$processor && sleep 0.1 && switch_on; }; then
			echo failed >"$SCRATCH/rounds"
			return
		fi
		rounds=$((rounds + 1))
		echo $rounds >"$SCRATCH/rounds"
		sleep 0.1
	done
}

test_case() {
	local i image switcher generation
	[ -w $processor ] || skip 'no processor can be taken away'
	load_module
	stamp "$DISK0" 1
	expect_ok blksnap device attach "$DISK0"
	defer bash -c "echo 1 >$processor"
	switch_on_and_off &
	switcher=$!
	wait_until '[ -s "$SCRATCH/rounds" ]'
	for ((i = 1; i <= $(scaled 2 50 1); i++)); do
		generation=$i
		expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
		image=$(blksnap image path night)
		stamp "$DISK0" $((i + 1)) &
		check_stamp "$image" $generation
		wait $! || fail 'the writer failed'
		drop_caches "$image"
		check_stamp "$image" $generation
		expect 0 "$(field held_now blksnap device show "$DISK0")" 'writes held'
		expect 0 "$(field inflight blksnap device show "$DISK0")" 'writes under way'
		expect_ok blksnap snapshot destroy night
	done
	step 'the hook goes while one is away'
	: >"$SCRATCH/enough"
	wait $switcher
	echo "taken away and given back $(cat "$SCRATCH/rounds") times"
	expect_that "$(cat "$SCRATCH/rounds") >= 2" 'rounds'
	expect_ok tee $processor <<<0
	check_stamp "$DISK0" $i
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
	unload_module
	expect_ok tee $processor <<<1
}
