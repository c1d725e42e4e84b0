#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# listener - gives a snapshot more area whenever an event says that it runs low.
#
# usage: listener.sh SNAPSHOT DEV FIRST STEP    (MiB; the free part of DEV begins at FIRST)
#
# It ends when the snapshot does.

set -u
name=$1 dev=$2 first=$3 step=$4
have=0
exec 3< <(exec blksnap monitor -j)
monitor=$!
trap 'kill $monitor 2>/dev/null' EXIT
while read -r event <&3; do
	case $event in
	*'"name":"'"$name"'","state"'*) ;;
	*) continue;;
	esac
	case $event in
	*'"event":"snapshot-del-ntf"'*) break;;
	*'"type":"event"'*'"level":"low"'*) ;;
	*) continue;;
	esac
	# An event from before the last extension is old news.
	total=${event#*'"area_total_bytes":'}
	total=${total%%[!0-9]*}
	[ "$total" -ge "$have" ] || continue
	echo "it runs low: blksnap area extend $name $dev:${first}M+${step}M"
	blksnap area extend "$name" "$dev:${first}M+${step}M" >/dev/null || continue
	have=$((total + (step << 20)))
	first=$((first + step))
done
