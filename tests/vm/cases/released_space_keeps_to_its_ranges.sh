# shellcheck shell=bash
DESCRIPTION='give up copies that lie on both sides of the end of a range, and use no sector beyond it'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local image sum
	load_module
	stamp "$DISK0" 1 0 16384
	stamp "$DISK1" 7 0 8192
	# 13 units and 6 units, far from each other
	expect_ok blksnap snapshot create once --device "$DISK0" --area "$DISK1:0s+104s" "$DISK1:4096s+48s" >/dev/null
	image=$(blksnap image path once)
	sum=$(fresh_checksum "$image" 4096 8192)
	step 'copies of sixteen units in a row, the first ten of them at the end of the first range'
	overwrite_units "$DISK0" 32 8 3
	stored
	write_64k 0
	stored
	step 'their space is that of sixteen others'
	expect_ok blksnap image release once "$DISK0" 0+64K >/dev/null
	write_64k 32
	stored
	expect taken "$(state_of once)"
	check_stamp "$DISK1" 7 104 $((4096 - 104))
	check_stamp "$DISK1" 7 $((4096 + 48)) $((8192 - 4096 - 48))
	blockdev --flushbufs "$image"
	check_stamp "$image" 1 128 3968
	expect "$sum" "$(fresh_checksum "$image" 4096 8192)" 'the image where it was overwritten'
	expect_ok blksnap snapshot destroy once
	expect_nothing_left
}

# Until every copy has come to the area.
stored() {
	wait_until '[ "$(field memory_bytes blksnap device show "$DISK0")" = 0 ]'
}

write_64k() { # NR
	expect_ok xfs_io -d -c "pwrite -q -S 238 -b 64k $(($1 * 65536)) 64k" "$DISK0"
}
