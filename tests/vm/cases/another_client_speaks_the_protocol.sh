# shellcheck shell=bash
DESCRIPTION="drive every command and decode every event and refusal with the kernel's own YNL client"
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)
TIMEOUT=600

test_case() {
	local cli
	YNL=$("$BLKSNAP_TOP/tests/vm/kernels" generator)/tools/net/ynl || fail 'there is no YNL'
	export YNL
	load_module
	mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 "$DISK0"
	mkdir "$SCRATCH/mnt"
	mount "$DISK0" "$SCRATCH/mnt"
	step 'its library'
	expect_ok "$BLKSNAP_TOP/tests/vm/tools/ynl_client.py" drive "$DISK0" "$DISK1" "$DISK2" "$SCRATCH/mnt"
	step 'its command'
	cli=(/usr/bin/python3 "$YNL/cli.py" --no-schema --spec "$BLKSNAP_TOP/genl-proto/specs/blksnap.yaml" --output-json)
	expect_match '"ranges-per-request": 1024' "$("${cli[@]}" --do info-get)"
	expect_match 'no such snapshot.*\.id' "$("${cli[@]}" --do snapshot-get --json '{"id": 999}' 2>&1 | tr '\n' ' ')"
	step 'pages'
	umount "$SCRATCH/mnt"
	expect_ok "$BLKSNAP_TOP/tests/vm/tools/ynl_client.py" pages "$DISK0" "$DISK1" "$DISK2"
	expect_nothing_left
	unload_module
}
