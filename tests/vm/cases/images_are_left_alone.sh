# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A real udevd with the rules of this machine and ours: what looks into block
# devices must never take an image for its origin.
DESCRIPTION='give images their own links, and keep everybody else from them'
QUICK_ON='6.12'
KERNELS='6.1'
DISKS=(128M 128M 128M 128M 128M 64M)
ALONE=1
TIMEOUT=900

links_to() { # DEVICE: the links udev made for it
	find /dev -path /dev/block -prune -o -type l -printf '%p %l\n' 2>/dev/null |
		awk -v name="${1##*/}" '{ n = split($2, part, "/"); if (part[n] == name) print $1 }' | sort
}

start_udev() {
	local daemon=/lib/systemd/systemd-udevd
	[ -x "$daemon" ] || missing systemd-udevd
	mkdir -p /run/udev/rules.d
	cp "$BLKSNAP_TOP/dist/udev/10-blksnap.rules" /run/udev/rules.d/
	# a rule of somebody who mounts or imports whatever comes
	cat >/run/udev/rules.d/66-greedy.rules <<-'END'
	SUBSYSTEM=="block", ACTION!="remove", RUN+="/bin/sh -c 'echo %k >>/run/greedy'"
	END
	unset DM_DISABLE_UDEV
	"$daemon" --daemon || fail 'cannot start systemd-udevd'
	defer udevadm control --exit
	settled trigger --action=add --subsystem-match=block
}

# Nothing of udev is under way any more.
settled() { # [trigger ARG...]
	[ $# = 0 ] || udevadm "$@" || fail "udevadm $* failed"
	udevadm settle --timeout=120 || fail 'udev did not settle'
}

test_case() {
	local image dev before uuid setting
	load_module
	modprobe -q btrfs
	need lvcreate mkfs.btrfs mdadm parted blkid mkfs.ext4
	start_udev

	step 'contents that others look for'
	expect_ok mkfs.ext4 -q -F -L data "$DISK0"
	expect_ok mkfs.btrfs -q -f "$DISK1"
	expect_ok pvcreate -q "$DISK2"
	expect_ok vgcreate -q vg "$DISK2"
	expect_ok lvcreate -q -y -n lv -L 32M vg
	expect_ok mdadm --create /dev/md/one --run --level=1 --raid-devices=2 --metadata=1.2 "$DISK3" missing
	expect_ok parted -s "$DISK4" mklabel gpt mkpart first 1MiB 64MiB mkpart second 64MiB 120MiB
	settled trigger --action=change --subsystem-match=block
	uuid=$(blkid -o value -s UUID "$DISK0")
	[ -n "$uuid" ] || fail 'no UUID on the file system'
	expect "$DISK0" "$(readlink -f "/dev/disk/by-uuid/$uuid")" 'by-uuid before the snapshot'
	expect "$DISK0" "$(readlink -f /dev/disk/by-label/data)" 'by-label before the snapshot'
	expect_match linux_raid "$(udevadm info -q property -n "$DISK3")" 'what udev sees on a member of an array'
	before=$(find /dev/disk -type l ! -path '/dev/disk/by-blksnap/*' -printf '%p %l\n' | sort)
	wait_until 'grep -q vda /run/greedy'

	step 'a snapshot of all of them'
	expect_ok blksnap snapshot create night --device "$DISK0" --device "$DISK1" --device "$DISK2" \
		--device "$DISK3" --device "$DISK4" --area "$DISK5"
	image=$(blksnap image wait night "$DISK4" --timeout 120s) || fail "image wait ended with $?"
	expect "${image}p2" "$(readlink -f "/dev/blksnap/night/${DISK4##*/}-part2")" 'a link that was waited for'
	settled trigger --action=add --subsystem-match=block
	settled trigger --action=change --subsystem-match=block

	for dev in "$DISK0" "$DISK1" "$DISK2" "$DISK3" "$DISK4"; do
		image=$(blksnap image path night "$dev")
		expect "$image" "$(readlink -f "/dev/blksnap/night/${dev##*/}")" "link for $dev"
		expect "$(printf '%s\n' "/dev/blksnap/night/${dev##*/}" "/dev/disk/by-blksnap/night:${dev##*/}")" \
			"$(links_to "$image")" "all links of the image of $dev"
		if udevadm info -q property -n "$image" | grep -E '^ID_(FS|PART)_'; then
			fail "udev has looked into the image of $dev"
		fi
		expect_match '^UDISKS_IGNORE=1$' "$(udevadm info -q property -n "$image")" 'what udisks sees'
	done
	image=$(blksnap image path night "$DISK4")
	expect "${image}p2" "$(readlink -f "/dev/blksnap/night/${DISK4##*/}-part2")" 'a partition of an image'
	expect '' "$(grep blksnap /run/greedy)" 'programs of other rules for images'
	expect "$before" "$(find /dev/disk -type l ! -path '/dev/disk/by-blksnap/*' -printf '%p %l\n' | sort)" \
		'the links of the origins'

	step 'LVM, md and btrfs keep to the origins'
	expect "$DISK2" "$(pvs --noheadings -o pv_name 2>/dev/null | tr -d ' ')" 'physical volumes'
	# with either of the settings that the text for administrators names
	for setting in 'external_device_info_source="udev"' 'global_filter=["r|^/dev/blksnap|"]'; do
		expect "$DISK2" "$(pvs --noheadings -o pv_name --config "devices/$setting" 2>&1 | tr -d ' ')" \
			"physical volumes with $setting"
	done
	expect_ok vgchange --addtag changed --config "devices/$setting" vg
	expect '' "$(ls -A "/sys/block/$(basename "$(blksnap image path night "$DISK2")")/holders")" 'users of the image of a PV'
	expect '' "$(ls -A "/sys/block/$(basename "$(blksnap image path night "$DISK3")")/holders")" 'users of the image of a member'
	mkdir -p mnt
	expect_ok mount UUID="$uuid" mnt
	expect "$DISK0" "$(findmnt -n -o SOURCE mnt)" 'what UUID= mounts'
	expect_ok umount mnt
	expect_ok mount "$DISK1" mnt
	expect "$DISK1" "$(findmnt -n -o SOURCE mnt)" 'the btrfs that is mounted'
	expect_ok umount mnt

	step 'links follow a new name'
	expect_ok blksnap snapshot rename night morning
	settled
	wait_until '! [ -e /dev/blksnap/night ]'
	expect "$(blksnap image path morning "$DISK0")" "$(readlink -f "/dev/blksnap/morning/${DISK0##*/}")" \
		'link after the rename'
	expect "${image}p2" "$(readlink -f "/dev/blksnap/morning/${DISK4##*/}-part2")" \
		'a partition after the rename'
	expect '' "$(find /dev/disk -path '*by-blksnap/night:*')" 'links of the old name'

	step 'and no links are left behind'
	expect_ok blksnap snapshot destroy morning
	settled
	wait_until '! [ -e /dev/blksnap ]'
	expect '' "$(find /dev/disk -path '*by-blksnap*' -type l)" 'links after the snapshot'
	expect "$before" "$(find /dev/disk -type l ! -path '/dev/disk/by-blksnap/*' -printf '%p %l\n' | sort)" \
		'the links of the origins afterwards'
}
