/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * past: an image mounted, for this process and those it starts alone.
 */
#ifndef BLKSNAP_CLI_PAST_H
#define BLKSNAP_CLI_PAST_H

#include <blksnap.h>

/**
 * past_text() - what the image of a file system is mounted with
 * @type: as "xfs"
 *
 * An image cannot be written, so no journal is replayed on it; and it has the
 * UUID of its origin.
 *
 * Return: options of mount(8), as "ro,noload".
 */
const char *past_text(const char *type);

/**
 * past_type() - the file system that an image holds
 * @image: its path
 * @ambiguous: set if it could be several; or NULL
 *
 * Return: as "ext4", to be freed; NULL if none is found.
 */
char *past_type(const char *image, bool *ambiguous);

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
