# shellcheck shell=bash
DESCRIPTION='prove the image of a dm-crypt device, and of the disk under it'
QUICK_ON='6.12'
DISKS=(24M 32M 24M 24M)

test_case() {
	local key sum image
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	modprobe dm-crypt || skip 'no dm-crypt'
	load_module
	key=$(printf '%064d' 7)
	expect_ok dmsetup create secret --table "0 40000 crypt aes-cbc-essiv:sha256 $key 0 $DISK0 16"
	prove_image /dev/mapper/secret "$DISK1"

	step 'the disk under it, written through it'
	drop_caches "$DISK0" /dev/mapper/secret
	sum=$(checksum "$DISK0")
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	image=$(blksnap image path night)
	scribble /dev/mapper/secret 9 "$(scaled 40 500)" mixed
	drop_caches "$image" "$DISK0"
	expect "$sum" "$(checksum "$image")" 'image'
	[ "$sum" != "$(checksum "$DISK0")" ] || fail 'wanted the origin changed, got the same'
}
