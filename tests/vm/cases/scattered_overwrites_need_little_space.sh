# shellcheck shell=bash
DESCRIPTION='keep 10 000 scattered overwrites of 4 KiB in 44 MiB, and the image right'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(2G 64M)

test_case() {
	local n step sectors sum used
	n=$(scaled 1000 10000 300)
	step=50
	sectors=$((n * step * 8))
	load_module
	overwrite_units "$DISK0" 11 $step "$n" 17
	sum=$(fresh_checksum "$DISK0" 0 $sectors)
	expect_ok blksnap snapshot create sparse --device "$DISK0" --area "$DISK1"
	overwrite_units "$DISK0" 11 $step "$n" 18
	used=$(field area_used_bytes blksnap snapshot show sparse)
	expect_that "used >= n * 4096"
	expect_that "used <= n * 44 * 1048576 / 10000" 'area used'
	expect taken "$(state_of sparse)"
	expect "$sum" "$(fresh_checksum "$(blksnap image path sparse)" 0 $sectors)" 'image'
	expect_ok blksnap snapshot destroy sparse
	expect_nothing_left
}
