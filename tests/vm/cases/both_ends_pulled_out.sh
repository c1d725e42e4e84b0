# shellcheck shell=bash
DESCRIPTION='pull origin and area out under writers and readers, a file system of the image mounted'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M,if=scsi 64M 64M 64M,if=scsi)
ALONE=1
ALLOW_LOG='I/O error|EXT4-fs|Buffer I/O error|JBD2|lost async page write'

test_case() {
	local image jobs=()
	need mkfs.ext4
	load_module
	expect_ok mkfs.ext4 -q "$DISK0"
	mkdir "$SCRATCH/now" "$SCRATCH/past"
	mount "$DISK0" "$SCRATCH/now" || fail 'cannot mount the origin'
	seq 1 400000 >"$SCRATCH/now/numbers"
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create pulled --device "$DISK0" --area "$DISK3"
	image=$(blksnap image path pulled)
	mount -o ro,noload "$image" "$SCRATCH/past" || fail 'cannot mount the image'
	(while seq 1 100000 >"$SCRATCH/now/more$RANDOM" && sync -f "$SCRATCH/now" && rm "$SCRATCH"/now/more*; do :; done) 2>/dev/null &
	jobs+=($!)
	(while dd if="$image" of=/dev/null bs=64k iflag=direct status=none; do :; done) 2>/dev/null &
	jobs+=($!)
	wait_until '[ "$(field cow_units blksnap device show "$DISK0")" -gt 100 ]'
	unplug 3
	unplug 0
	expect_event 'snapshot pulled: failed' >/dev/null
	expect failed "$(state_of pulled)"
	kill "${jobs[@]}" 2>/dev/null
	wait "${jobs[@]}" 2>/dev/null
	umount "$SCRATCH/past" || fail 'cannot unmount the image'
	umount -l "$SCRATCH/now"
	wait_until 'blksnap snapshot destroy pulled'
	wait_until '[ -z "$(blksnap device list | sed 1d)" ]'
	expect_nothing_left
	unload_module
}
