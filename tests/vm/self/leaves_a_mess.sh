# shellcheck shell=bash
DESCRIPTION='take a disk away behind the back of the harness'
ALONE=1

test_case() {
	local dev
	dev=$(readlink -f "/sys/block/${DISK0##*/}/device") || fail 'no such disk'
	expect_ok bash -c 'echo "$1" >/sys/bus/virtio/drivers/virtio_blk/unbind' - "${dev##*/}"
}
