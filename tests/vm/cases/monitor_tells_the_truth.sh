# shellcheck shell=bash
DESCRIPTION='show in blksnap-top what the disks did, to eight at once, and across a reload of the module'
KERNELS='6.1 6.12'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)
TIMEOUT=900

# sums_of FILE NAME.KEY...: bytes, as the rates shown say it. A rate is from one sample
# to the next; what an event draws between them shows the last one again.
sums_of() {
	/usr/bin/python3 - "$@" <<-'END'
	import json, sys
	path, wanted = sys.argv[1], [w.split('.') for w in sys.argv[2:]]
	total, last = [0.0] * len(wanted), None
	for line in open(path):
	    picture = json.loads(line)
	    at = picture['sample_ns']
	    if last is not None and at > last:
	        for i, (name, key) in enumerate(wanted):
	            rate = next((r[key] for r in picture['rows'] if r['name'] == name), None)
	            total[i] += (rate or 0) * (at - last) / 1e9
	    last = at
	print(*(round(t) for t in total))
	END
}
# Of /sys/block: bytes a disk has read and written since it is there.
disk_read() { awk '{ printf "%.0f", 512 * $3 }' "/sys/block/${1#/dev/}/stat"; }
disk_written() { awk '{ printf "%.0f", 512 * $7 }' "/sys/block/${1#/dev/}/stat"; }

# expect_within_5_percent TOLD TRUE WHAT
expect_within_5_percent() {
	if [ "$2" = 0 ] || [ $((100 * $1)) -lt $((95 * $2)) ] || [ $((100 * $1)) -gt $((105 * $2)) ]; then
		fail "$3: wanted $2 bytes within 5 percent, got $1"
	fi
}

terminal() { tmux -S "$SCRATCH/tmux" -f /dev/null "$@"; }
on_screen() { terminal capture-pane -p | grep -q -- "$1"; }

all_say() { # WHAT
	[ "$(grep -l -- "$1" "$SCRATCH"/plain[1-8] | wc -l)" = 8 ]
}

