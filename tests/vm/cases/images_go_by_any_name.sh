# shellcheck shell=bash
DESCRIPTION='find an image by any of its paths, wait for it, see who reads it; begin a new generation'
SIZES='full'
DISKS=(64M 64M 64M)

test_case() {
	local image before after
	load_module
	mkfs.ext4 -q "$DISK0"
	mkdir "$SCRATCH/live" "$SCRATCH/past"
	mount "$DISK0" "$SCRATCH/live" || fail 'cannot mount'
	echo content >"$SCRATCH/live/file"
	expect_match "^${DISK1#/dev/}[[:space:]]untracked" "$(blksnap -H -o name,state device list --all)"

	expect_ok blksnap device attach "$DISK0" --cell 128K

	step 'wait for images of a snapshot to be'
	blksnap image wait n --timeout 120s >"$SCRATCH/path" &
	expect_ok blksnap snapshot create n --device "$DISK0" --area "$DISK1"
	wait $! || fail "image wait ended with $?"
	image=$(blksnap image path n)
	expect "$image" "$(cat "$SCRATCH/path")" 'path that was waited for'

	step 'all its names'
	ln -s "$image" "$SCRATCH/link"
	for name in "$image" "${image#/dev/}" "/dev/blksnap/n/${DISK0#/dev/}" "$SCRATCH/link"; do
		expect "$image" "$(blksnap image path "$name")" "image $name"
		expect_ok blksnap wait state=taken "$name" --timeout 60s
		expect n "$(blksnap -j status "$name" | jq -r '.snapshots[].name')" "snapshot of $name"
	done
	expect_fail 3 blksnap image path /dev/blksnap999
	expect_fail 2 --says 'is an image already' blksnap image path "$image" "$DISK0"

	step 'how to mount it, and who has it open'
	expect_match 'content +ext4: mount -o ro,noload' "$(blksnap image show n)"
	mount -o "$(blksnap -j image show n | jq -r '.images[0].mount_options')" "$image" "$SCRATCH/past" ||
		fail 'cannot mount the image'
	expect content "$(cat "$SCRATCH/past/file")"
	expect_match "mounted on $SCRATCH/past" "$(blksnap image show "$image")"
	expect_that "$(blksnap -H -o readers snapshot list) >= 1" 'readers'
	expect_match READERS "$(blksnap status n)"
	umount "$SCRATCH/past"
	expect 0 "$(blksnap -H -o readers snapshot list)" 'readers after that'

	step 'when it will be full'
	dd if=/dev/urandom of="$SCRATCH/live/more" bs=1M count=24 conv=fsync status=none &
	expect_match TO-FULL "$(blksnap status --sample 1s)"
	wait $!
	expect_ok blksnap image release "$image" 0+1M
	expect_fail any dd if="$image" of=/dev/null bs=4K count=1 iflag=direct status=none

	step 'a new generation'
	before=$(blksnap snapshot show n | awk '$1 == "since-number" { print $2 }')
	expect_fail 4 blksnap cbt reset "$DISK0"
	expect_ok blksnap snapshot destroy n
	expect_ok blksnap -n cbt reset "$DISK0"
	expect_ok blksnap cbt check "$DISK0" --since "$before"
	expect_ok blksnap cbt reset "$DISK0"
	after=$(interval_of "$DISK0")
	[ "${before%:*}" != "${after%:*}" ] || fail "the generation is still $after"
	expect_fail 7 blksnap cbt check "$DISK0" --since "$before"
	expect 131072 "$(field cbt_cell_bytes blksnap cbt info "$DISK0")" 'cells'
	umount "$SCRATCH/live"
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
}
