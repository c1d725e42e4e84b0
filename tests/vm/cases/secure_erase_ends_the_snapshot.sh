# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
DESCRIPTION='erase what a snapshot still needs, as was asked for: the snapshot fails, and nothing else'
KERNELS='debug'
DISKS=(32M)

test_case() {
	local eraser=${BLKSNAP_MODULE%/*}/failer/eraser.ko since image
	[ -e "$eraser" ] || fail "$eraser is not built: tests/vm/tools/failer/make"
	load_module
	insmod "$eraser" || fail 'cannot load the disk that erases'
	stamp /dev/eraser 1
	drop_caches /dev/eraser
	expect_ok blksnap device attach /dev/eraser
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create night --device /dev/eraser --area "$DISK0"
	image=$(blksnap image path night)
	since=$(blksnap snapshot show night | awk '$1 == "since-number" { print $2 }')
	stamp /dev/eraser 2 0 2048
	expect taken "$(state_of night)"

	step 'a part of it, copied and not copied'
	expect_ok blkdiscard -s -o 512K -l 4M /dev/eraser
	expect_event 'snapshot night: failed.*ECANCELED' >/dev/null
	expect failed "$(state_of night)"
	drop_caches /dev/eraser "$image"
	cmp -i 512K:0 -n 4M /dev/eraser /dev/zero || fail 'wanted it erased'
	check_stamp /dev/eraser 2 0 1024
	check_stamp /dev/eraser 1 9216
	expect_fail any dd if="$image" of=/dev/null bs=4K count=1 iflag=direct

	step 'changes are told, and all goes on'
	stamp /dev/eraser 3 16384 128
	expect_ok blksnap snapshot destroy night
	expect_ok blksnap snapshot create again --device /dev/eraser --area "$DISK0"
	expect "0 4718592 8388608 65536" \
		"$(blksnap cbt export /dev/eraser --since "$since" | tr -s '\t\n' '  ' | sed 's/ $//')" 'changes'
	expect_ok blksnap snapshot destroy again
	expect_ok blksnap device detach /dev/eraser
	expect_ok rmmod eraser
	expect_nothing_left
}
