# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# lib.sh - the verbs of guest cases. Sourced by ./case inside a guest.
#
# A verb that does not get what it wants says "wanted …, got …" with the place
# in the case, and ends the case. Facts a case may use: $KERNEL (6.1, 6.12,
# 7.3, debug …), $SIZE (quick, full), $DISK0 …, $SCRATCH (a folder in memory).

diskpat=$BLKSNAP_BUILD/tests/vm/tools/diskpat

# ---- saying what happens -----------------------------------------------------

# Where in the case file we are.
place() {
	local i
	for i in "${!BASH_SOURCE[@]}"; do
		case ${BASH_SOURCE[i]} in
		"$CASES"/*)
			echo "${BASH_SOURCE[i]##*/}:${BASH_LINENO[i - 1]}"
			return;;
		esac
	done
	echo "$CASE"
}

# What is about to happen, with the seconds since the case began.
step() { echo "--- $* (${SECONDS} s)"; }

# The last line of the log that begins with "fail:" or "skip:" is the reason
# shown. Both end the case from a subshell too, as in $(expect_event …).
fail() { # WORD...
	echo "fail: $(place): $*" >&2
	[ "$BASHPID" = "$CASE_PID" ] || kill -USR1 "$CASE_PID"
	exit 1
}

skip() { # REASON...
	echo "skip: $*" >&2
	[ "$BASHPID" = "$CASE_PID" ] || kill -USR2 "$CASE_PID"
	exit 77
}

# ./dev installs all that a full run needs: what is missing there has no excuse.
missing() { # WHAT
	[ "$SIZE" != full ] || fail "$1 is not installed; ./dev test --full installs it"
	skip "$1 is not installed"
}

need() { # PROGRAM...
	local p
	for p; do
		command -v "$p" >/dev/null || missing "$p"
	done
}

