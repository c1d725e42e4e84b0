# shellcheck shell=bash
DESCRIPTION='tell somebody without privileges names and numbers, and nothing of what is on the disks'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"; }

test_case() {
	local image generation
	load_module
	stamp "$DISK0" 7 0 4096
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	stamp "$DISK0" 8 0 2000
	image=$(blksnap image path night)
	generation=$(blksnap cbt info "$DISK0" | awk '/^generation/ { print $2 }')

	step 'names and numbers'
	expect night "$(as_nobody blksnap snapshot list | awk 'NR > 1 { print $1 }')" 'snapshots'
	expect "$(basename "$DISK0")" "$(as_nobody blksnap device list | awk 'NR > 1 { print $1 }')" 'devices'
	expect_ok as_nobody blksnap area list night
	expect_match '^blksnap_writes_total.* [1-9]' "$(as_nobody blksnap metrics)" 'how much was written'

	step 'and nothing else'
	expect_fail any --says 'CAP_SYS_ADMIN' as_nobody blksnap cbt export "$DISK0" --since "$generation:0"
	expect_fail any --says 'ermission denied' as_nobody dd if="$image" of=/dev/null count=1 status=none
	expect '600 0' "$(stat -c '%a %u' "$image")" 'mode and owner of the image'
	expect_fail any --says 'CAP_SYS_ADMIN' as_nobody blksnap image release night "$DISK0" 0+4K
	expect_fail any --says 'CAP_SYS_ADMIN' as_nobody blksnap snapshot destroy night
	check_stamp "$image" 7 0 4096
}
