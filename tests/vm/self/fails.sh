# shellcheck shell=bash
DESCRIPTION='fail with a sentence'
KERNELS='6.1 6.12 debug'

test_case() {
	expect 1 2 'a number'
}
