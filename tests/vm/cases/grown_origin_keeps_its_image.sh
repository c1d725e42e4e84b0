# shellcheck shell=bash
DESCRIPTION='grow an origin: its image keeps its size and content, and tracking starts anew'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M,iops=1000000 64M 64M 64M)
ALONE=1

devref() { # DEV [, MORE]
	local major minor
	read -r major minor < <(stat -c '%Hr %Lr' "$1")
	printf '{"major": %d, "minor": %d%s}' "$major" "$minor" "${2-}"
}

# The command line creates and takes in one go.
ynl() { # OPTION...
	/usr/bin/python3 "$("$BLKSNAP_TOP/tests/vm/kernels" generator)/tools/net/ynl/cli.py" --no-schema \
		--spec "$BLKSNAP_TOP/genl-proto/specs/blksnap.yaml" --output-json "$@"
}

create_without_take() { # NAME DEV
	expect_match '"state": "created"' "$(ynl --do snapshot-create --json "{\"name\": \"$1\", $UUID, \"device\": [$(devref "$2")], \"range\": [$(devref "$DISK1" ', "start": 0, "count": 65536')]}")"
}

expect_stale_take() { # NAME
	ynl --do snapshot-take --json "{$UUID}" >/dev/null
	wait_until '[ "$(state_of '"$1"')" != taking ]'
	expect created "$(state_of "$1")" 'state'
	expect_match 'ESTALE' "$(blksnap snapshot show "$1")"
}

since() { # NAME
	blksnap snapshot show "$1" | awk '$1 == "since-number" { print $2 }'
}

# Is the disk settling, for a write to its last 8 MiB that is in its queue? It has
# no size for a moment before, if asked for.
grow_under_a_write() { # MIB [zero]
	# after this much nothing is served for some seconds
	limit_disk 0 0 16384
	expect_ok dd if=/dev/zero of="$DISK0" bs=512K count=1 oflag=direct conv=notrunc status=none
	if [ "${2-}" ]; then
		resize_disk 0 0
		wait_until '! blksnap cbt export "$DISK0" --since "$number" >/dev/null 2>&1'
	fi
	rm -f "$SCRATCH/ready"
	python3 - "$DISK0" $((($1 - 8) << 20)) "$SCRATCH/ready" <<-'END' &
	import mmap, os, sys
	fd = os.open(sys.argv[1], os.O_RDWR | os.O_DIRECT)
	page = mmap.mmap(-1, 4096)
	open(sys.argv[3], "w").close()
	while True:
	    try:
	        os.pwrite(fd, page, int(sys.argv[2]))
	        break
	    except OSError:
	        pass
	END
	WRITER=$!
	wait_until '[ -e "$SCRATCH/ready" ]'
	resize_disk 0 $(($1 << 20))
	wait_until '[ "$(field capacity_bytes blksnap device show "$DISK0")" = $(('"$1"' << 20)) ]'
	sleep 3 # without a write to wait for it has settled by then
	[ "$(field state blksnap device show "$DISK0")" != settling ] || ! kill -0 "$WRITER" 2>/dev/null || return 0
	limit_disk 0 0
	wait "$WRITER" || fail 'wanted the write to succeed'
	return 1
}

