#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cli.sh - print how long the part of `blksnap status` in user space takes, over
# the recorded answers of a kernel with 512 devices in 64 snapshots. The time has
# reading that recording in it, which a kernel does not need, and of which info
# consists almost. On a machine that has other things to do the processor's time
# tells more. Asserts nothing.
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
	print "> stats-get dump"
	for (i = 0; i < 512; i++)
		printf "< dev{major=253 minor=%d} name=\"dm-%d\" snapshot-id=%d time-ns=1 epoch=9 writes=1000 write-sectors=80000 inflight=1 cow-units=500 cow-sectors=40000 held=100 held-ns=250000000 held-now=0\n", i, i, i / 8 + 1
	print "> snapshot-get dump"
	for (i = 1; i <= 64; i++) {
		printf "< id=%d name=\"snapshot-%d\" state=3 level=0 area-total=2097152 area-used=1048576 ", i, i
		for (j = 0; j < 8; j++)
			printf "member{dev{major=253 minor=%d } name=\"dm-%d\" image-name=\"blksnap%d\" capacity=2097152 } ", 8 * i + j - 8, 8 * i + j - 8, j
		print "seq=9"
	}
}' >"$recording"
python3 - "$TOP/build/cli/blksnap" "$recording" "$runs" <<'END'
import os
import statistics
import sys
import time

blksnap, recording, runs = sys.argv[1:]
for command in ('info', 'status', '-j status', 'status dm-7', '-H -o all device list', 'metrics'):
    waited, used = [], []
    for _ in range(int(runs)):
        begin = time.monotonic()
        pid = os.fork()
        if not pid:
            os.dup2(os.open('/dev/null', os.O_WRONLY), 1)
            os.execv(blksnap, [blksnap, '--source', recording, *command.split()])
        _, status, rusage = os.wait4(pid, 0)
        if status:
            sys.exit(f'{command} ended with {status}')
        waited.append(1000 * (time.monotonic() - begin))
        used.append(1000 * (rusage.ru_utime + rusage.ru_stime))
    print(f'blksnap {command:24} median {statistics.median(waited):6.1f} ms, least '
          f'{min(waited):6.1f} ms; processor {statistics.median(used):5.1f} ms')
END
