#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dracut's 90blksnap: track changes from before the root is mounted. Only where
# there are devices to attach at boot.

check() {
	grep -qs '^[[:blank:]]*device[[:blank:]]*=' /etc/blksnap.conf || return 255
	require_binaries blksnap || return 1
}

depends() { :; }

installkernel() {
	hostonly='' instmods blksnap
}

# shellcheck disable=SC2154 # moddir is dracut's
install() {
	inst_multiple blksnap sleep
	inst_simple /etc/blksnap.conf
	inst_script /usr/lib/blksnap/attach-at-boot
	inst_hook pre-mount 50 "$moddir/blksnap-attach.sh"
}
