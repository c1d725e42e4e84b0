/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loop: a new preallocated file as a block device.
 */
#ifndef BLKSNAP_CLI_LOOP_H
#define BLKSNAP_CLI_LOOP_H

#include <blksnap.h>

/**
 * loop_open() - make a file, and a loop device on it that clears itself
 * @path: file, which must not exist; it is unlinked again before this returns
 * @size_bytes: size, all of which is allocated
 * @dev: number of the loop device
 * @err: why it failed
 *
 * Return: an open descriptor of the loop device; the file and the device go away
 *	with the last opener. -EEXIST, -ENOSPC, -EOPNOTSUPP (the file system
 *	cannot allocate), -errno.
 */
int loop_open(const char *path, uint64_t size_bytes, struct blksnap_dev *dev,
	      struct blksnap_error *err);

#endif /* BLKSNAP_CLI_LOOP_H */
