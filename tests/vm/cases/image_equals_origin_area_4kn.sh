# shellcheck shell=bash
DESCRIPTION='read single sectors of an image whose area lies on a disk with larger ones, or on one that wants memory aligned'
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
	dd if="$image" of="$SCRATCH/copy" iflag=direct bs=512 count="$(scaled 3000 10000)" status=none ||
		fail 'wanted every sector readable on its own, got an error'
	check_stamp "$SCRATCH/copy" 1
	expect_ok blksnap snapshot destroy night

	step 'an area that takes memory in pages alone, read into what begins in the middle of one'
	modprobe dm-crypt 2>/dev/null
	expect_ok dmsetup create crypt --table "0 65536 crypt aes-cbc-plain64 $(printf '5a%.0s' {1..32}) 0 $DISK1 0 1 sector_size:4096"
	stamp "$DISK2" 1
	expect_ok blksnap snapshot create night --device "$DISK2" --area /dev/mapper/crypt
	image=$(blksnap image path night)
	expect 512 "$(blockdev --getss "$image")" 'sector size of the image'
	stamp "$DISK2" 2
	wait_until "[ \"\$(counter $DISK2 memory_bytes)\" = 0 ]"
	read_askew "$image" "$SCRATCH/copy" || fail 'wanted the image read, got an error'
	check_stamp "$SCRATCH/copy" 1
	expect_ok blksnap snapshot destroy night
	expect_ok dmsetup remove --retry crypt
}

# Copy what DEVICE has, by direct reads of several sizes into memory that is
# aligned to a sector and no more.
read_askew() { # DEVICE FILE
	/usr/bin/python3 - "$@" <<-'END'
	import itertools, mmap, os, sys
	memory = memoryview(mmap.mmap(-1, 1 << 20))
	device = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECT)
	with open(sys.argv[2], 'wb') as out:
	    for size in itertools.cycle((512, 3584, 4096, 8192, 65536, 262144)):
	        n = os.preadv(device, [memory[512:512 + size]], out.tell())
	        if not n:
	            break
	        out.write(memory[512:512 + n])
	        out.flush()
	END
}
