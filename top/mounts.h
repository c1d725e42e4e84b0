/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which block devices are mounted where, by /proc/self/mountinfo: what people
 * call a device. Of the mount namespace the monitor is in; the kernel's family
 * knows nothing of it.
 */
#ifndef TOP_MOUNTS_H
#define TOP_MOUNTS_H

#include <stdio.h>

#include "facts.h"

/**
 * struct mounts - what watches for changes
 * @fd: of mountinfo, -1: there is none
 * @known: it was read before
 */
struct mounts {
	int fd;
	bool known;
};

/**
 * mounts_open() - begin to watch
 * @mounts: freed with mounts_close(); without /proc nothing is ever mounted
 */
void mounts_open(struct mounts *mounts);

/**
 * mounts_close() - end it
 * @mounts: what mounts_open() filled
 */
void mounts_close(struct mounts *mounts);

/**
 * mounts_changed() - whether to read them, the first time or again
 * @mounts: what watches; true once for each change
 */
bool mounts_changed(struct mounts *mounts);

/**
 * mounts_read() - where devices are mounted now
 * @list: result, to be freed
 * @count: length of it
 *
 * Return: 0, -ENOMEM, -errno of opening mountinfo.
 */
int mounts_read(struct fact_mount **list, size_t *count);

/**
 * mounts_parse() - such a list from the text of a mountinfo
 * @in: the text, from its beginning
 * @list: result, to be freed
 * @count: length of it
 *
 * Each device once: where all of its file system is mounted, the first time if
 * there are several, and otherwise where the first part of it is. Lines that
 * are none are passed over.
 *
 * Return: 0 or -ENOMEM.
 */
int mounts_parse(FILE *in, struct fact_mount **list, size_t *count);

#endif
