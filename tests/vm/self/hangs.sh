# shellcheck shell=bash
DESCRIPTION='be stopped when its time is over'
KERNELS='6.1 6.12 debug'
TIMEOUT=5

test_case() {
	sleep 1000
}
