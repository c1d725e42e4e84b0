# shellcheck shell=bash
DESCRIPTION='fail the snapshot when the old content cannot be read, and let the write pass'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)

test_case() {
	local said image
	load_module
	stamp "$DISK0" 1 0 32768
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create bad --device "$DISK0" --device "$DISK2" --area "$DISK1"
	image=$(blksnap image path bad "$DISK2")
	fail_disk 0 read 8004
	defer heal_disk 0
	overwrite_units "$DISK0" 100 25 3 7
	expect taken "$(state_of bad)"
	step 'the write over the bad sector'
	overwrite_units "$DISK0" 1000 1 1 7
	said=$(expect_event 'snapshot bad: failed')
	expect_match 'EIO' "$said"
	expect_match "at sector 800[0-7]" "$said"
	expect_match "$(field error_dev blksnap snapshot show bad)|${DISK0##*/}" "$said"
	expect failed "$(state_of bad)"
	expect_fail any dd if="$image" of=/dev/null bs=4K count=1 iflag=direct status=none
	overwrite_units "$DISK0" 2000 1 30 7
	heal_disk 0
	blockdev --flushbufs "$DISK0"
	expect 0707 "$(dd if="$DISK0" bs=1 skip=$((1000 * 4096 + 2048)) count=2 status=none | od -An -tx1 | tr -d ' \n')" 'the write'
	check_stamp "$DISK0" 1 8008 7992
	expect 1 "$(count_events 'snapshot bad: failed')" 'failure events'
	expect_ok blksnap snapshot destroy bad
	expect_ok blksnap snapshot create good --device "$DISK0" --area "$DISK1"
	expect_ok blksnap snapshot destroy good
	expect_nothing_left
}
