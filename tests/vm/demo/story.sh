#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# story - what ../demo.sh tells, inside the guest.
#
# $SHARE holds what the host knows: documents.sums and pictures.sums, taken
# from the originals. What held and what did not goes to $SHARE/result.
# Disks: 0 documents, 1 pictures, 2 area, 3 and 4 backups, 5 and 6 the trees.

set -u
HERE=$BLKSNAP_TOP/tests/vm/demo
documents=${DISK0}1 pictures=$DISK1 area=$DISK2
journals=/run/demo/journals
held=0 failed=()
mkdir -p "$journals" /srv/documents /srv/pictures /past/documents /past/pictures
bold='' plain='' green='' red='' dim=''
if [ -n "$DEMO_COLOR" ]; then
	bold=$'\e[1m' plain=$'\e[0m' green=$'\e[32m' red=$'\e[1;31m' dim=$'\e[2m'
fi

# ---- telling -------------------------------------------------------------------

chapter_nr=0
chapter() {
	chapter_nr=$((chapter_nr + 1))
	printf '\n%s%d. %s%s\n\n' "$bold" $chapter_nr "$*" "$plain"
}
say() { printf '   %s\n' "$@" | sed 's/ *$//'; }
indent() { sed -u 's/^/     /'; }

typed() { # LINE: long ones go on in the next line
	fold -s -w 80 <<<"$1" | sed -e '$!s/$/\\/' -e "1s/^/   $bold\$ /" -e '1!s/^/         /' -e "\$s/\$/$plain/"
}
# A command the reader could type; what it prints is shown.
show() { # COMMAND...
	typed "$*"
	"$@" 2>&1 | indent
	[ "${PIPESTATUS[0]}" = 0 ] || broken "'$*' failed"
}
broken() {
	printf '\n%sdemo: cannot go on: %s%s\n' "$red" "$*" "$plain"
	blksnap status 2>&1 | indent
	dmesg | tail -n 15 | indent
	exit 1
}
quietly() { # COMMAND...
	local out
	out=$("$@" 2>&1) || broken "'$*' failed: $out"
}
verdict() { # ok|no SENTENCE
	if [ "$1" = ok ]; then
		held=$((held + 1))
		printf '   %s[holds]%s %s\n' "$green" "$plain" "$2"
	else
		failed+=("$2")
		printf '   %s[DOES NOT HOLD]%s %s\n' "$red" "$plain" "$2"
	fi
}
# A comparison: the command says with its status whether it holds. What it
# prints is shown when it does not.
compare() { # SENTENCE COMMAND...
	local sentence=$1 out
	shift
	if out=$("$@" 2>&1); then
		verdict ok "$sentence"
	else
		verdict no "$sentence"
		head -n 30 <<<"$out" | indent
	fi
}
now() { read -r time _ </proc/uptime && echo "$time"; }
mib() { awk -v n="$1" 'BEGIN { printf "%.1f MiB", n / 1048576 }'; }
count() { wc -l <"$1"; }

# ---- looking -------------------------------------------------------------------

