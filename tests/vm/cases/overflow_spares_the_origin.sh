# shellcheck shell=bash
DESCRIPTION='lose the snapshot when its area overflows, and nothing else'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

# Reads the image until it fails; the data it gives until then is the past.
read_image() { # IMAGE
	local end=$((SECONDS + 200))
	while [ $SECONDS -lt $end ]; do
		dd if="$1" of="$SCRATCH/read" bs=1M count=1 skip=3 iflag=direct status=none 2>/dev/null ||
			{ touch "$SCRATCH/eio"; return; }
		cmp -s "$SCRATCH/read" "$SCRATCH/past" || { touch "$SCRATCH/wrong"; return; }
	done
}

test_case() {
	local since image writes reader
	writes=$(scaled 60 1000 20)
	load_module
	expect_ok blksnap device attach "$DISK0"
	stamp "$DISK0" 1 0 65536
	stamp "$DISK2" 1 0 65536
	memory_mark
	dd if="$DISK0" of="$SCRATCH/past" bs=1M count=1 skip=3 status=none
	since=$(interval_of "$DISK0")
	watch_events
	expect_event 'this is the state' >/dev/null
	expect_ok blksnap snapshot create tiny --device "$DISK0" --area "$DISK1:0+1M" --low 512K
	image=$(blksnap image path tiny)
	read_image "$image" &
	reader=$!
	step 'write through the overflow'
	scribble "$DISK0" 7 "$writes" mixed from=8M to=32M
	scribble "$DISK2" 7 "$writes" mixed from=8M to=32M
	expect_event 'snapshot tiny: area low'
	expect_event 'snapshot tiny: area overflow'
	wait_until '[ -e "$SCRATCH/eio" ] || [ -e "$SCRATCH/wrong" ]'
	wait $reader
	[ ! -e "$SCRATCH/wrong" ] || fail 'wanted the past or an error from the image, got something else'
	blockdev --flushbufs "$image"
	expect_fail any dd if="$image" of=/dev/null bs=4K count=1 skip=15000 iflag=direct
	expect overflow "$(state_of tiny)"
	expect overflow "$(field level blksnap snapshot show tiny)"
	expect 1 "$(count_events 'tiny: area overflow')" 'overflow events'
	wait_until '[ "$(field memory_bytes blksnap device show "$DISK0")" = 0 ]'
	expect_fail any blksnap area extend tiny "$DISK1:8M+8M"

	step 'origin and change map'
	sync "$DISK0" "$DISK2"
	blockdev --flushbufs "$DISK0"
	blockdev --flushbufs "$DISK2"
	expect_same "$DISK0" "$DISK2" 'origin'
	expect_ok blksnap snapshot destroy tiny
	stamp "$DISK3" 1 0 65536
	differing_units "$DISK2" "$DISK3" 65536 | sort >"$SCRATCH/differ"
	blksnap cbt export "$DISK0" --since "${since%:*}:$((${since##*:} - 1))" |
		awk -F'\t' '{ for (c = int($1 / 65536); c * 65536 < $1 + $2; c++) print c }' | sort >"$SCRATCH/told"
	expect '' "$(comm -23 "$SCRATCH/differ" "$SCRATCH/told")" 'changed cells that are not told'
	expect 1 "$(count_events 'tiny: area overflow')" 'overflow events'
	expect_ok blksnap device detach "$DISK0"
	expect 0 "$(field memory_used_bytes blksnap info)" 'memory of copies and held writes'
	rm "$SCRATCH/past" "$SCRATCH/read"
	expect_memory_returned 6144
	unload_module
}
