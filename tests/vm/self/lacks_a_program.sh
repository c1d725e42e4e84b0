# shellcheck shell=bash
DESCRIPTION='fail in a full run for want of a program'
KERNELS='6.1 6.12 debug'

test_case() {
	SIZE=full
	need a-program-that-nobody-has
}
