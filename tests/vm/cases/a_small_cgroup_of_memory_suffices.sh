# shellcheck shell=bash
DESCRIPTION='serve a writer and a reader whose cgroup has little memory: nobody is killed, and all is right'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

group=/sys/fs/cgroup/small

member() { # COMMAND...
	(
		echo $BASHPID >$group/cgroup.procs
		exec "$@"
	)
}

test_case() {
	local image most
	echo '+memory +io' >/sys/fs/cgroup/cgroup.subtree_control || skip 'no memory controller'
	mkdir $group
	load_module
	stamp "$DISK0" 1
	drop_caches "$DISK0"
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	image=$(blksnap image path night)
	echo 8M >$group/memory.max
	most=$((8 * 1048576))

	step 'write more than it may keep, and read the image'
	member "$diskpat" scribble "$DISK0" 5 "$(scaled 40 600 10)" buffered from=0 to=32M >/dev/null || fail 'the writer failed'
	member dd if=/dev/zero of="$DISK0" bs=64K seek=512 count=160 conv=fsync status=none || fail 'the writer failed'
	member "$diskpat" check "$image" 1 || fail 'the image is not the past'
	echo "events: $(tr '\n' ' ' <$group/memory.events)"
	expect 0 "$(awk '$1 == "oom_kill" { print $2 }' $group/memory.events)" 'members killed'
	expect_that "$(awk '$1 == "max" { print $2 }' $group/memory.events) > 0" 'times the limit was met'
	expect_that "$(cat $group/memory.peak 2>/dev/null || echo 0) <= most" 'memory of the cgroup'
	expect taken "$(state_of night)"
	drop_caches "$image"
	check_stamp "$image" 1
	expect_ok blksnap snapshot destroy night
	expect_nothing_left
	unload_module
}
