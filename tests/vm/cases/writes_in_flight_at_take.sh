# shellcheck shell=bash
DESCRIPTION='take a device whose writes need 800 ms, 32 of them on their way'
KERNELS='6.1 6.12 debug'
DISKS=(24M 32M 24M 24M)

test_case() {
	local i image at_once writer n want
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	delay_disk slow "$DISK0" 0 800
	expect_ok blksnap device attach /dev/mapper/slow
	"$sequence" write 32 4096x8 /dev/mapper/slow "$SCRATCH/acks" &
	writer=$!
	for ((i = 0; i < $(scaled 2 10 1); i++)); do
		wait_until "[ \$(acknowledged) -gt $((i * 2)) ]" 60
		"$sequence" acknowledged "$SCRATCH/acks" >"$SCRATCH/before"
		create_under_writes night --device /dev/mapper/slow --area "$DISK1"
		image=$(blksnap image path night)
		at_once=$(checksum "$image")
		"$sequence" read 32 4096x8 "$image" >"$SCRATCH/image" || fail "image: $(cat "$SCRATCH/image")"
		paste "$SCRATCH/before" "$SCRATCH/image" >"$SCRATCH/both"
		while read -r want n; do
			expect_that 'n >= want' 'acknowledged before, in the image'
		done <"$SCRATCH/both"
		sleep 3
		drop_caches "$image"
		expect "$at_once" "$(checksum "$image")" 'image seconds later'
		expect_ok blksnap snapshot destroy night
	done
	kill "$writer"
	wait "$writer" || fail 'the writer failed'
}
