# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
DESCRIPTION='tell how large an area is needed, from what is written now and from what changed since a backup'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

planned() { # OPTION...: bytes
	blksnap -j snapshot plan --device "$DISK0" "$@" | jq .area_bytes
}

test_case() {
	local changed plan n
	need jq
	step 'from the counters of the disk, without the module'
	expect 0 "$(planned --sample 100ms)" 'for a disk that nobody writes to'
	(while [ ! -e "$SCRATCH/enough" ]; do
		dd if=/dev/zero of="$DISK0" bs=64K count=16 oflag=direct status=none
	done) &
	for n in 3s 10s 30s; do
		plan=$(planned --sample $n --for 10m)
		[ "$plan" = 0 ] || break
	done
	: >"$SCRATCH/enough"
	wait
	expect_that "$plan > 0 && $plan <= $((64 << 20))" 'for one that is written to'

	step 'from what changed'
	load_module
	expect_ok blksnap run --device "$DISK0" --area "$DISK1" --since "$SCRATCH/numbers" -- true
	expect 0 "$(planned --since "$SCRATCH/numbers")" 'after nothing changed'
	overwrite_units "$DISK0" 0 160 10
	overwrite_units "$DISK0" 0 160 10
	changed=$(blksnap cbt export "$DISK0" --since "$(sed -n '2s/.*\t//p' "$SCRATCH/numbers")" |
		awk '{ n += $2 } END { print n }')
	expect $((10 << 16)) "$changed" 'what changed'
	expect $((changed * 3 / 2)) "$(planned --since "$SCRATCH/numbers")" 'for as long as that'
	expect $((changed * 3 / 2)) "$(planned --since "$SCRATCH/numbers" --for 1s)" 'for a second'
	touch -d '1 hour ago' "$SCRATCH/numbers"
	plan=$(planned --since "$SCRATCH/numbers" --for 4h)
	expect_that "$plan > $((changed * 5)) && $plan <= $((changed * 6))" 'for four times as long'
	expect $((64 << 20)) "$(planned --since "$SCRATCH/numbers" --for 40d)" 'never more than the disk'
	expect_match 'since the last backup' "$(blksnap snapshot plan --device "$DISK0" --since "$SCRATCH/numbers")"
	step 'a chain that is broken'
	expect_ok blksnap device detach "$DISK0"
	expect_fail 3 blksnap snapshot plan --device "$DISK0" --since "$SCRATCH/numbers"
	expect_ok blksnap device attach "$DISK0"
	expect_fail 7 --says 'leave --since out' blksnap snapshot plan --device "$DISK0" --since "$SCRATCH/numbers"
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
}