test_case() {
	local delays=(0.1 0.5 2) name written copied read image i d n w c r pids=()
	[ "$SIZE" != full ] || delays=(0.1 0.2 0.3 0.5 0.7 1 2 3)
	load_module
	name=${DISK0#/dev/}
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1:0+48M"
	image=$(blksnap image path night)
	step "rates, at ${#delays[@]} delays"
	for d in "${delays[@]}"; do
		blksnap-top --no-config --json -d "$d" --record "$SCRATCH/recording$d" >"$SCRATCH/pictures$d" &
		pids+=($!)
	done
	defer kill "${pids[@]}"
	for d in "${delays[@]}"; do wait_until "[ \"\$(wc -l <'$SCRATCH/pictures$d')\" -ge 2 ]" 120; done
	written=$(disk_written "$DISK0") copied=$(disk_written "$DISK1")
	fio --name=w --filename="$DISK0" --rw=randwrite --bs=16k --rate=1m --size="$(scaled 4 16)m" --direct=1 --ioengine=psync >/dev/null 2>&1 ||
		fail 'fio failed'
	wait_until '[ "$(field memory_bytes blksnap device show "$DISK0")" = 0 ]' 60 || fail 'copies stay in memory'
	written=$(($(disk_written "$DISK0") - written)) copied=$(($(disk_written "$DISK1") - copied))
	read=$(($(disk_read "$DISK0") + $(disk_read "$DISK1")))
	fio --name=r --filename="$image" --rw=read --bs=64k --rate=2m --size=8m --readonly --direct=1 --ioengine=psync >/dev/null 2>&1 ||
		fail 'fio failed'
	read=$(($(disk_read "$DISK0") + $(disk_read "$DISK1") - read))
	for d in "${delays[@]}"; do
		n=$(wc -l <"$SCRATCH/pictures$d")
		wait_until "[ \"\$(wc -l <'$SCRATCH/pictures$d')\" -ge $((n + 3)) ]" 120
	done
	kill -INT "${pids[@]}"
	wait "${pids[@]}"
	for d in "${delays[@]}"; do
		read -r w c r < <(sums_of "$SCRATCH/pictures$d" "$name.write_bytes_per_second" \
			night.cow_bytes_per_second night.image_read_bytes_per_second)
		expect_within_5_percent "$w" "$written" "WRITE/s every $d s"
		expect_within_5_percent "$c" "$copied" "COW/s every $d s"
		expect_within_5_percent "$r" "$read" "IMG/s every $d s"
	done

	step 'the recording tells the same'
	blksnap-top --no-config --json --source "$SCRATCH/recording0.5" >"$SCRATCH/replayed" || fail 'cannot be replayed'
	read -r w c < <(sums_of "$SCRATCH/replayed" "$name.write_bytes_per_second" night.cow_bytes_per_second)
	expect_within_5_percent "$w" "$written" 'WRITE/s replayed'
	expect_within_5_percent "$c" "$copied" 'COW/s replayed'

	step 'eight at once, and two blksnap monitors'
	pids=()
	for i in 1 2 3 4 5 6 7 8; do
		blksnap-top --no-config --json -d 0.5 >"$SCRATCH/top$i" &
		pids+=($!)
	done
	for i in 1 2; do
		blksnap -j monitor >"$SCRATCH/monitor$i" &
		pids+=($!)
	done
	defer kill "${pids[@]}"
	for i in 1 2 3 4 5 6 7 8; do wait_until "[ -s '$SCRATCH/top$i' ]" 120; done
	overwrite_units "$DISK0" 4096 3 100
	expect_ok blksnap snapshot destroy night
	for i in 1 2 3 4 5 6 7 8; do
		wait_until "tail -n 1 '$SCRATCH/top$i' | grep -q '\"rows\":\\[\\]'" 120
		expect_match '"text":"destroyed"' "$(cat "$SCRATCH/top$i")"
	done
	wait_until 'grep -q snapshot-del-ntf "$SCRATCH/monitor1"'
	kill "${pids[@]}"
	wait "${pids[@]}"
	step 'what blksnap monitor wrote can be looked at too'
	expect_match '"text":"destroyed"' "$(blksnap-top --no-config --json --source "$SCRATCH/monitor1")"

	step 'under a reload of the module'
	pids=()
	for i in 1 2 3 4 5 6 7 8; do
		stdbuf -oL blksnap-top --no-config --plain -d 0.5 >"$SCRATCH/plain$i" 2>&1 &
		pids+=($!)
	done
	stdbuf -oL blksnap monitor --follow >"$SCRATCH/follower" 2>&1 &
	pids+=($!)
	defer kill "${pids[@]}"
	wait_until 'all_say .' 120
	wait_until '[ -s "$SCRATCH/follower" ]'
	unload_module
	wait_until 'all_say "module unloaded"' 60
	load_module
	wait_until 'all_say "module is back"' 60
	expect_ok blksnap device attach "$DISK2"
	wait_until 'all_say attached' 60
	wait_until 'grep -q "${DISK2##*/}.*attached\|attached.*${DISK2##*/}" "$SCRATCH/follower"' 60
	kill "${pids[@]}"
	wait "${pids[@]}"
	expect_ok blksnap device detach "$DISK2"

	if [ "$SIZE" = full ]; then
		step 'where devices are mounted, and no longer'
		mkfs.ext4 -q "$DISK2" || fail 'no file system'
		mkdir "$SCRATCH/a place"
		expect_ok blksnap device attach "$DISK2"
		blksnap-top --no-config --json -d 0.5 --record "$SCRATCH/mounts" >"$SCRATCH/mounted" &
		defer kill $!
		wait_until '[ -s "$SCRATCH/mounted" ]' 120
		expect_ok mount "$DISK2" "$SCRATCH/a place"
		wait_until "tail -n 1 '$SCRATCH/mounted' | grep -q '\"mount\":\"$SCRATCH/a place\"'" 60
		expect_ok umount "$SCRATCH/a place"
		wait_until "tail -n 1 '$SCRATCH/mounted' | grep -q '\"mount\":null'" 60
		kill $!
		wait $!
		expect_match "\"mount\":\"$SCRATCH/a place\"" \
			"$(blksnap-top --no-config --json --source "$SCRATCH/mounts")"
		expect_ok blksnap device detach "$DISK2"
	fi

	step 'an action, asked for on a terminal'
	expect_ok blksnap snapshot create late --device "$DISK2" --area "$DISK3"
	terminal new-session -d -x 100 -y 30 'LC_ALL=C.UTF-8 TERM=tmux-256color blksnap-top --no-config -d 0.5'
	defer terminal kill-server
	wait_until 'on_screen "> late"' 60
	terminal send-keys a
	wait_until 'on_screen "What can be done with late"'
	terminal send-keys d
	wait_until 'on_screen "Run: blksnap snapshot destroy late"'
	terminal send-keys Enter
	wait_until 'on_screen "Type yes"'
	expect taken "$(state_of late)"
	terminal send-keys -l yes
	terminal send-keys Enter
	wait_until 'on_screen "No snapshots, and no device is tracked"' 60
	expect_nothing_left
}
