# shellcheck shell=bash
DESCRIPTION='refuse to destroy a snapshot whose image is being closed, and answer, while its area hangs'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M)

test_case() {
	local image reader
	load_module
	tasks_may_hang
	stamp "$DISK0" 1 0 16384
	dmsetup create slow --table "0 131072 linear $DISK1 0" || fail 'no dm device'
	defer dmsetup remove --retry slow
	defer dmsetup resume slow
	expect_ok blksnap snapshot create night --device "$DISK0" --area /dev/mapper/slow
	image=$(blksnap image path night)
	stamp "$DISK0" 2 0 16384
	wait_until '[ "$(field store_bytes blksnap device show "$DISK0")" -ge $((8 << 20)) ]'
	sync
	drop_caches "$image"

	step 'a reader is killed while what it reads does not come'
	expect_ok dmsetup suspend --noflush --nolockfs slow
	dd if="$image" of=/dev/null bs=64K count=16 status=none &
	reader=$!
	wait_until 'grep -qE "folio|filemap" /proc/$reader/stack'
	kill -9 $reader
	# its last close waits for the pages that are being read
	wait_until 'grep -qE "blkdev_put|bdev_release|truncate" /proc/$reader/stack'

	step 'all is answered'
	expect_fail any --says 'is open' timeout 60 blksnap snapshot destroy night
	expect_match night "$(timeout 20 blksnap snapshot list)"
	expect_match vda "$(timeout 20 blksnap device list)"

	step 'and when it comes, it can be destroyed'
	expect_ok dmsetup resume slow
	wait $reader
	wait_until 'blksnap snapshot destroy night'
	expect_nothing_left
	unload_module
}
