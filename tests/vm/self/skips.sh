# shellcheck shell=bash
DESCRIPTION='skip with a reason'

test_case() {
	need a-program-that-nobody-has
}
