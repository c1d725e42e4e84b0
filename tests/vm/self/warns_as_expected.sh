# shellcheck shell=bash
DESCRIPTION='pass although the kernel complained, for it said that it would'
KERNELS='6.1 6.12 debug'
ALLOW_LOG='WARNING: something'

test_case() {
	echo '<4>WARNING: something' >/dev/kmsg
}
