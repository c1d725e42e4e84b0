# shellcheck shell=bash
DESCRIPTION='give an error for what cannot be read of the area, and all else of the image'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local image before took told
	load_module gather_ms=0
	stamp "$DISK0" 1 0 32768
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create holed --device "$DISK0" --area "$DISK1:0+1M"
	image=$(blksnap image path holed)
	# slots in the order of the writes, one after the other
	overwrite_units "$DISK0" 0 25 20
	wait_until '[ "$(field store_bytes blksnap device show "$DISK0")" = 81920 ]'
	fail_disk 1 read 40
	defer heal_disk 1
	blockdev --flushbufs "$image"
	expect_fail any dd if="$image" of=/dev/null bs=4K skip=125 count=1 iflag=direct status=none
	expect_event 'snapshot holed: ' >/dev/null
	expect taken "$(state_of holed)"
	check_stamp "$image" 1 0 992
	check_stamp "$image" 1 1008 31760
	step 'who goes on over it floods nobody'
	before=$(count_events 'snapshot holed: ')
	took=$(python3 -c '
import mmap, os, sys, time
fd = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECT)
page = mmap.mmap(-1, 4096)
begin = time.monotonic()
for i in range(3000):
    try:
        os.preadv(fd, [page], 125 * 4096)
        sys.exit("it could be read")
    except OSError:
        pass
print(int((time.monotonic() - begin) * 10) + 1)' "$image") || fail 'wanted each read to fail'
	# the last one is told by then
	sleep 0.3
	told=$(($(count_events 'snapshot holed: ') - before))
	echo "$told events in $took tenths of a second"
	expect_that 'told >= 1 && told <= took + 3'
	expect taken "$(state_of holed)"
	step 'it may heal'
	heal_disk 1
	blockdev --flushbufs "$image"
	check_stamp "$image" 1 0 32768
	expect_ok blksnap snapshot destroy holed
	expect_nothing_left
}
