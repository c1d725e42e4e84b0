# shellcheck shell=bash
DESCRIPTION='let writes whose pages are dropped at their end end where that may sleep'
KERNELS='7.3'
DISKS=(24M 32M 24M 24M)

# Who writes back such a write (RWF_DONTCACHE) wants to be told its end in a
# task. It says so to the block layer, which knows nothing of our handler.
uncached() { # CHARACTER
	/usr/bin/python3 - "$DISK0" "$1" <<-'END' || fail "cannot write to $DISK0"
	import os, sys
	fd = os.open(sys.argv[1], os.O_RDWR)
	data = sys.argv[2].encode() * (1 << 20)
	for mib in range(8):
	    assert os.pwritev(fd, [data], mib << 20, 0x80) == len(data)
	os.fsync(fd)
	END
}

expect_all() { # CHARACTER FILE
	expect "$(head -c 8M /dev/zero | tr '\0' "$1" | sha256sum)" "$(head -c 8M "$2" | sha256sum)" "$2"
}

test_case() {
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	expect_ok blksnap device attach "$DISK0"
	uncached a
	expect_that "$(counter "$DISK0" writes) > 0" 'writes seen'
	drop_caches "$DISK0"
	expect_all a "$DISK0"
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	uncached b
	drop_caches "$DISK0"
	expect_all b "$DISK0"
	expect_all a "$(blksnap image path night)"
	expect_ok blksnap snapshot destroy night
	dmesg_clean
}
