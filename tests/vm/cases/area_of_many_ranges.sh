# shellcheck shell=bash
DESCRIPTION='take a snapshot with more ranges than a request holds, or leave nothing of it'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 256M)
client=${BLKSNAP_BUILD-}/tests/vm/tools/client

test_case() {
	local n id
	load_module
	n=$(scaled 2500 10000 1100)
	stamp "$DISK0" 1 0 8192
	expect_ok "$client" many many "$DISK0" "$DISK3" "$n"
	id=$(field id blksnap snapshot show many)
	expect "$n $((n * 8))" "$("$client" ranges "$id")" 'ranges and their sectors'
	step 'a later part that is refused leaves nothing'
	expect_fail any --says '^16 snapshot.range' "$client" many second "$DISK2" "$DISK3" "$n"
	step 'so does one beyond the end of the device'
	expect_fail any --says 'snapshot.range' "$client" many second "$DISK2" "$DISK1" 9000
	expect many "$(blksnap snapshot list | awk 'NR > 1 { print $1 }')" 'snapshots'
	expect 1 "$(blksnap device list | sed 1d | grep -c .)" 'devices'
	step 'use them'
	overwrite_units "$DISK0" 0 2 500
	check_stamp "$(blksnap image path many)" 1 0 8192
	expect taken "$(state_of many)"
	expect_ok blksnap snapshot destroy many
	expect_nothing_left
}
