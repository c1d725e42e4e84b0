# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
#
# events.sh - in a guest whose time is the number of its instructions, on disks
# in memory: what subscribers cost those who send and those who write, and how
# long after a threshold is crossed they are awake.

. "$BLKSNAP_TOP/tests/bench/guest.sh"

modprobe null_blk nr_devices=0 || die 'no null_blk here'
null_blk origin 256; ORIGIN=$made
null_blk area 128; AREA=$made
fill "$ORIGIN" 0 $((256 * MB)) 1
fill "$AREA" 0 $((128 * MB)) 2
load
tool=$BLKSNAP_TOP/build/tests/vm/tools/subscribers
"$tool" cost 2000 "$ORIGIN" "$AREA" || die 'no figures of cost'
"$tool" latency 1 200 "$ORIGIN" "$AREA" || die 'no figures of latency'
"$tool" latency 100 200 "$ORIGIN" "$AREA" || die 'no figures of latency'