# A number out of JSON with one field a line: field NAME < DOCUMENT
field() { sed -n "s/^ *\"$1\": \"\\{0,1\\}\\([^\",]*\\)\"\\{0,1\\},\\{0,1\\}\$/\\1/p" | head -n 1; }
image() { blksnap image path "$1" "$2"; }
event_seen() { grep -q "$1" /run/demo/events; }
wait_for() { # SECONDS WHAT COMMAND...
	local end=$((SECONDS + $1)) what=$2
	shift 2
	until "$@"; do
		[ $SECONDS -lt $end ] || broken "waited in vain for $what"
		sleep 0.2
	done
}
sums_hold() { # FOLDER SUMS: these files have these contents, and there are no others
	(cd "$1" && sha256sum --quiet -c "$2") || return 1
	diff <(sed 's/^[0-9a-f]*  //' "$2" | sort) \
		<(cd "$1" && find usr -type f | sort)
}
judge() { # DOCUMENTS PICTURES SINCE UNTIL
	local said
	said=$("$HERE/work.py" judge "$journals" "$@" 2>&1)
	[ "$(grep -c $'\t' <<<"$said")" = 5 ] || broken "the judge of the work said: $said"
	while IFS=$'\t' read -r good sentence; do
		verdict "$good" "$sentence"
	done <<<"$said"
}
# What the four programs did between two times, and the longest it took.
work_done() { # SINCE UNTIL
	awk -v since="$1" -v until="$2" '
	$2 == "begin" { begun[FILENAME] = $1 }
	$2 == "done" && $1 >= since && begun[FILENAME] <= until {
		n++
		if ($1 - begun[FILENAME] > longest)
			longest = $1 - begun[FILENAME]
	}
	END { printf "%d %d\n", n, longest * 1000 }' "$journals"/{ledger,documents,pictures,notes}
}
no_errors() { [ ! -s "$journals/errors" ] || { cat "$journals/errors"; return 1; }; }
overwrite() { # ONE: files number ONE, ONE+3, ONE+6 … of both trees, in place
	awk -v one="$1" 'FNR % 3 == one' /run/demo/files | tr '\n' '\0' | xargs -0 shred -n 1 -x
}
reads_fail() { # IMAGE
	local out
	out=$(dd if="$1" of=/dev/null bs=64K count=1 iflag=direct 2>&1) && { echo 'it can be read'; return 1; }
	grep -q 'Input/output error' <<<"$out" || { echo "$out"; return 1; }
}
grew() { # SNAPSHOT BYTES: it still is one, with a larger area
	local shown
	shown=$(blksnap -j snapshot show "$1")
	echo "$shown"
	[ "$(field state <<<"$shown")" = taken ] && [ "$(field area_total_bytes <<<"$shown")" -gt "$2" ]
}
low_then_overflow() { # SNAPSHOT
	grep "$1: " /run/demo/events
	awk -v low="$1: area low" -v full="$1: .*overflow" '
	$0 ~ full { n++ }
	$0 ~ low && !n { first = 1 }
	END { exit !(first && n == 1) }' /run/demo/events
}
no_gap() {
	awk '
	$3 ~ /^#/ {
		n = substr($3, 2) + 0
		if (NR > 1 && n != last + 1) {
			print "after " last " came " n
			exit 1
		}
		last = n
	}' /run/demo/events
}
# A frozen XFS keeps its counts of free space in the log, and what it holds back
# for itself out of them; whatever else xfs_repair says is damage.
xfs_whole() { # DEV
	local out
	out=$(xfs_repair -n "$1" 2>&1)
	[ $? -le 1 ] || { echo "$out"; return 1; }
	! grep -vE '^ +- |^Phase |^No modify|^ALERT: .* in a log|^ignored because the -n|^which may be resolved|^sb_(fdblocks|ifree|icount) ' <<<"$out"
}
# Copies ranges, "START LENGTH" in bytes a line, from one device to another.
copy_ranges() { # FROM TO < RANGES
	local start length
	while read -r start length; do
		dd if="$1" of="$2" bs=1M skip="$start" count="$length" seek="$start" \
			iflag=skip_bytes,count_bytes oflag=seek_bytes conv=notrunc status=none || return 1
	done
}

# ---- 1 ---------------------------------------------------------------------------

chapter 'Two file systems at work'
printf 'label: gpt\n2048,-\n' | sfdisk -q "$DISK0" || broken 'cannot partition'
wait_for 10 'the partition' test -b "$documents"
quietly mkfs.ext4 -q "$documents"
quietly mkfs.xfs -q "$pictures"
quietly mount "$documents" /srv/documents
quietly mount "$pictures" /srv/pictures
quietly tar -xf "$DISK5" -C /srv/documents
quietly tar -xf "$DISK6" -C /srv/pictures
for tree in documents pictures; do
	sed "s,^[0-9a-f]*  ,/srv/$tree/," "$SHARE/$tree.sums"
done >/run/demo/files
sync
"$HERE/work.py" run "$journals" /srv/documents /srv/pictures &
work=$!
say "/srv/documents  ext4 on $documents, $(mib "$(blockdev --getsize64 "$documents")"): $(count "$SHARE/documents.sums") files" \
	"/srv/pictures   xfs on $pictures, $(mib "$(blockdev --getsize64 "$pictures")"): $(count "$SHARE/pictures.sums") files" \
	'' \
	'Four programs work on them from now to the end, and note on the side what was' \
	'acknowledged to them: one moves money in a SQLite database, two write, change,' \
	'rename and delete files, one writes a number to documents and then to pictures.' ''
