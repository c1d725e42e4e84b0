# shellcheck shell=bash
DESCRIPTION='be stopped when its time is over'
TIMEOUT=5

test_case() {
	sleep 1000
}
