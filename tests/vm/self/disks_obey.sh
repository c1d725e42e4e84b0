# shellcheck shell=bash
DESCRIPTION='have disks fail, heal, slow down, grow and go away'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M,if=scsi 64M,iops=1000 64M,lbs=4096,pbs=4096 8M,ro 16M,error=read@2048 64M,nodiscard)
ALONE=1

test_case() {
	expect 4096 "$(cat "/sys/block/${DISK3##*/}/queue/logical_block_size")"
	expect 1 "$(cat "/sys/block/${DISK4##*/}/ro")"
	expect 0 "$(cat "/sys/block/${DISK6##*/}/queue/discard_max_bytes")"
	expect_fail 1 dd if="$DISK5" of=/dev/null bs=512 skip=2048 count=1 iflag=direct
	expect_ok dd if="$DISK5" of=/dev/null bs=512 skip=2040 count=8 iflag=direct

	step 'a write error comes and goes'
	fail_disk 0 write 80
	expect_fail 1 --says 'Input/output error' dd if=/dev/zero of="$DISK0" bs=4k seek=10 count=1 oflag=direct
	expect_ok dd if=/dev/zero of="$DISK0" bs=4k seek=11 count=1 oflag=direct
	heal_disk 0
	expect_ok dd if=/dev/zero of="$DISK0" bs=4k seek=10 count=1 oflag=direct

	step 'limits and sizes change'
	limit_disk 2 100
	resize_disk 0 $((128 * 1024 * 1024))
	resize_disk 1 $((32 * 1024 * 1024))
	resize_disk 2 $((32 * 1024 * 1024))

	step 'disks go away'
	unplug 0
	unplug 1 host
	[ "$KERNEL" = debug ] || unplug 3 host
	# the runner finds disks missing and takes another guest
}
