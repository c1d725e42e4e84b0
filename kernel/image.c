// SPDX-License-Identifier: GPL-2.0
#include "image.h"

#include <linux/bio.h>
#include <linux/device.h>
#include <linux/highmem.h>
#include <linux/idr.h>
#include <linux/mempool.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "area.h"
#include "compat.h"
#include "cow.h"
#include "filter.h"
#include "stats.h"

#define IMAGE_RESERVE 16

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

/*
 * A read of the image. Each part that goes to a device is a clone of it, in
 * image_part; the request ends with the last one. Owned by its parts, by
 * @pending, one of them the task or work that makes parts.
 */
struct image_read {
	struct bio *bio;
	struct image *image;
	struct cow *cow; /* a reference */
	atomic_t pending;
	blk_status_t status; /* the first error */
};

/* @iter is where in the original bio the part's data goes. */
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
static struct workqueue_struct *image_wq;
static DEFINE_IDA(image_ida);

int image_module_init(void)
{
	int ret;

	ret = bioset_init(&image_parts, IMAGE_RESERVE, offsetof(struct image_part, clone),
			  BIOSET_NEED_RESCUER);
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

void image_module_exit(void)
{
	destroy_workqueue(image_wq);
	mempool_exit(&read_pool);
	kmem_cache_destroy(read_cache);
	bioset_exit(&image_parts);
	ida_destroy(&image_ida);
}

/* ---- a read ---- */

static void image_read_error(struct image_read *read, blk_status_t status)
{
	cmpxchg(&read->status, BLK_STS_OK, status);
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
	mempool_free(read, &read_pool);
	cow_put(cow);
	bio->bi_status = status;
	bio_endio(bio);
}

/* Sectors of the image that an iterator of the original bio still covers. */
static sector_t iter_sectors(const struct bvec_iter *iter)
{
	return iter->bi_size >> SECTOR_SHIFT;
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
	clone->bi_opf = REQ_OP_READ | (read->bio->bi_opf &
				       (REQ_RAHEAD | REQ_PRIO | REQ_META | REQ_SYNC | REQ_IDLE));
	clone->bi_end_io = end_io;
	atomic_inc(&read->pending);
	filter_submit(clone);
}

/*
 * The blocks of an area's device may be larger than those of the image: read
 * the whole unit at @sector, and copy what is wanted of it.
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

/* Send @count sectors, or fewer, that the area has at @sector + @skip. */
static sector_t image_send_area(struct image_read *read, const struct bvec_iter *iter,
				sector_t count, struct block_device *bdev, sector_t sector,
				unsigned int skip)
{
	sector_t mask = (bdev_logical_block_size(bdev) >> SECTOR_SHIFT) - 1;

	if (!((skip | count) & mask)) {
		image_send(read, iter, count, bdev, sector + skip, image_area_end);
	} else if (!skip && count > UNIT_SECTORS) {
		count -= count % UNIT_SECTORS;
		image_send(read, iter, count, bdev, sector, image_area_end);
	} else {
		count = min_t(sector_t, count, UNIT_SECTORS - skip);
		image_send_bounced(read, iter, count, bdev, sector);
	}
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
			count = image_send_area(read, &iter, count, bdev, sector, skip);
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
}

/* Some of what a part read from the origin was overwritten before: again. */
static void image_part_work(struct work_struct *work)
{
	struct image_part *part = container_of(work, struct image_part, work);
	struct image_read *read = part->read;

	image_read_parts(read, part->iter, false);
	bio_put(&part->clone);
	image_read_put(read);
}

/* Context: any. Validates what has been read (I4 of the engine). */
static void image_origin_end(struct bio *clone)
{
	struct image_part *part = container_of(clone, struct image_part, clone);
	struct image_read *read = part->read;
	u64 unit = part->iter.bi_sector / UNIT_SECTORS;
	u64 end = DIV_ROUND_UP_SECTOR_T(part->iter.bi_sector + iter_sectors(&part->iter),
					UNIT_SECTORS);

	if (clone->bi_status) {
		image_read_error(read, clone->bi_status);
		goto done;
	}
	while (unit < end) {
		unsigned int want = min_t(u64, end - unit, UINT_MAX);
		unsigned int nr = cow_still_origin(read->cow, unit, want);

		if (!nr) {
			/* It may have to be read from the area: not from here. */
			INIT_WORK(&part->work, image_part_work);
			queue_work(image_wq, &part->work);
			return;
		}
		unit += nr;
	}
done:
	bio_put(clone);
	image_read_put(read);
}

static void image_area_end(struct bio *clone)
{
	struct image_part *part = container_of(clone, struct image_part, clone);
	struct image_read *read = part->read;

	if (clone->bi_status) {
		image_read_error(read, BLK_STS_IOERR);
		stats_add(cow_stats(read->cow), errors, 1);
		if (!READ_ONCE(read->image->removed))
			read->image->ops->area_error(read->image->owner);
	}
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

/*
 * Context: a reader's submission; current->bio_list is set, so the parts are
 * only queued here and nothing waits for them.
 */
static void image_submit_bio(struct bio *bio)
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

	read = mempool_alloc(&read_pool, GFP_NOIO);
	read->bio = bio;
	read->image = image;
	read->cow = image->cow;
	read->status = BLK_STS_OK;
	atomic_set(&read->pending, 1);
	image_read_parts(read, bio->bi_iter, true);
	image_read_put(read);
}

/* ---- the disk ---- */

static int image_open_disk(struct gendisk *disk)
{
	struct image *image = disk->private_data;

	lockdep_assert_held(&disk->open_mutex);
	return image->blocked ? -EBUSY : 0;
}

static void image_free_disk(struct gendisk *disk)
{
	struct image *image = disk->private_data;

	ida_free(&image_ida, image->index);
	kfree(image);
}

static ssize_t snapshot_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct image *image = dev_to_disk(dev)->private_data;

	return image->ops->show_snapshot(image->owner, buf);
}
static DEVICE_ATTR_RO(snapshot);

