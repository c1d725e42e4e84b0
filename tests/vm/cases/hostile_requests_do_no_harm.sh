# shellcheck shell=bash
DESCRIPTION='send requests that are nearly right, from four sockets, and find the module well and nothing left'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)
TIMEOUT=1800

test_case() {
	local round
	load_module
	mkfs.ext4 -q "$DISK0"
	mkdir "$SCRATCH/mnt"
	mount "$DISK0" "$SCRATCH/mnt"
	for ((round = 1; round <= $(scaled 1 20 1); round++)); do
		step "seed $round"
		expect_ok "$BLKSNAP_BUILD/tests/vm/tools/fuzz" $round "$(scaled 4000 20000 1000)" "$SCRATCH/mnt" \
			"$DISK0" "$DISK1" "$DISK2" "$DISK3"
		# a take under way ends by itself
		wait_until '! blksnap snapshot list | grep -q taking' 120
		blksnap snapshot list | awk 'NR > 1 { print $2 }' | while read -r id; do
			blksnap snapshot destroy "$id" --force >/dev/null 2>&1
		done
		wait_until '[ -z "$(blksnap snapshot list | sed 1d)" ]' 120
		expect_ok timeout 60 dd if=/dev/zero of="$SCRATCH/mnt/file" bs=64K count=4 conv=fsync status=none
	done
	umount "$SCRATCH/mnt"
	for round in "$DISK0" "$DISK1" "$DISK2" "$DISK3"; do
		blksnap device detach "$round" >/dev/null 2>&1
	done
	expect_nothing_left
	unload_module
}
