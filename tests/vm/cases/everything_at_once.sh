# shellcheck shell=bash
DESCRIPTION='write, read the image, ask, extend and shrink side by side: the image stays right, and nothing races'
KERNELS='debug'
DISKS=(32M 128M 32M 32M)

until_enough() { # COMMAND...
	while [ ! -e "$SCRATCH/enough" ]; do "$@" || return 1; done
}
look() {
	blksnap device show "$DISK0" && blksnap -j status && blksnap area list night &&
		blksnap cbt export "$DISK0" --since "$since"
} >/dev/null
resize() { # the last range is not reached
	blksnap area extend night "$DISK1:96M+8M" && blksnap area set night --low 4M &&
		blksnap area remove night "$DISK1:96M+8M" && blksnap area set night --low 8M
} >/dev/null
# Another origin that comes and goes.
come_and_go() {
	blksnap snapshot create other --device "$DISK2" --area "$DISK3" &&
		dd if=/dev/zero of="$DISK2" bs=64K count=4 seek=7 oflag=direct conv=notrunc status=none &&
		blksnap snapshot destroy other
} >/dev/null

test_case() {
	local i image since writers readers others p
	load_module
	expect_ok blksnap device attach "$DISK0"
	for ((i = 1; i <= $(scaled 2 20 2); i++)); do
		step "round $i"
		rm -f "$SCRATCH/enough"
		stamp "$DISK0" "$i"
		since=$(interval_of "$DISK0")
		expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1:0+96M" --low 8M
		image=$(blksnap image path night)
		writers=() readers=() others=()
		# so many that two are often in one place of the module
		for p in 0 1 2 3; do
			dd if=/dev/zero of="$DISK0" bs=4K seek=$((2000 * p)) count=1500 oflag=direct conv=notrunc status=none &
			writers+=($!)
		done
		# a direct write that meets another task's dirty page is told to all as an error
		# of the disk, by the kernel: what goes by the page cache has a part of its own
		scribble "$DISK0" "$((10 * i + 1))" "$(scaled 60 300 60)" dsync min=512 max=32768 to=30M >/dev/null &
		writers+=($!)
		scribble "$DISK0" "$((10 * i + 2))" "$(scaled 60 300 60)" buffered min=512 max=32768 from=30M >/dev/null &
		writers+=($!)
		for p in 1 2; do
			until_enough check_stamp "$image" "$i" &
			readers+=($!)
		done
		until_enough look &
		others+=($!)
		until_enough resize &
		others+=($!)
		until_enough come_and_go &
		others+=($!)
		for p in "${writers[@]}"; do wait "$p" || fail 'a writer'; done
		: >"$SCRATCH/enough"
		for p in "${readers[@]}"; do wait "$p" || fail 'a reader'; done
		for p in "${others[@]}"; do wait "$p" || fail 'who asks, resizes, or comes and goes'; done
		drop_caches "$image"
		check_stamp "$image" "$i"
		expect taken "$(state_of night)"
		expect_ok blksnap snapshot destroy night
	done
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
	unload_module
}
