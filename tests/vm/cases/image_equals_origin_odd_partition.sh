# shellcheck shell=bash
DESCRIPTION='prove the image of a partition that starts at sector 63'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(24M 32M 24M 24M)

test_case() {
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	printf 'label: dos\n63,20001,83\n' | sfdisk -q "$DISK0" || fail 'cannot partition'
	wait_until "[ -b ${DISK0}1 ]"
	expect 63 "$(cat "/sys/block/${DISK0##*/}/${DISK0##*/}1/start")" 'start of the partition'
	prove_image "${DISK0}1" "$DISK1"
}
