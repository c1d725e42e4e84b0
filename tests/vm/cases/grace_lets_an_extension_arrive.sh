# shellcheck shell=bash
DESCRIPTION='hold the write that would overflow until the area is extended, or grace ends'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local sum writer begun
	load_module
	stamp "$DISK0" 1 0 32768
	sum=$(checksum "$DISK0" 0 32768)
	step 'the extension comes in time'
	expect_ok blksnap snapshot create late --device "$DISK0" --area "$DISK1:0+64K" --grace 30s
	overwrite_units "$DISK0" 0 25 16
	overwrite_units "$DISK0" 400 25 4 &
	writer=$!
	wait_until '[ "$(field held_now blksnap stat)" = 1 ]'
	sleep 1
	kill -0 $writer || fail 'wanted the write held, got it done'
	expect taken "$(state_of late)"
	expect_ok blksnap area extend late "$DISK2:0+64K"
	wait $writer || fail 'wanted the write to succeed, got an error'
	expect taken "$(state_of late)"
	expect $((20 * 4096)) "$(field area_used_bytes blksnap snapshot show late)" 'used'
	expect "$sum" "$(fresh_checksum "$(blksnap image path late)" 0 32768)" 'image'

	step 'it is not the first shortage; nothing comes'
	overwrite_units "$DISK0" 500 25 12
	expect_ok blksnap snapshot destroy late
	expect_ok blksnap snapshot create never --device "$DISK0" --area "$DISK1:0+64K" --grace 2s
	begun=$SECONDS
	overwrite_units "$DISK0" 2000 25 17
	expect_that "$((SECONDS - begun)) >= 1" 'the write waited for grace'
	wait_until '[ "$(state_of never)" = overflow ]'
	expect_ok blksnap snapshot destroy never
	expect_nothing_left
}
