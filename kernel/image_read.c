// SPDX-License-Identifier: GPL-2.0
#include <linux/bio.h>
#include <linux/highmem.h>
#include <linux/mempool.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "area.h"
#include "cow.h"
#include "filter.h"
#include "image_priv.h"
#include "spare.h"
#include "stats.h"

#define IMAGE_RESERVE 16

/*
 * A read of the image. Each part that goes to a device is a clone of it, in
 * image_part; the request ends with the last one. Owned by its parts, by
 * @pending, one of them the task or work that makes parts.
 *
 * One that is all in one place, as most are, needs no clone: the bio itself
 * goes there, and comes back through our end_io. It is the device's meanwhile.
 */
struct image_read {
	struct bio *bio;
	struct image *image;
	struct cow *cow; /* a reference */
	atomic_t pending;
	blk_status_t status; /* the first error */
	unsigned int releases; /* cow_releases() at the beginning */
	struct bvec_iter iter; /* all of it */

	/* of a bio that went down itself, as it was */
	struct block_device *bdev;
	bio_end_io_t *end_io;
	void *private;
	struct work_struct work;
};

/* @iter is where in the original bio the data goes; not of a row of pieces. */
struct image_part {
	struct image_read *read;
	struct bvec_iter iter;
	struct work_struct work;
	struct bio_vec bounce; /* a whole unit, of which a part is wanted */
	struct bio clone;
};

static struct bio_set image_parts;
static struct kmem_cache *read_cache;
static mempool_t read_pool;
static DEFINE_PER_CPU(struct spare, read_spares);
static struct workqueue_struct *image_wq;

int image_read_init(void)
{
	int ret;

	ret = bioset_init(&image_parts, IMAGE_RESERVE, offsetof(struct image_part, clone),
			  BIOSET_NEED_RESCUER | BIOSET_NEED_BVECS);
	if (ret)
		return ret;
	ret = -ENOMEM;
	read_cache = KMEM_CACHE(image_read, 0);
	if (!read_cache)
		goto err_parts;
	ret = mempool_init_slab_pool(&read_pool, IMAGE_RESERVE, read_cache);
	if (ret)
		goto err_cache;
	ret = -ENOMEM;
	image_wq = alloc_workqueue("blksnap_image", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!image_wq)
		goto err_pool;
	return 0;

err_pool:
	mempool_exit(&read_pool);
err_cache:
	kmem_cache_destroy(read_cache);
err_parts:
	bioset_exit(&image_parts);
	return ret;
}

void image_read_exit(void)
{
	destroy_workqueue(image_wq);
	spare_free(&read_spares, read_cache);
	mempool_exit(&read_pool);
	kmem_cache_destroy(read_cache);
	bioset_exit(&image_parts);
}

/* ---- a read ---- */

static void image_read_error(struct image_read *read, blk_status_t status)
{
	cmpxchg(&read->status, BLK_STS_OK, status);
}

/* Sectors of the image that an iterator of the original bio still covers. */
static sector_t iter_sectors(const struct bvec_iter *iter)
{
	return iter->bi_size >> SECTOR_SHIFT;
}

/* Has any of it been released? Context: any. */
static bool image_lost(const struct image_read *read)
{
	u64 unit = read->iter.bi_sector / UNIT_SECTORS;
	u64 end = DIV_ROUND_UP_SECTOR_T(read->iter.bi_sector + iter_sectors(&read->iter),
					UNIT_SECTORS);
	struct cow_where where;

	for (; unit < end; unit += where.nr) {
		cow_locate(read->cow, unit, min_t(u64, end - unit, UINT_MAX), &where);
		if (where.place == COW_LOST)
			return true;
		if (where.place == COW_MEMORY)
			cow_job_put(where.job);
	}
	return false;
}

