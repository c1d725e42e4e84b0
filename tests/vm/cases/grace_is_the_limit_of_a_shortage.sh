# shellcheck shell=bash
DESCRIPTION='hold a write no longer than grace, also when less space than it needs comes back again and again'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M)

test_case() {
	local writer i
	load_module
	expect_ok blksnap snapshot create tight --device "$DISK0" --area "$DISK1:0+256K" --grace 8s
	overwrite_units "$DISK0" 0 25 64
	step 'a write that needs all of it; a unit at a time is given back'
	dd if=/dev/zero of="$DISK0" bs=256K seek=128 count=1 oflag=direct status=none &
	writer=$!
	wait_until '[ "$(field held_now blksnap stat)" != 0 ] || ! kill -0 '$writer' 2>/dev/null'
	for ((i = 0; i < 40; i++)); do
		# refused by one that has overflowed, as is looked at below
		blksnap image release tight "$DISK0" "$((i * 100))K+4K" >/dev/null 2>&1 || break
		sleep 1
		kill -0 $writer 2>/dev/null || break
	done
	[ $i -lt 40 ] || fail "wanted the write to go on after 8 s, got it held when $i units had come back"
	wait $writer || fail 'wanted the write to succeed, got an error'
	wait_until '[ "$(state_of tight)" = overflow ]'
	expect_ok blksnap snapshot destroy tight
	step 'as much as it needs ends it'
	expect_ok blksnap snapshot create tight --device "$DISK0" --area "$DISK1:0+256K" --grace 30s
	overwrite_units "$DISK0" 0 25 64
	dd if=/dev/zero of="$DISK0" bs=256K seek=129 count=1 oflag=direct status=none &
	writer=$!
	wait_until '[ "$(field held_now blksnap stat)" != 0 ]'
	expect_ok blksnap image release tight "$DISK0" 0+8M >/dev/null
	wait $writer || fail 'wanted the write to succeed, got an error'
	# nor is the next shortage counted from the first one's beginning
	expect taken "$(state_of tight)"
	expect_ok blksnap snapshot destroy tight
	expect_nothing_left
	unload_module
}
