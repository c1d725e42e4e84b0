# shellcheck shell=bash
DESCRIPTION='read an image from end to end, give up what was read, and use its space again'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

mib=2048 # sectors

test_case() {
	local image i n used read lost kept copied=0
	n=$(scaled 12 64 12)
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	stamp "$DISK0" 1
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create once --device "$DISK0" --area "$DISK1:0+1M" "$DISK2:0+$((n / 12))M" >/dev/null
	image=$(blksnap image path once)
	for ((i = 0; i < n; i++)); do
		# as much is overwritten as is read, here and there in what is not read yet
		overwrite_units "$DISK0" $((i * 256 + 3)) 7 36
		overwrite_units "$DISK0" $(((n + i) * 128 + 5)) 9 $((i % 2 ? 14 : 28))
		fresh_checksum "$image" $((i * mib)) $mib >/dev/null
		check_stamp "$image" 1 $((i * mib)) $mib
		expect_ok blksnap image release once "$DISK0" "${i}M+1M" >/dev/null
	done
	copied=$(counter "$DISK0" cow_units)
	expect_that 'copied * 4096 > (1 + n / 12) * 1048576 * 3 / 2' 'copied more than the area holds'
	expect taken "$(state_of once)"
	expect 0 "$(count_events overflow)" 'overflow events'
	step 'what was given up is gone, and nothing else'
	expect_fail any dd if="$image" of=/dev/null bs=4K count=1 iflag=direct status=none
	expect_fail any dd if="$image" of=/dev/null bs=64K skip=$((n * 16 - 1)) count=1 iflag=direct status=none
	expect_ok dd if="$image" of=/dev/null bs=4K skip=$((n * 256)) count=1 iflag=direct status=none
	[ "$n" -ge 64 ] || check_stamp "$image" 1 $((n * mib)) $(((64 - n) * mib))
	step 'writes there are not copied'
	used=$(field area_used_bytes blksnap snapshot show once)
	stamp "$DISK0" 2 0 $((n * mib))
	expect "$used" "$(field area_used_bytes blksnap snapshot show once)" 'used'
	check_stamp "$DISK0" 2 0 $((n * mib))
	step 'units that are partly in it are kept'
	if [ "$n" -lt 64 ]; then
		expect_ok blksnap image release once "$DISK0" "$((60 * mib + 1))s+14s" >/dev/null
		check_stamp "$image" 1 $((60 * mib)) 8
		check_stamp "$image" 1 $((60 * mib + 8)) 8
		expect_ok blksnap image release once "$DISK0" "$((60 * mib + 1))s+15s" >/dev/null
		expect_fail any dd if="$image" of=/dev/null bs=4K skip=$((60 * 256 + 1)) count=1 iflag=direct status=none
		blockdev --flushbufs "$image"
		check_stamp "$image" 1 $((60 * mib)) 8
	fi
	step 'and what cannot be'
	expect_fail any --says 'beyond the end' blksnap image release once "$DISK0" 63M+2M
	expect_fail any --says 'no snapshot of that name' blksnap image release twice "$DISK0" 0+1M
	expect_ok blksnap device attach "$DISK3"
	expect_fail any --says 'in no snapshot' blksnap image release once "$DISK3" 0+1M
	expect_ok blksnap snapshot destroy once
	expect_ok blksnap device detach "$DISK3"

	step 'a read under way of what is given up fails, for its space may have been used again; no other does'
	dmsetup create hung --table "0 $(blockdev --getsz "$DISK1") linear $DISK1 0"
	defer dmsetup remove --retry hung
	stamp "$DISK0" 3 0 $((4 * mib))
	expect_ok blksnap snapshot create once --device "$DISK0" --area /dev/mapper/hung
	image=$(blksnap image path once)
	overwrite_units "$DISK0" 0 1 4
	wait_until '[ "$(field store_bytes blksnap device show "$DISK0")" -ge 16384 ]'
	dmsetup suspend --noflush --nolockfs hung
	defer dmsetup resume hung
	read=$(field image_area_bytes blksnap device show "$DISK0")
	dd if="$image" of="$SCRATCH/given-up" bs=8K count=1 iflag=direct status=none 2>"$SCRATCH/error" &
	lost=$!
	dd if="$image" of="$SCRATCH/kept" bs=4K skip=2 seek=2 count=1 iflag=direct status=none &
	kept=$!
	wait_until '[ "$(field image_area_bytes blksnap device show "$DISK0")" -ge $((read + 12288)) ]'
	expect_ok blksnap image release once "$DISK0" 0+4K >/dev/null
	expect_ok blksnap image release once "$DISK0" 12K+4K >/dev/null
	dmsetup resume hung
	wait "$lost" && fail 'wanted the read to fail'
	expect_match 'Input/output error' "$(cat "$SCRATCH/error")"
	wait "$kept" || fail 'wanted the read beside it to succeed'
	check_stamp "$SCRATCH/kept" 3 16 8
	expect taken "$(state_of once)"
	expect_ok blksnap snapshot destroy once
	dmsetup remove --retry hung
	expect_nothing_left
}