# Runs a command when the case ends, however it ends; the last one first.
deferred=()
defer() { deferred+=("$(printf '%q ' "$@")"); }
run_deferred() {
	local i
	for ((i = ${#deferred[@]} - 1; i >= 0; i--)); do
		eval "${deferred[i]}"
	done
	deferred=()
}

# The kernels built here look at everything that is done, and take their time;
# so does a processor that is not the host's.
slow_kernel() { [ "$KERNEL" = debug ] || [ "$KERNEL" = kcsan ] || [[ $KERNEL = *-arm64 || $KERNEL = *-s390x ]]; }

# A number that fits the size and the kernel: scaled QUICK FULL [SLOW-KERNEL].
scaled() {
	if slow_kernel; then
		echo "${3:-$(($1 / 4 > 0 ? $1 / 4 : 1))}"
	elif [ "$SIZE" = full ]; then
		echo "$2"
	else
		echo "$1"
	fi
}

# ---- wanted and got ----------------------------------------------------------

expect() { # WANT GOT [WHAT...]
	[ "$1" = "$2" ] || fail "${*:3}${3+: }wanted '$1', got '$2'"
}

expect_match() { # REGEX TEXT [WHAT...]
	grep -qE -- "$1" <<<"$2" || fail "${*:3}${3+: }wanted a match of '$1', got '$2'"
}

# Arithmetic: expect_that 'b <= a && a <= b + 1' [WHAT...]; shows the values of its names.
expect_that() {
	local name values=''
	(($1)) && return
	while read -r name; do
		values+=" $name=${!name}"
	done < <(grep -oE '[A-Za-z_][A-Za-z_0-9]*' <<<"$1" | sort -u)
	fail "${*:2}${2+: }wanted $1, got$values"
}

expect_ok() { # COMMAND...
	local out status=0
	out=$("$@" 2>&1) || status=$?
	[ -z "$out" ] || printf '%s\n' "$out"
	[ $status = 0 ] || fail "wanted '$*' to succeed, got status $status: $out"
}

# The command must end with this status ("any": any but 0), and with --says, say
# something that matches.
expect_fail() { # STATUS|any [--says REGEX] COMMAND...
	local want=$1 says='' out status=0
	shift
	if [ "$1" = --says ]; then
		says=$2
		shift 2
	fi
	out=$("$@" 2>&1) || status=$?
	[ -z "$out" ] || printf '%s\n' "$out"
	[ $status != 0 ] || fail "wanted '$*' to fail with $want, got success"
	[ "$want" = any ] || [ "$want" = $status ] ||
		fail "wanted '$*' to fail with $want, got $status: $out"
	[ -z "$says" ] || grep -qE -- "$says" <<<"$out" ||
		fail "wanted '$*' to say '$says', got: $out"
}

# Waits for a condition (shell text) to come true, a minute unless told; a slow
# kernel gets four times as long. Of a machine that stood still the time alone
# tells nothing, so it looks a few times in any case.
wait_until() { # CONDITION [SECONDS]
	local limit=${2:-60} end looks=0
	! slow_kernel || limit=$((limit * 4))
	end=$((SECONDS + limit))
	until eval "$1"; do
		[ $SECONDS -lt $end ] || [ $((looks += 1)) -lt 20 ] ||
			fail "wanted '$1' within $limit s, got nothing of it"
		sleep 0.1
	done
}

# That a task waits for minutes is meant, and nothing the kernel is to complain of.
tasks_may_hang() {
	local limit=/proc/sys/kernel/hung_task_timeout_secs
	defer sh -c "echo $(cat $limit) >$limit"
	echo 0 >$limit
}

# ---- the module --------------------------------------------------------------

module_loaded() { [ -d /sys/module/blksnap ]; }

load_module() { # [PARAMETER=VALUE...]
	[ -e "$BLKSNAP_MODULE" ] || fail "$BLKSNAP_MODULE is not built"
	insmod "$BLKSNAP_MODULE" "$@" || fail "cannot load the module: $(dmesg | tail -n 3)"
	[ ! -e $kcsan ] || watch_races
}

kcsan=/sys/kernel/debug/kcsan

# The kernel has races of its own; those are told whose both sides are ours.
watch_races() {
	[ -n "${races_watched-}" ] || echo whitelist >$kcsan
	races_watched=1
	awk '$NF == "[blksnap]" && tolower($2) == "t" { print "!blksnap:" $3 }' /proc/kallsyms |
		while read -r function; do echo "$function" >$kcsan; done 2>/dev/null
	echo on >$kcsan
}

unload_module() {
	local out
	# a device that was detached, or a list that is read, lets go of it a moment later
	for _ in {1..100}; do
		out=$(rmmod blksnap 2>&1) && break
		[[ $out == *'in use'* ]] || break
		sleep 0.1
	done
	! module_loaded || fail "cannot unload the module: $out"
}

# Loads what lets allocations and requests of the module fail: tests/vm/tools/failer.
load_failer() { # [PARAMETER=VALUE...]
	local ko=${BLKSNAP_MODULE%/*}/failer/failer.ko bytes at
	[ -e "$ko" ] || fail "$ko is not built: tests/vm/tools/failer/make"
	read -r _ bytes _ _ _ at _ < <(grep '^blksnap ' /proc/modules)
	insmod "$ko" text="$at" text_bytes="$bytes" "$@" || fail 'cannot load what fails allocations'
}
failer() { echo "$*" >/sys/kernel/debug/failer; } # COMMAND...

# What nothing refers to any more, if anything. Two scans, for the first only finds what
# to look at again.
memory_leaks() { # LOG
	for _ in 1 2; do
		sleep 3
		echo scan >/sys/kernel/debug/kmemleak
	done
	cat /sys/kernel/debug/kmemleak >"$1"
	[ -s "$1" ]
}

# ---- contents ----------------------------------------------------------------

# 64 bits that stand for the content: checksum DEV [FIRST [COUNT]] (sectors).
# What cannot be read equals nothing, itself included.
checksum() { "$diskpat" sum "$@" || echo "unreadable-$BASHPID-$RANDOM"; }

# Marks every sector with its number and a generation; check_stamp verifies it.
stamp() { "$diskpat" stamp "$@" || fail "cannot stamp $1"; } # DEV GENERATION [FIRST [COUNT]]
check_stamp() { # DEV LOW[-HIGH] [FIRST [COUNT]]
	local out
	out=$("$diskpat" check "$@" 2>&1) || fail "$out"
}

# Random writes that the same seed repeats: see diskpat. Prints the bytes written.
scribble() { "$diskpat" scribble "$@" || fail "cannot write to $1"; } # DEV SEED COUNT [OPTION...]

expect_same() { # FILE FILE [WHAT...]
	local out
	out=$("$diskpat" diff "$1" "$2" 2>&1) || fail "${*:3}${3+: }wanted the same content, got: $out"
}

expect_differ() { # FILE FILE [WHAT...]
	! "$diskpat" diff "$1" "$2" >/dev/null 2>&1 ||
		fail "${*:3}${3+: }wanted $1 and $2 to differ, got the same content"
}

# The numbers of the units that differ, one a line.
differing_units() { # FILE FILE UNIT-BYTES
	"$diskpat" diff "$1" "$2" "$3" || :
}

drop_caches() { # [DEV...]
	local dev
	sync
	for dev; do
		blockdev --flushbufs "$dev"
	done
	echo 3 >/proc/sys/vm/drop_caches
}

# ---- snapshots ---------------------------------------------------------------

# The first value of KEY in what a command prints as JSON.
field() { # KEY COMMAND...
	# shellcheck disable=SC2020 # a set of characters is meant
	"${@:2}" -j | tr '{,' '\n' | sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\"}]*\).*/\1/p" | head -n 1
}

state_of() { field state blksnap snapshot show "$1"; } # SNAPSHOT

# Where changes of DEV are counted from: GENERATION:NUMBER of the running interval.
interval_of() { blksnap cbt info "$1" | awk '$1 == "generation" { g = $2 } $1 == "interval" { print g ":" $2 }'; } # DEV

# Direct writes of one unit (4 KiB), COUNT of them from unit FIRST on, STEP apart.
overwrite_units() { # DEV FIRST STEP COUNT [BYTE]
	local out
	out=$(awk -v first="$2" -v step="$3" -v n="$4" -v byte="${5:-238}" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "pwrite -q -S %d %.0f 4k\n", byte, (first + i * step) * 4096
	}' | xfs_io -d "$1" 2>&1)
	[ -z "$out" ] || fail "cannot write to $1: $out"
}

# Of the medium, not of pages read before: checksum after the caches of DEV are dropped.
fresh_checksum() { # DEV [FIRST [COUNT]]
	blockdev --flushbufs "$1"
	checksum "$@"
}

# "snapshot create" of what is being written: its gates are closed for two seconds
# at most, and the machine may stand still for longer.
create_under_writes() { # ARG...
	local out
	for _ in {1..10}; do
		out=$(blksnap snapshot create "$@" 2>&1) && { printf '%s\n' "$out"; return; }
		[[ $out == *'took too long'* ]] || break
	done
	fail "wanted a snapshot, got: $out"
}

# No snapshot, no tracked device, no image.
expect_nothing_left() {
	expect '' "$(blksnap snapshot list | sed 1d)" 'snapshots'
	expect '' "$(blksnap device list | sed 1d)" 'devices'
	expect '/dev/blksnap*' "$(echo /dev/blksnap*)" 'images'
}

# ---- events ------------------------------------------------------------------

# A subscriber in the background; its lines go to $EVENTS.
EVENTS=''
events_seen=0
watch_events() { # [COMMAND...], default blksnap monitor
	EVENTS=$SCRATCH/events
	events_seen=0
	[ $# -gt 0 ] || set -- blksnap monitor
	: >"$EVENTS"
	stdbuf -oL "$@" >"$EVENTS" 2>&1 &
	events_pid=$!
	defer kill "$events_pid"
}

# The next line that matches, past the one found before; printed.
expect_event() { # REGEX [SECONDS]
	local limit=${2:-60} end at looks=0
	! slow_kernel || limit=$((limit * 4))
	end=$((SECONDS + limit))
	while :; do
		at=$(awk -v from="$events_seen" -v re="$1" 'NR > from && $0 ~ re { print NR; exit }' "$EVENTS")
		if [ -n "$at" ]; then
			events_seen=$at
			sed -n "${at}p" "$EVENTS"
			return
		fi
		[ $SECONDS -lt $end ] || [ $((looks += 1)) -lt 20 ] ||
			fail "wanted event '$1' within $limit s, got: $(tail -n +$((events_seen + 1)) "$EVENTS")"
		sleep 0.1
	done
}

# How many lines match, from the beginning.
count_events() { grep -cE -- "$1" "$EVENTS"; }

# ---- memory ------------------------------------------------------------------

# KiB that would be free without caches. Free pages that wait in a processor's
# own list, tens of megabytes at times, are not in the kernel's sum.
memory_available() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	awk '$1 == "MemAvailable:" { n += $2 } $1 == "count:" { n += $2 * 4 } END { print n }' \
		/proc/meminfo /proc/zoneinfo
}

# Active objects of the slab caches whose names match.
slab_objects() { # REGEX
	awk -v re="$1" 'NR > 2 && $1 ~ re { n += $2 } END { print n + 0 }' /proc/slabinfo
}

# Remembers; then complains when less came back.
memory_mark() { MEMORY_MARK=$(memory_available); }
expect_memory_returned() { # KIB-TOLERATED
	local got lost limit=$((SECONDS + 30)) looks=0
	while :; do
		got=$(memory_available)
		lost=$((MEMORY_MARK - got))
		[ $lost -gt "$1" ] || return 0
		[ $SECONDS -lt $limit ] || [ $((looks += 1)) -lt 20 ] ||
			fail "wanted at most $1 KiB less available than before, got $lost KiB less"
		sleep 0.5
	done
}

# ---- the kernel's log --------------------------------------------------------

# What the kernel has said since this case began.
case_log() { dmesg | awk -v mark="blksnap-case: $CASE begins" 'on; index($0, mark) { on = 1 }'; }

# What of it is a complaint, and not allowed to this case; one awk, for
# starting a program is what costs time in a guest.
complaints() {
	dmesg | awk -v mark="blksnap-case: $CASE begins" -v allow="${ALLOW_LOG:-^$}" '
	BEGIN {
		while ((getline line <ARGV[1]) > 0)
			re = re (re == "" ? "" : "|") "(" line ")"
		ARGV[1] = ""
	}
	index($0, mark) { on = 1; next }
	!on { next }
	$0 ~ re && $0 !~ allow { more = 9 }
	more-- > 0 && shown++ < 40' "$BLKSNAP_TOP/tests/vm/guest/complaints"
}

# Asked after every case anyway; a case asks where it wants to know sooner.
dmesg_clean() {
	local got
	got=$(complaints)
	[ -z "$got" ] || fail "wanted a clean kernel log, got: $got"
}

# ---- disks from outside ------------------------------------------------------

# One QMP command to the machine; prints the answer.
qmp() { # JSON
	local line
	exec 7<>/run/vm/qmp || fail 'no way to the machine'
	# negotiated once in a machine's life; whatever the answer is, it bears this id
	printf '{"execute":"qmp_capabilities","id":"hello"}\n%s\n' "$1" >&7
	while read -r -t 10 line <&7; do
		case $line in
		*'"QMP"'*|*'"event"'*|*'"hello"'*) ;;
		*'"return"'*|*'"error"'*)
			exec 7>&-
			printf '%s\n' "$line"
			case $line in *'"error"'*) return 1;; esac
			return 0;;
		esac
	done
	exec 7>&-
	fail "no answer to $1"
}

disk_path() { # NR
	local name=DISK$1
	echo "${!name}"
}

# Pulls a disk out, as a surprise removal does. "host": the machine asks the
# guest to let go of it (SCSI, or a kernel with ACPI).
unplug() { # NR [host]
	local dev name
	dev=$(disk_path "$1")
	name=${dev##*/}
	if [ "${2-}" = host ]; then
		qmp "{\"execute\":\"device_del\",\"arguments\":{\"id\":\"disk$1\"}}" || fail "cannot unplug disk $1"
	elif [ -e "/sys/block/$name/device/delete" ]; then
		echo 1 >"/sys/block/$name/device/delete"
	else
		echo 1 >"/sys/block/$name/device/../remove"
	fi
	wait_until "[ ! -e /sys/block/$name ]"
	: >"/run/vm/unplugged$1"
}

resize_disk() { # NR BYTES
	local dev
	dev=$(disk_path "$1")
	qmp "{\"execute\":\"block_resize\",\"arguments\":{\"node-name\":\"$(top_node "$1")\",\"size\":$2}}" ||
		fail "cannot resize disk $1"
	[ ! -e "/sys/block/${dev##*/}/device/rescan" ] || echo 1 >"/sys/block/${dev##*/}/device/rescan"
	wait_until "[ \$(blockdev --getsize64 $dev) = $2 ]"
}

top_node() { # NR
	qmp '{"execute":"query-named-block-nodes","arguments":{"flat":true}}' |
		grep -q "\"d$1-slow\"" && echo "d$1-slow" || echo "d$1-raw"
}

# From now on OP (read|write|discard|flush|write-zeroes) at these sectors fails.
fail_disk() { # NR OP SECTOR...
	local nr=$1 op=$2 sector rules=''
	shift 2
	for sector; do
		rules+="${rules:+,}{\"event\":\"none\",\"iotype\":\"$op\",\"errno\":5,\"once\":false,\"sector\":$sector}"
	done
	blkdebug_count=$((${blkdebug_count:-0} + 1))
	qmp "{\"execute\":\"blockdev-add\",\"arguments\":{\"driver\":\"blkdebug\",\"node-name\":\"d$nr-err$$-$blkdebug_count\",\"image\":\"d$nr-file\",\"discard\":\"unmap\",\"inject-error\":[$rules]}}" ||
		fail "cannot make disk $nr fail"
	under_disk "$nr" "d$nr-err$$-$blkdebug_count"
}

heal_disk() { under_disk "$1" "d$1-file"; } # NR

under_disk() { # NR NODE
	qmp "{\"execute\":\"blockdev-reopen\",\"arguments\":{\"options\":[{\"driver\":\"raw\",\"node-name\":\"d$1-raw\",\"discard\":\"unmap\",\"file\":\"$2\"}]}}" ||
		fail "cannot put $2 under disk $1"
}

# A new limit for a disk that was given one (iops= or bps=); 0 is none.
limit_disk() { # NR IOPS [BPS]
	qmp "{\"execute\":\"qom-set\",\"arguments\":{\"path\":\"/objects/d$1-limit\",\"property\":\"limits\",\"value\":{\"iops-total\":$2,\"bps-total\":${3:-0}}}}" ||
		fail "disk $1 has no limit to change"
}

# A disk that answers later: /dev/mapper/NAME over DEV.
delay_disk() { # NAME DEV READ-MS WRITE-MS
	modprobe dm-delay || skip 'no dm-delay'
	dmsetup create "$1" --table "0 $(blockdev --getsz "$2") delay $2 0 $3 $2 0 $4" ||
		fail "cannot delay $2"
	defer dmsetup remove --retry "$1"
}
