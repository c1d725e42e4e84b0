# shellcheck shell=bash disable=SC2034,SC2086,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
#
# take.sh - in a guest with eight disks under writes of depth 32: how long all
# writes are held when a snapshot of them all is taken, beside how long the
# slowest of the writes takes that must end before.

. "$BLKSNAP_TOP/tests/bench/guest.sh"

AREA=$DISK8
DEVICES=''
for i in {0..7}; do
	name=DISK$i
	DEVICES+=" --device ${!name}"
	files+=${files:+:}${!name}
done
load
for dev in ${files//:/ }; do
	blksnap device attach $dev >"$WORK/attach" || die 'cannot attach'
done

# Slowest completion in microseconds.
slowest() { # SECONDS
	local f
	for i in {0..7}; do
		name=DISK$i
		set -- "$1" "${@:2}" --name=d$i --filename=${!name}
	done
	fio --rw=randwrite --bs=4k --direct=1 --ioengine=libaio --iodepth=32 --time_based --runtime=$1 \
		--group_reporting --disk_util=0 --output-format=json "${@:2}" |
		sed -n 's/.*"max" *: *\([0-9]*\),*$/\1/p' | sort -n | tail -n 1
}

note "slowest write of eight disks at depth 32, no snapshot: $(($(slowest 10) / 1000000)) ms"
slowest 120 >"$WORK/slowest" &
writers=$!
sleep 5
for i in 1 2 3 4 5; do
	blksnap snapshot create bench $DEVICES --area "$AREA" >"$WORK/take" 2>&1 || { cat "$WORK/take" >&2; die 'no snapshot'; }
	note "take $i: writes held $(blksnap snapshot list -H -o gate | awk '{ printf "%.1f", $1 * 1000 }') ms"
	blksnap_drop
	sleep 2
done
kill $writers 2>/dev/null
pkill fio
wait
