# shellcheck shell=bash
DESCRIPTION='pass on every flush and FUA, tracked, copied or rewritten, as the bare disk gets them'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local bare
	modprobe null_blk nr_devices=0 2>/dev/null || skip 'no null_blk'
	[ -d /sys/kernel/config/nullb ] || mount -t configfs configfs /sys/kernel/config
	mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
	# a disk with a volatile cache and FUA of its own
	mkdir /sys/kernel/config/nullb/cached || skip 'null_blk cannot be configured'
	defer rmdir /sys/kernel/config/nullb/cached
	(
		cd /sys/kernel/config/nullb/cached || exit
		echo 64 >size
		echo 1 >memory_backed
		echo 8 >cache_size
		echo 0 >irqmode
		echo 1 >power
	)
	# named after the folder, or by its number
	dev=/dev/cached
	[ -b $dev ] || dev=/dev/nullb$(cat /sys/kernel/config/nullb/cached/index)
	[ -b "$dev" ] || fail 'wanted a disk, got none'
	load_module
	stamp "$dev" 1
	bare=$(requests_of work)
	expect_match 'FW|WF' "$bare" 'requests of the bare disk'
	expect_ok blksnap device attach "$dev"
	expect "$bare" "$(requests_of work)" 'requests while tracked'
	stamp "$dev" 1
	expect_ok blksnap snapshot create night --device "$dev" --area "$DISK0"
	step 'a flush alone, then each write for the first time, and again'
	expect "$bare" "$(requests_of work)" 'requests of first overwrites'
	expect 80 "$(field cow_units blksnap device show "$dev")" 'units copied'
	expect "$bare" "$(requests_of work)" 'requests of rewrites'
	drop_caches "$(blksnap image path night)"
	check_stamp "$(blksnap image path night)" 1
	expect_ok blksnap snapshot destroy night
	expect_ok blksnap device detach "$dev"
	unload_module
}

# 40 writes with FUA, and 40 of which each is flushed; far apart, as nothing
# is to be copied ahead.
work() {
	overwrite_with_sync 0 40 -s
	overwrite_with_sync 8000 40 '' fdatasync
}

overwrite_with_sync() { # FIRST COUNT OPTION [COMMAND]
	local i
	for ((i = 0; i < $2; i++)); do
		printf 'pwrite -q %d 4k\n%s\n' $((($1 + i * 79) % 16384 * 4096)) "${4:-}"
	done | xfs_io -d ${3:+"$3"} "$dev" 2>&1 | grep -v '^xfs_io>' | grep . && fail 'cannot write'
	return 0
}

# What the disk was asked to write and flush, by kind: count and letters.
requests_of() { # COMMAND
	local t=/sys/kernel/tracing major minor
	IFS=: read -r major minor <"/sys/block/${dev##*/}/dev"
	sync
	echo 0 >$t/tracing_on
	echo >$t/trace
	echo "dev == $((major << 20 | minor))" >$t/events/block/block_rq_issue/filter
	echo 1 >$t/events/block/block_rq_issue/enable
	echo 1 >$t/tracing_on
	"$@"
	echo 0 >$t/tracing_on
	echo 0 >$t/events/block/block_rq_issue/enable
	awk '/block_rq_issue:/ { sub(/.*block_rq_issue: */, ""); print $2 }' $t/trace | grep -v '^R' | sort | uniq -c
}
