# shellcheck shell=bash
DESCRIPTION='read single sectors of an image whose area lies on a disk with larger ones'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(24M,lbs=4096,pbs=4096 32M,lbs=4096,pbs=4096 24M)

# An area is refused where it could not serve the image, or it serves it.
test_case() {
	local image
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	stamp "$DISK2" 1
	if ! blksnap snapshot create night --device "$DISK2" --area "$DISK1" 2>"$SCRATCH/refusal"; then
		expect_match 'block' "$(cat "$SCRATCH/refusal")" 'reason of the refusal'
		return
	fi
	image=$(blksnap image path night)
	expect 512 "$(blockdev --getss "$image")" 'sector size of the image'
	scribble "$DISK2" 5 40 mixed
	wait_until "[ \"\$(counter $DISK2 memory_bytes)\" = 0 ]"
	dd if="$image" of="$SCRATCH/copy" iflag=direct bs=512 count=10000 status=none ||
		fail 'wanted every sector readable on its own, got an error'
	check_stamp "$SCRATCH/copy" 1
}
