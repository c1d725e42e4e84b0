/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The image: a read-only gendisk that shows an origin at the instant of the
 * take. Reads are validated, not locked: what is not copied yet is read from
 * the origin, and after completion looked at again; units copied meanwhile
 * are taken from memory or the area instead. States only go forward, so each
 * is read at most twice, and no writer ever waits for a reader.
 *
 * Right only because no write was in flight at the take.
 *
 * Life: image_create() before the instant, image_publish() after it,
 * image_remove() (nobody finds it any more; those who have it open get EIO),
 * image_put(): the memory goes with the last opener.
 */
#ifndef BLKSNAP_IMAGE_H
#define BLKSNAP_IMAGE_H

#include <linux/blkdev.h>
#include <linux/types.h>

struct cow;
struct image;

int image_module_init(void);
void image_module_exit(void);

struct image_ops {
	/* Text for the sysfs files blksnap/snapshot and blksnap/origin. */
	int (*show_snapshot)(void *owner, char *buf);
	int (*show_origin)(void *owner, char *buf);
	/* A read of the area failed; any context. */
	void (*area_error)(void *owner);
};

/**
 * image_create() - a disk that nobody sees yet
 * @cow: the image takes a reference until removed and idle
 * @partscan: whether partitions are looked for
 *
 * Context: process. Return: the image or ERR_PTR.
 */
struct image *image_create(struct cow *cow, sector_t sectors, bool partscan,
			   const struct image_ops *ops, void *owner);

/** image_publish() - let it be seen. Reads partition tables. 0 or -errno. */
int image_publish(struct image *image);

/**
 * image_settle() - wait until the scan for partitions has closed the disk
 * @end: not beyond; jiffies
 *
 * A kernel thread's files are closed later (6.9 on): without this a destroy
 * right after the take would find the image open. Not for long: it may be
 * somebody else who has opened it. Context: process, sleeps.
 */
void image_settle(struct image *image, unsigned long end);

/**
 * image_block() - refuse new openers, unless it is open
 *
 * Being opened or closed for more than a second is being open: a last close waits
 * for reads, which wait for the area. Context: process, sleeps for that second.
 * Return: 0 or -EBUSY. image_unblock() undoes it.
 */
int image_block(struct image *image);
void image_unblock(struct image *image);

/** struct image_use - who has it, or a partition of it, open */
struct image_use {
	unsigned int openers;
	bool held; /* one of them exclusively: mounted, or below another device */
};

/** image_use() - who has a published image open. Context: any. */
struct image_use image_use(struct image *image);

/**
 * image_renamed() - have udev look again at a published image and its partitions
 *
 * What show_snapshot() says is another one now. Context: sleeps.
 */
void image_renamed(struct image *image);

/** image_remove() - nobody finds it any more. Sleeps; may be unpublished. */
void image_remove(struct image *image);
void image_put(struct image *image);

dev_t image_dev(struct image *image);
const char *image_name(struct image *image);

#endif /* BLKSNAP_IMAGE_H */
