#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# demo - a snapshot taken, used and outgrown, told step by step.
#
# Makes two trees of files of this machine (they are copied, with their
# sha256 sums, before the guest starts) and lets demo/story.sh tell the rest
# in a guest. Fails when one comparison does.

# One compound command, so that a running script survives its own change.
{
set -u
PROG=demo
HERE=$(dirname "$(realpath "$0")")
TOP=$(realpath "$HERE/../..")

usage() {
	cat <<-END
	usage: $PROG [--kernel NAME] [--console FILE]
	  --kernel NAME   6.1 (default), 6.12 or debug
	  --console FILE  keep the guest's kernel console there
	END
}
die() {
	echo "$PROG: $*" >&2
	exit 2
}

kernel=6.1 more=()
while [ $# -gt 0 ]; do
	case $1 in
	--kernel) kernel=${2:?--kernel needs a name}; shift;;
	--kernel=*) kernel=${1#*=};;
	--console) more=(--console "${2:?--console needs a file}"); shift;;
	-h|--help) usage; exit 0;;
	*) usage >&2; die "unknown option $1";;
	esac
	shift
done
[ -e "$TOP/build/kernel-$kernel/blksnap.ko" ] || die "there is no module for $kernel yet: ./dev build --kernel $kernel"

T=$(mktemp -d "${TMPDIR:-/tmp}/blksnap-demo.XXXXXX") || exit 2
mkdir "$T/share"
trap 'rm -rf "$T"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# A tree of files below these folders, the first ones that fit; its sums.
make_tree() { # NAME MIB FILES FOLDER...
	local name=$1 bytes=$(($2 << 20)) files=$3 folder
	shift 3
	for folder; do
		find "${folder#/}" -xdev -type f -readable -size -6144k ! -name '*[\\[:cntrl:]]*' \
			-printf '%s\t%p\n' 2>/dev/null | sort -k 2
	done | awk -F '\t' -v bytes="$bytes" -v files="$files" '
		(total += $1) > bytes { total -= $1; next }
		n++ < files { print $2 }' >"$T/$name.list"
	[ "$(wc -l <"$T/$name.list")" -ge 100 ] || die "too few files for a tree below $*"
	tar --hard-dereference -cf "$T/$name.tar" -T "$T/$name.list" || die "cannot pack the files below $*"
	tr '\n' '\0' <"$T/$name.list" | xargs -0 sha256sum >"$T/share/$name.sums" || die 'cannot sum up the files'
}
cd / || exit 2
make_tree documents 14 600 /usr/share/perl /usr/share/doc /usr/share/perl5
make_tree pictures 14 400 /usr/share/qemu /usr/include /usr/share/zoneinfo
cd "$TOP" || exit 2

color='' ascii=''
[ ! -t 1 ] || color=1
[ "$(locale charmap 2>/dev/null)" = UTF-8 ] || ascii=1
echo "A guest with kernel $kernel starts, emulated; your kernel and disks are not touched."
"$HERE/vm" --kernel "$kernel" --timeout 1200 ${more[@]+"${more[@]}"} --cwd "$TOP" --share "$T/share" \
	--env SHARE="$T/share" --env DEMO_COLOR=$color --env DEMO_ASCII=$ascii \
	--disk 128M --disk 320M --disk 512M --disk 128M --disk 320M \
	--disk "$(stat -c %s "$T/documents.tar"),path=$T/documents.tar,ro" \
	--disk "$(stat -c %s "$T/pictures.tar"),path=$T/pictures.tar,ro" \
	-- bash "$HERE/demo/story.sh"
status=$?

held=0 failed=0
[ ! -s "$T/share/result" ] || read -r held failed <"$T/share/result"
echo
if [ $status = 0 ] && [ "$held" -gt 0 ] && [ "$failed" = 0 ]; then
	echo "demo: all $held comparisons hold ($SECONDS s)"
	exit 0
fi
if [ "$failed" != 0 ]; then
	echo "demo: $failed of $((held + failed)) comparisons do NOT hold ($SECONDS s)"
else
	echo "demo: failed, status $status, after $held comparisons that hold ($SECONDS s)"
fi
[ $status != 0 ] || status=1
exit $status
}