static ssize_t origin_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct image *image = dev_to_disk(dev)->private_data;

	return image->ops->show_origin(image->owner, buf);
}
static DEVICE_ATTR_RO(origin);

static struct attribute *image_attrs[] = {
	&dev_attr_snapshot.attr,
	&dev_attr_origin.attr,
	NULL,
};

static const struct attribute_group image_group = {
	.name = "blksnap",
	.attrs = image_attrs,
};

static const struct attribute_group *image_groups[] = {
	&image_group,
	NULL,
};

COMPAT_DISK_OPEN(image_open, image_open_disk)

static const struct block_device_operations image_fops = {
	.owner = THIS_MODULE,
	.open = image_open,
	.submit_bio = image_submit_bio,
	.free_disk = image_free_disk,
};

struct image *image_create(struct cow *cow, sector_t sectors, bool partscan,
			   const struct image_ops *ops, void *owner)
{
	struct image *image = kzalloc(sizeof(*image), GFP_KERNEL);
	int ret = -ENOMEM;

	if (!image)
		return ERR_PTR(-ENOMEM);
	image->cow = cow;
	image->ops = ops;
	image->owner = owner;
	image->index = ida_alloc(&image_ida, GFP_KERNEL);
	if (image->index < 0) {
		ret = image->index;
		goto err_free;
	}
	image->disk = compat_alloc_disk(cow_origin(cow));
	if (IS_ERR(image->disk)) {
		ret = PTR_ERR(image->disk);
		goto err_ida;
	}
	snprintf(image->disk->disk_name, DISK_NAME_LEN, "blksnap%d", image->index);
	image->disk->fops = &image_fops;
	image->disk->private_data = image;
	if (!partscan)
		image->disk->flags |= GENHD_FL_NO_PART;
	set_capacity(image->disk, sectors);
	set_disk_ro(image->disk, true);
	return image;

err_ida:
	ida_free(&image_ida, image->index);
err_free:
	kfree(image);
	return ERR_PTR(ret);
}

int image_publish(struct image *image)
{
	int ret = device_add_disk(NULL, image->disk, image_groups);

	if (!ret)
		image->published = true;
	return ret;
}

int image_block(struct image *image)
{
	int ret = 0;

	mutex_lock(&image->disk->open_mutex);
	if (image->published && disk_openers(image->disk))
		ret = -EBUSY;
	else
		image->blocked = true;
	mutex_unlock(&image->disk->open_mutex);
	return ret;
}

void image_unblock(struct image *image)
{
	mutex_lock(&image->disk->open_mutex);
	image->blocked = false;
	mutex_unlock(&image->disk->open_mutex);
}

struct image_use image_use(struct image *image)
{
	struct gendisk *disk = image->disk;

	/* The whole disk also counts and is held for its partitions. */
	return (struct image_use){
		.openers = disk_openers(disk),
		.held = READ_ONCE(disk->part0->bd_holder),
	};
}

void image_remove(struct image *image)
{
	WRITE_ONCE(image->removed, true);
	if (image->published)
		del_gendisk(image->disk);
}

void image_put(struct image *image)
{
	bool published;

	if (!image)
		return;
	published = image->published;
	put_disk(image->disk);
	/* ->free_disk() is called only for a disk that was added. */
	if (!published) {
		ida_free(&image_ida, image->index);
		kfree(image);
	}
}

dev_t image_dev(struct image *image)
{
	return disk_devt(image->disk);
}

const char *image_name(struct image *image)
{
	return image->disk->disk_name;
}
