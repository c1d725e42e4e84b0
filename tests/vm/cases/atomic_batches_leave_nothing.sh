# shellcheck shell=bash
DESCRIPTION='take back all of a batch, or of a declared state, of which a part fails or is interrupted'
SIZES='full'
DISKS=(64M 64M 64M 64M)

nothing() {
	expect '' "$(blksnap -H -o name snapshot list)$(blksnap -H -o name device list)" 'left'
	expect '' "$(losetup -a)" 'loop devices'
}

test_case() {
	load_module
	modprobe loop || skip 'no loop devices'
	mkdir "$SCRATCH/files"
	mount -t tmpfs -o size=64M none "$SCRATCH/files" || fail 'cannot mount a tmpfs'

	step 'a line that fails'
	cat >"$SCRATCH/batch" <<-END
	# two snapshots, or none
	device attach $DISK0
	snapshot create a -d $DISK0 -a $DISK1:0+1M
	snapshot create b -d $DISK2 -a $DISK1:1M+1M file:$SCRATCH/files/b,size=1M
	area extend a $DISK1:2M+1M
	area set a --grace 1s
	snapshot rename a c
	snapshot create d -d $DISK3 -a $DISK1:0+1M
	END
	expect_fail 4 --says 'line 8: .*taken back' blksnap --batch "$SCRATCH/batch" --atomic
	nothing
	step 'none that fails'
	sed -i '$d' "$SCRATCH/batch"
	expect_ok blksnap --batch "$SCRATCH/batch" --atomic
	expect 'b c ' "$(blksnap -H -o name --sort name snapshot list | tr '\n' ' ')" 'snapshots'
	step 'what was there before is as it was'
	printf '%s\n' "snapshot rename c e" "area extend e $DISK1:3M+1M" "area set e --low 10% --grace 3s" \
		'snapshot show nobody' >"$SCRATCH/batch"
	blksnap -j snapshot show c | jq 'del(.snapshot.seq)' >"$SCRATCH/before"
	expect_fail 3 blksnap --batch "$SCRATCH/batch" --atomic
	blksnap -j snapshot show c | jq 'del(.snapshot.seq)' >"$SCRATCH/after"
	expect_same "$SCRATCH/before" "$SCRATCH/after" 'snapshot c'
	step 'nothing is begun that could not be taken back'
	printf '%s\n' 'area set c --grace 5s' 'snapshot destroy b' >"$SCRATCH/batch"
	expect_fail 2 --says 'line 2: .*taken back' blksnap --batch "$SCRATCH/batch" --atomic
	expect 1000 "$(field grace_ms blksnap snapshot show c)"
	expect_ok blksnap snapshot destroy b
	expect_ok blksnap snapshot destroy c
	expect_ok blksnap device detach "$DISK0"
	nothing

	step 'a signal'
	printf '%s\n' "snapshot create s1 -d $DISK0 -a $DISK1:0+1M" \
		"snapshot create t -d $DISK2 -a $DISK1:1M+1M" >"$SCRATCH/batch"
	for _ in $(seq 200); do echo 'device list'; done >>"$SCRATCH/batch"
	blksnap --batch "$SCRATCH/batch" --atomic >"$SCRATCH/said" 2>&1 &
	wait_until '[ -n "$(blksnap -H -o name snapshot list)" ]' 60
	kill -TERM $! 2>/dev/null
	wait $!
	case $? in
	130) nothing;;
	0)	echo 'it was faster'
		for n in s1 t; do expect_ok blksnap snapshot destroy $n; done;;
	*) fail "it ended with $?: $(cat "$SCRATCH/said")";;
	esac

	step 'a declared state'
	printf '%s\n' "device = $DISK0" 'snapshot = a' "device = $DISK0" "area = $DISK1:0+1M" \
		'snapshot = b' "device = $DISK2" "area = $DISK1:0+1M" >"$SCRATCH/state"
	expect_fail 4 --says 'taken back' blksnap apply "$SCRATCH/state" --atomic
	nothing
	expect_fail 10 blksnap apply "$SCRATCH/state"
	expect a "$(blksnap -H -o name snapshot list)" 'of one that is not atomic'
	expect_ok blksnap snapshot destroy a
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
}
