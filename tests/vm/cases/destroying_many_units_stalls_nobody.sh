# shellcheck shell=bash
DESCRIPTION='destroy a snapshot of very many scattered units: writers go on, and its memory comes back'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(300G,null 8G,null 64M)

# Each unit is in a region of its own: the most the map ever needs for one.
test_case() {
	local n writer before kib metadata
	n=$(scaled 20000 1000000 3000)
	need fio
	load_module
	expect_ok blksnap device attach "$DISK0"
	before=$(memory_available)
	expect_ok blksnap snapshot create many --device "$DISK0" --area "$DISK1"
	expect_ok fio --name=scattered --filename="$DISK0" --ioengine=libaio --direct=1 --iodepth=32 \
		--rw=write:252k --bs=4k --size=$((n / 4 + 1))M --number_ios="$n" --output-format=terse --minimal
	wait_until '[ "$(field memory_bytes blksnap device show "$DISK0")" = 0 ]'
	expect_that "$(field cow_units blksnap device show "$DISK0") >= n" 'units copied'
	metadata=$(field metadata_bytes blksnap device show "$DISK0")
	kib=$((before - $(memory_available)))
	echo "$n units: $metadata bytes of metadata by the module's account; $kib KiB of memory less"
	expect_that 'metadata <= 64 * n + 16384' 'bytes of metadata'
	step 'destroy it under a writer'
	fio --name=writer --filename="$DISK0" --ioengine=psync --direct=1 --rw=randwrite --bs=4k \
		--size=64M --time_based --runtime=1000000 --output=/dev/null &
	writer=$!
	before=$(writes_done)
	wait_until '[ "$(writes_done)" -gt $((before + 100)) ]' 60
	expect_ok blksnap snapshot destroy many
	before=$(writes_done)
	wait_until '[ "$(writes_done)" -gt $((before + 100)) ]' 60
	kill $writer
	wait $writer
	expect 0 "$(field metadata_bytes blksnap device show "$DISK0")" 'bytes of metadata'
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
	unload_module
}

writes_done() { awk '{ print $5 }' "/sys/block/${DISK0##*/}/stat"; }