/* Context: any. The last one ends the bio and lets the engine go. */
static void image_read_put(struct image_read *read)
{
	struct bio *bio = read->bio;
	struct cow *cow = read->cow;
	blk_status_t status;

	if (!atomic_dec_and_test(&read->pending))
		return;
	status = READ_ONCE(read->status);
	/* Whatever came, it may be the present if writes went uncopied. */
	if (!status && area_error(cow_area(cow)))
		status = BLK_STS_IOERR;
	/* And another unit's if one of its slots was given up. */
	if (!status && cow_releases(cow) != read->releases && image_lost(read))
		status = BLK_STS_IOERR;
	spare_put(&read_spares, &read_pool, read);
	cow_put(cow);
	bio->bi_status = status;
	bio_endio(bio);
}

/* Copy @bytes from byte @from of a unit to where @iter is in the bio. */
static void image_copy_unit(struct bio *bio, struct bvec_iter iter, struct page *unit,
			    unsigned int from, unsigned int bytes)
{
	struct bio_vec bv;

	iter.bi_size = bytes;
	__bio_for_each_segment(bv, bio, iter, iter) {
		char *to = bvec_kmap_local(&bv);

		memcpy_from_page(to, unit, from, bv.bv_len);
		kunmap_local(to);
		from += bv.bv_len;
	}
}

/* The same from a job's pages, from unit @index on. */
static void image_copy(struct bio *bio, struct bvec_iter iter, struct cow_job *job,
		       unsigned int index, unsigned int from, unsigned int bytes)
{
	while (bytes) {
		unsigned int len = min(bytes, UNIT_SIZE - from);

		image_copy_unit(bio, iter, cow_job_page(job, index++), from, len);
		bio_advance_iter(bio, &iter, len);
		bytes -= len;
		from = 0;
	}
}

static void image_origin_end(struct bio *clone);
static void image_area_end(struct bio *clone);
static void image_bounce_end(struct bio *clone);

static blk_opf_t image_opf(const struct image_read *read)
{
	return REQ_OP_READ |
	       (read->bio->bi_opf & (REQ_RAHEAD | REQ_PRIO | REQ_META | REQ_SYNC | REQ_IDLE));
}

/* Send @sectors of the original bio from @iter on to a device. */
static void image_send(struct image_read *read, const struct bvec_iter *iter, sector_t sectors,
		       struct block_device *bdev, sector_t sector, bio_end_io_t *end_io)
{
	struct image_part *part;
	struct bio *clone;

	clone = bio_alloc_clone(bdev, read->bio, GFP_NOIO, &image_parts);
	part = container_of(clone, struct image_part, clone);
	part->read = read;
	part->iter = *iter;
	part->iter.bi_size = sectors << SECTOR_SHIFT;
	clone->bi_iter = part->iter;
	clone->bi_iter.bi_sector = sector;
	clone->bi_opf = image_opf(read);
	clone->bi_end_io = end_io;
	atomic_inc(&read->pending);
	filter_submit(clone);
}

/*
 * The blocks of an area's device may be larger than those of the image, and it
 * may want memory aligned to more: read the whole unit at @sector, and copy
 * what is wanted of it.
 */
static void image_send_bounced(struct image_read *read, const struct bvec_iter *iter,
			       sector_t sectors, struct block_device *bdev, sector_t sector)
{
	struct page *page = alloc_page(GFP_NOIO);
	struct image_part *part;
	struct bio *bio;

	if (!page) {
		image_read_error(read, BLK_STS_RESOURCE);
		return;
	}
	bio = bio_alloc_bioset(bdev, 0, REQ_OP_READ, GFP_NOIO, &image_parts);
	part = container_of(bio, struct image_part, clone);
	part->read = read;
	part->iter = *iter;
	part->iter.bi_size = sectors << SECTOR_SHIFT;
	bio->bi_io_vec = &part->bounce;
	bio->bi_max_vecs = 1;
	__bio_add_page(bio, page, UNIT_SIZE, 0);
	bio->bi_iter.bi_sector = sector;
	bio->bi_end_io = image_bounce_end;
	atomic_inc(&read->pending);
	filter_submit(bio);
}

/* ---- parts that lie together in the area ---- */

