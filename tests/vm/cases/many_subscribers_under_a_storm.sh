# shellcheck shell=bash
DESCRIPTION='let many subscribers follow a storm of events, through the library and through plain sockets, some standing still, short of memory, late'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)
TIMEOUT=1800

# Every event from the state to the last, in order; or the state again behind a line that says how
# many are lost, not more than the numbers that are left out.
is_complete() { # FILE
	awk '
	match($0, / #[0-9]+  /) { seq = substr($0, RSTART + 2, RLENGTH - 4) + 0; numbered = 1 }
	/ events are lost$/ { told = 1; lost = $(NF - 3) + 0; next }
	/  this is the state( again)?$/ {
		if (known && (!told || lost > seq - last)) exit wrong = 1
		known = 1; last = seq; told = lost = numbered = 0; next
	}
	numbered { if (!known || told || seq != last + 1) exit wrong = 1; last = seq; numbered = 0 }
	END { exit wrong || !known || told }' "$1"
}

test_case() {
	local i n events seq top heard monitors=()
	load_module
	n=$(scaled 3 10 2)
	for ((i = 1; i <= n; i++)); do
		stdbuf -oL blksnap monitor >"$SCRATCH/monitor$i" 2>&1 &
		monitors+=($!)
		defer kill $!
		wait_until "grep -q 'this is the state' $SCRATCH/monitor$i" 60
	done
	events=$(scaled 1200 10000 250)
	# blksnap-top as anybody, whose buffer is a small one, does not get to read what comes
	heard=$(mktemp /tmp/heard.XXXXXX)
	chown 65534 "$heard"
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		blksnap-top --no-config --json -d 0.5 --record "$heard" >"$SCRATCH/top" &
	top=$!
	defer kill -KILL $top
	wait_until '[ -s "$SCRATCH/top" ]' 120
	kill -STOP $top
	expect_ok "$BLKSNAP_BUILD/tests/vm/tools/storm" "$(scaled 10 100 8)" "$events" \
		"$DISK0" "$DISK1" "$DISK2" "$DISK3"
	for ((i = 1; i <= n; i++)); do
		# the storm is three
		wait_until "{ [ \$(grep -c 'snapshot end: gone' $SCRATCH/monitor$i) = 3 ] || grep -q lost $SCRATCH/monitor$i; } && is_complete $SCRATCH/monitor$i" 600
	done
	kill "${monitors[@]}"
	wait_until '[ -z "$(blksnap device list | sed 1d)" ]'
	step 'the monitor that stood still knows what is, and that it missed something'
	seq=$(field seq blksnap status)
	kill -CONT $top
	wait_until "tail -n 1 '$SCRATCH/top' | grep -q '\"seq\":\"$seq\".*\"rows\":\\[\\]'" 120
	# more than its buffer held: it has asked for the rest, or says how much is gone
	grep -o '"seq":"[0-9]*","event"' "$heard" | tr -dc '0-9\n' >"$SCRATCH/numbers"
	grep -q '"type":"lost"' "$heard" ||
		awk 'NR > 1 && $1 != last + 1 { exit 1 } { last = $1 }' "$SCRATCH/numbers" ||
		fail 'a gap that blksnap-top does not tell'
	[ "$events" -le 1024 ] || expect_that "$(wc -l <"$SCRATCH/numbers") > 300"
	[ "$events" -le 1024 ] || grep -q -e '"replayed":true' -e '"type":"lost"' "$heard" ||
		fail 'nothing was lost on the way; make the storm longer'
	[ "$events" -le 4096 ] || expect_match '"lost":[1-9]' "$(tail -n 1 "$SCRATCH/top" | cut -c 1-200)"
	expect_nothing_left
}
