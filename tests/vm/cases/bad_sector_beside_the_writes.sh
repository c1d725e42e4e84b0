# shellcheck shell=bash
DESCRIPTION='keep the snapshot when a sector that nobody writes cannot be read, however dense the writes around it'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)

test_case() {
	load_module
	stamp "$DISK0" 1 0 8192
	expect_ok blksnap snapshot create near --device "$DISK0" --area "$DISK1"
	fail_disk 0 read 1604
	defer heal_disk 0
	overwrite_units "$DISK0" 0 3 60
	expect taken "$(state_of near)"
	step 'a read of it, and of what was copied beside it, fails alone'
	overwrite_units "$DISK0" 201 1 1
	expect_fail any dd if="$(blksnap image path near)" of=/dev/null bs=8K skip=100 count=1 iflag=direct status=none
	expect taken "$(state_of near)"
	heal_disk 0
	check_stamp "$(blksnap image path near)" 1 0 8192
	expect_ok blksnap snapshot destroy near
}
