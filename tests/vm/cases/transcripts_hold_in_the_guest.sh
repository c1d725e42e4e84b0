# shellcheck shell=bash
DESCRIPTION='print word for word what the transcripts of the unit tests say'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'

test_case() {
	local unit=$BLKSNAP_TOP/tests/unit/cli
	load_module
	for transcript in "$unit"/transcripts/*.t; do
		expect_ok "$unit/transcript.py" "$(command -v blksnap)" --real "$transcript"
	done
	expect_nothing_left
}
