# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# images.sh - verbs about images, for the cases that prove that they show the
# past. A case sources it from its test_case, after lib.sh.

sequence=$BLKSNAP_BUILD/tests/vm/tools/sequence

# A counter of a device: counter DEV writes
counter() { # DEV FIELD
	blksnap -j device show "$1" | sed -n "s/^ *\"$2\": \"\\{0,1\\}\\([0-9]*\\)\"\\{0,1\\},\\{0,1\\}\$/\\1/p" | tail -n 1
}

# What the slowest writer of sequence has acknowledged in $SCRATCH/acks.
acknowledged() {
	local least
	least=$("$sequence" acknowledged "$SCRATCH/acks" 2>/dev/null | sort -n | head -n 1)
	echo "${least:-0}"
}

# Compares an image with the stamps of generation 1 over and over; says what
# it finds in a file of its own. Ends when $SCRATCH/enough exists.
read_again_and_again() { # IMAGE FILE [FLUSH]
	local rounds=0 out
	while :; do
		# one of the readers makes the others read from the device
		[ -z "${3-}" ] || blockdev --flushbufs "$1"
		if ! out=$("$diskpat" check "$1" 1 2>&1); then
			echo "after $rounds whole readings: $out" >"$2"
			return
		fi
		rounds=$((rounds + 1))
		[ ! -e "$SCRATCH/enough" ] || break
	done
	echo "good $rounds" >"$2"
}

start_readers() { # IMAGE
	local i
	rm -f "$SCRATCH/enough" "$SCRATCH"/reader.*
	readers=()
	for i in 1 2 3 4; do
		read_again_and_again "$1" "$SCRATCH/reader.$i" "$([ $i != 1 ] || echo flush)" &
		readers+=($!)
	done
}

end_readers() {
	local i
	: >"$SCRATCH/enough"
	wait "${readers[@]}"
	for i in 1 2 3 4; do
		grep -q '^good' "$SCRATCH/reader.$i" || fail "reader $i: $(cat "$SCRATCH/reader.$i")"
	done
}

end_writers() {
	local pid
	for pid in "${writers[@]}"; do
		wait "$pid" || fail 'a writer failed'
	done
	writers=()
}

# The image of ORIGIN equals it at the instant, while random writes of 512 B to
# 1 MiB go to WRITTEN (the origin itself, or what its sectors are written
# through) and four readers read the image.
prove_image() { # ORIGIN AREA [WRITTEN...]
	local origin=$1 area=$2 image dev i writers=() count
	shift 2
	[ $# -gt 0 ] || set -- "$origin"
	count=$(scaled 40 2000 10)
	count=$((count / $#))

	step "stamp $origin"
	stamp "$origin" 1
	drop_caches "$origin" "$@"
	expect_ok blksnap snapshot create night --device "$origin" --area "$area"
	image=$(blksnap image path night "$origin")
	expect "$(blockdev --getsize64 "$origin")" "$(blockdev --getsize64 "$image")" 'size of the image'
	expect "$(blockdev --getss "$origin")" "$(blockdev --getss "$image")" 'block size of the image'

	step "write to $*"
	start_readers "$image"
	i=0
	for dev; do
		i=$((i + 1))
		"$diskpat" scribble "$dev" $i $count mixed &
		writers+=($!)
	done
	end_writers
	# Two on the same units at the same time. Past the page cache both: the
	# kernel gives EIO for direct writes that collide with buffered ones.
	"$diskpat" scribble "$1" 77 $count direct max=16K &
	writers+=($!)
	"$diskpat" scribble "$1" 78 $count dsync max=64K &
	writers+=($!)
	end_writers
	end_readers

	step 'look at all of it once more'
	drop_caches "$image"
	check_stamp "$image" 1
	expect_differ "$origin" "$image"
	# and from the area alone: wait until the copies are there
	wait_until "[ \"\$(counter $origin memory_bytes)\" = 0 ]"
	drop_caches "$image"
	check_stamp "$image" 1
	expect 0 "$(counter "$origin" errors)" errors
	expect taken "$(blksnap -j snapshot show night | sed -n 's/^ *"state": "\(.*\)",/\1/p')" 'state'
	expect_ok blksnap snapshot destroy night
}
