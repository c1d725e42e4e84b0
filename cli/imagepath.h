/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * imagepath: which image a path means. Images have several: the kernel's name
 * (/dev/blksnap3, or of a partition on it, /dev/blksnap3p1), the links that udev
 * makes (/dev/blksnap/SNAPSHOT/ORIGIN, /dev/disk/by-blksnap/SNAPSHOT:ORIGIN), and
 * any link to one of these. Those of udev are understood without udev, too.
 */
#ifndef BLKSNAP_CLI_IMAGEPATH_H
#define BLKSNAP_CLI_IMAGEPATH_H

#include <blksnap.h>

/**
 * imagepath_find() - the image that a text means
 * @text: a path, or the kernel name of an image
 * @stack: block devices, for links; or NULL
 * @all: snapshots, array of @count
 * @count: number of @all
 * @snapshot: set to the place of its snapshot in @all
 * @member: set to its place in there
 *
 * Return: false if it is the path of no image.
 */
bool imagepath_find(const char *text, const struct blksnap_stack *stack,
		    const struct blksnap_snapshot *all, size_t count,
		    size_t *snapshot, size_t *member);

/**
 * imagepath_link() - a path that udev gives an image
 * @i: which, from 0
 * @s: its snapshot
 * @m: the image
 * @path: filled with @size bytes
 * @size: bytes of @path
 *
 * Return: false if there are not so many.
 */
bool imagepath_link(size_t i, const struct blksnap_snapshot *s,
		    const struct blksnap_member *m, char *path, size_t size);

#endif /* BLKSNAP_CLI_IMAGEPATH_H */
