# shellcheck shell=bash
DESCRIPTION='never overflow an area as large as the origin, however many write the same at the same time'
QUICK_ON='6.12'
DISKS=(10240512 64M 1M)

test_case() {
	local i
	load_module
	expect_ok blksnap device attach "$DISK2"
	for ((i = 0; i < $(scaled 8 100); i++)); do
		blksnap snapshot create exact --device "$DISK2" --area "$DISK1:0+1M" >/dev/null ||
			fail 'cannot take the snapshot'
		"$BLKSNAP_BUILD/tests/vm/tools/together" "$DISK2" 262144 4 || fail 'cannot write'
		expect taken "$(state_of exact)" "state after $i rounds"
		blksnap snapshot destroy exact >/dev/null || fail 'cannot destroy the snapshot'
	done
}
