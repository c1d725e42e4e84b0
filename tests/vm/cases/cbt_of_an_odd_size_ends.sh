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

	# the map of a tebibyte is looked at in pieces, 150 000 cells that changed in a row too
	step 'a large one'
	modprobe -a dm-mod dm-zero 2>/dev/null
	expect_ok dmsetup create large --table "0 $((1 << 31)) zero"
	expect_ok blksnap device attach --cell 4K /dev/mapper/large
	since=$(interval_of /dev/mapper/large)
	expect_ok blksnap cbt mark /dev/mapper/large 8K+600M $(((1 << 40) - 4096))+4096
	timeout 120 blksnap cbt export /dev/mapper/large --since "${since%:*}:0" >"$SCRATCH/told" ||
		fail "wanted the changes of a large device, got status $?"
	expect "8192 $((600 << 20)) $(((1 << 40) - 4096)) 4096" \
		"$(tr -s '\t\n' '  ' <"$SCRATCH/told" | sed 's/ $//')" 'changes of a large one'
	expect_ok blksnap device detach /dev/mapper/large
	expect_ok dmsetup remove --retry large
	expect_nothing_left
}
