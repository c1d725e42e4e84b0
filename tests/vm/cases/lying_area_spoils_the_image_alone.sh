# shellcheck shell=bash
DESCRIPTION='harm nothing but the image with an area that gives back other data, and is smaller than it said'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local image
	load_module
	stamp "$DISK0" 1
	dmsetup create liar --table "0 131072 linear $DISK1 0" || fail 'no device-mapper'
	expect_ok blksnap snapshot create night --device "$DISK0" --area /dev/mapper/liar
	image=$(blksnap image path night)
	stamp "$DISK0" 2 0 16384
	wait_until '[ "$(field memory_bytes blksnap device show "$DISK0")" = 0 ]' 60
	check_stamp "$image" 1 0 16384

	step 'other data, below what is opened exclusively'
	dd if=/dev/urandom of="$DISK1" bs=1M oflag=direct status=none 2>/dev/null
	drop_caches "$image"
	expect_ok dd if="$image" of=/dev/null bs=1M status=none
	! "$diskpat" check "$image" 1 0 16384 >/dev/null 2>&1 || fail 'wanted what the area gave back, got the past'
	check_stamp "$image" 1 16384
	check_stamp "$DISK0" 2 0 16384
	check_stamp "$DISK0" 1 16384
	expect taken "$(state_of night)"
	stamp "$DISK0" 2 16384 16384
	check_stamp "$image" 1 16384

	step 'smaller than when it was opened'
	expect_ok dmsetup load liar --table "0 32768 linear $DISK1 0"
	expect_ok dmsetup suspend --noflush liar
	expect_ok dmsetup resume liar
	stamp "$DISK0" 3
	wait_until '[ "$(state_of night)" = failed ]' 60
	expect_fail any dd if="$image" of=/dev/null bs=4K count=1 iflag=direct status=none
	stamp "$DISK0" 4
	check_stamp "$DISK0" 4
	expect_ok blksnap snapshot destroy night
	expect_nothing_left
	unload_module
	expect_ok dmsetup remove --retry liar
}
