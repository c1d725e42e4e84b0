# shellcheck shell=bash disable=SC2034,SC2086,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cpu.sh - in a guest whose time is the number of its instructions, on disks
# in memory: what a request costs, storage free of charge.

. "$BLKSNAP_TOP/tests/bench/guest.sh"

SIZE=$((512 * MB))
DENSE_AT=0 DENSE=$((64 * MB))
SEQUENTIAL_AT=$((128 * MB)) SEQUENTIAL=$((64 * MB))
STILL_AT=$((256 * MB))
STEADY=$((48 * MB)) # of 4 KiB requests
LARGE=$((64 * MB)) # of 1 MiB requests
WINDOWS='0:16 128:16 256:8'
SPARSE_WINDOW=320:48

modprobe null_blk nr_devices=0 || die 'no null_blk here'
case $SUBJECTS in *dm-*) modprobe dm_snapshot || die 'no dm-snapshot here';; esac
null_blk origin 512; ORIGIN=$made
null_blk area 360; AREA=$made
null_blk other 16; other=$made
fill "$ORIGIN" 0 $SIZE 1
fill "$AREA" 0 $((360 * MB)) 2

write_4k raw write-4k "$ORIGIN" $DENSE_AT $DENSE
read_4k raw read-4k "$ORIGIN" $STILL_AT $STEADY
write_1m raw write-1m "$ORIGIN" $SEQUENTIAL_AT $LARGE
read_1m raw read-1m "$ORIGIN" $STILL_AT $LARGE
row after && curve raw "$ORIGIN"

for subject in $SUBJECTS; do
	case $subject in
	blksnap)
		load
		row loaded && write_4k blksnap loaded "$ORIGIN" $DENSE_AT $STEADY
		if row other; then
			blksnap device attach "$other" >"$WORK/attach" || die 'cannot attach'
			write_4k blksnap other "$ORIGIN" $DENSE_AT $STEADY
			blksnap device detach "$other" >"$WORK/attach" || die 'cannot detach'
		fi
		blksnap device attach "$ORIGIN" >"$WORK/attach" || die 'cannot attach'
		;;
	dm-*) dm_idle;;
	esac
	dev=$(write_to $subject)
	row tracked-write && write_4k $subject tracked-write "$dev" $DENSE_AT $STEADY
	row tracked-read && read_4k $subject tracked-read "$dev" $STILL_AT $STEADY
	with_snapshot $subject
	case $subject in
	blksnap)
		[ -z "${COUNT:-}" ] || symbols >"$COUNT/symbols"
		blksnap device detach "$ORIGIN" >"$WORK/attach" || die 'cannot detach'
		rmmod blksnap || die 'the module stays'
		;;
	dm-*) dm_end;;
	esac
done
write_4k raw write-4k-again "$ORIGIN" $DENSE_AT $STEADY
