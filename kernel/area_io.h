/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes batches of units to the devices of an area: bios, no policy. One
 * batch is one bio of up to BATCH_UNITS pages from any number of copies.
 */
#ifndef BLKSNAP_AREA_IO_H
#define BLKSNAP_AREA_IO_H

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/list.h>
#include <linux/mempool.h>

#define BATCH_UNITS 256

struct area_batch;

struct area_piece {
	void *copy;
	u16 first;
	u16 nr;
} __packed __aligned(4); /* so that a batch fits in 8 KiB */

/*
 * The bio and its pages are in it: whoever has a batch needs no more memory to
 * write it. A set of bios has no reserve for who does not wait (bvec_alloc()).
 *
 * Owned by the store worker until submitted, by the device until end() is
 * called, then by whoever end() gives it to.
 */
struct area_batch {
	struct list_head node;
	mempool_t *from;
	void *owner;
	void (*end)(struct area_batch *batch, int err); /* any context */
	struct block_device *bdev;
	sector_t sector;
	u32 slot;
	unsigned int nr; /* units */
	bool retried;
	unsigned int done; /* of one that failed: pieces written elsewhere */
	bool moved; /* and some of the next one */
	unsigned int nr_pieces;
	struct area_piece piece[BATCH_UNITS];
	struct bio bio;
	struct bio_vec vecs[BATCH_UNITS];
};

/*
 * What one area has in reserve, so that none waits for the device of another
 * one. A batch that failed is held while what was in it is written elsewhere:
 * those batches come from a reserve of their own, and each ends with no other.
 */
struct area_io {
	mempool_t batches;
	mempool_t retries;
};

/** area_io_init() - 0 or -ENOMEM. Process context. */
int area_io_init(struct area_io *io);
void area_io_exit(struct area_io *io);

/**
 * area_io_alloc() - an empty batch
 * @retry: for what failed
 *
 * Waits for nothing: it may be the caller who has one to come back. Any context.
 * Return: NULL if all in reserve are in use; each comes back when its bio ends.
 */
struct area_batch *area_io_alloc(struct area_io *io, bool retry);
void area_io_free(struct area_batch *batch);

/** area_io_begin() - what will be added is to be written at @sector. */
void area_io_begin(struct area_batch *batch, struct block_device *bdev, sector_t sector);
void area_io_add(struct area_batch *batch, void *copy, const struct bio_vec *vecs,
		 unsigned int first, unsigned int nr);
void area_io_submit(struct area_batch *batch);

#endif /* BLKSNAP_AREA_IO_H */
