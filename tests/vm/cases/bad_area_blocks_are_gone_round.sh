# shellcheck shell=bash
DESCRIPTION='store a copy elsewhere in the area when a write to it fails, and give up when there is no good place'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local sum said
	load_module
	stamp "$DISK0" 1 0 32768
	sum=$(checksum "$DISK0" 0 32768)
	watch_events
	expect_event 'this is the state' >/dev/null
	step 'one bad place'
	fail_disk 1 write 48
	defer heal_disk 1
	expect_ok blksnap snapshot create round --device "$DISK0" --area "$DISK1:0+1M"
	overwrite_units "$DISK0" 0 25 100
	wait_until '[ "$(field memory_bytes blksnap stat)" = 0 ]'
	expect taken "$(state_of round)"
	expect "$sum" "$(fresh_checksum "$(blksnap image path round)" 0 32768)" 'image'
	expect_ok blksnap snapshot destroy round
	heal_disk 1

	step 'no good place'
	sum=$(fresh_checksum "$DISK0" 0 32768)
	dmsetup create broken --table "0 32768 error"
	defer dmsetup remove --retry broken
	expect_ok blksnap snapshot create lost --device "$DISK0" --area /dev/mapper/broken
	overwrite_units "$DISK0" 5 25 100 9
	said=$(expect_event 'snapshot lost: failed')
	expect_match 'EIO in phase store on ' "$said"
	expect failed "$(state_of lost)"
	expect_ok blksnap snapshot destroy lost
	expect 0909 "$(dd if="$DISK0" bs=1 skip=$((30 * 4096)) count=2 status=none | od -An -tx1 | tr -d ' \n')" 'the write'
	expect_nothing_left
}
