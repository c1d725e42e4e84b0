# shellcheck shell=bash
DESCRIPTION='kill the caller anywhere in create and destroy, and find nothing frozen or stuck'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

# Runs the command and kills it MS milliseconds later.
killed_after() { # MS COMMAND...
	local pid
	"${@:2}" >/dev/null 2>&1 &
	pid=$!
	sleep "$(printf '0.%03d' "$1")"
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
}

# A write reaches the disk.
writes_go_on() {
	local pid
	{ echo "$1" >"$SCRATCH/mnt/file" && sync "$SCRATCH/mnt/file"; } &
	pid=$!
	wait_until "! kill -0 $pid 2>/dev/null"
	wait $pid || fail 'wanted the write to succeed, got an error'
}

test_case() {
	local i ms begun
	RANDOM=4711
	load_module
	mkfs.ext4 -q "$DISK0"
	mkdir "$SCRATCH/mnt"
	mount "$DISK0" "$SCRATCH/mnt"
	begun=$(date +%s%3N)
	expect_ok blksnap snapshot create victim --device "$DISK0" --device "$DISK2" --area "$DISK1"
	ms=$(($(date +%s%3N) - begun))
	expect_ok blksnap snapshot destroy victim
	# at any point of what takes so long here
	ms=$((ms < 450 ? ms * 2 : 900))
	for ((i = 0; i < $(scaled 6 100 3); i++)); do
		killed_after $((RANDOM % ms)) blksnap snapshot create victim --device "$DISK0" --device "$DISK2" --area "$DISK1"
		writes_go_on "$i"
		[ $((i % 2)) = 0 ] ||
			killed_after $((RANDOM % ms)) blksnap snapshot destroy victim --force
		writes_go_on "$i again"
		# whatever became of it, it can be taken away
		wait_until '[[ $(state_of victim) =~ ^(taken|)$ ]]'
		blksnap snapshot destroy victim
		wait_until '[ -z "$(blksnap snapshot list | sed 1d)" ]'
		wait_until '[ -z "$(blksnap device list | sed 1d)" ]'
	done
	expect_ok blksnap snapshot create victim --device "$DISK0" --device "$DISK2" --area "$DISK1"
	expect_ok blksnap snapshot destroy victim
	umount "$SCRATCH/mnt"
	expect_nothing_left
	unload_module
}
