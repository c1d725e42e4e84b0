# shellcheck shell=bash
DESCRIPTION='take its guest along'
KERNELS='6.1 6.12 debug'

test_case() {
	echo 1 >/proc/sys/kernel/sysrq
	echo c >/proc/sysrq-trigger
	sleep 100
}
