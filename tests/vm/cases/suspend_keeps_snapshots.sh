# shellcheck shell=bash
DESCRIPTION='keep snapshots and tracking over a suspend in the middle of copies, and let it happen'
SIZES='full'
DISKS=(24M 32M 24M 24M)

test_case() {
	local writer image number i
	{ [ -w /sys/power/pm_test ] && grep -qw freeze /sys/power/state; } || skip 'the kernel cannot rehearse a suspend'
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	stamp "$DISK0" 1
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	image=$(blksnap image path night)
	number=$(blksnap snapshot show night | awk '$1 == "since-number" { print $2 }')
	# as far as every task standing still, for five seconds, and back; no further, for the
	# programs come over 9p, whose device is then reset
	echo freezer >/sys/power/pm_test
	for i in 1 2; do
		step "suspend $i, under writers"
		fio --name=w --filename="$DISK0" --rw=randwrite --bs=4k --iodepth=8 --ioengine=libaio --direct=1 \
			--randseed="$i" --time_based --runtime=600 >/dev/null 2>&1 &
		writer=$!
		defer kill "$writer"
		wait_until "[ \$(counter $DISK0 cow_units) -gt $((i * 200)) ]" 120
		echo freeze >/sys/power/state || fail "wanted the suspend to succeed, got: $(dmesg | tail -n 3)"
		expect "$i" "$(case_log | grep -c 'PM: suspend exit')" 'suspends that the kernel tells of'
		expect taken "$(state_of night)"
		[ -d "/proc/$writer" ] || fail 'the writers ended'
		kill "$writer"
		wait "$writer"
	done
	drop_caches "$image"
	check_stamp "$image" 1
	expect_ok blksnap cbt check "$DISK0" --since "$number"
	step 'and all works as before'
	expect_ok blksnap snapshot destroy night
	stamp "$DISK0" 2
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	stamp "$DISK0" 3
	check_stamp "$(blksnap image path night)" 2
	expect_ok blksnap snapshot destroy night
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
	unload_module
}
