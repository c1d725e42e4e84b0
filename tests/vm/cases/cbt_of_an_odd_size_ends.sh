# shellcheck shell=bash
DESCRIPTION='tell the changes of a device whose last cell is a part of one, and come to an end'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(10240512 64M 1M)

test_case() {
	local since last=$((10240512 / 65536 * 65536))
	load_module
	expect_ok blksnap device attach "$DISK0"
	since=$(interval_of "$DISK0")
	expect_ok blksnap snapshot create odd --device "$DISK0" --area "$DISK1"
	# the last sector is in the last cell, which is a part of one
	expect_ok xfs_io -d -c "pwrite -q $((10240512 - 512)) 512" -c 'pwrite -q 0 512' "$DISK0"
	expect_ok blksnap snapshot destroy odd
	timeout 60 blksnap cbt export "$DISK0" --since "${since%:*}:0" >"$SCRATCH/told" ||
		fail "wanted the changes of $DISK0, got status $?"
	expect "0 65536 $last $((10240512 - last))" "$(tr -s '\t\n' '  ' <"$SCRATCH/told" | sed 's/ $//')" 'changes'
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
}
