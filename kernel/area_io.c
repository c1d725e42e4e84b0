// SPDX-License-Identifier: GPL-2.0
#include "area_io.h"

#include <linux/sizes.h>
#include <linux/slab.h>

#include "filter.h"

/* Two: one on its way while the next is filled, whatever else is short. */
#define BATCH_RESERVE 2

int area_io_init(struct area_io *io)
{
	int ret;

	BUILD_BUG_ON(BATCH_UNITS > BIO_MAX_VECS);
	BUILD_BUG_ON(sizeof(struct area_batch) > SZ_8K);
	ret = mempool_init_kmalloc_pool(&io->batches, BATCH_RESERVE, sizeof(struct area_batch));
	if (ret)
		return ret;
	ret = mempool_init_kmalloc_pool(&io->retries, 1, sizeof(struct area_batch));
	if (ret)
		mempool_exit(&io->batches);
	return ret;
}

void area_io_exit(struct area_io *io)
{
	mempool_exit(&io->retries);
	mempool_exit(&io->batches);
}

struct area_batch *area_io_alloc(struct area_io *io, bool retry)
{
	mempool_t *pool = retry ? &io->retries : &io->batches;
	struct area_batch *batch = mempool_alloc(pool, GFP_NOWAIT | __GFP_NOWARN);

	if (!batch)
		return NULL;
	batch->from = pool;
	bio_init(&batch->bio, NULL, batch->vecs, BATCH_UNITS, REQ_OP_WRITE);
	batch->nr = 0;
	batch->nr_pieces = 0;
	batch->done = 0;
	batch->moved = false;
	batch->retried = retry;
	return batch;
}

void area_io_free(struct area_batch *batch)
{
	bio_uninit(&batch->bio);
	mempool_free(batch, batch->from);
}

void area_io_begin(struct area_batch *batch, struct block_device *bdev, sector_t sector)
{
	batch->bdev = bdev;
	batch->sector = sector;
	bio_set_dev(&batch->bio, bdev);
	batch->bio.bi_iter.bi_sector = sector;
}

void area_io_add(struct area_batch *batch, void *copy, const struct bio_vec *vecs,
		 unsigned int first, unsigned int nr)
{
	unsigned int i;

	batch->piece[batch->nr_pieces++] = (struct area_piece){
		.copy = copy,
		.first = first,
		.nr = nr,
	};
	batch->nr += nr;
	for (i = first; i < first + nr; i++)
		__bio_add_page(&batch->bio, vecs[i].bv_page, PAGE_SIZE, 0);
}

static void area_io_end(struct bio *bio)
{
	struct area_batch *batch = bio->bi_private;

	batch->end(batch, blk_status_to_errno(bio->bi_status));
}

void area_io_submit(struct area_batch *batch)
{
	batch->bio.bi_private = batch;
	batch->bio.bi_end_io = area_io_end;
	filter_submit(&batch->bio);
}
