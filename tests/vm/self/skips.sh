# shellcheck shell=bash
DESCRIPTION='skip with a reason'
KERNELS='6.1 6.12 debug'

test_case() {
	need a-program-that-nobody-has
}
