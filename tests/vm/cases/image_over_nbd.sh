# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
DESCRIPTION='serve an image by NBD, with what changed as a dirty bitmap'
QUICK_ON='6.1' # whose tmpfs has no direct I/O
DISKS=(64M 64M 64M 64M)

# Ranges of the bitmap, as "cbt export" prints them.
dirty() { # SOCKET
	qemu-img map --output=json --image-opts \
		"driver=nbd,server.type=unix,server.path=$1,export=${DISK0##*/},x-dirty-bitmap=qemu:dirty-bitmap:changed" |
		/usr/bin/python3 -c 'import json, sys
for e in json.load(sys.stdin):
    if not e["data"]:
        print(e["start"], e["length"], sep="\t")'
}

serve() { # ARG...: in the background
	rm -f "$SCRATCH/socket"
	"$BLKSNAP_TOP/dist/nbd/blksnap-nbd" --socket "$SCRATCH/socket" "$@" &
	server=$!
	wait_until '[ -S "$SCRATCH/socket" ] || ! kill -0 $server' 120
	[ -S "$SCRATCH/socket" ] || fail 'it does not serve'
}

test_case() {
	local since first url="nbd+unix:///${DISK0##*/}?socket=$SCRATCH/socket" server
	need qemu-nbd qemu-img qemu-io
	load_module
	stamp "$DISK0" 1
	expect_ok blksnap device attach "$DISK0"
	expect_ok blksnap snapshot create first --device "$DISK0" --area "$DISK1"
	since=$(blksnap snapshot show first | awk '$1 == "since-number" { print $2 }')
	expect_ok blksnap snapshot destroy first
	stamp "$DISK0" 2 1000 9
	stamp "$DISK0" 2 65536 4096
	first=$(checksum "$DISK0")
	expect_ok blksnap snapshot create second --device "$DISK0" --area "$DISK1"

	step 'the image and its changes'
	serve --since "$since" second "$DISK0"
	blksnap cbt export "$DISK0" --since "$since" >"$SCRATCH/ranges"
	expect_that "$(wc -l <"$SCRATCH/ranges") >= 2" 'ranges'
	expect "$(cat "$SCRATCH/ranges")" "$(dirty "$SCRATCH/socket")" 'the bitmap'
	stamp "$DISK0" 3 500 2000
	stamp "$DISK0" 3 66000 500
	expect_ok qemu-img convert -f raw -O raw "$url" "$SCRATCH/copy"
	expect "$first" "$(checksum "$SCRATCH/copy")" 'what is served'
	expect_fail any qemu-io -f raw -c 'write 0 4096' "$url"

	step 'the image is in use as long as it is served'
	expect_fail any --says 'open|busy|use' blksnap snapshot destroy second
	kill "$server"
	wait "$server"
	expect 143 $? 'the status of the server'
	expect '' "$(ls "$SCRATCH/socket" 2>/dev/null)" 'the socket afterwards'
	expect '' "$(find /tmp -maxdepth 1 -name 'blksnap-nbd.*')" 'what is left of it'

	step 'without changes, and with a broken chain'
	serve second
	expect_ok qemu-img convert -f raw -O raw "$url" "$SCRATCH/copy"
	expect "$first" "$(checksum "$SCRATCH/copy")" 'what is served'
	kill "$server"
	wait "$server"
	expect_fail 7 "$BLKSNAP_TOP/dist/nbd/blksnap-nbd" --since 01020304-0506-0708-090a-0b0c0d0e0f10:1 second
	expect_fail 3 "$BLKSNAP_TOP/dist/nbd/blksnap-nbd" third
	expect_ok blksnap snapshot destroy second
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
}
