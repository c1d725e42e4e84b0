# shellcheck shell=bash
DESCRIPTION='wait for the writes of tasks that have lost the processor on their way down when a device is attached'
KERNELS='6.1 6.12'
QUICK_ON='6.12'
DISKS=(64M 64M)
TIMEOUT=1800

trace=/sys/kernel/tracing
group=/sys/fs/cgroup/slow

# Once it writes, a millisecond of processor time a second is all it gets (more on a
# machine where that is too little), so that most of the time it is where that was
# used up.
start_writer() { # NR
	mkdir -p "$group/$1"
	(
		echo $BASHPID >"$group/$1/cgroup.procs"
		exec dd if=/dev/urandom of="$DISK0" bs=4K seek=$(($1 * 1024)) oflag=direct conv=notrunc status=none
	) &
	writers+=($!)
	defer kill -9 $!
	wait_until "grep -q '^write_bytes: [^0]' /proc/$!/io"
	echo '1000 1000000' >"$group/$1/cpu.max" || skip 'no cpu controller'
	defer sh -c "echo max >$group/$1/cpu.max"
}

slow_no_more() {
	local trigger
	for trigger in "$trace"/events/kprobes/slow*/trigger; do
		echo '!stacktrace' >"$trigger"
	done
	echo >$trace/kprobe_events
}

# Of those, one that was asked to write, but has not got to the disk.
on_its_way() {
	local at
	for writer in "${writers[@]}"; do
		read -r at <"/proc/$writer/stack"
		[[ $at != *' submit_bio_noacct+'* ]] || return 0
	done
	return 1
}

unit_of() { echo $(($(awk '$1 == "pos:" { print $2 }' "/proc/$1/fdinfo/1") / 4096)); } # PID

test_case() {
	local i n image sum unit writers=() writer taken=0 quota=1000
	case $KERNEL in 7*) skip 'a task loses its processor only on the way out of the kernel';; esac
	echo +cpu >/sys/fs/cgroup/cgroup.subtree_control || skip 'no cpu controller'
	mkdir $group
	echo +cpu >$group/cgroup.subtree_control || skip 'no cpu controller'
	load_module
	# what is between the filter and the disk takes them some time
	defer slow_no_more
	for n in {1..20}; do
		echo "p:slow$n submit_bio_noacct" >>$trace/kprobe_events || skip 'no kprobes'
		echo 'stacktrace if comm == "dd"' >"$trace/events/kprobes/slow$n/trigger"
	done
	for n in 1 2 3 4; do
		start_writer $n
	done
	for i in {1..20}; do
		step "take $i: one is on its way, and nothing has seen it"
		wait_until on_its_way 120
		unit=$(unit_of "$writer")
		# one that was seen may be too long on its way for a take: then another one
		if ! blksnap snapshot create s --device "$DISK0" --area "$DISK1"; then
			[ $quota -ge 64000 ] || quota=$((quota * 2))
			for n in 1 2 3 4; do
				echo "$quota 1000000" >"$group/$n/cpu.max"
			done
			continue
		fi
		image=$(blksnap image path s)
		sum=$(checksum "$image" $((unit * 8)) 8)
		step 'it goes on'
		wait_until '[ "$(unit_of "$writer")" -gt "$unit" ]' 120
		blockdev --flushbufs "$image"
		expect "$sum" "$(checksum "$image" $((unit * 8)) 8)" "unit $unit of the image"
		expect_ok blksnap snapshot destroy s
		expect_fail any blksnap device show "$DISK0"
		[ $((taken += 1)) -lt 2 ] || break
	done
	expect 2 $taken 'takes'
}
