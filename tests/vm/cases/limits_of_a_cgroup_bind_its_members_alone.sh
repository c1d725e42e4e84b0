# shellcheck shell=bash
DESCRIPTION='let the limits of a cgroup bind its members alone: no take, copy or other writer waits for them'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M,iops=1000000)
TIMEOUT=900

group=/sys/fs/cgroup/limited

limit() { # DEVICE LIMIT...
	echo "$(cat "/sys/class/block/${1##*/}/dev") ${*:2}" >$group/io.max || skip 'no io.max'
}

# In the background, as a member of the group; its process is $member. Writes must
# be direct: what is written back later is charged to whoever wrote first.
as_member() { # COMMAND...
	(
		echo $BASHPID >$group/cgroup.procs
		exec "$@"
	) >/dev/null 2>"$SCRATCH/member" &
	member=$!
}

# dd reads what it has open as its standard input; before that the device is nobody's.
member_reads() { # DEVICE
	wait_until "[ \"\$(readlink /proc/$member/fd/0)\" = \"$(realpath "$1")\" ]"
}

member_waits() { kill -0 "$member" 2>/dev/null || fail "wanted the member to wait still, got it gone: $(cat "$SCRATCH/member")"; }
member_succeeds() { wait "$member" || fail "wanted the member to succeed, got: $(cat "$SCRATCH/member")"; }

# What the block layer keeps for later is in no queue of the disk's yet.
expect_parked() {
	expect_ok blksnap wait 'inflight>0' "$DISK0" --timeout 120s
	wait_until '[ "$(xargs <"/sys/block/${DISK0##*/}/inflight")" = "0 0" ]'
	expect_ok blksnap wait 'inflight>0' "$DISK0" --timeout 1s
}

test_case() {
	local image member early attach
	echo +io >/sys/fs/cgroup/cgroup.subtree_control || skip 'no io controller'
	mkdir $group
	load_module
	stamp "$DISK0" 1
	stamp "$DISK2" 2 16384 512
	dd if="$DISK2" of="$SCRATCH/pattern" bs=256K skip=32 count=1 status=none

	step 'a take while a write is parked above the queue'
	expect_ok blksnap device attach "$DISK0"
	limit "$DISK0" wbps=512
	as_member dd if="$SCRATCH/pattern" of="$DISK0" bs=256K seek=32 count=1 oflag=direct conv=notrunc
	expect_parked
	expect_fail any --says 'took too long' blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	expect '' "$(blksnap snapshot list | sed 1d)" 'snapshots'
	member_waits
	stamp "$DISK0" 2 0 64
	member_waits
	step 'and when it has gone down'
	limit "$DISK0" wbps=max
	member_succeeds
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	image=$(blksnap image path night)
	check_stamp "$image" 2 0 64
	check_stamp "$image" 1 64 16320
	check_stamp "$image" 2 16384 512

	step 'a device settles although a write is parked that came after'
	limit "$DISK3" wbps=512 # waits for what is in the queue
	limit_disk 3 0 4096
	dd if=/dev/zero of="$DISK3" bs=512K count=2 oflag=direct conv=notrunc status=none &
	early=$!
	wait_until '[ "$(awk '\''{ print $2 }'\'' <"/sys/block/${DISK3##*/}/inflight")" != 0 ]'
	blksnap device attach "$DISK3" &
	attach=$!
	wait_until 'blksnap device show "$DISK3"'
	as_member dd if="$SCRATCH/pattern" of="$DISK3" bs=256K seek=32 count=1 oflag=direct conv=notrunc
	expect_ok blksnap wait 'inflight>0' "$DISK3" --timeout 120s
	kill -0 $early || fail 'wanted what came before still on its way'
	limit_disk 3 0
	wait $attach
	expect_ok blksnap wait 'state = tracked' "$DISK3" --timeout 300s
	member_waits
	limit "$DISK3" wbps=max
	member_succeeds
	wait $early || fail 'wanted the write before to succeed'
	expect_ok blksnap device detach "$DISK3"

	step 'copies are not charged to who may hardly read'
	limit "$DISK0" rbps=1024
	as_member dd if="$DISK0" of=/dev/null bs=512K count=1 iflag=direct
	member_reads "$DISK0"
	(
		echo $BASHPID >$group/cgroup.procs
		overwrite_units "$DISK0" 1024 5 200
	) || fail 'a writer failed'
	member_waits
	limit "$DISK0" rbps=max
	member_succeeds

	step 'a limit of the image is one for its readers'
	limit "$image" rbps=1024
	as_member dd if="$image" of="$SCRATCH/past" bs=512K skip=16 count=1 iflag=direct
	member_reads "$image"
	stamp "$DISK0" 3 8192 16384
	member_waits
	limit "$image" rbps=max
	member_succeeds
	expect "$(checksum "$image" 16384 1024)" "$(checksum "$SCRATCH/past")" 'what was read meanwhile'
	check_stamp "$image" 2 16384 512
	check_stamp "$image" 1 64 5000

	case $(uname -r) in
	6.1.*)
		# whatever disk goes there, a request that waits for its limit never ends
		expect_ok blksnap snapshot destroy night;;
	*)
		step 'who waits for its limit when the image goes gets an error'
		limit "$image" rbps=1024
		as_member dd if="$image" of=/dev/null bs=512K count=1 iflag=direct
		member_reads "$image"
		expect_fail any blksnap snapshot destroy night
		expect_ok blksnap snapshot destroy night --force
		! wait "$member" || fail 'wanted the reader to get an error, got success';;
	esac
	check_stamp "$DISK0" 3 8192 16384
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
	unload_module
}
