# shellcheck shell=bash
DESCRIPTION='back up from end to end with an area of 16 %, while half as much is overwritten at random'
SIZES='full'
KERNELS='6.1 6.12'
DISKS=(64M 64M)

# Uniform random writes of 4 KiB, 0.7 for each block that the backup reads: half
# of the disk is overwritten in that time, 1 - exp(-0.7). Of what has not been
# read yet never more than 15 % have been: (1 - t) (1 - exp(-0.7 t)).
backup() { # RELEASE
	local i
	for ((i = 0; i < 64; i++)); do
		scribble "$DISK0" $((i + 1)) 179 direct min=4096 max=4096 align=4096 >/dev/null
		[ "$(state_of once)" = taken ] || return 1
		check_stamp "$image" 1 $((i * 2048)) 2048
		[ -z "$1" ] || blksnap image release once "$DISK0" "${i}M+1M" >/dev/null || return 1
	done
}

test_case() {
	local image size=$((64 * 256 * 16 / 100))
	load_module
	stamp "$DISK0" 1
	expect_ok blksnap snapshot create once --device "$DISK0" --area "$DISK1:0+$((size * 4))K" >/dev/null
	image=$(blksnap image path once)
	backup release || fail "wanted a whole backup, got a snapshot that is $(state_of once)"
	expect taken "$(state_of once)"
	echo "copied: $(field cow_units blksnap device show "$DISK0") of 16384 blocks; area: $size"
	expect_ok blksnap snapshot destroy once
	step 'the same without giving anything up'
	stamp "$DISK0" 1
	expect_ok blksnap snapshot create once --device "$DISK0" --area "$DISK1:0+$((size * 4))K" >/dev/null
	backup '' && fail 'wanted the area to be too small without release, got a whole backup'
	expect overflow "$(state_of once)"
	expect_ok blksnap snapshot destroy once
	expect_nothing_left
}
