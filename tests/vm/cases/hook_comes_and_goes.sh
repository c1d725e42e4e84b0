# shellcheck shell=bash
DESCRIPTION='attach and detach the only device again and again, and see its writes each time'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)

test_case() {
	local i since got
	load_module
	for ((i = 0; i < $(scaled 3 30 2); i++)); do
		expect_ok blksnap device attach "$DISK0"
		since=$(blksnap cbt info "$DISK0" | awk '/^generation/ { print $2 }')
		expect_match '^submit_bio.*blksnap' "$(cat /sys/kernel/debug/tracing/enabled_functions)" 'the hook'
		expect_ok dd if=/dev/zero of="$DISK0" bs=64K seek=$i count=1 oflag=direct status=none
		got=$(blksnap cbt export "$DISK0" --since "$since:0")
		expect "$((i * 65536))"$'\t'65536 "$got" 'changed blocks'
		expect_ok blksnap device detach "$DISK0"
		expect '' "$(grep '^submit_bio.*blksnap' /sys/kernel/debug/tracing/enabled_functions 2>/dev/null)" 'the hook'
	done
	unload_module
}
