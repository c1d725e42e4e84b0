# shellcheck shell=bash
DESCRIPTION='prove the image of a disk with sectors of 512 bytes'
KERNELS='6.1 6.12 debug'
DISKS=(24M 32M 24M 24M)

test_case() {
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	prove_image "$DISK0" "$DISK1"
}
