# shellcheck shell=bash
DESCRIPTION='ask the kernel, past the command, for what cannot be: it says why in a sentence, and nothing is changed'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(32M 32M 32M,lbs=4096,pbs=4096)

devref() { # DEV [, MORE]
	local major minor
	read -r major minor < <(stat -c '%Hr %Lr' "$1")
	printf '{"major": %d, "minor": %d%s}' "$major" "$minor" "${2-}"
}

# One line of "COMMAND JSON" after the other; each is answered by one of what the kernel said.
start_client() {
	cat >"$SCRATCH/client" <<-'END'
	import json, sys
	top, ynl = sys.argv[1:]
	sys.path.append(ynl)
	from lib import NlError, YnlFamily
	family = YnlFamily(top + "/genl-proto/specs/blksnap.yaml", "")
	for line in sys.stdin:
	    command, request = line.split(" ", 1)
	    try:
	        print(getattr(family, "do")(command, json.loads(request)))
	    except NlError as e:
	        message = e.nl_msg
	        print("error:", message.error, (message.extack or {}).get("msg"))
	END
	coproc CLIENT {
		exec /usr/bin/python3 -u "$SCRATCH/client" "$BLKSNAP_TOP" \
			"$("$BLKSNAP_TOP/tests/vm/kernels" generator)/tools/net/ynl"
	}
}

range() { devref "$1" ", \"start\": $2, \"count\": $3"; } # DEV START COUNT, in sectors

# It fails with this number, and says this.
refused() { # ERROR WORDS COMMAND JSON
	local out
	printf '%s\n' "$3 $4" >&"${CLIENT[1]}"
	read -r -u "${CLIENT[0]}" -t 120 out || fail "wanted an answer to $3 $4"
	expect_match "^error: -$1 $2" "$out"
}

with_area() { # ERROR WORDS RANGE[, RANGE...]
	refused "$1" "$2" snapshot-create "{\"name\": \"no\", \"device\": [$(devref "$DISK0")], \"range\": [$3]}"
}

test_case() {
	local sum loop image night
	load_module
	start_client
	modprobe loop
	stamp "$DISK0" 1
	expect_ok blksnap device attach "$DISK0"

	step 'areas'
	blockdev --setro "$DISK1"
	with_area 30 'the area device is read-only' "$(range "$DISK1" 0 8192)"
	blockdev --setrw "$DISK1"
	with_area 19 'there is no such area device' '{"major": 259, "minor": 77777, "start": 0, "count": 8192}'
	with_area 34 'the range ends beyond the area device' "$(range "$DISK1" 65528 16)"
	with_area 22 'the range is smaller than 4 KiB' "$(range "$DISK1" 65532 4)"
	with_area 22 'the range does not start at a block of the area device' "$(range "$DISK2" 1 8192)"
	with_area 16 'the range overlaps another one of the request' "$(range "$DISK1" 0 8192), $(range "$DISK1" 8191 8192)"
	with_area 16 'the range lies on a tracked device' "$(range "$DISK0" 0 8192)"
	modprobe dm-zero || fail 'no dm-zero'
	dmsetup create huge --table "0 $((17 << 31)) zero" || fail 'no device of 17 TiB'
	defer dmsetup remove --retry huge
	with_area 7 'the area would exceed 16 TiB' "$(range /dev/mapper/huge 0 $((17 << 31)))"
	with_area 7 'the area would exceed 16 TiB' \
		"$(range /dev/mapper/huge 0 $((9 << 30))), $(range /dev/mapper/huge $((9 << 30)) $((9 << 30))), $(range /dev/mapper/huge $((9 << 31)) $((15 << 30)))"
	expect '' "$(blksnap snapshot list | sed 1d)" 'snapshots'

	step 'parts of areas'
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1:0+4M" "$DISK1:8M+4M"
	night="\"id\": $(field id blksnap snapshot show night)"
	refused 2 'the area has no such range' area-remove "{$night, \"range\": [$(range "$DISK1" 0 4096)]}"
	refused 2 'the area has no such range' area-remove \
		"{$night, \"range\": [$(range "$DISK1" 16384 8192), $(range "$DISK1" 16384 8192)]}"
	expect 2 "$(blksnap area show --json night | jq '.. | .ranges? // empty | length')" 'ranges'

	step 'an image, which is no area, and takes no write either'
	image=$(blksnap image path night)
	sum=$(fresh_checksum "$image")
	refused 30 'the area device is read-only' area-append "{$night, \"range\": [$(range "$image" 0 8192)]}"
	dmsetup create over --table "0 65536 linear $image 0" || fail 'cannot map the image'
	expect_fail any dd if=/dev/urandom of=/dev/mapper/over bs=4K count=1 oflag=direct conv=notrunc status=none
	dmsetup remove --retry over
	expect "$sum" "$(fresh_checksum "$image")" 'image'
	check_stamp "$DISK0" 1
	expect_ok blksnap snapshot destroy night
	expect_ok blksnap device detach "$DISK0"

	step 'devices'
	loop=$(losetup -f)
	refused 6 'the device has no size' device-attach "{\"dev\": $(devref "$loop")}"
	if [[ $(uname -r) == 6.1.* ]] && modprobe brd rd_nr=1 rd_size=16384; then
		refused 95 'the device takes pages past the block layer' device-attach "{\"dev\": $(devref /dev/ram0)}"
	fi
	expect_nothing_left
}
