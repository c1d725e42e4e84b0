# shellcheck shell=bash
DESCRIPTION='fail because the kernel complained'

test_case() {
	echo '<4>WARNING: something' >/dev/kmsg
}
