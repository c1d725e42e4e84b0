# shellcheck shell=bash
DESCRIPTION='let each allocation on the way of an event fail: every subscriber has the event, or hears that one is lost'
KERNELS='debug'
DISKS=(16M 32M)
KMEMLEAK=1

# The places of one event, as numbers: all that is allocated below events_emit().
event_places() { awk '/ events_emit/ && $2 != "bio" { print $1 }' /sys/kernel/debug/failer; }

# Changes the snapshot: one event. What is refused for want of memory is asked again.
change() { # FREE
	blksnap area set nightly --low "$1" || {
		failer off
		expect_ok blksnap area set nightly --low "$1"
	}
}

# What the monitor believes, and the number up to which it has heard of all: of an event by the event,
# or by the state that follows when some are lost.
known_low() { grep -o '"low_bytes":[0-9]*' "$EVENTS" | tail -n 1 | tr -dc 0-9; }
heard_of() {
	awk '
	match($0, /"seq":"[0-9]+"/) { seq = substr($0, RSTART + 7, RLENGTH - 8) + 0 }
	/"type":"lost"/ { lost = 1 }
	/"type":"sync"/ { if (!known || lost) last = seq; known = 1; lost = 0 }
	/"type":"event"/ { if (seq == last + 1) last = seq }
	END { print last + 0 }' "$EVENTS"
}

test_case() {
	local places place before after mib=1 lost=0 p
	load_module
	expect_ok blksnap snapshot create nightly -d "$DISK0" -a "$DISK1"
	load_failer
	failer count
	change ${mib}M
	failer off
	places=$(event_places)
	cat /sys/kernel/debug/failer
	expect_match '^[0-9]' "$places" 'places of an event'
	for place in $places; do
		# from the state on, so that what is lost is lost to this one alone
		deferred=()
		watch_events blksnap -j monitor
		wait_until "grep -q '\"type\":\"sync\"' $EVENTS"
		before=$(field seq blksnap status)
		mib=$((mib + 1))
		failer place "$place" 1
		change ${mib}M
		p=$(awk 'NR == 1 { print $2 }' /sys/kernel/debug/failer)
		failer off
		expect "$place" "$p" 'the place that failed'
		# not only when the next event shows the gap
		after=$(field seq blksnap status)
		wait_until "[ \"\$(heard_of)\" = $after ]"
		mib=$((mib + 1))
		change ${mib}M
		after=$(field seq blksnap status)
		wait_until "[ \"\$(heard_of)\" = $after ]"
		expect $((mib << 20)) "$(known_low)" 'what the monitor believes'
		! grep -q '"type":"lost"' "$EVENTS" || lost=$((lost + 1))
		step "place $place: $((after - before)) events, $(grep -c '"type":"lost"' "$EVENTS") told as lost"
		kill "$events_pid"
	done
	# the message itself is such a place: nobody can have that event
	expect_that 'lost > 0'
	expect_ok rmmod failer
	expect_ok blksnap snapshot destroy nightly
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
	unload_module
}