cd "${BLKSNAP_MODULE%/*}" || broken 'the module is not built'
show insmod blksnap.ko
blksnap monitor >/run/demo/events 2>&1 &
monitor=$!
tail -n +1 -F /run/demo/events 2>/dev/null |
	sed -u -n -E "/this is the state/d; s/^[-0-9]+ [0-9:.]+ +(#[0-9]+) +(.*)/${dim}      event \1  \2$plain/p" &
teller=$!
wait_for 30 'blksnap monitor' event_seen 'this is the state'
show blksnap device attach "$documents" "$pictures"
working() { [ -s "$journals/$1" ]; }
for program in ledger documents pictures notes; do
	wait_for 60 "$program to begin" working "$program"
done
sleep 1

# ---- 2 ---------------------------------------------------------------------------

chapter 'A snapshot: one instant for both'
say 'What is overwritten from now on is kept in 12 MiB of another disk. A listener gives' \
	'it more when an event says that it runs low; "blksnap monitor" tells us the events.' ''
"$HERE/listener.sh" monday "$area" 12 24 > >(sed -u "s/^/${dim}   listener: /; s/\$/$plain/") 2>&1 &
listener=$!
since=$(now)
show blksnap snapshot create monday --device "$documents" --device "$pictures" \
	--area "$area:0+12M" --low 50% --grace 20s
until=$(now)
blksnap snapshot show monday >/run/demo/monday
mapfile -t numbers < <(awk '$1 == "since-number" { print $2 }' /run/demo/monday)
sleep 0.5
taken=$(awk '/frozen  /{ f = $2 " " $3 } /writes held/ { h = $3 " " $4 } END { print h ", file systems frozen for " f }' /run/demo/monday)
read -r operations longest < <(work_done "$since" "$until")
say '' "Writes were held for $taken." \
	"None of the $operations operations of the programs meanwhile took longer than $longest ms."

# ---- 3 ---------------------------------------------------------------------------

chapter 'A bad day: somebody overwrites every third file, in place'
show_from=$(now)
overwrite 0 2>/run/demo/shred &
shredding=$!
busy() { [ "$(blksnap -j snapshot show monday | field area_used_bytes)" -gt 3000000 ] || ! kill -0 $shredding 2>/dev/null; }
wait_for 60 'the area to fill' busy
picture=$(blksnap-top --once --width 88 ${DEMO_ASCII:+--ascii} | sed 's/^/   /')
printf '   %s$ blksnap-top%s\n%s\n' "$bold" "$plain" "$picture"
wait $shredding || broken "shred: $(tail -n 3 /run/demo/shred)"
awk 'FNR % 6 == 0' /run/demo/files | tr '\n' '\0' | xargs -0 rm
wait_for 60 'the event that says it runs low' event_seen 'monday: area low'
wait_for 60 'the extension' event_seen 'monday: extended'
sync
sleep 0.5
copied=$(($(blksnap -j device show "$documents" | field cow_bytes) + $(blksnap -j device show "$pictures" | field cow_bytes)))
read -r operations longest < <(work_done "$show_from" "$(now)")
say '' "$(mib $copied) of old content were copied to the area before they were overwritten." \
	"The programs went on: $operations operations, the longest took $longest ms."
compare 'the area ran low, was extended in time, and the snapshot is whole' \
	grew monday $((12 << 20))

# ---- 4 ---------------------------------------------------------------------------

chapter 'The past, file by file'
A=$(image monday "$documents")
B=$(image monday "$pictures")
say "The images are $A and $B." 'They are clean without any replay of a journal.' ''
compare "e2fsck -fn $A: clean" e2fsck -fn "$A"
compare "xfs_repair -n $B: nothing to repair (but the free count, which is in the log)" xfs_whole "$B"
show mount -o ro,noload "$A" /past/documents
show mount -o ro,norecovery,nouuid "$B" /past/pictures
for tree in documents pictures; do
	compare "$tree: all $(count "$SHARE/$tree.sums") files have the sha256 sums of the originals" \
		sums_hold "/past/$tree" "$SHARE/$tree.sums"
done
judge /past/documents /past/pictures "$since" "$until"
umount /past/documents /past/pictures || broken 'cannot unmount the images'

