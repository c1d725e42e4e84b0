# shellcheck shell=bash
DESCRIPTION='take devices while writes of 8 MiB, which the kernel splits, are on their way'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(24M 32M 24M 24M)

# Remainders of split writes come back to the filter: were they held at the
# closed gate, the writes they belong to would never end, and no take succeed.
test_case() {
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	# both legs answer late, so that large writes are under way at any moment
	delay_disk left "$DISK0" 0 50
	delay_disk right "$DISK2" 0 50
	expect_ok dmsetup create striped --table "0 81920 striped 2 128 /dev/mapper/left 0 /dev/mapper/right 0"
	split_writes /dev/mapper/striped
	dmsetup remove --retry striped
	# and those that the disk's own limits split
	split_writes /dev/mapper/left
	split_writes "$DISK3"
}

split_writes() { # DEV
	local i sum image writer
	step "8 MiB to $1"
	"$sequence" write 2 8388608 "$1" "$SCRATCH/acks" &
	writer=$!
	wait_until "[ \$(acknowledged) -ge 1 ]" 60
	for ((i = 0; i < $(scaled 2 20 1); i++)); do
		create_under_writes night --device "$1" --area "$DISK1"
		image=$(blksnap image path night)
		sum=$(checksum "$image")
		sleep 1
		drop_caches "$image"
		expect "$sum" "$(checksum "$image")" 'image a second later'
		expect_ok blksnap snapshot destroy night
	done
	kill "$writer"
	wait "$writer" || fail 'the writer failed'
}
