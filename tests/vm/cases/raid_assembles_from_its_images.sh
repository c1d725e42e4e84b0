# shellcheck shell=bash
DESCRIPTION='assemble a mirror and a stripe set from the images of their members'
QUICK_ON='6.12'
DISKS=(16M 32M 16M 16M)

test_case() {
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	need mdadm
	load_module
	array 1 --assume-clean
	array 0 --chunk=64
}

array() { # LEVEL OPTION...
	local sum acknowledged found writer level=$1
	shift
	step "raid$level"
	expect_ok mdadm --create /dev/md7 --run --level="$level" "$@" --raid-devices=2 "$DISK0" "$DISK2"
	stamp /dev/md7 1
	drop_caches /dev/md7
	expect_ok blksnap snapshot create night --device "$DISK0" --device "$DISK2" --area "$DISK1"
	scribble /dev/md7 3 "$(scaled 40 500)" mixed
	assemble_images "$level"
	check_stamp /dev/md8 1
	expect_ok mdadm --stop /dev/md8
	expect_ok blksnap snapshot destroy night

	step "raid$level, written at the instant"
	expect_ok mdadm --assemble /dev/md7 "$DISK0" "$DISK2"
	"$sequence" write 4 65536x4 /dev/md7 "$SCRATCH/acks" &
	writer=$!
	wait_until "[ \$(acknowledged) -ge 5 ]" 60
	"$sequence" acknowledged "$SCRATCH/acks" >"$SCRATCH/before"
	create_under_writes night --device "$DISK0" --device "$DISK2" --area "$DISK1"
	kill "$writer"
	wait "$writer" || fail 'the writer failed'
	assemble_images "$level"
	# what was on its way may be torn, and differ between mirrors
	"$sequence" read-torn 4 65536x4 /dev/md8 >"$SCRATCH/image" || cat "$SCRATCH/image"
	expect 4 "$(grep -cx '[0-9]*' "$SCRATCH/image")" 'writers found'
	while read -r acknowledged found; do
		expect_that 'found >= acknowledged' 'number in the image'
	done < <(grep -x '[0-9]*' "$SCRATCH/image" | paste "$SCRATCH/before" -)
	sum=$(checksum /dev/md8)
	drop_caches /dev/md8
	[ "$level" = 1 ] || expect "$sum" "$(checksum /dev/md8)" 'the array read again'
	expect_ok mdadm --stop /dev/md8
	expect_ok blksnap snapshot destroy night
	expect_ok mdadm --zero-superblock "$DISK0" "$DISK2"
}

# The array itself has to stop first, for the images bear the same name.
assemble_images() { # LEVEL
	local image images=()
	expect_ok mdadm --stop /dev/md7
	for image in $(blksnap image path night "$DISK0") $(blksnap image path night "$DISK2"); do
		drop_caches "$image"
		images+=("$image")
	done
	expect_ok mdadm --assemble /dev/md8 --readonly --run "${images[@]}"
	expect_match 'readonly' "$(cat /sys/block/md8/md/array_state)" 'state of the array'
	expect 2 "$(cat /sys/block/md8/md/raid_disks)" 'members'
	[ "$1" = 0 ] || expect 0 "$(cat /sys/block/md8/md/degraded)" 'members missing'
}
