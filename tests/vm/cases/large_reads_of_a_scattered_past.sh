# shellcheck shell=bash
DESCRIPTION='read an image in large requests whose parts lie all over the area, in the origin and in memory'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

# Every way to cut it gives what was there at the instant.
read_past() { # IMAGE
	local bs
	for bs in 1M 60K 508K; do
		dd if="$1" of="$SCRATCH/past" bs=$bs iflag=direct status=none || fail "cannot read $1 in $bs"
		check_stamp "$SCRATCH/past" 1 0 32768
	done
}

test_case() {
	local image writer
	load_module
	stamp "$DISK0" 1
	blockdev --setra 4096 "$DISK0"
	expect_ok blksnap snapshot create parts --device "$DISK0" --area "$DISK1:0+256K" "$DISK2:4M+300K" "$DISK1:8M+8M" "$DISK2:8M+56M"
	image=$(blksnap image path parts)
	step 'scattered'
	overwrite_units "$DISK0" 4095 -37 110
	read_past "$image"
	step 'dense, so that the rest of each mebibyte is copied ahead, and not everywhere'
	overwrite_units "$DISK0" 1 7 430
	read_past "$image"
	step 'while it goes on'
	scribble "$DISK0" 5 "$(scaled 400 4000 100)" direct to=16M >/dev/null &
	writer=$!
	read_past "$image"
	wait $writer || fail 'the writer failed'
	read_past "$image"
	check_stamp "$image" 1
	expect taken "$(state_of parts)"
	expect_ok blksnap snapshot destroy parts
	expect_nothing_left
}
