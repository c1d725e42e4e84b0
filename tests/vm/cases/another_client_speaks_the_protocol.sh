# shellcheck shell=bash
DESCRIPTION="drive every command and decode every event and refusal with the kernel's own YNL client"
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

# A reference to a device, as JSON has it.
devref() { # DEV [, MORE]
	local major minor
	read -r major minor < <(stat -c '%Hr %Lr' "$1")
	printf '{"major": %d, "minor": %d%s}' "$major" "$minor" "${2-}"
}
range() { devref "$1" ', "start": 0, "count": 2048'; } # DEV

said() { "${cli[@]}" "$@" 2>&1 | tr '\n' ' '; } # OPTION...

listeners() { awk '$2 == 16 && $4 !~ /^0+$/' /proc/net/netlink | wc -l; }

# It listens for a time, and prints what came at its end.
events_heard_in() { # SECONDS
	local had pid name
	had=$(listeners)
	"${cli[@]}" --subscribe events --sleep "$1" >"$SCRATCH/events" 2>&1 &
	pid=$!
	defer kill $pid 2>/dev/null
	wait_until "[ \$(listeners) -gt $had ]" 60
	blksnap snapshot create three --device "$DISK0" --area "$DISK1" >/dev/null || fail 'no snapshot'
	blksnap snapshot destroy three || fail 'it cannot be destroyed'
	wait $pid || fail 'the subscriber ended with an error'
	for name in device-new-ntf device-del-ntf snapshot-new-ntf snapshot-change-ntf snapshot-del-ntf; do
		grep -q "\"name\": \"$name\"" "$SCRATCH/events" || return 1
	done
}

# As the command alone drives and prints them.
every_command() {
	local uuid='"uuid": "00112233445566778899aabbccddeeff"' dev seconds id got
	dev="\"dev\": $(devref "$DISK0")"
	step 'its command, for everything'
	expect_match '"name": "vd' "$(said --do device-attach --json "{$dev}")$(said --dump device-get)"
	blksnap device settle "$DISK0" >/dev/null 2>&1
	expect_match '"state": "tracked"' "$(said --do device-get --json "{$dev}")"
	expect_match '"write-sectors"' "$(said --do stats-get --json "{$dev}")"
	expect_match '"write-sectors"' "$(said --dump stats-get)"
	expect_match '^None' "$(said --do cbt-mark --json "{$dev, \"extent\": [{\"start\": 0, \"count\": 256}]}" | sed 's/null/None/')"
	got=$(said --do snapshot-create --json "{\"name\": \"one\", $uuid, \"device\": [$(devref "$DISK0")], \"range\": [$(range "$DISK1")]}")
	expect_match '"state": "created"' "$got"
	id=${got#*\"id\": }
	id=${id%%[,\}]*}
	expect_match '"name": "one"' "$(said --do snapshot-get --json "{$uuid}")$(said --dump snapshot-get)"
	expect_match '"area-total": 4096' "$(said --do area-append --json "{$uuid, \"range\": [$(range "$DISK2")]}")"
	expect_match '"count": 2048.*"count": 2048' "$(said --dump area-get --json "{$uuid}")"
	expect_match '"area-total": 2048' "$(said --do area-remove --json "{$uuid, \"range\": [$(range "$DISK2")]}")"
	said --do snapshot-set --json "{$uuid, \"name\": \"two\"}" >/dev/null
	said --do snapshot-take --json "{$uuid}" >/dev/null
	wait_until '[ "$(state_of two)" = taken ]'
	expect_match '"start": 0' "$(said --dump cbt-get --json "{$dev}")"
	expect_match '"released-sectors"' \
		"$(said --do image-release --json "{$dev, \"snapshot-id\": $id, \"extent\": [{\"start\": 65536, \"count\": 64}]}")"
	expect_match 'no such snapshot' "$(said --do snapshot-destroy --json '{"id": 4000000}')"
	said --do snapshot-destroy --json "{$uuid}" >/dev/null
	wait_until '[ -z "$(blksnap snapshot list | sed 1d)" ]'
	said --do device-detach --json "{$dev}" >/dev/null
	expect_nothing_left
	expect_match '"lost": 0' "$(said --dump event-replay --json '{"since": 0}')"
	for seconds in 5 30 120; do ! events_heard_in $seconds || return 0; done
	fail "wanted an event of each kind, got $(cat "$SCRATCH/events")"
}

test_case() {
	local cli
	YNL=$("$BLKSNAP_TOP/tests/vm/kernels" generator)/tools/net/ynl || fail 'there is no YNL'
	export YNL
	load_module
	mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 "$DISK0"
	mkdir "$SCRATCH/mnt"
	mount "$DISK0" "$SCRATCH/mnt"
	step 'its library'
	dmsetup create broken --table '0 131072 error' || fail 'cannot make a broken disk'
	defer dmsetup remove --retry broken
	expect_ok "$BLKSNAP_TOP/tests/vm/tools/ynl_client.py" drive "$DISK0" "$DISK1" "$DISK2" "$SCRATCH/mnt" /dev/mapper/broken
	step 'its command'
	cli=(/usr/bin/python3 "$YNL/cli.py" --no-schema --spec "$BLKSNAP_TOP/genl-proto/specs/blksnap.yaml" --output-json)
	expect_match '"ranges-per-request": 1024' "$("${cli[@]}" --do info-get)"
	expect_match 'no such snapshot.*\.id' "$("${cli[@]}" --do snapshot-get --json '{"id": 999}' 2>&1 | tr '\n' ' ')"
	umount "$SCRATCH/mnt" || fail 'something holds the file system that was frozen'
	[ "$SIZE" != full ] || every_command
	step 'pages'
	expect_ok "$BLKSNAP_TOP/tests/vm/tools/ynl_client.py" pages "$DISK0" "$DISK1" "$DISK2"
	expect_nothing_left
	unload_module
}