/*
 * What was copied ahead in one go lies in a row in the area, with gaps in the
 * image where units had been copied before. So the pieces of a read that are
 * in the area are sorted by where they are there, and those in a row become
 * one bio. Without memory for that each goes alone.
 */
struct image_piece {
	struct block_device *bdev;
	sector_t sector;
	struct bvec_iter iter; /* where in the original bio */
};

#define IMAGE_PIECES 64

struct image_pieces {
	unsigned int nr;
	struct image_piece piece[IMAGE_PIECES];
};

static struct image_pieces *image_pieces_alloc(void)
{
	struct image_pieces *pieces = kmalloc(sizeof(*pieces), GFP_NOWAIT | __GFP_NOWARN);

	if (pieces)
		pieces->nr = 0;
	return pieces;
}

static bool piece_before(const struct image_piece *a, const struct image_piece *b)
{
	return a->bdev == b->bdev ? a->sector < b->sector : a->bdev < b->bdev;
}

static bool piece_follows(const struct image_piece *a, const struct image_piece *b)
{
	return a->bdev == b->bdev && a->sector + iter_sectors(&a->iter) == b->sector;
}

/* They come nearly sorted; a piece in a row with one is mostly near its end. */
static void image_add_piece(struct image_pieces *pieces, const struct image_piece *piece)
{
	unsigned int at = pieces->nr++;

	while (at && piece_before(piece, &pieces->piece[at - 1])) {
		pieces->piece[at] = pieces->piece[at - 1];
		at--;
	}
	pieces->piece[at] = *piece;
}

static unsigned int image_segments(const struct bio *bio, const struct bvec_iter *piece)
{
	struct bvec_iter iter;
	struct bio_vec bv;
	unsigned int nr = 0;

	__bio_for_each_bvec(bv, bio, iter, *piece) nr++;
	return nr;
}

/* One bio for @nr pieces in a row, of @segments segments. */
static void image_send_row(struct image_read *read, const struct image_piece *piece,
			   unsigned int nr, unsigned int segments)
{
	struct image_part *part;
	struct bio *bio;

	bio = bio_alloc_bioset(piece->bdev, segments, image_opf(read), GFP_NOIO, &image_parts);
	part = container_of(bio, struct image_part, clone);
	part->read = read;
	bio->bi_iter.bi_sector = piece->sector;
	bio->bi_end_io = image_area_end;
	bio->bi_ioprio = read->bio->bi_ioprio;
	bio_clone_blkg_association(bio, read->bio);
	while (nr--) {
		struct bvec_iter iter;
		struct bio_vec bv;

		__bio_for_each_bvec(bv, read->bio, iter, piece->iter)
			__bio_add_page(bio, bv.bv_page, bv.bv_len, bv.bv_offset);
		piece++;
	}
	atomic_inc(&read->pending);
	filter_submit(bio);
}

static void image_send_pieces(struct image_read *read, struct image_pieces *pieces)
{
	unsigned int at = 0;

	while (at < pieces->nr) {
		const struct image_piece *first = &pieces->piece[at];
		unsigned int segments = image_segments(read->bio, &first->iter), nr = 1;

		while (at + nr < pieces->nr && piece_follows(&first[nr - 1], &first[nr])) {
			unsigned int more = image_segments(read->bio, &first[nr].iter);

			if (segments + more > BIO_MAX_VECS)
				break;
			segments += more;
			nr++;
		}
		if (nr > 1)
			image_send_row(read, first, nr, segments);
		else
			image_send(read, &first->iter, iter_sectors(&first->iter), first->bdev,
				   first->sector, image_area_end);
		at += nr;
	}
	pieces->nr = 0;
}

/*
 * Can @bdev put @count sectors into the memory at @iter? The image asks its
 * readers for what the origin wants, and the area may be on a device that wants
 * more (dm-crypt with sectors of 4 KiB: whole ones of them). Context: any.
 */
