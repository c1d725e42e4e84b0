# shellcheck shell=bash
DESCRIPTION='hold writes whose writer polls for their end, on a disk and on a stripe of two, and let them end'
KERNELS='6.1 6.12'
DISKS=(64M 64M 64M 64M)

test_case() {
	local left right
	need fio
	modprobe null_blk nr_devices=0 2>/dev/null || skip 'no null_blk'
	modprobe dm-mod || skip 'no device mapper'
	mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
	load_module
	polled_disk left
	polled_disk right
	step 'a disk'
	held_and_ended "$left"
	step 'a stripe: a write has many parts, and comes back with a list of them'
	dmsetup create stripe --table "0 131072 striped 2 8 $left 0 $right 0" || fail 'cannot make a stripe'
	defer dmsetup remove --retry stripe
	held_and_ended /dev/mapper/stripe
	unload_module
}

# A disk that can be polled; what is not polled for ends by a timer, in an interrupt.
polled_disk() { # NAME, also of the variable that is set
	local folder=/sys/kernel/config/nullb/$1
	mkdir "$folder" || fail 'cannot make a disk'
	defer rmdir "$folder"
	[ -e "$folder/poll_queues" ] || skip 'null_blk cannot be polled'
	echo 64 >"$folder/size"
	echo 1 >"$folder/memory_backed"
	echo 2 >"$folder/irqmode"
	echo 1 >"$folder/poll_queues"
	echo 1 >"$folder/power" || fail 'cannot switch the disk on'
	defer sh -c "echo 0 >$folder/power"
	printf -v "$1" %s "/dev/nullb$(cat "$folder/index")"
	[ -e "${!1}" ] || printf -v "$1" %s "/dev/$1"
	expect 1 "$(cat "/sys/block/${!1##*/}/queue/io_poll")" 'io_poll'
}

held_and_ended() { # DEV
	stamp "$1" 1
	expect_ok blksnap snapshot create night --device "$1" --area "$DISK0" >/dev/null
	write_polled "$1"
	write_polled "$1"
	expect_that "$(field held blksnap device show "$1") > 3" 'writes held'
	expect taken "$(state_of night)"
	check_stamp "$(blksnap image path night)" 1
	expect_ok blksnap snapshot destroy night
	expect_nothing_left
}

write_polled() { # DEV
	expect_ok fio --name=polled --filename="$1" --ioengine=io_uring --hipri=1 --direct=1 \
		--rw=randwrite --randseed=7 --bs=64k --iodepth=4 --size=8M --output-format=terse --minimal >/dev/null
}