test_case() {
	local number image loop tries=0 UUID='"uuid": "00112233445566778899aabbccddeeff"'
	load_module watch_ms=1000000 # so that it must be noticed
	expect_ok blksnap device attach "$DISK0"
	stamp "$DISK0" 1
	expect_ok blksnap snapshot create small --device "$DISK0" --area "$DISK1"
	number=$(since small)
	image=$(blksnap image path small)
	resize_disk 0 $((96 * 1048576))
	wait_until '[ "$(field capacity_bytes blksnap device show "$DISK0")" = $((96 * 1048576)) ]'
	step 'write over the old end and beyond it'
	overwrite_units "$DISK0" 16380 1 10
	overwrite_units "$DISK0" 100 25 50
	overwrite_units "$DISK0" 20000 25 100
	expect taken "$(state_of small)"
	expect $((64 * 1048576)) "$(blockdev --getsize64 "$image")" 'size of the image'
	blockdev --flushbufs "$image"
	check_stamp "$image" 1
	expect_fail 7 blksnap cbt export "$DISK0" --since "$number"
	expect_ok blksnap snapshot destroy small
	expect_ok blksnap snapshot create large --device "$DISK0" --area "$DISK1"
	expect $((96 * 1048576)) "$(blockdev --getsize64 "$(blksnap image path large)")" 'size of the image'
	expect_ok blksnap snapshot destroy large

	step 'what was created before it grew is not taken: its image would be smaller than its number says'
	create_without_take early "$DISK0"
	resize_disk 0 $((128 * 1048576))
	wait_until '[ "$(field capacity_bytes blksnap device show "$DISK0")" = $((128 * 1048576)) ]'
	overwrite_units "$DISK0" 30000 25 10
	expect_stale_take early
	expect_ok blksnap snapshot destroy early
	expect_ok blksnap snapshot create whole --device "$DISK0" --area "$DISK1"
	expect $((128 * 1048576)) "$(blockdev --getsize64 "$(blksnap image path whole)")" 'size of the image'
	expect_ok blksnap snapshot destroy whole

	step 'a write to the new part, begun before it was seen, is waited for'
	# it is seen within milliseconds, at times before the write
	local mib=128
	until grow_under_a_write $((mib += 8)); do
		[ $mib -lt 248 ] || fail 'wanted the write to be first once'
	done
	limit_disk 0 0
	wait "$WRITER" || fail 'wanted the write to succeed'
	expect_ok blksnap snapshot create last --device "$DISK0" --area "$DISK1"
	expect $((mib * 1048576)) "$(blockdev --getsize64 "$(blksnap image path last)")" 'size of the image'
	number=$(since last)
	expect_ok blksnap snapshot destroy last

	step 'so is one to what had no size for a moment, though it has the same again'
	until grow_under_a_write "$mib" zero; do
		[ $((tries += 1)) -lt 15 ] || fail 'wanted the write to be first once'
		expect_ok blksnap snapshot create again --device "$DISK0" --area "$DISK1"
		number=$(since again)
		expect_ok blksnap snapshot destroy again
	done
	limit_disk 0 0
	wait "$WRITER" || fail 'wanted the write to succeed'
	expect_ok blksnap snapshot create anew --device "$DISK0" --area "$DISK1"
	expect_ok blksnap snapshot destroy anew
	expect_ok blksnap device detach "$DISK0"

	step 'without a size nothing is taken: what comes back may be another medium'
	modprobe loop
	truncate -s 16M "$SCRATCH/file"
	loop=$(losetup --show -f "$SCRATCH/file")
	defer losetup -d "$loop"
	stamp "$loop" 1
	expect_ok blksnap device attach "$loop"
	expect_ok blksnap snapshot create before --device "$loop" --area "$DISK1"
	number=$(since before)
	expect_ok blksnap snapshot destroy before
	expect_ok blksnap cbt export "$loop" --since "$number"
	create_without_take medium "$loop"
	truncate -s 0 "$SCRATCH/file"
	expect_ok losetup -c "$loop"
	wait_until '! blksnap cbt export "$loop" --since "$number" >/dev/null 2>&1'
	expect_stale_take medium
	truncate -s 16M "$SCRATCH/file"
	expect_ok losetup -c "$loop"
	stamp "$loop" 2
	# the device is looked at anew soon after
	wait_until 'ynl --do snapshot-take --json "{$UUID}" >/dev/null; sleep 0.2; [ "$(state_of medium)" = taken ]'
	stamp "$loop" 3
	check_stamp "$(blksnap image path medium)" 2
	expect_ok blksnap snapshot destroy medium
	expect_ok blksnap device detach "$loop"
	expect_nothing_left
}
