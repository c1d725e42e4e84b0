# shellcheck shell=bash
DESCRIPTION='swap to a disk with a snapshot, short of memory: nothing waits for ever, and all is right'
SIZES='full'
KERNELS='6.1 6.12 debug'
DISKS=(512M 600M)
MEM=320

test_case() {
	local rounds
	rounds=$(scaled 1 200 1)
	load_module
	stamp "$DISK0" 1
	mkswap "$DISK0" >/dev/null || fail 'cannot make swap space'
	swapon "$DISK0" || fail 'cannot swap to the disk'
	defer swapoff -a
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	step 'more memory than there is'
	/usr/bin/python3 - "$rounds" <<-'END' || fail 'what was swapped out came back otherwise'
		import random, sys, time
		total = {l.split(":")[0]: int(l.split()[1]) for l in open("/proc/meminfo")}["MemTotal"]
		size = (total + 60 * 1024) * 1024 // 4096
		memory = bytearray(size * 4096)
		end = time.monotonic() + 600
		for turn in range(int(sys.argv[1])):
		    if time.monotonic() > end:
		        break
		    for page in range(size):
		        memory[page * 4096:page * 4096 + 16] = b"%16d" % (page * 7 + turn)
		    for page in range(size):
		        if memory[page * 4096:page * 4096 + 16] != b"%16d" % (page * 7 + turn):
		            sys.exit(f"page {page} is wrong in turn {turn}")
	END
	expect_that "$(awk '$1 == "pswpout" { print $2 }' /proc/vmstat) > 5000" 'pages swapped out'
	expect_that "$(field cow_units blksnap device show "$DISK0") > 1000" 'units copied'
	expect taken "$(state_of night)"
	expect_ok swapoff "$DISK0"
	drop_caches "$(blksnap image path night)"
	check_stamp "$(blksnap image path night)" 1 8
	expect_ok blksnap snapshot destroy night
	expect_nothing_left
	unload_module
}
