# shellcheck shell=bash
DESCRIPTION='write when there is no memory to note a write: beyond the reserve each waits, and none is lost, unseen or too late for its image'
KERNELS='debug'
DISKS=(64M,iops=1000000 64M 64M)
KMEMLEAK=1
TIMEOUT=900

units=256 # of each writer: more than there is in reserve

# Each unit of a MiB once, in no order, with many at a time. Of the two writers one goes by a
# device above the origin, and so in the middle of another submission, where nobody may wait.
write_all() { # BYTE
	rm -f "$SCRATCH/there" "$SCRATCH/above"
	fio --name=there --filename="$DISK0" --offset=0 --buffer_pattern="0x$1" "${job[@]}" \
		--output="$SCRATCH/there" &
	writers=($!)
	fio --name=above --filename=/dev/mapper/above --offset=4M --buffer_pattern="0x$1" "${job[@]}" \
		--output="$SCRATCH/above" &
	writers+=($!)
}

written() { # BYTE
	local pid mib
	for pid in "${writers[@]}"; do
		wait "$pid" || fail "a write failed: $(cat "$SCRATCH/there" "$SCRATCH/above")"
	done
	drop_caches "$DISK0"
	for mib in 0 4; do
		dd if="$DISK0" bs=1M skip=$mib count=1 status=none |
			cmp -s - <(head -c 1M /dev/zero | tr '\0' "\\$(printf %03o "0x$1")") ||
			fail "wanted all of $1 in MiB $mib"
	done
}

in_flight() { awk '{ print $2 }' "/sys/block/${DISK0##*/}/inflight"; }
held() { field held_now blksnap device show "$DISK0"; }

no_more_than() { # NUMBER COMMAND
	local n
	wait_until "[ \"\$($2)\" = $1 ]"
	for _ in {1..20}; do
		n=$($2)
		[ "$n" -le "$1" ] || fail "wanted $2 to be $1, what is in reserve, got $n"
		sleep 0.1
	done
}

test_case() {
	local sum since writers job
	need fio
	job=(--rw=randwrite --bs=4k --size="$((units * 4))k" --iodepth="$units" --ioengine=libaio --direct=1)
	load_module stall_ms=600000
	echo 2 >"/sys/block/${DISK0##*/}/queue/nomerges"
	stamp "$DISK0" 1
	sum=$(checksum "$DISK0")
	expect_ok blksnap device attach "$DISK0"
	expect_ok blksnap snapshot create first --device "$DISK0" --area "$DISK1"
	since=$(blksnap snapshot show first | awk '$1 == "since-number" { print $2 }')
	expect_ok blksnap snapshot destroy first
	dmsetup create above --table "0 $(blockdev --getsz "$DISK0") linear $DISK0 0"
	defer dmsetup remove --retry above
	load_failer
	defer rmmod failer

	step 'none to count it'
	failer cache inflight_ctx
	limit_disk 0 5
	write_all 5a
	no_more_than 32 in_flight
	limit_disk 0 0
	written 5a
	failer off
	expect_ok blksnap snapshot create second --device "$DISK0" --area "$DISK1"
	expect '0 1048576 4194304 1048576' \
		"$(blksnap cbt export "$DISK0" --since "$since" | tr -s '\t\n' '  ' | sed 's/ $//')" 'changes'

	step 'none to hold it'
	sum=$(fresh_checksum "$DISK0")
	expect_ok blksnap snapshot destroy second
	expect_ok blksnap snapshot create third --device "$DISK0" --area "$DISK1"
	failer cache cow_hold
	limit_disk 0 0 65536
	write_all a5
	no_more_than 64 held
	limit_disk 0 0
	written a5
	failer off
	expect taken "$(state_of third)"
	expect "$sum" "$(fresh_checksum "$(blksnap image path third)")" 'image'
	expect_ok blksnap snapshot destroy third

	step 'nor a snapshot any more, by the time there is'
	expect_ok blksnap snapshot create fourth --device "$DISK0" --area "$DISK1"
	failer cache cow_hold
	limit_disk 0 0 65536
	write_all 3c
	no_more_than 64 held
	expect_ok blksnap snapshot destroy fourth
	limit_disk 0 0
	written 3c
	failer off

	step 'or it is full'
	expect_ok blksnap snapshot create fifth --device "$DISK0" --area "$DISK1:0+128K" --grace 30s
	failer cache cow_hold
	write_all c3
	no_more_than 64 held
	written c3
	failer off
	expect overflow "$(state_of fifth)"
	expect_ok blksnap snapshot destroy fifth
	expect_ok blksnap device detach "$DISK0"
	dmsetup remove --retry above
	expect_nothing_left
}
