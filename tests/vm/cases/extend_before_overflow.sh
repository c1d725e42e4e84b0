# shellcheck shell=bash
DESCRIPTION='extend the area when it runs low, and keep the snapshot'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local sum
	load_module
	stamp "$DISK0" 1 0 131072
	sum=$(checksum "$DISK0" 0 131072)
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create grow --device "$DISK0" --area "$DISK1:0+1M" --low 512K
	expect ok "$(field level blksnap snapshot show grow)"
	overwrite_units "$DISK0" 0 25 128
	sleep 0.3
	expect ok "$(field level blksnap snapshot show grow)" 'at the threshold'
	overwrite_units "$DISK0" 3200 25 1
	expect_event 'snapshot grow: area low'
	expect_event 'snapshot grow: area still low'
	step 'more, but not enough to be ok again'
	expect_ok blksnap area extend grow "$DISK2:0+256K"
	sleep 0.3
	expect low "$(field level blksnap snapshot show grow)" 'between low and clear'
	expect_ok blksnap area extend grow "$DISK2:1M+4M" "$DISK3:0+4M"
	expect_event 'snapshot grow: area ok'
	expect ok "$(field level blksnap snapshot show grow)"
	step 'use what was added'
	overwrite_units "$DISK0" 3225 25 500
	expect taken "$(state_of grow)"
	expect_that "$(field area_used_bytes blksnap snapshot show grow) >= 629 * 4096"
	expect 0 "$(count_events overflow)" 'overflow events'
	expect "$sum" "$(fresh_checksum "$(blksnap image path grow)" 0 131072)" 'image'
	expect_ok blksnap snapshot destroy grow
	expect_nothing_left
}
