# shellcheck shell=bash
DESCRIPTION='pass, and find its disks zeroed and stamps where it puts them'
KERNELS='6.1 6.12 debug'

test_case() {
	head -c 1M /dev/zero >zeroes
	expect 0 "$("$diskpat" diff "$DISK0" zeroes | grep -c differ)" 'a fresh disk'
	stamp "$DISK0" 1
	check_stamp "$DISK0" 1
	stamp "$DISK0" 2 100 3
	expect_fail 1 --says 'sector 100: wanted generation 1, got generation 2' "$diskpat" check "$DISK0" 1
	expect_fail any false
	mkfs.ext4 -q "$DISK1"
	mkdir m
	mount "$DISK1" m
	# left mounted, looped and mapped: the runner gives it all back
	truncate -s 8M m/file
	losetup -f m/file
	dmsetup create left --table "0 1024 linear $DISK2 0"
	sleep 1000 &
}
