# shellcheck shell=bash
DESCRIPTION='find a number that goes to one disk, then to another, never on the second alone'
KERNELS='6.1 6.12 debug'
DISKS=(24M 32M 24M 24M)

test_case() {
	local i a b first before counter status=0
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	expect_ok blksnap device attach "$DISK0" "$DISK2"
	"$sequence" write 1 4096x64 "$DISK0,$DISK2" "$SCRATCH/acks" &
	counter=$!
	wait_until "[ \$(acknowledged) -gt 10 ]"
	first=$(acknowledged)
	for ((i = 0; i < $(scaled 8 100 4); i++)); do
		before=$(acknowledged)
		create_under_writes night --device "$DISK0" --device "$DISK2" --area "$DISK1"
		a=$("$sequence" read 1 4096x64 "$(blksnap image path night "$DISK0")") || fail "first image: $a"
		b=$("$sequence" read 1 4096x64 "$(blksnap image path night "$DISK2")") || fail "second image: $b"
		echo "take $i: $before acknowledged before, images at $a and $b"
		expect_that 'b <= a && a <= b + 1'
		expect_that 'before <= b' 'what was acknowledged before'
		expect_ok blksnap snapshot destroy night
	done
	kill "$counter"
	wait "$counter" || status=$?
	expect 0 $status 'status of the writer'
	before=$(acknowledged)
	expect_that 'before > first + i' 'progress'
	expect "$before" "$("$sequence" read 1 4096x64 "$DISK0")" 'number on the first disk'
	expect "$before" "$("$sequence" read 1 4096x64 "$DISK2")" 'number on the second disk'
}
