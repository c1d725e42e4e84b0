# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
DESCRIPTION='run a backup that finds the past at the paths of the present'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

past() { "$BLKSNAP_TOP/dist/backup/blksnap-past" "$@"; }

test_case() {
	local here=/srv/files sums
	need rsync
	load_module
	mkdir -p $here /backup
	expect_ok mkfs.ext4 -q "$DISK0"
	expect_ok mkfs.ext4 -q "$DISK1"
	expect_ok mkfs.ext4 -q "$DISK3"
	expect_ok mount "$DISK0" $here
	mkdir $here/inner
	expect_ok mount "$DISK1" $here/inner
	expect_ok mount "$DISK3" /backup
	cp /etc/*.conf $here/
	echo inner >$here/inner/file
	sums=$(cd $here && find . -type f -exec cksum {} + | sort)

	step 'two file systems, one in the other, and one that goes on'
	expect_ok past -a "$DISK2" $here/inner $here -- sh -ec '
		nsenter -t 1 -m sh -c "echo later >/srv/files/later; echo later >/srv/files/inner/file"
		! echo mine >/srv/files/mine
		rsync -aH /srv/files/ /backup/copy/'
	expect "$sums" "$(cd /backup/copy && find . -type f -exec cksum {} + | sort)" 'what was copied'
	expect later "$(cat $here/later)" 'the present'
	expect later "$(cat $here/inner/file)" 'the present, further in'
	expect '' "$(blksnap -H -o name snapshot list)" 'snapshots left'
	expect 2 "$(grep -c " $here" /proc/self/mountinfo)" 'mounts there'

	step 'endings'
	expect_fail 7 past -a "$DISK2" $here -- sh -c 'exit 7'
	expect_fail 2 --says 'no file system is mounted there' past -a "$DISK2" /etc -- true
	expect_fail 2 --says 'no block device' past -a "$DISK2" /proc -- true
	expect_fail 2 --says 'no command' past -a "$DISK2" $here --
	expect_fail 3 past -a "$DISK2" /not-there -- true
	expect '' "$(blksnap -H -o name snapshot list)" 'snapshots left'
	if command -v restic >/dev/null; then
		step 'restic: it knows its files again by their paths'
		export RESTIC_PASSWORD=secret
		expect_ok restic -q -r /backup/restic init
		expect_ok past -a "$DISK2" $here -- restic -q -r /backup/restic backup $here
		expect_match "$here" "$(restic -r /backup/restic snapshots)" 'the path in the repository'
	fi
	if command -v borg >/dev/null; then
		step 'borg'
		export BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
		expect_ok borg init -e none /backup/borg
		expect_ok past -a "$DISK2" $here -- borg create /backup/borg::one $here
		expect_match "${here#/}/later" "$(borg list /backup/borg::one)" 'the paths in the archive'
	fi
	umount $here/inner $here
	blksnap device detach "$DISK0" 2>/dev/null
	blksnap device detach "$DISK1" 2>/dev/null
	expect_nothing_left
}
