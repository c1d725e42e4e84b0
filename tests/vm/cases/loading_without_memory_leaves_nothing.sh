# shellcheck shell=bash
DESCRIPTION='let each allocation of loading the module fail: it is refused, nothing is left, and it loads then'
KERNELS='debug'
DISKS=(16M 32M)
TIMEOUT=900
KMEMLEAK=1
# that there are some is told in the log; of whom, expect_no_leaks() looks at
ALLOW_LOG='kmemleak: [0-9]+ new suspected'

set_fault() { # FILE VALUE
	local file=/sys/kernel/debug/$1
	[ -w "$file" ] || skip 'the kernel cannot fail allocations'
	defer bash -c "echo $(cat "$file") >$file"
	echo "$2" >"$file"
}

# The kernel itself loses the name of a cache that it cannot tell of (seen on 6.1).
expect_no_leaks() {
	local found
	memory_leaks "$SCRATCH/leaks" || return 0
	found=$(awk 'BEGIN { RS = "unreferenced object"; ORS = "" } NR > 1 && !/sysfs_slab_add/' "$SCRATCH/leaks")
	expect '' "$found" 'objects that nothing refers to'
	echo clear >/sys/kernel/debug/kmemleak
}

# From where its own first line runs on, that is behind where a wrong parameter is
# refused, up to where it has been loaded.
test_case() {
	set_fault failslab/verbose 0
	set_fault failslab/ignore-gfp-wait N
	set_fault fail_page_alloc/verbose 0
	set_fault fail_page_alloc/ignore-gfp-wait N
	set_fault fail_page_alloc/ignore-gfp-highmem N
	set_fault fail_page_alloc/min-order 0
	set_fault fail_usercopy/verbose 0
	/usr/bin/python3 - "$BLKSNAP_MODULE" "$([ "$SIZE" = full ] && echo 1 || echo 10)" <<-'END' || fail 'see above'
	import ctypes, errno, os, sys
	# numbers of x86-64, which is what the debug kernel is built for
	FINIT_MODULE, DELETE_MODULE, MANY = 313, 176, 1000000
	path, stride = sys.argv[1], int(sys.argv[2])
	libc = ctypes.CDLL(None, use_errno=True)
	nth = os.open("/proc/thread-self/fail-nth", os.O_RDWR)
	module = os.open(path, os.O_RDONLY)

	def load(n, parameters=b""):
	    """Returns the errno of loading, and how many were left before the failure."""
	    os.pwrite(nth, b"%d" % n, 0)
	    ret = libc.syscall(FINIT_MODULE, module, parameters, 0)
	    error = ctypes.get_errno() if ret else 0
	    try:
	        left = int(os.pread(nth, 16, 0).rstrip(b"\n\0"))
	    except OSError: # it was this one that failed
	        left = MANY
	    os.pwrite(nth, b"0", 0)
	    return error, left

	def unload():
	    if libc.syscall(DELETE_MODULE, b"blksnap", os.O_NONBLOCK):
	        sys.exit("cannot unload it: " + os.strerror(ctypes.get_errno()))

	error, left = load(MANY, b"stall_ms=nonsense")
	if error != errno.EINVAL:
	    sys.exit(f"wanted EINVAL for a wrong parameter, got {error}")
	first = MANY - left
	error, left = load(MANY)
	if error:
	    sys.exit("cannot load it: " + os.strerror(error))
	last = MANY - left
	unload()
	refused = loaded = 0
	for n in range(first, last + 1, stride):
	    error, left = load(n)
	    if left:
	        unload()
	        break
	    if error not in (0, errno.ENOMEM, errno.EFAULT):
	        sys.exit(f"point {n}: wanted ENOMEM, got {os.strerror(error)}")
	    if os.path.exists("/sys/module/blksnap") != (not error):
	        sys.exit(f"point {n}: {os.strerror(error)}, and the module is " + ("there" if error else "not there"))
	    if error:
	        refused += 1
	    else:
	        loaded += 1
	        unload()
	print(f"points {first} to {last}, every {stride}: {refused} refused, {loaded} loaded all the same")
	if refused < 10:
	    sys.exit("wanted more of them refused")
	END
	load_module
	expect_ok blksnap snapshot create night -d "$DISK0" -a "$DISK1"
	expect_ok blksnap snapshot destroy night
	expect_nothing_left
	unload_module
	expect_no_leaks
}
