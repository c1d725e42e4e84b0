# shellcheck shell=bash
DESCRIPTION='load, attach, take, overwrite, destroy, detach and unload under a writer, again and again, and lose no memory'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

cycle() {
	load_module
	expect_ok blksnap device attach "$DISK0" >/dev/null
	create_under_writes c --device "$DISK0" --device "$DISK2" --area "$DISK1" >/dev/null
	scribble "$DISK2" "$1" 40 mixed to=16M >/dev/null
	expect taken "$(state_of c)"
	expect_ok blksnap snapshot destroy c >/dev/null
	expect_ok blksnap device detach "$DISK0" >/dev/null
	unload_module
}

test_case() {
	local i writer slab
	need fio
	fio --name=writer --filename="$DISK0" --rw=randwrite --bsrange=4k-64k --direct=1 --ioengine=libaio \
		--iodepth=8 --rate_iops=200 --time_based --runtime=1000000 --size=32M >"$SCRATCH/fio" 2>&1 &
	writer=$!
	# its memory is not the module's: all of it is there once it writes
	wait_until "[ \$(awk '{ print \$5 }' /sys/block/${DISK0##*/}/stat) -gt 20 ]" 60
	cycle 1
	memory_mark
	slab=$(slab_objects '^(kmalloc-|bio|blksnap|cow_|area_|radix|biovec)')
	for ((i = 0; i < $(scaled 3 100 2); i++)); do
		cycle $i
	done
	kill -0 $writer || fail "wanted the writer alive, got $(cat "$SCRATCH/fio")"
	expect_memory_returned $((4096 + i * 16))
	# what a processor keeps for itself counts, too
	wait_until "[ \$(slab_objects '^(kmalloc-|bio|blksnap|cow_|area_|radix|biovec)') -lt $((slab + 4000 + i * 100)) ]"
	expect 0 "$(slab_objects '^(blksnap|cow_)')" 'objects of the module'
	kill -INT $writer
	wait $writer # ended by a signal: its own count of errors tells
	expect_match "err= 0" "$(cat "$SCRATCH/fio")" writer
	dmesg_clean
}
