# shellcheck shell=bash
DESCRIPTION='read a device that is being attached while a write submitted before does not end, and detach it'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M,iops=100000 64M 128M 64M)

test_case() {
	local writer before
	load_module
	# Whatever is under way ends as it was begun: a minute each.
	writes_a_second 1100
	dd if=/dev/zero of="$DISK0" bs=64K count=8 seek=16 oflag=direct conv=notrunc status=none &
	writer=$!
	wait_until '[ "$(awk "{ print \$2 }" "/sys/block/${DISK0##*/}/inflight")" -gt 0 ]'
	expect_ok blksnap device attach "$DISK0" >/dev/null
	expect settling "$(field state blksnap device show "$DISK0")" 'state'
	# the same one is under way before and after; one may end meanwhile, the next takes as long
	for _ in 1 2 3; do
		before=$(writes_done)
		timeout 180 dd if="$DISK0" of=/dev/null bs=4K count=1 iflag=direct status=none || fail 'the read'
		[ "$(writes_done)" != "$before" ] || break
	done
	expect "$before" "$(writes_done)" 'writes that ended when the read did'
	step 'it can be detached, and attached again'
	expect_ok timeout 120 blksnap device detach "$DISK0"
	expect '' "$(blksnap -H device list)" 'devices'
	expect_ok blksnap device attach "$DISK0" >/dev/null
	expect settling "$(field state blksnap device show "$DISK0")" 'state after another attach'
	kill -0 $writer 2>/dev/null || fail 'wanted the writer still at it, got it done'
	step 'it ends'
	writes_a_second 0
	wait $writer || fail 'wanted the write to succeed'
	wait_until '[ "$(field state blksnap device show "$DISK0")" = tracked ]'
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
	unload_module
}

writes_done() { awk '{ print $5 }' "/sys/block/${DISK0##*/}/stat"; }

writes_a_second() { # BYTES of DISK0
	qmp "{\"execute\":\"qom-set\",\"arguments\":{\"path\":\"/objects/d0-limit\",\"property\":\"limits\",\"value\":{\"iops-total\":0,\"bps-write\":$1}}}" ||
		fail 'disk 0 has no limit to change'
}
