# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
#
# locks.sh - in a guest with two processors: do writers of one disk wait for
# each other? Counted is each time a lock was not free at once, and of these the
# times when the lock was taken by the subject itself. The disk has no medium
# and a queue for each processor, so that it has no lock of its own.

. "$BLKSNAP_TOP/tests/bench/guest.sh"

TRACE=/sys/kernel/tracing
[ -e $TRACE/trace ] || mount -t tracefs tracefs $TRACE || die 'no tracefs here'
WRITES=$((64 * MB / 4096))

# A spinlock that is not free ends in its slow path; the locks that sleep have a
# tracepoint, which tells of spinlocks only from the second who waits on.
echo 'p:bench/spin native_queued_spin_lock_slowpath' >$TRACE/kprobe_events || die 'no probe of spinlocks'
counters="$TRACE/events/bench/spin $TRACE/events/lock/contention_begin"
count_begin() {
	echo 'hist:keys=stacktrace:size=4096' >$TRACE/events/bench/spin/trigger
	echo 'hist:keys=stacktrace:size=4096 if !(flags & 1)' >$TRACE/events/lock/contention_begin/trigger
}
# -> ALL SUBJECT'S, of the modules that match; the stacks of these are kept.
count_end() { # MODULES
	local c
	for c in $counters; do cat "$c/hist"; done >"$WORK/hist"
	echo '!hist:keys=stacktrace:size=4096' >$TRACE/events/bench/spin/trigger
	echo '!hist:keys=stacktrace:size=4096 if !(flags & 1)' >$TRACE/events/lock/contention_begin/trigger
	awk -v modules="$1" '
	/stacktrace/ { taker = ""; next }
	/hitcount:/ { all += $NF; if (taker ~ modules) { own += $NF; by[taker] += $NF }; next }
	# the first that is not of the locks themselves took it
	taker == "" && !/^ *0x|trace_|lock|mutex|rwsem|down_|up_|probe/ { taker = $0 }
	END {
		print all + 0, own + 0
		for (t in by) print by[t], t >"/dev/stderr"
	}' "$WORK/hist" 2>"$WORK/takers"
}

writers() { # DEV WRITES FIO-OPTION... -> requests a second
	local dev=$1 writes=$2
	shift 2
	fio --name=writer --filename="$dev" --rw=randwrite --bs=4096 --size=128M --io_size=$((writes * 1024)) \
		--numjobs=4 --offset_increment=128M --direct=1 --ioengine=libaio --iodepth=8 --thread --randseed=7 \
		--group_reporting --disk_util=0 --minimal --terse-version=3 "$@" 2>"$WORK/fio.err" |
		awk -F';' '{ print $49 }'
}

phase() { # SUBJECT MODULES WHAT DEV
	local one two all own
	one=$(writers "$4" $WRITES --cpus_allowed=0)
	count_begin
	two=$(writers "$4" $WRITES --allrandrepeat=0 --randseed=11)
	read -r all own < <(count_end "$2")
	printf '%-10s %-28s %10d %10d %8d %6s\n' "$1" "$3" $WRITES "$all" "$own" \
		"$(awk -v a="$one" -v b="$two" 'BEGIN { printf "%.2f", b / a }')"
	[ "${VERBOSE:-}" = '' ] || cat "$WORK/takers" >&2
}

modprobe null_blk nr_devices=0 || die 'no null_blk here'
null_blk origin 512 memory_backed=0 submit_queues=2; ORIGIN=$made
null_blk area 512 memory_backed=0 submit_queues=2; AREA=$made
printf '%-10s %-28s %10s %10s %8s %6s\n' subject work writes waits own scale
phase raw '^$' 'writes' "$ORIGIN"
load
blksnap device attach "$ORIGIN" >"$WORK/attach" || die 'cannot attach'
phase blksnap '\\[blksnap\\]' 'tracked' "$ORIGIN"
blksnap_take
phase blksnap '\\[blksnap\\]' 'first overwrites, scattered' "$ORIGIN"
writers "$ORIGIN" $((512 * MB / 4096)) >/dev/null
phase blksnap '\\[blksnap\\]' 'rewrites' "$ORIGIN"
blksnap_drop
blksnap device detach "$ORIGIN" >"$WORK/detach" && rmmod blksnap
modprobe dm_snapshot || die 'no dm-snapshot here'
dm_idle
dm_take dm-4k
phase dm-4k '\\[dm_snapshot\\]|\\[dm_mod\\]|\\[dm_bufio\\]' 'first overwrites, scattered' "$(dm_write_to)"
writers "$(dm_write_to)" $((512 * MB / 4096)) >/dev/null
phase dm-4k '\\[dm_snapshot\\]|\\[dm_mod\\]|\\[dm_bufio\\]' 'rewrites' "$(dm_write_to)"
dm_drop
dm_end
