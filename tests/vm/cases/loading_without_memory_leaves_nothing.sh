# shellcheck shell=bash
DESCRIPTION='let each allocation of loading the module fail: it is refused, nothing is left, and it loads then'
KERNELS='debug'
DISKS=(16M 32M)
TIMEOUT=900
KMEMLEAK=1
# who allocated what is in use
APPEND='slub_debug=U'
# that there are some is told in the log; of whom, expect_no_leaks() looks at
ALLOW_LOG='kmemleak: [0-9]+ new suspected'

set_fault() { # FILE VALUE
	local file=/sys/kernel/debug/$1
	[ -w "$file" ] || skip 'the kernel cannot fail allocations'
	defer bash -c "echo $(cat "$file") >$file"
	echo "$2" >"$file"
}

# What was allocated in the module's code and is in use, one a line, for the module does
# not have to lose a thing to leave it: a cache is still known to the kernel. The frames of
# what is unloaded are numbers. What KASAN keeps from being used again is given up first.
# The kernel itself keeps what it told of a cache in sysfs and debugfs (seen on 6.1), and
# ranges of addresses until it clears many at once.
held_by_the_module() { # REGEX-OF-A-FRAME
	local cache
	for cache in /sys/kernel/debug/slab/*; do
		echo 1 >"/sys/kernel/slab/${cache##*/}/shrink"
	done
	FRAME=$1 awk 'BEGIN { RS = ""; FS = "\n *" }
	$0 ~ ENVIRON["FRAME"] && !/sysfs_slab_add|debugfs_slab_add|alloc_vmap_area|\[ledger\]/ {
		for (i = 2; i <= NF; i++)
			printf "%s%s", (i == 2 ? "" : " < "), $i
		print "\t" FILENAME ": " $1
	}' /sys/kernel/debug/slab/*/alloc_traces
}
# Frames of other modules' beginnings, which are gone, are numbers, too.
held_by_nobody() { held_by_the_module ' 0xffffffff[a-f]'; }
expect_nothing_held() {
	local held end=$((SECONDS + 120))
	# some of it waits for an RCU period
	while held=$(held_by_nobody | awk -F '\t' 'NR == FNR { known[$1]; next } !($1 in known)' "$SCRATCH/before" -)
	[ -n "$held" ]; do
		[ $SECONDS -lt $end ] || fail "in use, and nobody is there to use it: $(head -n 5 <<<"$held")"
		sleep 1
	done
}
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
	held_by_nobody >"$SCRATCH/before"
	# a first line that is no trace, so that it is not empty
	echo none >>"$SCRATCH/before"
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
	    for _ in range(2): # or it is this one
	        try:
	            os.pwrite(nth, b"0", 0)
	            break
	        except OSError:
	            pass
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
	expect_nothing_held
	load_module
	expect_ok blksnap snapshot create night -d "$DISK0" -a "$DISK1"
	expect_match 'cow_module_init' "$(held_by_the_module '\[blksnap\]')" 'what the module holds'
	expect_ok blksnap snapshot destroy night
	expect_nothing_left
	unload_module
	expect_no_leaks
}
