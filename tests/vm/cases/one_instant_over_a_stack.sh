# shellcheck shell=bash
DESCRIPTION='take a volume and a disk below another volume at one instant'
DISKS=(24M 32M 24M 24M)

# The first number goes to a delayed device, the second to a disk through a
# striped volume: other depths, other latencies.
test_case() {
	local i a b before counter
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	delay_disk slow "$DISK0" 0 30
	expect_ok dmsetup create lin --table "0 40000 linear $DISK2 0"
	"$sequence" write 1 4096x16 /dev/mapper/slow,/dev/mapper/lin "$SCRATCH/acks" &
	counter=$!
	wait_until "[ \$(acknowledged) -gt 3 ]"
	for ((i = 0; i < $(scaled 4 40); i++)); do
		before=$(acknowledged)
		create_under_writes night --device /dev/mapper/slow --device "$DISK2" --area "$DISK1"
		a=$("$sequence" read 1 4096x16 "$(blksnap image path night /dev/mapper/slow)") || fail "first image: $a"
		b=$("$sequence" read 1 4096x16 "$(blksnap image path night "$DISK2")") || fail "second image: $b"
		echo "take $i: $before acknowledged before, images at $a and $b"
		expect_that 'b <= a && a <= b + 1'
		expect_that 'before <= b' 'what was acknowledged before'
		expect_ok blksnap snapshot destroy night
	done
	kill "$counter"
	wait "$counter" || fail 'the writer failed'
}