# ---- 5 ---------------------------------------------------------------------------

chapter 'Backups: all of it once, then only what changed'
show dd if="$A" of="$DISK3" bs=1M conv=notrunc status=none
show dd if="$B" of="$DISK4" bs=1M conv=notrunc status=none
show blksnap snapshot destroy monday
sleep 0.5
say ''
show blksnap snapshot create tuesday --device "$documents" --device "$pictures" --area "$area:0+128M"
sleep 0.5
A=$(image tuesday "$documents")
B=$(image tuesday "$pictures")
incremental() { # NAME DEV IMAGE BACKUP NUMBER
	blksnap cbt export "$2" --since "$5" >/run/demo/ranges || broken "no ranges of $2"
	copy_ranges "$3" "$4" </run/demo/ranges || broken "cannot copy from $3"
	typed "blksnap cbt export $2 --since $5"
	bytes=$(awk '{ n += $2 } END { print n + 0 }' /run/demo/ranges)
	say "  $(count /run/demo/ranges) ranges, $(mib "$bytes") of $(mib "$(blockdev --getsize64 "$3")"), copied with dd onto the backup of monday"
	compare "$1: the backup equals the image of tuesday, byte for byte" \
		cmp -n "$(blockdev --getsize64 "$3")" "$3" "$4"
}
incremental documents "$documents" "$A" "$DISK3" "${numbers[0]}"
incremental pictures "$pictures" "$B" "$DISK4" "${numbers[1]}"
show blksnap snapshot destroy tuesday
sleep 0.5

# ---- 6 ---------------------------------------------------------------------------

chapter 'An area that is too small'
say 'Nobody listens now, and 2 MiB are all there is: the snapshot is lost, the work is not.' ''
since=$(now)
show blksnap snapshot create wednesday --device "$documents" --device "$pictures" --area "$area:0+2M"
A=$(image wednesday "$documents")
B=$(image wednesday "$pictures")
overwrite 1 2>/run/demo/shred || broken "shred: $(tail -n 3 /run/demo/shred)"
wait_for 30 'the event of the overflow' event_seen 'wednesday: .*overflow'
sleep 1
until=$(now)
for image in "$A" "$B"; do
	compare "reading $image gives EIO" reads_fail "$image"
done
compare 'the event that it runs low came before the one that it overflowed, and that one once' \
	low_then_overflow wednesday
show blksnap snapshot destroy wednesday
read -r operations longest < <(work_done "$since" "$until")
compare "the programs did $operations operations meanwhile, the longest took $longest ms, none failed" \
	no_errors
[ "$operations" -gt 0 ] || broken 'the programs stand still'

# ---- 7 ---------------------------------------------------------------------------

chapter 'And the file systems themselves'
kill "$work"
wait "$work"
status=$?
compare 'the four programs ended without an error' test "$status" = 0 -a ! -s "$journals/errors"
for tree in documents pictures; do
	# what was not overwritten: every third file
	awk -v first="$([ $tree = documents ] || count "$SHARE/documents.sums")" '(FNR + first) % 3 == 2' \
		"$SHARE/$tree.sums" >"/run/demo/$tree.rest"
	compare "$tree: the $(count "/run/demo/$tree.rest") files nobody touched are as they were" \
		eval "cd /srv/$tree && sha256sum --quiet -c /run/demo/$tree.rest"
done
judge /srv/documents /srv/pictures "$(now)" "$(now)"
kill "$listener" 2>/dev/null
quietly umount /srv/documents /srv/pictures
compare "e2fsck -fn $documents: clean" e2fsck -fn "$documents"
compare "xfs_repair -n $pictures: nothing to repair" xfs_repair -n "$pictures"
show blksnap device detach "$documents" "$pictures"
sleep 0.5
compare 'the events were numbered without a gap' \
	no_gap
kill "$monitor"
wait "$monitor" 2>/dev/null
kill "$teller" 2>/dev/null
show rmmod blksnap

printf '%s %s\n' $held ${#failed[@]} >"$SHARE/result"
if [ ${#failed[@]} -gt 0 ]; then
	printf '\n%sThese comparisons do not hold:%s\n' "$red" "$plain"
	say "${failed[@]}"
	exit 1
fi