static bool image_memory_fits(struct image_read *read, struct bvec_iter iter, sector_t count,
			      struct block_device *bdev)
{
	unsigned int mask = bdev_dma_alignment(bdev);
	struct bio_vec bv;

	if (likely(mask < SECTOR_SIZE))
		return true;
	iter.bi_size = count << SECTOR_SHIFT;
	__bio_for_each_segment(bv, read->bio, iter, iter) {
		if ((bv.bv_offset | bv.bv_len) & mask)
			return false;
	}
	return true;
}

/*
 * Send @count sectors, or fewer, that the area has at @sector + @skip; or put
 * them with @pieces, to be sent later.
 */
static sector_t image_send_area(struct image_read *read, struct image_pieces *pieces,
				const struct bvec_iter *iter, sector_t count,
				struct block_device *bdev, sector_t sector, unsigned int skip)
{
	sector_t mask = (bdev_logical_block_size(bdev) >> SECTOR_SHIFT) - 1;
	bool fits = image_memory_fits(read, *iter, count, bdev);

	if (!fits || ((skip | count) & mask)) {
		if (!fits || skip || count <= UNIT_SECTORS) {
			count = min_t(sector_t, count, UNIT_SECTORS - skip);
			image_send_bounced(read, iter, count, bdev, sector);
			goto sent;
		}
		count -= count % UNIT_SECTORS;
	}
	if (pieces) {
		struct image_piece piece = { .bdev = bdev, .sector = sector + skip, .iter = *iter };

		piece.iter.bi_size = count << SECTOR_SHIFT;
		image_add_piece(pieces, &piece);
	} else {
		image_send(read, iter, count, bdev, sector + skip, image_area_end);
	}
sent:
	stats_add(cow_stats(read->cow), image_area_sectors, count);
	return count;
}

/*
 * Get the past of the sectors at @iter: from the area, from memory, or, with
 * @origin, from the origin, to be validated. Without it those parts are right
 * already. Context: process; GFP_NOIO with a rescuer, as submitting may be.
 */
static void image_read_parts(struct image_read *read, struct bvec_iter iter, bool origin)
{
	struct cow *cow = read->cow;
	struct dev_stats __percpu *stats = cow_stats(cow);
	struct image_pieces *pieces = NULL;

	while (iter.bi_size) {
		sector_t first = iter.bi_sector;
		unsigned int skip = first % UNIT_SECTORS;
		sector_t left = iter_sectors(&iter), count;
		struct block_device *bdev;
		struct cow_where where;
		sector_t sector;

		cow_locate(cow, first / UNIT_SECTORS, DIV_ROUND_UP(left + skip, UNIT_SECTORS),
			   &where);
		if (where.place == COW_AREA)
			where.nr = area_locate(cow_area(cow), where.slot, where.nr, &bdev, &sector);
		/* Untouched regions in a row are one read. */
		while (where.place == COW_ORIGIN) {
			u64 next = first / UNIT_SECTORS + where.nr;
			sector_t covered = next * UNIT_SECTORS - first;
			unsigned int more;

			if (covered >= left)
				break;
			more = cow_still_origin(cow, next,
						DIV_ROUND_UP(left - covered, UNIT_SECTORS));
			if (!more)
				break;
			where.nr += more;
		}
		count = min_t(sector_t, left, (sector_t)where.nr * UNIT_SECTORS - skip);

		switch (where.place) {
		case COW_ORIGIN:
			if (origin)
				image_send(read, &iter, count, cow_origin(cow), first,
					   image_origin_end);
			break;
		case COW_AREA:
			if (!pieces && count < left)
				pieces = image_pieces_alloc();
			if (pieces && pieces->nr == IMAGE_PIECES)
				image_send_pieces(read, pieces);
			count = image_send_area(read, pieces, &iter, count, bdev, sector, skip);
			break;
		case COW_MEMORY:
			image_copy(read->bio, iter, where.job, where.index, skip << SECTOR_SHIFT,
				   count << SECTOR_SHIFT);
			cow_job_put(where.job);
			stats_add(stats, image_area_sectors, count);
			break;
		case COW_LOST:
			image_read_error(read, BLK_STS_IOERR);
			break;
		}
		if (!origin && where.place != COW_ORIGIN)
			stats_add(stats, image_retry_sectors, count);
		bio_advance_iter(read->bio, &iter, count << SECTOR_SHIFT);
	}
	if (pieces)
		image_send_pieces(read, pieces);
	kfree(pieces);
}

