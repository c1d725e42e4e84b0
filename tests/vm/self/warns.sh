# shellcheck shell=bash
DESCRIPTION='fail because the kernel complained'
KERNELS='6.1 6.12 debug'

test_case() {
	echo '<4>WARNING: something' >/dev/kmsg
}
