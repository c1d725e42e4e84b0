# shellcheck shell=bash
DESCRIPTION='take origins of 16 TiB to a pebibyte as one of 64 MiB is taken: the same memory, and the last block right'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

# A disk that has contents at its beginning and its end alone.
test_case() {
	local tib small large image sectors end number sizes
	load_module
	modprobe dm-mod 2>/dev/null
	# the last one so that its end would be its beginning, were regions numbered by 32 bits
	sizes=($(((1024 << 31) + 65536)))
	[ "$SIZE" != full ] || sizes+=($((16 << 31)) $((64 << 31)))
	for sectors in "${sizes[@]}"; do
		tib=$((sectors >> 31))
		step "$tib TiB"
		end=$((sectors - 65536))
		dmsetup create huge <<-END || fail 'cannot make the disk'
			0 65536 linear $DISK0 0
			65536 $((end - 65536)) zero
			$end 65536 linear $DISK0 65536
		END
		stamp /dev/mapper/huge 1 0 65536
		stamp /dev/mapper/huge 1 $end 65536
		# what the rest of the machine does meanwhile counts, too
		for _ in 1 2 3; do
			small=$(memory_of_a_take "$DISK1")
			large=$(memory_of_a_take /dev/mapper/huge)
			echo "memory of a take: $small KiB of 64 MiB, $large KiB of $tib TiB"
			[ "$large" -gt $((small + 1024)) ] || break
		done
		expect_that 'large <= small + 1024' 'KiB'
		expect_ok blksnap device attach /dev/mapper/huge
		expect_ok blksnap snapshot create huge --device /dev/mapper/huge --area "$DISK2"
		image=$(blksnap image path huge)
		expect $((sectors * 512)) "$(blockdev --getsize64 "$image")" 'size of the image'
		overwrite_units /dev/mapper/huge 0 9 50
		overwrite_units /dev/mapper/huge $((sectors / 16)) 1 1
		overwrite_units /dev/mapper/huge $((end / 8)) 9 50
		overwrite_units /dev/mapper/huge $((sectors / 8 - 50)) 1 50
		check_stamp "$image" 1 0 65536
		check_stamp "$image" 1 $end 65536
		number=$(blksnap snapshot show huge | awk '$1 == "since-number" { print $2 }')
		expect_ok blksnap snapshot destroy huge
		expect_ok blksnap snapshot create huge --device /dev/mapper/huge --area "$DISK2"
		# the last 50 blocks are in four cells
		expect "$((sectors * 512 - 262144)) 262144" \
			"$(blksnap cbt export /dev/mapper/huge --since "$number" | tail -n 1 | tr '\t' ' ')" 'the last changed range'
		expect_ok blksnap snapshot destroy huge
		expect_ok blksnap device detach /dev/mapper/huge
		wait_until 'dmsetup remove huge 2>/dev/null'
	done
	expect_nothing_left
	unload_module
}

# KiB that a snapshot of DEV takes, tracking apart.
memory_of_a_take() { # DEV
	local before after
	blksnap device attach "$1" >/dev/null || fail "cannot attach $1"
	before=$(memory_available)
	blksnap snapshot create memory --device "$1" --area "$DISK2" >/dev/null || fail "cannot take $1"
	after=$(memory_available)
	expect_ok blksnap snapshot destroy memory >/dev/null
	expect_ok blksnap device detach "$1" >/dev/null
	echo $((before - after))
}
