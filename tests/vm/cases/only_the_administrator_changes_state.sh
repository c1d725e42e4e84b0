# shellcheck shell=bash
DESCRIPTION='answer every command as its doc says, to root, others, single capabilities and namespaces'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	YNL=$("$BLKSNAP_TOP/tests/vm/kernels" generator)/tools/net/ynl || fail 'there is no YNL'
	export YNL
	load_module
	expect_ok "$BLKSNAP_TOP/tests/vm/tools/ynl_client.py" permissions
	step 'a read-only device is no area'
	blockdev --setro "$DISK1"
	expect_fail any --says 'read-only' blksnap snapshot create ro --device "$DISK0" --area "$DISK1"
	expect_nothing_left
	blockdev --setrw "$DISK1"
}
