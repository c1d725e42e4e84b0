# shellcheck shell=bash
DESCRIPTION='change name, thresholds and grace of a live snapshot, and hear at once of one that is passed already'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)
client=${BLKSNAP_BUILD-}/tests/vm/tools/client

test_case() {
	local id image
	need udevadm parted
	load_module
	expect_ok parted -s "$DISK0" mklabel gpt mkpart one 1MiB 32MiB
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create before --device "$DISK0" --area "$DISK1:0+1M"
	expect_ok blksnap snapshot create other --device "$DISK2" --area "$DISK3:0+1M"
	id=$(field id blksnap snapshot show before)
	overwrite_units "$DISK0" 0 25 100
	expect ok "$(field level blksnap snapshot show before)"
	step 'a threshold that is passed when it is set'
	expect 'before low=1600 clear=3200 grace=0' "$("$client" set "$id" low=1600)"
	expect_event 'snapshot before: area low' >/dev/null
	expect low "$(field level blksnap snapshot show before)"
	step 'and one that is not any more'
	expect 'before low=64 clear=128 grace=0' "$("$client" set "$id" low=64)"
	expect_event 'snapshot before: area ok' >/dev/null
	step 'each alone, and all'
	stdbuf -oL udevadm monitor --kernel --subsystem-match=block >"$SCRATCH/udev" 2>&1 &
	defer kill $!
	wait_until 'grep -q "^KERNEL - " "$SCRATCH/udev"' 60
	expect 'before low=64 clear=256 grace=0' "$("$client" set "$id" clear=256)"
	expect 'before low=64 clear=256 grace=1500' "$("$client" set "$id" grace=1500)"
	expect 'after low=8 clear=8 grace=0' "$("$client" set "$id" name=after low=8 clear=8 grace=0)"
	expect_event 'after' >/dev/null
	step 'udev hears of a new name, for it makes links of it'
	wait_until 'grep -q "^KERNEL.* change .*/blksnap[0-9]* (block)" "$SCRATCH/udev"' 60
	wait_until 'grep -q "^KERNEL.* change .*/blksnap[0-9]*p1 (block)" "$SCRATCH/udev"' 60
	expect taken "$(state_of after)"
	expect '' "$(state_of before)"
	image=$(blksnap image path after)
	expect after "$(cat "/sys/block/${image##*/}/blksnap/snapshot")"
	step 'refusals change nothing'
	expect_fail any --says '^17 snapshot.name' "$client" set "$id" name=other low=100
	expect_fail any --says '^22 snapshot.clear' "$client" set "$id" low=100 clear=99
	expect_fail any --says '^22 snapshot.name' "$client" set "$id" name=-x
	expect_fail any --says '^34 snapshot.grace-ms' "$client" set "$id" grace=30001
	expect_fail any --says '^34 snapshot.low' "$client" set "$id" low=0xffffffffffffffff
	expect_fail any --says '^2 snapshot.id' "$client" set 999 low=1
	expect 'after low=8 clear=8 grace=0' "$("$client" set "$id")"
	expect_ok blksnap snapshot destroy after
	expect_ok blksnap snapshot destroy other
	expect_nothing_left
}
