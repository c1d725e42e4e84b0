# shellcheck shell=bash
DESCRIPTION='list many devices, snapshots and changed extents, each once, while others come and go'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

many=${BLKSNAP_BUILD-}/tests/vm/tools/many

# Disks that hold nothing: reads give zeroes.
make_disks() { # COUNT GIB
	modprobe null_blk nr_devices="$1" gb="$2" queue_mode=2 submit_queues=1 hw_queue_depth=8 irqmode=0 ||
		skip 'no null_blk'
	wait_until "[ -b /dev/nullb$(($1 - 1)) ]" 60
	mapfile -t disks < <(printf '/dev/nullb%d\n' $(seq 0 $(($1 - 1))))
}

test_case() {
	local n
	n=$(scaled 60 1000 60)
	YNL=$("$BLKSNAP_TOP/tests/vm/kernels" generator)/tools/net/ynl || fail 'there is no YNL'
	export YNL
	load_module
	make_disks "$n" 1
	step 'what is there is listed once, whatever changes between two pages, and the change is told'
	expect_ok "$BLKSNAP_TOP/tests/vm/tools/ynl_client.py" churn "${disks[@]:0:60}"
	step 'the same at random, as the library and the command list it'
	expect_ok "$many" churn "$(scaled 100 1000)" "${disks[@]:0:60}"
	step 'all'
	expect_ok "$many" attach "${disks[@]}"
	expect "$n" "$(blksnap device list | sed 1d | grep -c .)" 'devices that the command lists'
	expect_ok "$many" detach "${disks[@]}"
	expect_nothing_left
	modprobe -r null_blk
	step 'changed extents'
	make_disks 1 "$(scaled 2 32)"
	expect_ok "$many" extents /dev/nullb0 "$(scaled 100000 3000000)"
	modprobe -r null_blk
}
