# shellcheck shell=bash
DESCRIPTION='run a command on a snapshot, give its status, and leave nothing however it ends'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)
ALLOW_LOG='EXT4-fs|I/O error'

test_case() {
	local run=(blksnap run --device "$DISK0" --area "$DISK1")
	load_module
	mkfs.ext4 -q "$DISK0"
	mkdir "$SCRATCH/live"
	mount "$DISK0" "$SCRATCH/live"
	echo before >"$SCRATCH/live/file"

	step 'the image, its names and its mount'
	# shellcheck disable=SC2016 # for the command's shell
	"${run[@]}" --mount -- sh -c 'echo after >"$1"; sync
		[ "$BLKSNAP_IMAGE" = "$BLKSNAP_IMAGE_1" ] && [ "$BLKSNAP_IMAGE_1" = "$BLKSNAP_IMAGE_vda" ] &&
		[ -b "$BLKSNAP_IMAGE" ] && cat "$BLKSNAP_MOUNT/file"' sh "$SCRATCH/live/file" >"$SCRATCH/out" ||
		fail "the command failed with $?"
	expect before "$(cat "$SCRATCH/out")" 'the file in the image'
	expect after "$(cat "$SCRATCH/live/file")" 'the file'
	expect_nothing_left
	expect '' "$(ls /run/blksnap)" 'files left'

	step 'statuses'
	expect_fail 3 "${run[@]}" -- sh -c 'exit 3'
	expect_fail 127 "${run[@]}" -- no-such-command
	expect_fail 126 "${run[@]}" -- /etc/passwd
	expect_fail 125 --says 'no such' "${run[@]}" --device /dev/nothing -- true
	# shellcheck disable=SC2016
	expect_fail 143 "${run[@]}" -- sh -c 'kill $$'
	expect_nothing_left

	step 'a document'
	blksnap -j "${run[@]:1}" -- sh -c 'echo said; exit 4' >"$SCRATCH/out" 2>/dev/null
	expect_match '"command_exit": 4' "$(cat "$SCRATCH/out")"

	step 'signals are passed on, and then everything is undone'
	local signal status
	for signal in INT TERM HUP; do
		# a shell lets what it starts in the background ignore INT
		env --default-signal=INT "${run[@]}" -- sleep 1000 &
		wait_until 'pgrep -x sleep >/dev/null'
		kill -$signal $!
		wait $!
		status=$?
		expect $((128 + $(kill -l $signal))) $status "status after $signal"
		expect_nothing_left
	done

	step 'killed, it leaves nothing either'
	"${run[@]}" -- sleep 1000 &
	wait_until 'pgrep -x sleep >/dev/null'
	kill -KILL $!
	wait $! 2>/dev/null
	wait_until '[ -z "$(blksnap snapshot list | sed 1d)" ]'
	pkill -x sleep
	wait_until '[ -z "$(blksnap device list | sed 1d)" ]'

	[ -n "$(ls /run/blksnap)" ] || fail 'it left nothing for the next one to remove'
	expect_ok "${run[@]}" -- true
	expect '' "$(ls /run/blksnap)" 'what the next one left of it'

	step 'a snapshot lost meanwhile is no success, whatever the command says'
	expect_fail 125 --says 'lost while the command ran' \
		blksnap run --device "$DISK0" --area "$DISK1:0+64K" -- sh -c "
			dd if=/dev/urandom of=$SCRATCH/live/big bs=1M count=8 oflag=direct status=none; sync
			until blksnap snapshot list | grep -q overflow; do sleep 0.1; done"
	expect_nothing_left

	step 'what the command leaves open does not keep the snapshot'
	# shellcheck disable=SC2016
	expect_ok "${run[@]}" -- sh -c 'exec 5<"$BLKSNAP_IMAGE"; sleep 1000 >/dev/null 2>&1 &'
	pkill -x sleep
	expect_nothing_left
}
