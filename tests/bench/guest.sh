# shellcheck shell=bash disable=SC2086 # numbers, and lists of words
# SPDX-License-Identifier: GPL-2.0-or-later
#
# guest.sh - the half of the benchmark that runs in a guest. Figures go to
# standard output, a line each, for ./run to make a table of:
#
#	fig SUBJECT ROW REQUESTS KIB MILLISECONDS
#	copied SUBJECT ROW BYTES-READ BYTES-STORED BYTES-OVERWRITTEN
#	wrong SUBJECT WHAT
#	curve SUBJECT MILLISECONDS REQUESTS-PER-SECOND
#	counted SUBJECT ROW REQUESTS
#	note WORD...
#
# $ROWS and $SUBJECTS say what is wanted. $COUNT is a folder if instructions are
# counted by the emulator: fio.so there tells it from where to where.

set -u
MB=$((1 << 20))

note() { echo "note $*"; }
die() {
	echo "bench: $*" >&2
	exit 1
}
row() { # NAME... is one of them wanted?
	local name
	for name; do
		case " $ROWS " in *" $name "*) return 0;; esac
	done
	return 1
}

# A disk in memory; $made is its node.
null_blk() { # NAME MIB [KEY=VALUE...]
	local dir=/sys/kernel/config/nullb/$1 i
	mkdir "$dir" || die 'null_blk makes no disk'
	for i in size=$2 memory_backed=1 queue_mode=2 irqmode=0 blocksize=512 "${@:3}" power=1; do
		echo "${i#*=}" >"$dir/${i%=*}" || die "null_blk does not take $i"
	done
	# Named after its folder, in older kernels by number.
	for i in {1..100}; do
		for made in "/dev/$1" "/dev/nullb$(cat "$dir/index")"; do
			[ ! -b "$made" ] || return 0
		done
		sleep 0.1
	done
	die "no disk $1"
}

# ---- measuring ---------------------------------------------------------------

depth=1
# SUBJECT ROW DEV read|write|randread|randwrite BLOCK OFFSET SIZE [FIO-OPTION...]
measure() {
	local subject=$1 row=$2 field=46 line f count=() requests=$(($7 / $5))
	case $4 in *read) field=5;; esac
	case ${8:-} in --io_size=*) requests=$((${8#*=} / $5));; esac
	[ -z "${COUNT:-}" ] || count=(env "LD_PRELOAD=$COUNT/fio.so" "COUNT_REQUESTS=$requests")
	line=$("${count[@]}" fio --name=bench --filename="$3" --rw="$4" --bs="$5" --offset="$6" --size="$7" \
		--direct=1 --ioengine=libaio --iodepth=$depth --thread --randseed=7 --disk_util=0 \
		--minimal --terse-version=3 "${@:8}" 2>"$WORK/fio.err") || {
		cat "$WORK/fio.err" >&2
		die "fio could not do $2 for $1"
	}
	IFS=';' read -ra f <<<"$line"
	# KiB, KiB/s, requests/s, ms
	echo "fig $subject $row $(($5 == 4096 ? f[field] / 4 : f[field] / 1024)) ${f[field]} ${f[field + 3]}"
	[ -z "${COUNT:-}" ] || echo "counted $subject $row $((requests - 1))"
}
write_4k() { measure "$1" "$2" "$3" randwrite 4096 "$4" "$5"; } # SUBJECT ROW DEV OFFSET SIZE
read_4k() { measure "$1" "$2" "$3" randread 4096 "$4" "$5"; }
write_1m() { measure "$1" "$2" "$3" write $MB "$4" "$5"; }
read_1m() { measure "$1" "$2" "$3" read $MB "$4" "$5"; }
# One unit in 64, at random.
sparse_4k() { measure "$1" "$2" "$3" randwrite 4096 "$4" "$5" --io_size=$(($5 / 64)); }

# What is at which address: ADDRESS FUNCTION [MODULE], of code.
symbols() {
	echo 0 >/proc/sys/kernel/kptr_restrict
	grep -E '^[0-9a-f]+ [tTwW] ' /proc/kallsyms | cut -d' ' -f1,3-
}

# Random writes of 4 KiB with repetitions, from now on: how many a second, slice by slice.
curve() { # SUBJECT DEV
	rm -f "$WORK"/curve*
	fio --name=bench --filename="$2" --rw=randwrite --bs=4096 --offset=$DENSE_AT --size=$DENSE \
		--io_size=$((4 * DENSE)) --norandommap --direct=1 --ioengine=libaio --iodepth=1 --thread \
		--randseed=7 --disk_util=0 --minimal --write_iops_log="$WORK/curve" --log_avg_msec=50 \
		>/dev/null || die "fio could not draw the curve of $1"
	awk -F', *' -v s="$1" '{ print "curve", s, $1, $2 }' "$WORK"/curve_iops*.log
}

fill() { # DEV OFFSET SIZE SEED
	fio --name=fill --filename="$1" --rw=write --bs=1M --offset="$2" --size="$3" --direct=1 \
		--ioengine=libaio --iodepth=4 --thread --refill_buffers --randseed="$4" \
		--minimal >/dev/null || die "cannot fill $1"
}

# Sums of the windows, "OFFSET:SIZE" in MiB, that are compared.
sums() { # DEV WINDOW...
	local w
	for w in "${@:2}"; do
		dd if="$1" iflag=direct bs=1M skip="${w%:*}" count="${w#*:}" status=none | cksum
	done | tr '\n' ' '
}
judge() { # SUBJECT WHAT WANT GOT
	[ "$3" = "$4" ] || echo "wrong $1 $2"
}

# Sectors that went to or came from a disk since it was made.
sectors() { # DEV read|written
	local f
	read -ra f <"/sys/block/${1##*/}/stat"
	[ "$2" = read ] && echo "${f[2]}" || echo "${f[6]}"
}
copies_begin() {
	reads=$(sectors "$ORIGIN" read) stores=$(sectors "$AREA" written)
}
copies_end() { # SUBJECT ROW BYTES; when the last copy is stored
	sleep 3
	echo "copied $1 $2 $((($(sectors "$ORIGIN" read) - reads) * 512))" \
		"$((($(sectors "$AREA" written) - stores) * 512)) $3"
}

# ---- what is measured ----------------------------------------------------------

# Each subject: idle DEV on stdout; take; image on stdout; drop.
blksnap_write_to() { echo "$ORIGIN"; }
blksnap_take() {
	blksnap snapshot create bench --device "$ORIGIN" --area "$AREA" >"$WORK/take" 2>&1 ||
		{ cat "$WORK/take" >&2; die 'no snapshot'; }
	image=$(blksnap image path bench)
}
blksnap_drop() {
	blksnap snapshot destroy bench >"$WORK/drop" 2>&1 || { cat "$WORK/drop" >&2; die 'the snapshot stays'; }
}

dm_size() { blockdev --getsz "$ORIGIN"; }
dm_chunk() { # SUBJECT -> sectors
	case $1 in dm-4k) echo 8;; *) echo 512;; esac
}
dm_table() { # COMMAND... with the origin's target suspended
	if dmsetup info bench-origin >"$WORK/dm" 2>&1; then
		dmsetup suspend bench-origin || die 'dmsetup suspend'
		"$@" || die "$*"
		dmsetup resume bench-origin || die 'dmsetup resume'
	else
		"$@" || die "$*"
	fi
}
dm_idle() { dmsetup create bench-origin --table "0 $(dm_size) snapshot-origin $ORIGIN" || die 'no dm origin'; }
dm_write_to() { echo /dev/mapper/bench-origin; }
dm_take() { # SUBJECT
	dm_table dmsetup create bench-image --table "0 $(dm_size) snapshot $ORIGIN $AREA N $(dm_chunk "$1")"
	image=/dev/mapper/bench-image
}
dm_drop() {
	dmsetup suspend bench-origin
	dmsetup remove bench-image
	dmsetup resume bench-origin
}
dm_end() { dmsetup remove bench-origin; }

