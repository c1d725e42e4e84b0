# shellcheck shell=bash
DESCRIPTION='give a device to one of several that attach and take it at once, and detach it after the last'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	load_module
	expect_ok "$BLKSNAP_BUILD/tests/vm/tools/rivals" "$(scaled 100 3000 30)" "$DISK0" "$DISK1" "$DISK2" "$DISK3"
	expect_nothing_left
	unload_module
}
