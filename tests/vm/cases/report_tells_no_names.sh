# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
DESCRIPTION='write a report that can be handed to strangers, with the kernel log in it and no names'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local uuid word
	need jq
	load_module
	mkfs.ext4 -q -L hiddenlabel "$DISK0"
	mkdir "$SCRATCH/hiddenpath" "$SCRATCH/past"
	mount "$DISK0" "$SCRATCH/hiddenpath"
	hostname hiddenhost
	uuid=$(blkid -o value -s UUID "$DISK0")
	[ -n "$uuid" ] || fail 'the file system has no UUID'
	expect_ok blksnap snapshot create hiddenname --device "$DISK0" --area "$DISK1"
	# its file system has something to say
	mount -o ro,noload "$(blksnap image path hiddenname)" "$SCRATCH/past" || fail 'cannot mount the image'
	umount "$SCRATCH/past"
	echo "EXT4-fs (blksnap0): mounted filesystem $uuid ro on hiddenpath" >/dev/kmsg
	echo 'blksnap: snapshot 77 failed with error -5 on device 254:0' >/dev/kmsg
	echo 'RIP: 0010:blksnap_made_up+0x1/0x2 [blksnap]' >/dev/kmsg

	expect_ok blksnap report --output "$SCRATCH/report"
	expect 600 "$(stat -c %a "$SCRATCH/report")" 'its mode'
	for word in hidden "$uuid" "$(field uuid blksnap snapshot show hiddenname)"; do
		[ -n "$word" ] || fail 'nothing to look for'
		! grep -i -e "$word" "$SCRATCH/report" || fail "it tells '$word'"
	done
	expect snapshot-1 "$(jq -r '.snapshots[0].snapshot.name' "$SCRATCH/report")" 'what it calls the snapshot'
	expect_match 'snapshot 77 failed' "$(jq -r '.kernel_log[]' "$SCRATCH/report")"
	expect_match 'blksnap_made_up' "$(jq -r '.kernel_log[]' "$SCRATCH/report")"
	expect 1 "$(jq '.devices | length' "$SCRATCH/report")" 'devices in it'
	umount "$SCRATCH/hiddenpath"
	expect_ok blksnap snapshot destroy hiddenname
	expect_nothing_left
}
