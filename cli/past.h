/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * past: an image mounted, for this process and those it starts alone.
 */
#ifndef BLKSNAP_CLI_PAST_H
#define BLKSNAP_CLI_PAST_H

#include <blksnap.h>

/**
 * past_options() - the mount options that the image of a file system needs
 * @type: as "xfs"
 *
 * An image cannot be written, so no journal is replayed on it; and it has the
 * UUID of its origin.
 */
const char *past_options(const char *type);

/**
 * past_private() - mounts made from here on are seen by this process and its
 *	children only
 * @err: why it failed
 *
 * Return: 0 or -errno.
 */
int past_private(struct blksnap_error *err);

/**
 * past_mount() - mount an image read-only
 * @image: its path
 * @target: directory
 * @err: why it failed
 *
 * Return: 0; -EMEDIUMTYPE (no file system is found on it), -errno.
 */
int past_mount(const char *image, const char *target, struct blksnap_error *err);

#endif /* BLKSNAP_CLI_PAST_H */
