# shellcheck shell=bash
DESCRIPTION='give a command what changed since the last run that succeeded'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(16M 16M 64M 64M)

test_case() {
	local run=(blksnap run --device "$DISK0" --area "$DISK1" --since "$SCRATCH/since")
	# shellcheck disable=SC2016 # for the command's shell
	local full='cat "$BLKSNAP_IMAGE" >"$1"; [ -z "${BLKSNAP_CHANGES+x}" ]'
	# shellcheck disable=SC2016
	local changed='while read -r at n; do
			dd if="$BLKSNAP_IMAGE" of="$1" bs=64K iflag=skip_bytes,count_bytes oflag=seek_bytes \
				skip="$at" seek="$at" count="$n" conv=notrunc status=none || exit 1
		done <"$BLKSNAP_CHANGES"; cmp "$BLKSNAP_IMAGE" "$1"'
	load_module
	stamp "$DISK0" 1
	step 'the first time: all of it'
	expect_ok "${run[@]}" -- sh -c "$full" sh "$SCRATCH/copy"
	overwrite_units "$DISK0" 100 300 4
	step 'a run that failed does not count'
	expect_fail 1 "${run[@]}" -- false
	overwrite_units "$DISK0" 2000 300 4
	expect_ok "${run[@]}" -- sh -c "$changed" sh "$SCRATCH/copy"
	# shellcheck disable=SC2016
	expect_ok "${run[@]}" -- sh -c '[ ! -s "$BLKSNAP_CHANGES" ]'
	step 'the chain is broken: all of it again'
	expect_ok blksnap device detach "$DISK0"
	expect_ok "${run[@]}" -- sh -c "$full" sh "$SCRATCH/copy"
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
}
