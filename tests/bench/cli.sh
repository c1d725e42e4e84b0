#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cli.sh - print how long the part of `blksnap status` in user space takes, over
# the recorded answers of a kernel with 512 devices in 64 snapshots. The time has
# reading that recording in it, which a kernel does not need. Asserts nothing.
#
# usage: tests/bench/cli.sh [RUNS]

set -eu
TOP=$(realpath "$(dirname "$0")/../..")
runs=${1:-20}
recording=$(mktemp)
trap 'rm -f "$recording"' EXIT
awk 'BEGIN {
	print "clock 5000000000000 1760000000000000000"
	print "> info-get\n< instance=1 seq=9 seq-oldest=1 version=\"1\" time-ns=1"
	print "> device-get dump"
	for (i = 0; i < 512; i++)
		printf "< dev{major=253 minor=%d} name=\"dm-%d\" state=3 capacity=2097152 snapshot-id=%d keep cbt-cell=65536 cbt-number=4 cbt-memory=4096 unit=4096 seq=9\n", i, i, i / 8 + 1
	print "> snapshot-get dump"
	for (i = 1; i <= 64; i++) {
		printf "< id=%d name=\"snapshot-%d\" state=3 level=0 area-total=2097152 area-used=1048576 ", i, i
		for (j = 0; j < 8; j++)
			printf "member{dev{major=253 minor=%d } name=\"dm-%d\" image-name=\"blksnap%d\" capacity=2097152 } ", 8 * i + j - 8, 8 * i + j - 8, j
		print "seq=9"
	}
}' >"$recording"
for mode in '' -j '-H -o all'; do
	command=status
	[ "${mode#-H}" = "$mode" ] || command='device list'
	# shellcheck disable=SC2086 # words
	for _ in $(seq "$runs"); do
		begin=$(date +%s%N)
		"$TOP/build/cli/blksnap" --source "$recording" $mode $command >/dev/null
		echo $((($(date +%s%N) - begin) / 1000))
	done | sort -n | awk -v what="blksnap $mode $command" '
		{ t[NR] = $1 }
		END { printf "%-32s median %.1f ms, least %.1f ms of %d\n", what, t[int((NR + 1) / 2)] / 1000, t[1] / 1000, NR }'
done
