# shellcheck shell=bash
DESCRIPTION='see every write although somebody wants to switch the hook off, and say who keeps it from being set'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)

enabled=/proc/sys/kernel/ftrace_enabled

sees_a_write() { # DEVICE MIB
	local since
	since=$(blksnap cbt info "$1" | awk '/^generation/ { print $2 }')
	expect_ok dd if=/dev/zero of="$1" bs=64K seek=$(($2 * 16)) count=1 oflag=direct status=none
	expect_match "^$(($2 * 1048576))"$'\t'65536 "$(blksnap cbt export "$1" --since "$since:0")" 'changed blocks'
}

test_case() {
	[ -w $enabled ] || skip 'the kernel has no such sysctl'
	load_module
	step 'while it is set the sysctl is refused'
	expect_ok blksnap device attach "$DISK0"
	sees_a_write "$DISK0" 1
	expect_fail any bash -c "echo 0 >$enabled"
	expect 1 "$(cat $enabled)" 'kernel.ftrace_enabled'
	sees_a_write "$DISK0" 2
	expect_ok blksnap device detach "$DISK0"

	step 'where it is off nothing is attached'
	echo 0 >$enabled || skip 'the kernel does not let it be switched off at all'
	defer bash -c "echo 1 >$enabled"
	expect_fail any --says 'kernel.ftrace_enabled is 0' blksnap device attach "$DISK0"
	expect_fail any --says 'kernel.ftrace_enabled is 0' blksnap snapshot create none --device "$DISK0" --area "$DISK1"
	expect_nothing_left
	echo 1 >$enabled
	expect_ok blksnap device attach "$DISK0"
	sees_a_write "$DISK0" 3
	expect_ok blksnap device detach "$DISK0"

	owner=${BLKSNAP_MODULE%/*}/failer/failer.ko
	[ -e "$owner" ] || return 0
	step 'another owner of the function'
	expect_ok insmod "$owner" owns=submit_bio_noacct
	expect_fail any --says 'redirected by another module' blksnap device attach "$DISK0"
	expect_nothing_left
	expect_ok rmmod failer
	expect_ok blksnap device attach "$DISK0"
	expect_fail any insmod "$owner" owns=submit_bio_noacct
	sees_a_write "$DISK0" 4
	expect_ok blksnap device detach "$DISK0"
}
