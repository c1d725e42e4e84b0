# shellcheck shell=bash
DESCRIPTION='take its guest along'

test_case() {
	echo 1 >/proc/sys/kernel/sysrq
	echo c >/proc/sysrq-trigger
	sleep 100
}
