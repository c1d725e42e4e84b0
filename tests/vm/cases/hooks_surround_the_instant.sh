# shellcheck shell=bash
DESCRIPTION='call hooks before and after the instant, with nothing frozen, and undo what they began'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

hook() { # NAME BODY
	printf '#!/bin/sh\necho "$BLKSNAP_HOOK %s" >>%s/said\n%s\n' "$1" "$SCRATCH" "$2" >"$SCRATCH/hooks/$1"
	chmod 755 "$SCRATCH/hooks/$1"
}
said() { tr '\n' ',' <"$SCRATCH/said"; rm "$SCRATCH/said"; }

test_case() {
	local create=(blksnap snapshot create n --device "$DISK0" --area "$DISK1" --hook one --hook two)
	load_module
	mkfs.ext4 -q "$DISK0"
	mkdir "$SCRATCH/live" "$SCRATCH/hooks"
	mount "$DISK0" "$SCRATCH/live"
	export BLKSNAP_CONF=$SCRATCH/conf
	printf 'hooks-dir = %s\nhook-deadline.slow = 20s\n' "$SCRATCH/hooks" >"$BLKSNAP_CONF"

	step 'in order, and back; they can write where the snapshot freezes'
	hook one "echo 1 >>$SCRATCH/live/file; sync"
	hook two "echo 2 >>$SCRATCH/live/file; sync"
	expect_ok "${create[@]}"
	expect 'pre-freeze one,pre-freeze two,post-thaw two,post-thaw one,' "$(said)"
	mkdir "$SCRATCH/past"
	mount -o ro,noload "$(blksnap image path n)" "$SCRATCH/past"
	expect '1 2' "$(paste -sd ' ' "$SCRATCH/past/file")" 'the file at the instant'
	expect '1 2 2 1' "$(paste -sd ' ' "$SCRATCH/live/file")" 'the file after it'
	umount "$SCRATCH/past"
	step 'the take fails: on-fail'
	expect_fail 4 "${create[@]}"
	expect 'pre-freeze one,pre-freeze two,on-fail two,on-fail one,' "$(said)"
	expect_ok blksnap snapshot destroy n

	step 'one fails: no snapshot, and those begun are undone'
	hook two '[ "$BLKSNAP_HOOK" != pre-freeze ] || exit 9'
	expect_fail 3 --says three "${create[@]}" --hook three
	hook three ''
	expect_fail 12 "${create[@]}" --hook three
	expect 'pre-freeze one,pre-freeze two,on-fail two,on-fail one,' "$(said)"
	step 'one takes too long'
	hook slow '[ "$BLKSNAP_HOOK" != pre-freeze ] || sleep 1000'
	expect_fail 12 --says 'longer than 20 s' "${create[@]:0:8}" --hook slow
	expect 'pre-freeze slow,on-fail slow,' "$(said)"
	wait_until '! pgrep -x sleep >/dev/null' # what it had started
	step 'one fails after the instant: the snapshot stands'
	hook two '[ "$BLKSNAP_HOOK" != post-thaw ] || exit 9'
	expect_fail 12 "${create[@]}"
	expect 'pre-freeze one,pre-freeze two,post-thaw two,post-thaw one,' "$(said)"
	expect taken "$(state_of n)"
	expect_ok blksnap snapshot destroy n
	step 'with run, by the settings'
	printf 'hook = one\narea = %s\n' "$DISK1" >>"$BLKSNAP_CONF"
	expect_ok blksnap run --device "$DISK0" -- sh -c "echo command >>$SCRATCH/said"
	expect 'pre-freeze one,post-thaw one,command,' "$(said)"
	expect_ok blksnap run --device "$DISK0" --no-hooks -- sh -c "echo command >>$SCRATCH/said"
	expect 'command,' "$(said)"

	step 'that for MariaDB holds its session, and the lock in it, over the instant'
	cp "$BLKSNAP_TOP/dist/hooks/mariadb" "$SCRATCH/hooks/"
	printf '#!/bin/sh\nwhile read -r line; do echo "$line" >%s/lock; echo locked; done; rm %s/lock\n' \
		"$SCRATCH" "$SCRATCH" >"$SCRATCH/client"
	chmod 755 "$SCRATCH/client"
	hook two "[ \$BLKSNAP_HOOK != pre-freeze ] || cp $SCRATCH/lock $SCRATCH/seen"
	BLKSNAP_MARIADB=$SCRATCH/client expect_ok blksnap run --device "$DISK0" --hook mariadb --hook two -- true
	expect_match 'FLUSH TABLES WITH READ LOCK' "$(cat "$SCRATCH/seen")"
	wait_until '[ ! -e "$SCRATCH/lock" ]'
	expect '' "$(ls /run/blksnap)" 'files left'
	expect_nothing_left
}
