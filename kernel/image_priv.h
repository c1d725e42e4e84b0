/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the room image share: image.c (the disk) and image_read.c
 * (what a read of it is made of).
 */
#ifndef BLKSNAP_IMAGE_PRIV_H
#define BLKSNAP_IMAGE_PRIV_H

#include <linux/blkdev.h>

#include "image.h"

struct image {
	struct gendisk *disk;
	struct cow *cow;
	const struct image_ops *ops;
	void *owner; /* not touched after image_remove() */
	int index;
	bool published;
	bool removed; /* reads give EIO */
	bool blocked; /* opens give EBUSY; under disk->open_mutex */
};

int image_read_init(void);
void image_read_exit(void);

/**
 * image_submit_bio() - read the past
 *
 * Context: a reader's submission; current->bio_list is set, so the parts are
 * only queued here and nothing waits for them.
 */
void image_submit_bio(struct bio *bio);

#endif /* BLKSNAP_IMAGE_PRIV_H */
