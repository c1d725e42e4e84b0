# shellcheck shell=bash
DESCRIPTION='read the past of densely overwritten parts in few requests, since copies waited for their neighbours'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

MEBIBYTES=8

# The $1-th to $2-th write to each mebibyte, in turns; an odd stride spreads them.
overwrite_turns() {
	local out
	out=$(awk -v from="$1" -v to="$2" -v mebibytes=$MEBIBYTES 'BEGIN {
		for (i = from; i <= to; i++)
			for (m = 0; m < mebibytes; m++)
				printf "pwrite -q -S 238 %d 4k\n", (i * 37 % 256 + m * 256) * 4096
	}' | xfs_io -d "$DISK0" 2>&1)
	[ -z "$out" ] || fail "cannot write to $DISK0: $out"
}

waiting() { field memory_bytes blksnap device show "$DISK0"; }
area_reads() { awk '{ print $1 }' "/sys/block/${DISK1##*/}/stat"; }

# Reads of the area's disk that it takes to read what was overwritten.
reads_of_the_past() { # IMAGE
	local before
	before=$(area_reads)
	dd if="$1" of="$SCRATCH/past" bs=1M count=$MEBIBYTES iflag=direct status=none || fail "cannot read $1"
	echo $(($(area_reads) - before))
}

stored() { [ "$(waiting)" = 0 ]; }

take() { # GATHER-MS
	load_module gather_ms="$1"
	stamp "$DISK0" 1 0 32768
	expect_ok blksnap snapshot create rows --device "$DISK0" --area "$DISK1"
	image=$(blksnap image path rows)
	blockdev --setra 0 "$image"
}
drop() {
	check_stamp "$image" 1 0 32768
	expect taken "$(state_of rows)"
	expect_ok blksnap snapshot destroy rows
	unload_module
}

test_case() {
	local image alone together bytes
	step 'each copy stored at once'
	take 0
	overwrite_turns 1 13
	wait_until stored 120 || fail 'copies stay in memory'
	alone=$(reads_of_the_past "$image")
	drop

	step 'copies that wait: here for longer than the case takes'
	take 3600000
	overwrite_turns 1 8
	bytes=$(waiting)
	expect_that 'bytes >= MEBIBYTES * 3 * 4096' 'memory of copies that wait'
	check_stamp "$image" 1 0 32768
	overwrite_turns 9 13
	# What has been copied ahead took all that waited for it along.
	wait_until stored 120 || fail 'copies stay in memory though their neighbours have come'
	together=$(reads_of_the_past "$image")
	echo "requests for $MEBIBYTES MiB of the past: $alone, or $together where copies waited"
	# Ten of twelve copies of each mebibyte waited.
	[ "$together" -le $((alone - 6 * MEBIBYTES)) ] || fail "no fewer requests: $alone, then $together"
	drop

	step 'a snapshot that ends while copies wait'
	take 3600000
	overwrite_turns 1 8
	expect_ok blksnap snapshot destroy rows
	unload_module

	step 'copies whose neighbours never come'
	take 200
	overwrite_turns 1 8
	wait_until stored 120 || fail 'copies wait for ever'
	drop
	expect_nothing_left
}
