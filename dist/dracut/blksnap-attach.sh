#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by dracut before it mounts the root.

modprobe -q blksnap
/usr/lib/blksnap/attach-at-boot /etc/blksnap.conf || :
