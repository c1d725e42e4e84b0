# shellcheck shell=bash
DESCRIPTION='prove the image of an md mirror'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(24M 32M 24M 24M)

test_case() {
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	need mdadm
	load_module
	expect_ok mdadm --create /dev/md7 --run --level=1 --assume-clean --raid-devices=2 "$DISK0" "$DISK2"
	prove_image /dev/md7 "$DISK1"
}
