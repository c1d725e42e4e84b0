# shellcheck shell=bash
DESCRIPTION='keep within the memory budget, and writers moving, before an area that takes 300 KB/s'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(8G 8G,bps=300000 64M)
MEM=512
TIMEOUT=900
# Who waits for all that is dirty waits long before an area that lets some 70
# blocks a second through; that writes go on is looked at below.
ALLOW_LOG='blocked for more than'

test_case() {
	local budget used most=0 i before after pids=()
	need fio
	load_module stall_ms=60000
	budget=$(field memory_budget_bytes blksnap info)
	expect_that 'budget <= 512 * 1048576 / 32' 'budget of a machine with 512 MiB'
	stamp "$DISK0" 1 8388608 4096
	expect_ok blksnap snapshot create tight --device "$DISK0" --area "$DISK1"
	defer end_it
	step 'direct, buffered, zeroes of the whole disk, discards'
	fio --name=direct --filename="$DISK0" --ioengine=libaio --direct=1 --rw=randwrite --bs=4k \
		--iodepth=256 --size=2G --time_based --runtime=1000000 --output=/dev/null &
	pids+=($!)
	fio --name=buffered --filename="$DISK0" --ioengine=psync --rw=randwrite --bs=4k \
		--offset=2G --size=1G --time_based --runtime=1000000 --output=/dev/null &
	pids+=($!)
	# before the zeroing, which holds a lock of the kernel's until it ends
	expect_ok blkdiscard -f -o 3G -l 1G "$DISK0"
	blkdiscard -f -z -o 4G -l 4G "$DISK0" &
	pids+=($!)
	wait_until '[ "$(field memory_used_bytes blksnap info)" -gt $((budget / 2)) ]' 300
	for ((i = 0; i < $(scaled 2 100 2); i++)); do
		before=$(writes_done)
		# beside the budget: what an origin keeps to go on with at all
		wait_until "[ \$(writes_done) -gt $((before + 100)) ]" 120
		used=$(field memory_used_bytes blksnap info)
		most=$((used > most ? used : most))
		expect_that 'used <= budget + 131072' 'memory of the module'
	done
	after=$(field memory_used_bytes blksnap info)
	echo "budget $budget, at most seen $most, at the end $after"
	expect taken "$(state_of tight)"
	expect 0 "$(case_log | grep -c 'Out of memory: Killed')" 'processes killed for want of memory'
	check_stamp "$(blksnap image path tight)" 1 8388608 4096
	step 'no more snapshot: all goes on'
	expect_ok blksnap snapshot destroy tight
	wait "${pids[2]}" || fail 'wanted the zeroing to succeed'
	kill "${pids[0]}" "${pids[1]}"
	wait "${pids[@]}"
	cmp -n 1048576 -i $((4 << 30)):0 "$DISK0" /dev/zero || fail 'wanted zeroes'
	expect_nothing_left
	unload_module
}

# The limit would hold for the discard that empties the disk, too.
end_it() {
	limit_disk 1 0
	[ -z "$(blksnap snapshot list -H 2>/dev/null)" ] || blksnap snapshot destroy tight --force
}

writes_done() { awk '{ print $5 }' "/sys/block/${DISK0##*/}/stat"; }
