# shellcheck shell=bash
DESCRIPTION='prove the image of a disk with sectors of 4096 bytes'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(24M,lbs=4096,pbs=4096 32M,lbs=4096,pbs=4096 24M)

test_case() {
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	prove_image "$DISK0" "$DISK1"
}
