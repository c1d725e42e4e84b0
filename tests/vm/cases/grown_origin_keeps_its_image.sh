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

# Is the disk settling, for a write to its last 8 MiB that is in its queue?
grow_under_a_write() { # MIB
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
	# after this much nothing is served for some seconds
	limit_disk 0 0 16384
	expect_ok dd if=/dev/zero of="$DISK0" bs=512K count=1 oflag=direct conv=notrunc status=none
	resize_disk 0 $(($1 << 20))
	wait_until '[ "$(field capacity_bytes blksnap device show "$DISK0")" = $(('"$1"' << 20)) ]'
	sleep 3 # without a write to wait for it has settled by then
	[ "$(field state blksnap device show "$DISK0")" != settling ] || ! kill -0 "$WRITER" 2>/dev/null || return 0
	limit_disk 0 0
	wait "$WRITER" || fail 'wanted the write to succeed'
	return 1
}

test_case() {
	local number image early uuid='"uuid": "00112233445566778899aabbccddeeff"'
	load_module watch_ms=1000000 # so that it must be noticed
	expect_ok blksnap device attach "$DISK0"
	stamp "$DISK0" 1
	expect_ok blksnap snapshot create small --device "$DISK0" --area "$DISK1"
	number=$(blksnap snapshot show small | awk '$1 == "since-number" { print $2 }')
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
	expect_match '"state": "created"' "$(ynl --do snapshot-create --json "{\"name\": \"early\", $uuid, \"device\": [$(devref "$DISK0")], \"range\": [$(devref "$DISK1" ', "start": 0, "count": 65536')]}")"
	resize_disk 0 $((128 * 1048576))
	wait_until '[ "$(field capacity_bytes blksnap device show "$DISK0")" = $((128 * 1048576)) ]'
	overwrite_units "$DISK0" 30000 25 10
	ynl --do snapshot-take --json "{$uuid}" >/dev/null
	wait_until '[ "$(state_of early)" = created ]'
	expect_match 'ESTALE' "$(blksnap snapshot show early)"
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
	expect_ok blksnap snapshot destroy last
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
}
