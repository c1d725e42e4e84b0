# shellcheck shell=bash
DESCRIPTION='end its guest as the emulator does at times, once'
KERNELS='6.1 6.12 debug'

test_case() {
	[ ! -e "$LOGS/patched" ] || return 0
	touch "$LOGS/patched"
	sync
	echo 1 >/proc/sys/kernel/sysrq
	echo 'Oops: int3: 0000 [#1] PREEMPT SMP' >/dev/kmsg
	echo c >/proc/sysrq-trigger
	sleep 100
}
