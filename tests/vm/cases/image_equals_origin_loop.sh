# shellcheck shell=bash
DESCRIPTION='prove the image of a loop device'
QUICK_ON='6.12'
DISKS=(24M 32M 24M 24M)

test_case() {
	local loop
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	need mkfs.ext4 losetup
	modprobe loop
	load_module
	expect_ok mkfs.ext4 -q "$DISK0"
	mkdir -p "$SCRATCH/mnt"
	mount "$DISK0" "$SCRATCH/mnt" || fail 'cannot mount'
	# no multiple of 4 KiB: the last unit is a partial one
	truncate -s $((16 * 1024 * 1024 + 1536)) "$SCRATCH/mnt/file"
	loop=$(losetup -f --show "$SCRATCH/mnt/file") || fail 'cannot set up a loop device'
	prove_image "$loop" "$DISK1"
}
