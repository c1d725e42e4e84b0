# shellcheck shell=bash
DESCRIPTION='prove the image of a linear logical volume over two disks'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(24M 32M 24M 24M)

test_case() {
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	need lvcreate
	load_module
	expect_ok vgcreate -qq -s 1M vg "$DISK0" "$DISK2"
	expect_ok lvcreate -qq -y -W n -l 30 -n lv vg
	prove_image /dev/vg/lv "$DISK1"
}