/* Some of what a part read from the origin was overwritten before: again. */
static void image_part_work(struct work_struct *work)
{
	struct image_part *part = container_of(work, struct image_part, work);
	struct image_read *read = part->read;
	struct bvec_iter iter = part->iter;

	/* Given back first: nobody keeps one part while waiting for another. */
	bio_put(&part->clone);
	image_read_parts(read, iter, false);
	image_read_put(read);
}

/* Is none of it overwritten yet, as a read of the origin found it? (I4) */
static bool image_still_origin(struct cow *cow, const struct bvec_iter *iter)
{
	u64 unit = iter->bi_sector / UNIT_SECTORS;
	u64 end = DIV_ROUND_UP_SECTOR_T(iter->bi_sector + iter_sectors(iter), UNIT_SECTORS);

	while (unit < end) {
		unsigned int nr = cow_still_origin(cow, unit, min_t(u64, end - unit, UINT_MAX));

		if (!nr)
			return false;
		unit += nr;
	}
	return true;
}

/* Context: any. Validates what has been read. */
static void image_origin_end(struct bio *clone)
{
	struct image_part *part = container_of(clone, struct image_part, clone);
	struct image_read *read = part->read;

	if (clone->bi_status) {
		image_read_error(read, clone->bi_status);
	} else if (!image_still_origin(read->cow, &part->iter)) {
		/* It may have to be read from the area: not from here. */
		INIT_WORK(&part->work, image_part_work);
		queue_work(image_wq, &part->work);
		return;
	}
	bio_put(clone);
	image_read_put(read);
}

/* That read alone is spoilt, and the owner is told. Context: any. */
static void image_area_failed(struct image_read *read)
{
	WRITE_ONCE(read->status, BLK_STS_IOERR);
	stats_add(cow_stats(read->cow), errors, 1);
	if (!READ_ONCE(read->image->removed))
		read->image->ops->area_error(read->image->owner);
}

static void image_area_end(struct bio *clone)
{
	struct image_part *part = container_of(clone, struct image_part, clone);
	struct image_read *read = part->read;

	if (clone->bi_status)
		image_area_failed(read);
	bio_put(clone);
	image_read_put(read);
}

/* Context: any. */
static void image_bounce_end(struct bio *bio)
{
	struct image_part *part = container_of(bio, struct image_part, clone);
	unsigned int skip = part->iter.bi_sector % UNIT_SECTORS;

	if (!bio->bi_status)
		image_copy_unit(part->read->bio, part->iter, part->bounce.bv_page,
				skip << SECTOR_SHIFT, part->iter.bi_size);
	__free_page(part->bounce.bv_page);
	image_area_end(bio);
}

/* ---- a read in one place ---- */

/*
 * The bio is back: make it its owner's again. Its device is set and no more:
 * submitted again it must not read the present; whose limits were charged
 * for it is told by the end of the first way.
 */
static struct image_read *image_back(struct bio *bio)
{
	struct image_read *read = bio->bi_private;

	bio->bi_bdev = read->bdev;
	bio->bi_end_io = read->end_io;
	bio->bi_private = read->private;
	/* Of the device it went to, which has been told; it ends once more. */
	bio_clear_flag(bio, BIO_QOS_THROTTLED);
	bio_clear_flag(bio, BIO_QOS_MERGED);
	read->status = bio->bi_status;
	atomic_set(&read->pending, 1);
	return read;
}

static void image_again_work(struct work_struct *work)
{
	struct image_read *read = container_of(work, struct image_read, work);

	image_read_parts(read, read->iter, false);
	image_read_put(read);
}

