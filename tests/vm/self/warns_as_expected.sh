# shellcheck shell=bash
DESCRIPTION='pass although the kernel complained, for it said that it would'
ALLOW_LOG='WARNING: something'

test_case() {
	echo '<4>WARNING: something' >/dev/kmsg
}
