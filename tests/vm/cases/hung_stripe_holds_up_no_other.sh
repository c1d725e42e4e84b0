# shellcheck shell=bash
DESCRIPTION='zero a stripe set of which one disk hangs: who writes to the other one does not wait for that'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.1' # where it puts them down together
DISKS=(64M,iops=100000 64M 64M)

# The zeroes for both disks go down one after the other, by one task. It waits for a
# request of the first disk, and must not have begun anything for the second that its
# writers need.
test_case() {
	local readers=() zeroer i
	load_module
	stamp "$DISK1" 1
	dmsetup create set --table "0 262144 striped 2 128 $DISK0 0 $DISK1 0" || skip 'no striped device'
	defer dmsetup remove --retry set
	i=$(dmsetup info -c --noheadings -o blkdevname set)
	expect_that "$(cat "/sys/block/$i/queue/write_zeroes_max_bytes") > 0" 'zeroes at once'
	expect_ok blksnap snapshot create night -d "$DISK1" -a "$DISK2"
	tasks_may_hang
	step 'the first disk takes no more requests'
	echo none >"/sys/block/${DISK0##*/}/queue/scheduler"
	echo 4 >"/sys/block/${DISK0##*/}/queue/nr_requests"
	# one read takes 80 s, and what is under way keeps the limit it began with
	limit_disk 0 0 50
	defer limit_disk 0 0
	for i in {0..23}; do
		dd if="$DISK0" of=/dev/null bs=4K skip="$((i * 100))" count=1 iflag=direct status=none &
		readers+=($!)
	done
	wait_until 'for i in "${readers[@]}"; do cat "/proc/$i/wchan"; echo; done 2>/dev/null | grep -qx blk_mq_get_tag'
	blkdiscard -f -z -o 0 -l 128K /dev/mapper/set &
	zeroer=$!
	wait_until '[ "$(cat /proc/$zeroer/wchan)" = blk_mq_get_tag ]'
	limit_disk 0 0
	step 'the second one is written'
	dd if=/dev/zero of="$DISK1" bs=4K count=1 oflag=direct conv=notrunc status=none || fail 'the write'
	expect blk_mq_get_tag "$(cat /proc/$zeroer/wchan)" 'what the zeroes wait for'
	step 'the first one goes on'
	wait $zeroer || fail 'the zeroes'
	wait "${readers[@]}" || fail 'a reader'
	check_stamp "$(blksnap image path night)" 1
	expect 0 "$(dd if="$DISK1" bs=64K count=1 iflag=direct status=none | tr -d '\0' | wc -c)" 'bytes not zeroed'
	expect_ok blksnap snapshot destroy night
	expect_nothing_left
}
