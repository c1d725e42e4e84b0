# shellcheck shell=bash
DESCRIPTION='find the old content after a disk was zeroed, by itself or with a chain of writes'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12 debug'
DISKS=(24M 32M 24M,nozeroes,nodiscard)

test_case() {
	local dev
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	expect 0 "$(cat "/sys/block/${DISK2##*/}/queue/write_zeroes_max_bytes")" 'largest zeroing of this disk'
	for dev in "$DISK0" "$DISK2"; do
		step "$dev"
		stamp "$dev" 1
		drop_caches "$dev"
		expect_ok blksnap snapshot create night --device "$dev" --area "$DISK1"
		expect_ok blkdiscard -z "$dev"
		check_stamp "$(blksnap image path night)" 1
		cmp -n $((20 * 1024 * 1024)) "$dev" /dev/zero || fail 'wanted zeroes'
		expect_ok blksnap snapshot destroy night
	done
}
