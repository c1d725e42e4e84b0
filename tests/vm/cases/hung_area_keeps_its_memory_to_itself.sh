# shellcheck shell=bash
DESCRIPTION='store copies without memory for more than is in reserve: beside an area that hangs, and again when it fails'
KERNELS='debug'
DISKS=(64M 64M 64M 64M)

stored() { [ "$(field store_bytes blksnap device show "$1")" = "$2" ]; } # DEVICE BYTES

test_case() {
	local i sum other
	load_module stall_ms=600000 gather_ms=0
	stamp "$DISK0" 1 0 32768
	stamp "$DISK2" 2 0 32768
	sum=$(checksum "$DISK0" 0 32768)
	other=$(checksum "$DISK2" 0 32768)
	dmsetup create hung --table "0 131072 linear $DISK1 0"
	defer dmsetup remove --retry hung
	expect_ok blksnap snapshot create a --device "$DISK0" --area /dev/mapper/hung:1M+32M
	expect_ok blksnap snapshot create b --device "$DISK2" --area "$DISK3"
	load_failer
	defer rmmod failer
	step 'an area hangs with all it has in reserve'
	dmsetup suspend --noflush --nolockfs hung
	defer dmsetup resume hung
	failer cache kmalloc-8k # a batch
	for i in 1 2 3 4 5 6; do
		overwrite_units "$DISK0" $((i * 100)) 1 1
		sleep 1 # each is one of its own then
	done
	step 'another one goes on'
	overwrite_units "$DISK2" 100 3 10
	wait_until 'stored "$DISK2" 40960' 60
	stored "$DISK0" 0 || fail 'wanted nothing stored in what hangs'
	step 'it fails where those would be that are on their way'
	printf '%s\n' "0 2048 linear $DISK1 0" '2048 16 error' "2064 129008 linear $DISK1 2064" |
		dmsetup reload hung || fail 'no other table'
	dmsetup resume hung
	wait_until 'stored "$DISK0" 24576' 60
	# two that failed, and what has them now
	i=$(($(field area_used_bytes blksnap snapshot show a) / 4096))
	expect_that 'i >= 8 && i <= 12' 'units used'
	step 'nor is memory needed for a bio of more than a few pages'
	failer cache biovec-16
	expect_ok dd if=/dev/zero of="$DISK2" bs=32K seek=200 count=1 oflag=direct conv=notrunc status=none
	wait_until 'stored "$DISK2" 73728' 60
	failer off
	expect taken "$(state_of a)"
	expect taken "$(state_of b)"
	expect "$sum" "$(fresh_checksum "$(blksnap image path a)" 0 32768)" 'image of a'
	expect "$other" "$(fresh_checksum "$(blksnap image path b)" 0 32768)" 'image of b'
	expect_ok blksnap snapshot destroy a
	expect_ok blksnap snapshot destroy b
	expect_nothing_left
}
