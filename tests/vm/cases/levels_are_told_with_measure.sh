# shellcheck shell=bash
DESCRIPTION='tell a level with hysteresis, again each second while it is low, and at most ten times a second'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)
client=${BLKSNAP_BUILD-}/tests/vm/tools/client

# Of the events of an area's level: time in ms, cause, level.
levels() { # SNAPSHOT
	sed -n '/"event":"area-level-ntf"/{
		/"name":"'"$1"'"/s/.*"cause":"\([a-z]*\)".*"time_ns":\([0-9]*\)[0-9]\{6\},.*"level":"\([a-z]*\)".*/\2 \1 \3/p
	}' "$EVENTS"
}
moves() { levels "$1" | awk '$2 == "level" { printf "%s%s", sep, $3; sep = " " }'; }
reminders() { levels "$1" | grep -c 'reminder low'; }
free_kib() { echo $((($(field area_total_bytes blksnap snapshot show "$1") - $(field area_used_bytes blksnap snapshot show "$1")) / 1024)); }

# Far apart, so that each block takes its own space; until so much is free.
next=0
fill_to() { # SNAPSHOT KIB
	local n=$((($(free_kib "$1") - $2) / 4))
	overwrite_units "$DISK0" $next 64 "$n"
	next=$((next + n * 64))
	expect "$2" "$(free_kib "$1")" 'KiB free'
}

test_case() {
	local id ms free n told
	load_module
	watch_events blksnap monitor -j
	expect_event '"type":"sync"' >/dev/null
	step 'hysteresis: low below 128 KiB, ok again from 256 KiB on'
	expect_ok blksnap snapshot create edge --device "$DISK0" --area "$DISK1:0+256K" --low 128K
	fill_to edge 132
	expect ok "$(field level blksnap snapshot show edge)"
	expect '' "$(levels edge)" 'levels told with more than low free'
	fill_to edge 124
	wait_until '[ "$(moves edge)" = low ]' 60
	expect_ok blksnap area extend edge "$DISK1:1M+64K"
	free=$(free_kib edge)
	expect_that '128 < free && free < 256' 'between low and clear'
	# said after the extension, and still low
	expect_event '"cause":"extended"' 60 >/dev/null
	expect_event '"cause":"reminder"' 60 >/dev/null
	expect low "$(moves edge)" 'levels between low and clear'
	expect_ok blksnap area extend edge "$DISK1:2M+64K"
	free=$(free_kib edge)
	expect_that '256 > free'
	expect_ok blksnap area extend edge "$DISK1:3M+64K"
	wait_until '[ "$(moves edge)" = "low ok" ]' 60
	fill_to edge 160
	expect ok "$(field level blksnap snapshot show edge)"
	fill_to edge 120
	wait_until '[ "$(moves edge)" = "low ok low" ]' 60

	step 'reminders, a second apart, while it is low'
	wait_until '[ "$(reminders edge)" -ge 4 ]' 60
	levels edge | awk '$2 == "level" { last = $3 == "low" ? $1 : 0 }
		$2 " " $3 == "reminder low" && (!last || $1 - last < 950) { print; bad = 1 }
		$2 == "reminder" { last = $1 }
		END { exit bad }' || fail "wanted reminders a second apart and after low alone, got: $(levels edge)"
	expect_ok blksnap area set edge --low 0
	wait_until '[ "$(moves edge)" = "low ok low ok" ]' 60
	id=$(reminders edge)
	sleep 2.5
	expect "$id" "$(reminders edge)" 'reminders when it is ok'
	expect_ok blksnap snapshot destroy edge

	step 'a threshold that is passed already when the snapshot is made'
	expect_ok blksnap snapshot create born --device "$DISK0" --area "$DISK1:0+1M" --low 2M
	wait_until '[ "$(moves born)" = low ]' 60

	step 'a level that flaps is told ten times a second'
	id=$(field id blksnap snapshot show born)
	# for so long, however fast the machine is
	ms=0
	while [ "$ms" -lt "$(scaled 1000 5000)" ] || [ "$(moves born | wc -w)" -lt 4 ]; do
		ms=$((ms + $("$client" flap "$id" 300))) || fail 'cannot set thresholds'
	done
	wait_until '[ "$(field level blksnap snapshot show born)" = ok ]' 60
	wait_until '[ "$(moves born | sed "s/.* //")" = ok ]' 60
	levels born | awk -v ms="$ms" '$2 != "level" { next }
		last && $1 - last < 95 { print "two within", $1 - last, "ms"; bad = 1 }
		$3 == level && level == "ok" { print "ok told again"; bad = 1 }
		{ last = $1; level = $3; n++ }
		END {
			printf "%d levels told in %d ms of flapping\n", n, ms
			exit bad || level != "ok" || n < 3
		}' || fail "wanted levels 100 ms apart, ok in the end, got: $(levels born)"

	step 'low, ok and low again before the next may be told: low is told once more'
	# as far as the first low was told before the last one
	for ((told = 0; told < 20; told++)); do
		"$client" set "$id" low=0 >/dev/null
		wait_until '[ "$(moves born | sed "s/.* //")" = ok ]'
		sleep 0.2
		n=$(levels born | grep -c 'level low')
		"$client" flap "$id" 3 30 >"$SCRATCH/flap" || fail 'cannot set thresholds'
		wait_until '[ "$(moves born | sed "s/.* //")" = low ]'
		sleep 0.5
		[ "$(levels born | grep -c 'level low')" -lt $((n + 2)) ] || break
	done
	expect_that 'told < 20' 'tries until low was told twice'
	expect_ok blksnap snapshot destroy born

	step 'what readers give up is free, and told of'
	next=0
	expect_ok blksnap snapshot create read --device "$DISK0" --area "$DISK1:0+256K" --low 64K
	fill_to read 60
	wait_until '[ "$(moves read)" = low ]' 60
	wait_until '[ "$(field store_bytes blksnap device show "$DISK0")" -ge $((196 * 1024)) ]'
	expect_ok blksnap image release read "$DISK0" 0+64M >/dev/null
	wait_until '[ "$(moves read)" = "low ok" ]' 60
	expect 256 "$(free_kib read)" 'KiB free'
	expect_ok blksnap snapshot destroy read
	expect_nothing_left
}
