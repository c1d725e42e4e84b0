# shellcheck shell=bash
DESCRIPTION='attach and detach the only device again and again, and see its writes each time'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)

test_case() {
	# without a trampoline of its own its owner is not told, but that it may redirect
	local hook='^submit_bio.*( I |blksnap)' i since got
	load_module
	for ((i = 0; i < $(scaled 3 30 2); i++)); do
		expect_ok blksnap device attach "$DISK0"
		since=$(blksnap cbt info "$DISK0" | awk '/^generation/ { print $2 }')
		expect_match "$hook" "$(cat /sys/kernel/debug/tracing/enabled_functions)" 'the hook'
		expect_ok dd if=/dev/zero of="$DISK0" bs=64K seek=$i count=1 oflag=direct status=none
		got=$(blksnap cbt export "$DISK0" --since "$since:0")
		expect "$((i * 65536))"$'\t'65536 "$got" 'changed blocks'
		expect_ok blksnap device detach "$DISK0"
		expect '' "$(grep -E "$hook" /sys/kernel/debug/tracing/enabled_functions 2>/dev/null)" 'the hook'
	done
	unload_module
}
