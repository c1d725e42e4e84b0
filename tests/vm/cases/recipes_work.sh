# shellcheck shell=bash
DESCRIPTION='back up and find everything again by the recipes of doc/recipes.md, word for word'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 256M)

# The image holds what the origin holds.
expect_image() { # FILE
	mount -o ro,noload,loop "$1" "$SCRATCH/past" || fail "cannot mount $1"
	expect "$(sums "$SCRATCH/live")" "$(sums "$SCRATCH/past")" "files of $1"
	umount "$SCRATCH/past"
}
change() {
	head -c 300000 /dev/urandom >"$SCRATCH/live/file$1"
	rm -f "$SCRATCH/live/file$(($1 - 2))"
	sync
}

test_case() {
	. "$BLKSNAP_TOP/tests/vm/guest/recipes.sh"
	load_module
	modprobe loop || skip 'no loop devices'
	expect "$DISK1 $DISK2 $DISK3" '/dev/vdb /dev/vdc /dev/vdd'
	mkdir -p /backup "$SCRATCH/live" "$SCRATCH/past"
	mkfs.ext4 -q "$DISK1"
	mkfs.ext4 -q "$DISK3"
	mount "$DISK1" "$SCRATCH/live"
	mount "$DISK3" /backup
	mkdir "$SCRATCH/live/etc"
	cp /etc/*.conf "$SCRATCH/live/etc/"
	change 1

	recipe image
	expect_image /backup/vdb.img
	change 2
	recipe image
	expect_image /backup/vdb.img
	need rsync
	recipe rsync
	expect "$(sums "$SCRATCH/live")" "$(sums /backup/files)" 'files copied'
	if [ "$SIZE" = full ]; then
		by_hand
		copies
		big_tools
	fi
	expect_ok blksnap device detach "$DISK1"
	expect_nothing_left
}

by_hand() {
	local first
	recipe by-hand-full
	expect_image /backup/hand.img
	change 3
	first=$(cat /backup/number)
	recipe by-hand-incremental
	expect_image /backup/hand.img
	# the next one goes on from here
	[ "$(cat /backup/number)" != "$first" ] || fail "wanted another number than $first"
	expect_that "$(awk '{ n += $2 } END { print n }' /backup/ranges) < $((32 << 20))" 'bytes that changed'
}

copies() {
	change 4
	recipe rsync
	expect "$(sums "$SCRATCH/live")" "$(sums /backup/files)" 'files copied again'
	recipe tar
	mkdir "$SCRATCH/tar"
	tar -C "$SCRATCH/tar" -xf /backup/files.tar.gz
	expect "$(sums "$SCRATCH/live")" "$(sums "$SCRATCH/tar")" 'files of the archive'
	need qemu-img
	recipe qemu-img
	qemu-img convert -O raw /backup/vdb.qcow2 /backup/again.img
	expect_image /backup/again.img
	need partclone.ext4
	recipe partclone
	expect_ok partclone.ext4 --restore --restore_raw_file --source /backup/vdb.pcl \
		--output /backup/parts.img --logfile /dev/null
	expect_image /backup/parts.img
}

big_tools() {
	export RESTIC_PASSWORD=secret BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
	need borg
	borg init -e none /backup/borg
	recipe borg
	(mkdir "$SCRATCH/borg" && cd "$SCRATCH/borg" &&
		borg extract "/backup/borg::$(borg list --short /backup/borg)")
	expect "$(sums "$SCRATCH/live")" "$(sums "$SCRATCH/borg")" 'files of borg'
	need restic
	restic -q -r /backup/restic init
	recipe restic
	restic -q -r /backup/restic restore latest --target "$SCRATCH/restic"
	expect "$(sums "$SCRATCH/live")" "$(sums "$SCRATCH/restic")" 'files of restic'
	recipe restic-stdin
	restic -q -r /backup/restic dump latest vdb.img >/backup/restic.img
	expect_image /backup/restic.img
}
