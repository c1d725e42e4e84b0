# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
DESCRIPTION='work in a kernel that is locked down, and tell why a module is refused there'
QUICK_ON='6.12'
DISKS=(16M 32M)
ALONE=1
TIMEOUT=900

lockdown() { # LEVEL
	expect_ok tee /sys/kernel/security/lockdown <<<"$1"
	expect_match "\\[$1\\]" "$(cat /sys/kernel/security/lockdown)" 'the level of lockdown'
}

test_case() {
	local modules sign
	modules=/lib/modules/$(uname -r)
	[ -e /sys/kernel/security/lockdown ] || mount -t securityfs none /sys/kernel/security
	[ -e /sys/kernel/security/lockdown ] || skip 'this kernel has no lockdown'
	load_module
	for level in integrity confidentiality; do
		step "a snapshot, with $level"
		lockdown $level
		stamp "$DISK0" 1
		expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
		scribble "$DISK0" 7 100 mixed >/dev/null
		check_stamp "$(blksnap image path night)" 1
		expect_ok blksnap snapshot destroy night
	done
	expect_nothing_left

	step 'loaded anew'
	unload_module
	mount -t tmpfs none "$modules" || fail 'cannot mount over the modules'
	mkdir "$modules/updates"
	cp "$BLKSNAP_MODULE" "$modules/updates/blksnap.ko"
	strip -g "$modules/updates/blksnap.ko"
	echo 'updates/blksnap.ko:' >"$modules/modules.dep"
	expect_fail any insmod "$modules/updates/blksnap.ko"
	expect_fail 14 --says 'module is not signed \(D020\)' blksnap doctor

	step 'with a key that nobody knows'
	sign=$(find "${VM_KERNEL_DIR:-/nowhere}" -name sign-file 2>/dev/null | head -n 1)
	[ -n "$sign" ] || return 0
	expect_ok openssl req -new -x509 -newkey rsa:1024 -nodes -days 2 -subj '/CN=a key of the test' \
		-keyout "$SCRATCH/key" -out "$SCRATCH/certificate"
	expect_ok "$sign" sha256 "$SCRATCH/key" "$SCRATCH/certificate" "$modules/updates/blksnap.ko"
	expect_fail any insmod "$modules/updates/blksnap.ko"
	expect_fail 14 --says "does not know the key 'a key of the test' that signed it \\(D022\\)" blksnap doctor
}