take() { "${1%%-*}_take" "$1"; }
drop() { "${1%%-*}_drop"; }
write_to() { "${1%%-*}_write_to"; }

# First overwrites, rewrites and the image of one subject.
with_snapshot() { # SUBJECT
	local s=$1 dev want
	dev=$(write_to "$s")
	if row dense sequential rewrite image-4k image-1m image-4k-changed image-1m-changed; then
		want=$(sums "$ORIGIN" $WINDOWS)
		take "$s"
		if row dense rewrite image-4k-changed image-1m-changed; then
			copies_begin
			write_4k "$s" dense "$dev" $DENSE_AT $DENSE
			copies_end "$s" dense $DENSE
		fi
		row rewrite && write_4k "$s" rewrite "$dev" $DENSE_AT $STEADY
		if row sequential; then
			copies_begin
			write_1m "$s" sequential "$dev" $SEQUENTIAL_AT $SEQUENTIAL
			copies_end "$s" sequential $SEQUENTIAL
		fi
		row image-4k && read_4k "$s" image-4k "$image" $STILL_AT $STEADY
		row image-1m && read_1m "$s" image-1m "$image" $STILL_AT $LARGE
		row image-4k-changed && read_4k "$s" image-4k-changed "$image" $DENSE_AT $STEADY
		row image-1m-changed && read_1m "$s" image-1m-changed "$image" $DENSE_AT $DENSE
		judge "$s" 'image after dense and sequential overwrites' "$want" "$(sums "$image" $WINDOWS)"
		drop "$s"
	fi
	if row after; then
		take "$s"
		curve "$s" "$dev"
		drop "$s"
	fi
	if row sparse; then
		want=$(sums "$ORIGIN" $SPARSE_WINDOW)
		take "$s"
		# No copy may wait for its neighbours beyond the row.
		[ "$s" != blksnap ] || echo 0 >/sys/module/blksnap/parameters/gather_ms
		copies_begin
		sparse_4k "$s" sparse "$dev" 0 $SIZE
		copies_end "$s" sparse $((SIZE / 64))
		judge "$s" 'image after sparse overwrites' "$want" "$(sums "$image" $SPARSE_WINDOW)"
		drop "$s"
	fi
}

load() { grep -q '^blksnap ' /proc/modules || insmod "$BLKSNAP_MODULE" || die 'the module does not load'; }

WORK=$(mktemp -d)
