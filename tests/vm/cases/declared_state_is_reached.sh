# shellcheck shell=bash
DESCRIPTION='reach the state that a file declares, tell what differed, and change nothing the second time'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

declare_state() { printf '%s\n' "$@" >"$SCRATCH/state"; }
changes() { # EXPECTED: "ACTION NAME," ...
	expect "$1" "$(blksnap -j apply "$SCRATCH/state" "${@:2}" |
		python3 -c 'import json, sys
print("".join("%(action)s %(name)s," % c for c in json.load(sys.stdin)["changes"]))')" 'changes'
}

test_case() {
	local uuid
	load_module
	need python3
	modprobe loop || skip 'no loop devices'
	mkdir "$SCRATCH/files"
	mount -t tmpfs -o size=64M none "$SCRATCH/files" || fail 'cannot mount a tmpfs'
	declare_state "device = $DISK0" '' 'snapshot = n' "device = $DISK0" "device = $DISK1" \
		"area = $DISK2:0+1M" "area = file:$SCRATCH/files/a,size=1M" 'low = 25%' 'clear = 75%' 'grace = 2s'
	changes "attach $DISK0,create n,set n," -n
	expect '' "$(blksnap -H -o name device list)" 'devices after a dry run'
	expect '' "$(ls "$SCRATCH/files")" 'files after a dry run'
	changes "attach $DISK0,create n,set n,"
	expect taken "$(state_of n)"
	expect "$((2 << 20)) $((512 << 10)) $((1536 << 10)) 2000" \
		"$(for key in area_total_bytes low_bytes clear_bytes grace_ms; do field $key blksnap snapshot show n; done | paste -sd ' ')" \
		'what was declared'
	uuid=$(field uuid blksnap snapshot show n)
	step 'the second time'
	changes ''
	expect unchanged "$(blksnap apply "$SCRATCH/state")"
	step 'more of it'
	declare_state "device = $DISK0" "device = $DISK3" 'snapshot = n' "device = $DISK0" "device = $DISK1" \
		"area = $DISK2:0+1M" "area = file:$SCRATCH/files/a,size=1M" "area = $DISK2:2M+2M" 'low = 25%' 'clear = 75%' 'grace = 2s'
	changes "attach $DISK3,extend n,set n,"
	expect $((4 << 20)) "$(field area_total_bytes blksnap snapshot show n)" 'size of the area'
	expect "$uuid" "$(field uuid blksnap snapshot show n)" 'the snapshot is the same one'
	changes ''
	step 'what cannot be is refused, and nothing is done'
	declare_state "device = $DISK0" "device = $DISK1" 'snapshot = n' "device = $DISK0" "area = $DISK2:0+1M"
	expect_fail 4 --says 'of more devices' blksnap apply "$SCRATCH/state"
	declare_state "device = $DISK1" "device = /dev/nothing"
	expect_fail 3 --says 'no such block device' blksnap apply "$SCRATCH/state"
	expect false "$(field keep blksnap device show "$DISK1")" 'the member is only one of the snapshot'
	step 'interrupted while it makes a file: nothing is left'
	expect_fail 130 python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
os.kill(os.getpid(), signal.SIGINT)
os.execvp("blksnap", ["blksnap", "area", "extend", "n", "file:" + sys.argv[1] + ",size=1M"])' "$SCRATCH/files/b"
	expect $((4 << 20)) "$(field area_total_bytes blksnap snapshot show n)" 'size of the area'
	wait_until '[ "$(losetup -ln | grep -c .)" = 1 ]'
	step 'and no more than that'
	declare_state "device = $DISK3"
	changes "destroy n,detach ${DISK0#/dev/}," -n --prune
	expect_ok blksnap apply --prune "$SCRATCH/state"
	expect "${DISK3#/dev/}" "$(blksnap -H -o name device list)" 'devices'
	expect_ok blksnap device detach "$DISK3"
	expect_nothing_left
	wait_until '[ "$(df --output=used "$SCRATCH/files" | tail -n 1)" -lt 64 ]'
}
