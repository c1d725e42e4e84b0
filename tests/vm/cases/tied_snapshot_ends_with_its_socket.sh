# shellcheck shell=bash
DESCRIPTION='destroy a snapshot tied to a socket, however the process that had it ends'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

client=${BLKSNAP_BUILD-}/tests/vm/tools/client

# Has $tied make a snapshot, and says to it how to end.
begin() {
	coproc tied { exec "$client" tied "$1" "$DISK0" "$DISK1" "$DISK2" "$DISK3" 2>&1; }
	local line
	read -r -t 60 line <&"${tied[0]}" || fail 'wanted the snapshot to be taken, got nothing'
	expect_match '^taken [0-9]+$' "$line"
	expect taken "$(state_of "$1")"
}
tell() { echo "$1" >&"${tied[1]}"; }
expect_gone() { # NAME
	expect_event "snapshot $1: gone .owner-exit" 60 >/dev/null
	wait_until "[ -z \"\$(state_of $1)\" ]" 60
	wait_until '[ -z "$(blksnap device list | sed 1d)" ]' 60
}

# The same process took the next one meanwhile.
expect_gone_only() {
	local line
	expect_event "snapshot $1: gone" 60 >/dev/null
	read -r -t 60 line <&"${tied[0]}"
	expect_match '^taken [0-9]+$' "$line"
	sleep 1
}

test_case() {
	local how signal child line
	load_module
	watch_events
	expect_event 'this is the state' >/dev/null
	for how in $(scaled close 'close exit abort exec' close); do
		step "$how"
		begin "by-$how"
		tell "$how"
		expect_gone "by-$how"
		kill -KILL "$tied_PID" 2>/dev/null
		wait "$tied_PID" 2>/dev/null
	done
	for signal in $(scaled KILL 'TERM KILL SEGV' KILL); do
		step "SIG$signal"
		begin "by-$signal"
		kill "-$signal" "$tied_PID"
		expect_gone "by-$signal"
		wait "$tied_PID" 2>/dev/null
	done
	step 'a child holds the socket on'
	begin by-child
	tell fork
	read -r -t 60 line <&"${tied[0]}"
	child=${line#child }
	defer kill -KILL "$child"
	kill -KILL "$tied_PID"
	wait "$tied_PID" 2>/dev/null
	sleep 1
	expect taken "$(state_of by-child)"
	kill -KILL "$child"
	expect_gone by-child
	step 'another socket at once'
	begin once
	tell again
	expect_gone_only once
	expect taken "$(state_of again)"
	kill -KILL "$tied_PID"
	expect_gone again
	wait "$tied_PID" 2>/dev/null
	expect_nothing_left
	unload_module
}