/* Context: any. Validates what has been read. */
static void image_all_origin_end(struct bio *bio)
{
	struct image_read *read = image_back(bio);

	if (!read->status && !image_still_origin(read->cow, &read->iter)) {
		INIT_WORK(&read->work, image_again_work);
		queue_work(image_wq, &read->work);
		return;
	}
	image_read_put(read);
}

/* Context: any. */
static void image_all_area_end(struct bio *bio)
{
	struct image_read *read = image_back(bio);

	if (read->status)
		image_area_failed(read);
	image_read_put(read);
}

/*
 * Send the bio itself to where all of it is. False: it is not all in one
 * place, or has others chained to it: where it ends, their ends are called,
 * one inside the other, but for those that the kernel knows how to unroll.
 */
static bool image_read_whole(struct image_read *read)
{
	struct bio *bio = read->bio;
	struct cow *cow = read->cow;
	sector_t first = bio->bi_iter.bi_sector, sector = first, count = bio_sectors(bio);
	unsigned int skip = first % UNIT_SECTORS;
	unsigned int units = DIV_ROUND_UP(count + skip, UNIT_SECTORS);
	struct block_device *bdev = cow_origin(cow);
	bio_end_io_t *end_io = image_all_origin_end;
	struct cow_where where;

	if (!count || bio_flagged(bio, BIO_CHAIN))
		return false;
	cow_locate(cow, first / UNIT_SECTORS, units, &where);
	switch (where.place) {
	case COW_ORIGIN:
		while (where.nr < units) {
			unsigned int more = cow_still_origin(cow, first / UNIT_SECTORS + where.nr,
							     units - where.nr);

			if (!more)
				return false;
			where.nr += more;
		}
		break;
	case COW_AREA:
		if (where.nr < units ||
		    area_locate(cow_area(cow), where.slot, units, &bdev, &sector) < units)
			return false;
		if (((skip | count) & ((bdev_logical_block_size(bdev) >> SECTOR_SHIFT) - 1)) ||
		    !image_memory_fits(read, bio->bi_iter, count, bdev))
			return false;
		sector += skip;
		end_io = image_all_area_end;
		stats_add(cow_stats(cow), image_area_sectors, count);
		break;
	case COW_MEMORY:
		cow_job_put(where.job);
		return false;
	case COW_LOST:
		return false;
	}

	read->bdev = bio->bi_bdev;
	read->end_io = bio->bi_end_io;
	read->private = bio->bi_private;
	bio->bi_end_io = end_io;
	bio->bi_private = read;
	bio->bi_opf &= ~(REQ_NOWAIT | REQ_POLLED);
	bio_set_dev(bio, bdev);
	bio->bi_iter.bi_sector = sector;
	filter_submit(bio);
	return true;
}

void image_submit_bio(struct bio *bio)
{
	struct image *image = bio->bi_bdev->bd_disk->private_data;
	struct image_read *read;

	if (bio_op(bio) != REQ_OP_READ) {
		/* Nothing was ever written, so a flush has nothing to do. */
		if (op_is_flush(bio->bi_opf) && !bio_sectors(bio))
			bio_endio(bio);
		else
			bio_io_error(bio);
		return;
	}
	if (READ_ONCE(image->removed) || area_error(cow_area(image->cow)) || !cow_get(image->cow)) {
		bio_io_error(bio);
		return;
	}
	stats_add(cow_stats(image->cow), image_reads, 1);
	stats_add(cow_stats(image->cow), image_read_sectors, bio_sectors(bio));

	read = spare_get(&read_spares, &read_pool, GFP_NOIO);
	read->bio = bio;
	read->image = image;
	read->cow = image->cow;
	read->status = BLK_STS_OK;
	read->iter = bio->bi_iter;
	read->releases = cow_releases(image->cow);
	if (image_read_whole(read))
		return;
	atomic_set(&read->pending, 1);
	image_read_parts(read, bio->bi_iter, true);
	image_read_put(read);
}
