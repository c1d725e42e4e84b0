# shellcheck shell=bash
DESCRIPTION='thaw a file system whose take has come to nothing while the disk of another one hangs'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

is_frozen() { # NAME
	local probe
	touch "$SCRATCH/$1/probe" &
	probe=$!
	sleep 0.5
	grep -qE 'freeze|percpu_rwsem' "/proc/$probe/wchan" 2>/dev/null
}

resume_all() { dmsetup resume second; dmsetup resume third; }

# Frozen in this order: first; second, whose disk hangs once it is frozen; third, which
# hangs in its freeze. After a minute the first two are to be thawed, and to thaw the
# second means to write to its disk.
test_case() {
	local name disk n=0 taker first
	need mkfs.ext4 dmsetup
	tasks_may_hang
	load_module
	for name in first second third; do
		disk="DISK$n"
		dmsetup create $name --table "0 131072 linear ${!disk} 0"
		defer dmsetup remove --retry $name
		expect_ok mkfs.ext4 -q -F /dev/mapper/$name
		mkdir "$SCRATCH/$name"
		expect_ok mount /dev/mapper/$name "$SCRATCH/$name"
		n=$((n + 1))
	done
	defer resume_all
	echo dirty >"$SCRATCH/third/file"
	expect_ok dmsetup suspend --nolockfs --noflush third
	blksnap snapshot create set -d /dev/mapper/first -d /dev/mapper/second -d /dev/mapper/third -a "$DISK3" \
		>"$SCRATCH/taker" 2>&1 &
	taker=$!
	step 'the second one is frozen, and hangs'
	wait_until 'is_frozen second'
	expect_ok dmsetup suspend --nolockfs --noflush second
	step 'the first one is thawed'
	touch "$SCRATCH/first/file" &
	first=$!
	wait_until '! kill -0 '$first' 2>/dev/null' 150
	wait $first || fail 'wanted the first one to be written'
	kill -0 $taker || fail 'wanted the take to hang still'
	step 'all goes on'
	resume_all
	wait $taker && fail 'wanted the take to fail'
	expect_ok touch "$SCRATCH/second/last" "$SCRATCH/third/last"
	wait
	umount "$SCRATCH"/{first,second,third}
	expect_nothing_left
}
