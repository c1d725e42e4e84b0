# shellcheck shell=bash
DESCRIPTION='store as many units as an area has, whatever its ranges, and overflow with the next'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

# An area of UNITS units, written in full and once more.
fill() { # UNITS SPEC...
	local units=$1 specs=() spec sum image sectors=$((($1 + 2) * 200))
	shift
	for spec; do
		specs+=(--area "$spec")
	done
	step "$units units in $*"
	sum=$(checksum "$DISK0" 0 "$sectors")
	expect_ok blksnap snapshot create full --device "$DISK0" "${specs[@]}"
	expect "$((units * 4096))" "$(field area_total_bytes blksnap snapshot show full)" 'size of the area'
	image=$(blksnap image path full)
	# far enough from each other that nothing is copied ahead
	overwrite_units "$DISK0" 3 25 "$units" "$((RANDOM % 250 + 1))"
	expect taken "$(state_of full)"
	expect "$((units * 4096))" "$(field area_used_bytes blksnap snapshot show full)" 'used'
	expect "$sum" "$(fresh_checksum "$image" 0 "$sectors")" 'image'
	overwrite_units "$DISK0" $((3 + 25 * units)) 25 1
	wait_until '[ "$(state_of full)" = overflow ]'
	blockdev --flushbufs "$image"
	expect_fail any dd if="$image" of=/dev/null bs=4K count=1 status=none
	expect_ok blksnap snapshot destroy full
}

test_case() {
	local ranges=() i many disk=("$DISK1" "$DISK2" "$DISK3")
	load_module
	expect_ok blksnap device attach "$DISK0"
	stamp "$DISK0" 1 0 53248
	fill 1 "$DISK1:7s+15s"
	fill 3 "$DISK1:1s+8s" "$DISK2:5s+12s" "$DISK1:9s+8s"
	many=$(scaled 48 500 12)
	for ((i = 0; i < many; i++)); do
		ranges+=("${disk[i % 3]}:$((i * 24 + 3))s+$((8 + i % 8))s")
	done
	fill "$many" "${ranges[@]}"
	fill 257 "$DISK1:0+1M" "$DISK2:$((64 * 2048 - 8))s+8s"
	blksnap device detach "$DISK0"
	expect_nothing_left
}
