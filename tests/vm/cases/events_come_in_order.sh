# shellcheck shell=bash
DESCRIPTION='tell nothing of an object before its first event or after its last, whoever destroys what'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	load_module
	expect_ok "$BLKSNAP_BUILD/tests/vm/tools/order" "$(scaled 60 2000 30)" \
		"$DISK0" "$DISK1" "$DISK2" "$DISK3"
	expect_nothing_left
}
