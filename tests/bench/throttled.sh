# shellcheck shell=bash disable=SC2034,SC2086,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
#
# throttled.sh - in a guest whose two disks do 1000 requests a second each,
# of whatever size: what latency costs, instructions free of charge.

. "$BLKSNAP_TOP/tests/bench/guest.sh"

# Depth 1 and 32 have places of their own, so that both are first overwrites.
SIZE=$((640 * MB))
SPREAD=$((256 * MB))
DENSE=$((16 * MB))
SPARSE_AT=$((64 * MB))
WINDOWS='0:32 64:16 320:16'
ORIGIN=$DISK0 AREA=$DISK1

work() { # SUBJECT DEV
	local nr=0
	for depth in 1 32; do
		row dense && write_4k "$1" dense-$depth "$2" $((nr * DENSE)) $DENSE
		row sparse && sparse_4k "$1" sparse-$depth "$2" $((SPARSE_AT + nr * SPREAD)) $SPREAD
		nr=$((nr + 1))
	done
	depth=1
}

fill "$ORIGIN" 0 $SIZE 1
case $SUBJECTS in *dm-*) modprobe dm_snapshot || die 'no dm-snapshot here';; esac
work raw "$ORIGIN"
for subject in $SUBJECTS; do
	# shellcheck disable=SC2086 # lists of words
	want=$(sums "$ORIGIN" $WINDOWS)
	case $subject in
	blksnap) load;;
	dm-*) dm_idle;;
	esac
	take $subject
	work $subject "$(write_to $subject)"
	# shellcheck disable=SC2086
	judge $subject 'image after overwrites' "$want" "$(sums "$image" $WINDOWS)"
	drop $subject
	case $subject in
	blksnap) blksnap device detach "$ORIGIN" >"$WORK/detach"; rmmod blksnap;;
	dm-*) dm_end;;
	esac
done
