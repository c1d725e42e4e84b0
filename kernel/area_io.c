// SPDX-License-Identifier: GPL-2.0
#include "area_io.h"

#include <linux/bio.h>
#include <linux/mempool.h>
#include <linux/slab.h>

#include "filter.h"

/* Two: one on its way while the next is filled, whatever else is short. */
#define BATCH_RESERVE 2

static mempool_t batch_pool;
static struct bio_set batch_bios;

int area_io_init(void)
{
	int ret;

	BUILD_BUG_ON(BATCH_UNITS > BIO_MAX_VECS);
	ret = mempool_init_kmalloc_pool(&batch_pool, BATCH_RESERVE, sizeof(struct area_batch));
	if (ret)
		return ret;
	ret = bioset_init(&batch_bios, BATCH_RESERVE, 0, BIOSET_NEED_BVECS);
	if (ret)
		mempool_exit(&batch_pool);
	return ret;
}

void area_io_exit(void)
{
	bioset_exit(&batch_bios);
	mempool_exit(&batch_pool);
}

struct area_batch *area_io_alloc(void)
{
	struct area_batch *batch = mempool_alloc(&batch_pool, GFP_NOIO);

	batch->bio = NULL;
	batch->nr = 0;
	batch->nr_pieces = 0;
	batch->retried = false;
	return batch;
}

void area_io_free(struct area_batch *batch)
{
	if (batch->bio)
		bio_put(batch->bio);
	mempool_free(batch, &batch_pool);
}

void area_io_begin(struct area_batch *batch, struct block_device *bdev, sector_t sector,
		   unsigned int units)
{
	batch->bdev = bdev;
	batch->sector = sector;
	batch->bio = bio_alloc_bioset(bdev, units, REQ_OP_WRITE, GFP_NOIO, &batch_bios);
	batch->bio->bi_iter.bi_sector = sector;
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
		__bio_add_page(batch->bio, vecs[i].bv_page, PAGE_SIZE, 0);
}

static void area_io_end(struct bio *bio)
{
	struct area_batch *batch = bio->bi_private;

	batch->end(batch, blk_status_to_errno(bio->bi_status));
}

void area_io_submit(struct area_batch *batch)
{
	batch->bio->bi_private = batch;
	batch->bio->bi_end_io = area_io_end;
	filter_submit(batch->bio);
}
