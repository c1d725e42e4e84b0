# shellcheck shell=bash
DESCRIPTION='hold writes that ask not to wait like others, and let them pass once their blocks are copied'
KERNELS='6.1 6.12 debug'
DISKS=(48M 64M 48M 48M)

test_case() {
	load_module
	stamp "$DISK0" 1
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	step 'one by one, for the first time and again'
	nowait 0 40 200 || fail 'wanted first overwrites to succeed, got EAGAIN'
	nowait 0 40 200 || fail 'wanted rewrites to succeed, got EAGAIN'
	if command -v fio >/dev/null; then
		step 'by io_uring, many at a time'
		expect_ok fio --name=ring --filename="$DISK0" --ioengine=io_uring --direct=1 \
			--rw=randwrite --bs=4k --iodepth=64 --size=16M --offset=32M --output-format=terse --minimal
		expect_ok fio --name=ring --filename="$DISK0" --ioengine=io_uring --direct=1 \
			--rw=randwrite --bs=64k --iodepth=16 --size=16M --offset=32M --output-format=terse --minimal
	fi
	expect taken "$(state_of night)"
	drop_caches "$(blksnap image path night)"
	check_stamp "$(blksnap image path night)" 1
	expect_ok blksnap snapshot destroy night
	unload_module
}

# Direct writes with RWF_NOWAIT of one unit each; fails if one gets EAGAIN.
nowait() { # FIRST STEP COUNT
	/usr/bin/python3 - "$DISK0" "$@" <<-'END'
		import mmap, os, sys
		dev, first, step, count = sys.argv[1], *map(int, sys.argv[2:])
		fd = os.open(dev, os.O_RDWR | os.O_DIRECT)
		block = mmap.mmap(-1, 4096)
		block.write(b"\xee" * 4096)
		refused = 0
		for i in range(count):
		    try:
		        os.pwritev(fd, [block], (first + i * step) * 4096, os.RWF_NOWAIT)
		    except BlockingIOError:
		        refused += 1
		sys.exit(f"{refused} of {count} were refused" if refused else 0)
	END
}
