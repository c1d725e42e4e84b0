#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# top.sh - print what blksnap-top costs in a guest where 512 devices are in 64
# snapshots, some of them written to, with htop beside it. The disks are of the
# kernel's null_blk: they forget what is written. Asserts nothing.
#
# usage, in a guest: tests/bench/top.sh [SECONDS]

set -eu
TOP=$(realpath "$(dirname "$0")/../..")
PATH=$TOP/build/cli:$PATH
seconds=${1:-20} sets=64 of=8

insmod "$BLKSNAP_MODULE"
modprobe null_blk nr_devices=$((sets * of + sets)) gb=1 queue_mode=0 submit_queues=1
begin=$SECONDS
for ((i = 0; i < sets; i++)); do
	devices=()
	for ((j = 0; j < of; j++)); do devices+=(--device "/dev/nullb$((i * of + j))"); done
	blksnap snapshot create "set-$i" "${devices[@]}" --area "/dev/nullb$((sets * of + i))" >/dev/null ||
		{ echo "top.sh: set-$i could not be taken" >&2; exit 1; }
done
echo "$((sets * of)) devices in $sets snapshots, taken in $((SECONDS - begin)) s; kernel $(uname -r)"

# a write now and then, on one device of every fourth snapshot
while :; do
	for ((i = 0; i < sets; i += 4)); do
		dd if=/dev/zero of="/dev/nullb$((i * of))" bs=64k count=1 seek=$((RANDOM % 16000)) \
			oflag=direct status=none
		sleep 0.1
	done
done &
writer=$!
"$TOP/tests/top/cost" --live '512 devices, 64 snapshots' "$TOP/build/top/blksnap-top" "$seconds"
kill $writer
