# shellcheck shell=bash
DESCRIPTION='fail although the verb that fails runs in a command substitution'
KERNELS='6.1 6.12 debug'

test_case() {
	local x
	x=$(expect_ok false)
	step "not reached: $x"
}
