# shellcheck shell=bash
DESCRIPTION='fail with a sentence'

test_case() {
	expect 1 2 'a number'
}
