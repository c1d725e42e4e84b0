# shellcheck shell=bash
DESCRIPTION='hold a simple model beside the module through random operations, commands and faults'
KERNELS='6.1 6.12 debug'
DISKS=(12M 16M,if=scsi 8M 40M 40M,if=scsi 40M)
# what a failing disk makes the kernel say
ALLOW_LOG='(I/O error, dev|critical (target|medium) error|lost async page write|FAULT_INJECTION|Buffer I/O error on dev|blksnap: snapshot [0-9]+ failed|a read of the difference area failed|Sense Key|Add\. Sense|CDB:|FAILED Result)'

# Replay: SEED=… tests/vm/run --kernel … random_operations_match_a_model
model=$BLKSNAP_BUILD/tests/vm/tools/model
runs=0

# Sets and heals faults for the model, until it ends.
answer_faults() {
	local verb nr rest
	while read -r verb nr rest; do
		# shellcheck disable=SC2086 # words are meant
		case $verb in
		fail) fail_disk "$nr" $rest;;
		heal) heal_disk "$nr";;
		esac >/dev/null
		echo ok
	done <"$SCRATCH/faults" >"$SCRATCH/answers"
}

# One seed on a module of its own; small memory makes writes wait for it.
prove_seed() { # SEED SECONDS FAULTS [PARAMETER=VALUE...]
	local status=0
	load_module stall_ms=60000 "${@:4}"
	# names of faults are not used twice in the life of a machine
	runs=$((runs + 1))
	blkdebug_count=$((runs * 10000)) answer_faults &
	"$model" --seed "$1" --seconds "$2" --faults "$3" ${VERBOSE:+--verbose} \
		--limit "$(scaled 120 200 400)" \
		--origin "$DISK0:0" --origin "${DISK1}1:1" --origin "$SLOW" \
		--area "$DISK3:3" --area "$DISK4:4" --area "$DISK5:5" \
		3>"$SCRATCH/faults" 4<"$SCRATCH/answers" || status=$?
	wait $!
	[ $status = 0 ] || fail "the model ended with $status; SEED=$1 replays"
	expect_nothing_left
	expect 0 "$(field memory_used_bytes blksnap info)" 'memory of copies and held writes'
	unload_module
}

test_case() {
	local seed seconds rounds
	SLOW=$DISK2
	rounds=$(scaled 2 8 1)
	seconds=$(scaled 8 30 25)
	# The same each time where nobody wants a surprise; others where time is given.
	seed=${SEED:-7}
	[ "$SIZE" = quick ] || seed=${SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
	mkfifo "$SCRATCH/faults" "$SCRATCH/answers"
	printf 'label: dos\n63,20001,83\n' | sfdisk -q "$DISK1" || fail 'cannot partition'
	wait_until "[ -b ${DISK1}1 ]"
	if modprobe -q dm-delay; then
		dmsetup create slow --table "0 $(blockdev --getsz "$DISK2") delay $DISK2 0 1 $DISK2 0 2" ||
			fail 'cannot delay a disk'
		SLOW=/dev/mapper/slow
	fi
	while [ "$rounds" -gt 0 ]; do
		step "seed $seed"
		prove_seed "$seed" "$seconds" 0
		prove_seed "$seed" "$seconds" 35 memory_budget=1048576
		seed=$((seed + 1))
		rounds=$((rounds - 1))
	done
}
