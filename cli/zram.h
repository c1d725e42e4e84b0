/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zram: compressed memory as a block device.
 */
#ifndef BLKSNAP_CLI_ZRAM_H
#define BLKSNAP_CLI_ZRAM_H

#include <blksnap.h>

/**
 * zram_open() - make a zram device
 * @size_bytes: size, which also is its limit of memory: data that does not
 *	compress still fits. More than half of the free memory is refused
 * @dev: its device number
 * @number: N of its name zramN
 * @err: why it failed
 *
 * Return: an open descriptor; -ENOSPC (memory),
 *	-EOPNOTSUPP (no zram), -errno.
 */
int zram_open(uint64_t size_bytes, struct blksnap_dev *dev, int *number,
	      struct blksnap_error *err);

/**
 * zram_remove() - free a zram device
 * @number: N of its name
 *
 * Return: 0, -EBUSY (open), -errno.
 */
int zram_remove(int number);

#endif /* BLKSNAP_CLI_ZRAM_H */
