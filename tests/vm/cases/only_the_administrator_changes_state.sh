# shellcheck shell=bash
DESCRIPTION='answer every command as its doc says, to root, others, single capabilities and namespaces'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

client=${BLKSNAP_BUILD-}/tests/vm/tools/client

forbid() { echo "$1" >"$SCRATCH/devices/jail/devices.deny"; }
allow() { echo "b $(stat -c '%Hr:%Lr' "$1") $2" >"$SCRATCH/devices/jail/devices.allow"; } # DEV ACCESS
jailed() {
	bash -c 'echo $$ >"$1/tasks" && exec "${@:2}"' jailed "$SCRATCH/devices/jail" "$@"
}

test_case() {
	YNL=$("$BLKSNAP_TOP/tests/vm/kernels" generator)/tools/net/ynl || fail 'there is no YNL'
	export YNL
	load_module
	expect_ok "$BLKSNAP_TOP/tests/vm/tools/ynl_client.py" permissions
	step 'in another network namespace it is said why the family is not there'
	expect_fail 9 --says 'not in the initial network namespace' unshare -n blksnap snapshot list
	step 'a read-only device is no area, and no origin'
	blockdev --setro "$DISK1"
	defer blockdev --setrw "$DISK1"
	expect_fail any --says 'read-only' blksnap snapshot create ro --device "$DISK0" --area "$DISK1"
	expect_fail any --says '^30 snapshot.range\[0\]: the area device is read-only' "$client" many ro "$DISK0" "$DISK1" 1
	expect_fail any --says '^30 snapshot.device\[0\]: the device is read-only' "$client" many ro "$DISK1" "$DISK0" 1
	expect_fail any --says 'read-only' blksnap device attach "$DISK1"
	expect_nothing_left
	blockdev --setrw "$DISK1"

	step 'a device cgroup keeps the administrator from devices, too'
	mkdir "$SCRATCH/devices"
	mount -t cgroup -o devices none "$SCRATCH/devices" || skip 'the kernel has no device cgroups'
	mkdir "$SCRATCH/devices/jail"
	defer rmdir "$SCRATCH/devices/jail"
	forbid a
	allow "$DISK0" rm
	allow "$DISK1" rw
	expect_fail any --says '^1 snapshot.device\[0\]: the caller.s device cgroup' jailed "$client" many j "$DISK2" "$DISK1" 1
	expect_fail any --says '^1 snapshot.range\[0\]: the caller.s device cgroup' jailed "$client" many j "$DISK0" "$DISK2" 1
	allow "$DISK2" r
	expect_fail any --says '^1 snapshot.range\[0\]: the caller.s device cgroup' jailed "$client" many j "$DISK0" "$DISK2" 1
	expect_nothing_left
	# attached by somebody else it is not free for all
	expect_ok blksnap device attach "$DISK3"
	expect_fail any --says '^1 snapshot.device\[0\]: the caller.s device cgroup' jailed "$client" many j "$DISK3" "$DISK1" 1
	expect_ok blksnap device detach "$DISK3"
	expect_ok jailed "$client" many j "$DISK0" "$DISK1" 1
	expect_ok blksnap snapshot destroy j
	expect_nothing_left
}
