# shellcheck shell=bash
DESCRIPTION='a disk of the set hangs and its writes have taken all memory: writes to the other one go on'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M)

hung=/dev/mapper/hung
stall_ms() { echo "$1" >/sys/module/blksnap/parameters/stall_ms; }

# More writes than there is memory for, each waiting for old content that does not come.
fill() {
	local i
	writers=()
	for i in {0..79}; do
		dd if=/dev/zero of="$hung" bs=64K seek="$i" count=1 oflag=direct conv=notrunc status=none &
		writers+=($!)
	done
	wait_until '[ "$(field held_now blksnap device show "$hung")" -ge 60 ]' 120
}

# Longer than reads may take when others wait for them: nobody does.
hang() {
	# nothing is on its way to the area, which may have half a second for it then
	wait_until '[ "$(field memory_bytes blksnap device show "$DISK1")" = 0 ]'
	stall_ms 500
	sleep 8
	expect taken "$(state_of set)"
}

resume() {
	dmsetup resume hung
	wait "${writers[@]}" || fail 'a write to the disk that hung'
	check_stamp "$hung" 1 10240
	expect 0 "$(dd if="$hung" bs=64K count=80 iflag=direct status=none | tr -d '\0' | wc -c)" 'what was written to it'
}

# A task that writes to both without waiting for either is not kept at the one.
both_at_once() {
	/usr/bin/python3 - "$hung" "$DISK1" >"$SCRATCH/both" <<-'END' &
	import ctypes, mmap, os, platform, struct, sys
	SETUP, SUBMIT, GETEVENTS = {"x86_64": (206, 209, 208), "aarch64": (0, 2, 4), "s390x": (243, 246, 245)}[platform.machine()]
	PWRITE = 1
	libc = ctypes.CDLL(None)
	disks = [os.open(path, os.O_WRONLY | os.O_DIRECT) for path in sys.argv[1:]]
	page = mmap.mmap(-1, 4096)
	buffer = ctypes.addressof(ctypes.c_char.from_buffer(page))
	context = ctypes.c_ulong(0)
	assert not libc.syscall(SETUP, 128, ctypes.byref(context))
	kept = []

	def write(disk, unit):
	    kept.append(ctypes.create_string_buffer(
	        struct.pack("=QIIHhIQQqQII", disk, 0, 0, PWRITE, 0, disks[disk], buffer, 4096, unit * 4096, 0, 0, 0)))
	    pointer = ctypes.c_void_p(ctypes.addressof(kept[-1]))
	    assert libc.syscall(SUBMIT, context, ctypes.c_long(1), ctypes.byref(pointer)) == 1

	for n in range(48):
	    write(0, 16 * (30 + n)) # what was filled, too
	write(1, 4000)
	event = ctypes.create_string_buffer(32)
	assert libc.syscall(GETEVENTS, context, ctypes.c_long(1), ctypes.c_long(1), event, None) == 1
	disk, _, result, _ = struct.unpack("=QQqq", event.raw)
	print("disk", disk, "wrote", result, flush=True)
	END
	writers+=($!)
	wait_until '[ -s "$SCRATCH/both" ]' 120
	expect 'disk 1 wrote 4096' "$(cat "$SCRATCH/both")"
}

# The budget of memory: each origin has something of its own.
short_of_budget() {
	fill
	both_at_once
	overwrite_units "$DISK1" 0 25 20
	hang
	stall_ms 5000
	resume
	check_stamp "$(blksnap image path set "$hung")" 1
	check_stamp "$(blksnap image path set "$DISK1")" 1
}

# What holds a write: there is only what the disk that hangs has, and this has a limit.
short_of_holds() {
	load_failer
	failer cache cow_hold
	fill
	hang
	overwrite_units "$DISK1" 0 25 1 7 &
	other=$!
	expect_match 'ETIMEDOUT' "$(expect_event 'snapshot set: failed')"
	expect_match 'ETIMEDOUT in phase copy.*origin' "$(blksnap snapshot show set | tr '\n' ' ')"
	wait "$other" || fail 'the write to the other disk'
	failer off
	resume
	expect 0707 "$(dd if="$DISK1" bs=4K count=1 iflag=direct status=none | od -An -tx1 -N2 | tr -d ' \n')" 'the write'
	expect_ok rmmod failer
}

test_case() {
	local writers other
	load_module memory_budget=1048576
	dmsetup create hung --table "0 131072 linear $DISK0 0"
	defer dmsetup remove --retry hung
	stamp "$hung" 1
	stamp "$DISK1" 1
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create set -d "$hung" -d "$DISK1" -a "$DISK2"
	dmsetup suspend --noflush --nolockfs hung
	defer dmsetup resume hung
	# only there can allocations be made to fail
	if [ "$KERNEL" = debug ]; then short_of_holds; else short_of_budget; fi
	expect_ok blksnap snapshot destroy set
	expect_nothing_left
}
