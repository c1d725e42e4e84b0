/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * since: a file that remembers the numbers of the last backup, so that the next
 * one can ask what changed since. A line a device:
 *
 *	/dev/vdb<TAB>GENERATION:NUMBER
 */
#ifndef BLKSNAP_CLI_SINCE_H
#define BLKSNAP_CLI_SINCE_H

#include <blksnap.h>

#define SINCE_WHY 256

/**
 * struct since - the numbers of a backup
 * @list: array of @count
 * @count: number of devices
 */
struct since {
	struct since_entry {
		char *device;
		struct blksnap_cbt at;
	} *list;
	size_t count;
};

/**
 * since_read() - read a file
 * @path: the file; one that is not there knows no device
 * @since: filled; since_free()
 * @why: what is wrong, SINCE_WHY bytes
 *
 * Return: 0; -EINVAL (no such file as this program writes), -ENOMEM, -errno.
 */
int since_read(const char *path, struct since *since, char *why);

/**
 * since_write() - replace a file, at once or not at all
 * @path: the file
 * @since: what it shall hold
 * @why: what is wrong, SINCE_WHY bytes
 *
 * Return: 0 or -errno.
 */
int since_write(const char *path, const struct since *since, char *why);

/**
 * since_set() - the number of a device
 *
 * Return: 0, -EINVAL (a name that the file cannot hold), -ENOMEM.
 */
int since_set(struct since *since, const char *device,
	      const struct blksnap_cbt *at);

/* the number of a device, or NULL */
const struct blksnap_cbt *since_of(const struct since *since, const char *device);

void since_free(struct since *since);

#endif /* BLKSNAP_CLI_SINCE_H */
