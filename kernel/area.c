// SPDX-License-Identifier: GPL-2.0
#include "area.h"

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <uapi/linux/blksnap_genl.h>

#include "area_io.h"
#include "compat.h"
#include "logic/level.h"
#include "logic/slot_map.h"

static uint stall_ms = 5000;
module_param(stall_ms, uint, 0644);
MODULE_PARM_DESC(stall_ms,
		 "milliseconds without one completed store after which a snapshot that needs memory fails (default 5000)");

#define STORE_DEPTH 4			/* batches in flight */
#define STORE_EARLY 64			/* units that are worth a batch */
#define STORE_DELAY msecs_to_jiffies(10)	/* for less than that */

struct area_dev {
	struct list_head node;
	struct compat_bdev open;
	unsigned int ranges;
};

struct area_span {
	struct area_dev *dev;
	sector_t start;		/* of the device, not the disk */
	sector_t count;		/* as asked for */
	u32 base;		/* first slot */
	u32 units;
	u32 used;		/* units that have been given out */
};

struct area {
	const struct area_ops *ops;
	void *owner;
	struct list_head all;		/* guarded by areas_lock */
	struct list_head devs;		/* guarded by areas_lock */

	spinlock_t lock;		/* the rest, until said otherwise */
	struct area_span *ranges;		/* by rising base */
	unsigned int nr_ranges;
	unsigned int cursor;		/* range that gives out next */
	u32 next_base;
	u64 total;
	u64 used;
	u64 low, clear;
	bool is_low;
	u32 grace_ms;
	bool is_short;			/* a shortage is being waited out */
	struct area_fault fault;	/* error is read without the lock */
	struct list_head queue;		/* copies to be placed */
	unsigned int queued;		/* their units */
	struct list_head retry;		/* batches whose write failed */
	unsigned int inflight;		/* batches */
	bool stopped;
	u64 progress_ns;		/* last completed store */
	int pressed;
	u64 pressed_ns;			/* when it rose from 0 */

	struct delayed_work store_work;
	struct delayed_work stall_work;
	struct delayed_work grace_work;
	wait_queue_head_t idle;
};

static DEFINE_MUTEX(areas_lock);	/* guards the ranges of all areas */
static LIST_HEAD(areas);
static struct workqueue_struct *area_wq;

int area_module_init(void)
{
	int ret = area_io_init();

	if (ret)
		return ret;
	area_wq = alloc_workqueue("blksnap_area", WQ_MEM_RECLAIM | WQ_UNBOUND,
				  0);
	if (!area_wq) {
		area_io_exit();
		return -ENOMEM;
	}
	return 0;
}

void area_module_exit(void)
{
	destroy_workqueue(area_wq);
	area_io_exit();
}

/* ---- faults and levels ---- */

void area_fail(struct area *area, int error, u32 phase, dev_t dev,
	       sector_t sector, bool has_sector)
{
	unsigned long flags;
	bool first;

	spin_lock_irqsave(&area->lock, flags);
	first = !area->fault.error;
	if (first) {
		area->fault.phase = phase;
		area->fault.dev = dev;
		area->fault.sector = sector;
		area->fault.has_sector = has_sector;
		/* Pairs with area_error(): before any write goes uncopied. */
		smp_store_release(&area->fault.error, error);
	}
	spin_unlock_irqrestore(&area->lock, flags);
	if (!first)
		return;
	mod_delayed_work(area_wq, &area->store_work, 0);
	area->ops->changed(area->owner);
	area->ops->room(area->owner);
}

int area_error(const struct area *area)
{
	return smp_load_acquire(&area->fault.error);
}

/* True if the level moved. */
static bool area_level_locked(struct area *area)
{
	bool low;

	lockdep_assert_held(&area->lock);
	low = level_is_low(area->is_low, area->total - area->used, area->low,
			   area->clear);
	if (low == area->is_low)
		return false;
	area->is_low = low;
	return true;
}

void area_set_levels(struct area *area, u64 low, u64 clear, u32 grace_ms)
{
	unsigned long flags;
	bool moved;

	spin_lock_irqsave(&area->lock, flags);
	area->low = low;
	area->clear = clear;
	area->grace_ms = grace_ms;
	moved = area_level_locked(area);
	spin_unlock_irqrestore(&area->lock, flags);
	if (moved)
		area->ops->changed(area->owner);
}

static void area_overflow(struct area *area)
{
	area_fail(area, -ENOSPC, BLKSNAP_SNAPSHOT_PHASE_COPY, 0, 0, false);
}

static void area_grace_work(struct work_struct *work)
{
	struct area *area = container_of(to_delayed_work(work), struct area,
					 grace_work);

	if (READ_ONCE(area->is_short))
		area_overflow(area);
}

/* Too little is free. True: it may be waited for. */
static bool area_short_locked(struct area *area)
{
	lockdep_assert_held(&area->lock);
	if (!area->grace_ms || area->stopped)
		return false;
	if (!area->is_short) {
		area->is_short = true;
		queue_delayed_work(area_wq, &area->grace_work,
				   msecs_to_jiffies(area->grace_ms));
	}
	return true;
}

int area_reserve(struct area *area, unsigned int units)
{
	unsigned long flags;
	bool moved = false;
	int ret = 0;

	spin_lock_irqsave(&area->lock, flags);
	if (area->fault.error) {
		ret = -EIO;
	} else if (area->total - area->used >= units) {
		area->used += units;
		moved = area_level_locked(area);
	} else {
		ret = area_short_locked(area) ? -EAGAIN : -ENOSPC;
	}
	spin_unlock_irqrestore(&area->lock, flags);
	if (moved)
		area->ops->changed(area->owner);
	if (ret == -ENOSPC) {
		area_overflow(area);
		ret = -EIO;
	}
	return ret;
}

void area_unreserve(struct area *area, unsigned int units)
{
	unsigned long flags;
	bool moved;

	spin_lock_irqsave(&area->lock, flags);
	area->used -= units;
	moved = area_level_locked(area);
	spin_unlock_irqrestore(&area->lock, flags);
	if (moved)
		area->ops->changed(area->owner);
}

/* ---- the log ---- */

/*
 * Give out up to @want slots in a row. Returns how many; 0 means that more
 * was asked for than is reserved and free, which only a retry may do.
 */
static unsigned int area_give_locked(struct area *area, unsigned int want,
				     u32 *slot, struct block_device **bdev,
				     sector_t *sector)
{
	lockdep_assert_held(&area->lock);
	for (; area->cursor < area->nr_ranges; area->cursor++) {
		struct area_span *range = &area->ranges[area->cursor];
		unsigned int nr = min(want, range->units - range->used);

		if (!nr)
			continue;
		*slot = range->base + range->used;
		*bdev = range->dev->open.bdev;
		*sector = range->start + (sector_t)range->used * UNIT_SECTORS;
		range->used += nr;
		return nr;
	}
	return 0;
}

static void area_lost(struct area_copy *copy, unsigned int first,
		      unsigned int nr, int err)
{
	copy->ops->stored(copy, first, nr, SLOT_NONE, err);
}

/* Context: any. The batch is ours again; its bio has ended. */
static void area_batch_end(struct area_batch *batch, int err)
{
	struct area *area = batch->owner;
	unsigned long flags;
	unsigned int i;
	u32 slot = batch->slot;
	bool more, again = err && !batch->retried;

	if (!again) {
		if (err)
			area_fail(area, -EIO, BLKSNAP_SNAPSHOT_PHASE_STORE,
				  batch->bdev->bd_dev, batch->sector, true);
		for (i = 0; i < batch->nr_pieces; i++) {
			struct area_piece *piece = &batch->piece[i];
			struct area_copy *copy = piece->copy;

			copy->ops->stored(copy, piece->first, piece->nr, slot,
					  err);
			slot += piece->nr;
		}
		area_io_free(batch);
	}

	spin_lock_irqsave(&area->lock, flags);
	if (again)
		list_add_tail(&batch->node, &area->retry);
	else
		area->progress_ns = ktime_get_ns();
	area->inflight--;
	more = again || area->queued;
	if (!area->inflight)
		wake_up_all(&area->idle);
	/* The area may go once the lock is dropped and nothing is queued. */
	if (more)
		mod_delayed_work(area_wq, &area->store_work, 0);
	spin_unlock_irqrestore(&area->lock, flags);
}

/*
 * Submit @batch, whose pieces are complete. @prepared: the run of its only
 * piece has been prepared for already, by the attempt that failed.
 */
static void area_batch_go(struct area *area, struct area_batch *batch,
			  bool prepared)
{
	unsigned int i;
	int ret;

	batch->owner = area;
	batch->end = area_batch_end;
	for (i = prepared; i < batch->nr_pieces; i++) {
		struct area_piece *piece = &batch->piece[i];
		struct area_copy *copy = piece->copy;

		ret = copy->ops->prepare(copy, piece->first, piece->nr);
		if (ret)
			area_fail(area, ret, BLKSNAP_SNAPSHOT_PHASE_STORE, 0, 0,
				  false);
	}
	if (area_error(area)) {
		batch->retried = true;
		batch->end(batch, -EIO);
		return;
	}
	area_io_submit(batch);
}

/*
 * Place up to a batch of queued copies. False: nothing to do, or enough is in
 * flight. Copies are cut only where a range or a batch ends.
 */
static bool area_store_batch(struct area *area)
{
	struct area_batch *batch;
	struct block_device *bdev;
	sector_t sector;
	unsigned int nr;
	u32 slot;

	spin_lock_irq(&area->lock);
	if (!area->queued || area->inflight >= STORE_DEPTH ||
	    area->fault.error) {
		spin_unlock_irq(&area->lock);
		return false;
	}
	area->inflight++;
	spin_unlock_irq(&area->lock);

	batch = area_io_alloc();

	spin_lock_irq(&area->lock);
	nr = area_give_locked(area, min_t(unsigned int, area->queued,
					  BATCH_UNITS),
			      &slot, &bdev, &sector);
	area->queued -= nr;
	spin_unlock_irq(&area->lock);
	if (WARN_ON_ONCE(!nr)) {
		spin_lock_irq(&area->lock);
		area->inflight--;
		spin_unlock_irq(&area->lock);
		area_io_free(batch);
		area_fail(area, -EIO, BLKSNAP_SNAPSHOT_PHASE_STORE, 0, 0, false);
		return false;
	}

	batch->slot = slot;
	area_io_begin(batch, bdev, sector, nr);
	while (batch->nr < nr) {
		struct area_copy *copy;
		unsigned int part;

		spin_lock_irq(&area->lock);
		copy = list_first_entry(&area->queue, struct area_copy, node);
		part = min(nr - batch->nr, copy->nr - copy->placed);
		if (copy->placed + part == copy->nr)
			list_del_init(&copy->node);
		spin_unlock_irq(&area->lock);
		area_io_add(batch, copy, copy->vecs, copy->placed, part);
		copy->placed += part;
	}
	area_batch_go(area, batch, false);
	return true;
}

/* Once more, elsewhere, from memory; it takes space of its own. */
static void area_retry_batch(struct area *area, struct area_batch *failed)
{
	unsigned int i;

	for (i = 0; i < failed->nr_pieces; i++) {
		struct area_piece *piece = &failed->piece[i];
		struct area_copy *copy = piece->copy;
		unsigned int first = piece->first, left = piece->nr;

		while (left) {
			struct block_device *bdev;
			struct area_batch *batch;
			unsigned int nr = 0;
			sector_t sector;
			u32 slot;

			spin_lock_irq(&area->lock);
			if (area->total - area->used >= left &&
			    !area->fault.error)
				nr = area_give_locked(area, left, &slot, &bdev,
						      &sector);
			area->used += nr;
			if (nr)
				area->inflight++;
			spin_unlock_irq(&area->lock);
			if (!nr) {
				area_fail(area, -EIO,
					  BLKSNAP_SNAPSHOT_PHASE_STORE,
					  failed->bdev->bd_dev, failed->sector,
					  true);
				area_lost(copy, first, left, -EIO);
				break;
			}
			batch = area_io_alloc();
			batch->slot = slot;
			batch->retried = true;
			area_io_begin(batch, bdev, sector, nr);
			area_io_add(batch, copy, copy->vecs, first, nr);
			area_batch_go(area, batch, first == piece->first);
			first += nr;
			left -= nr;
		}
	}
	area_io_free(failed);
}

/* After a fault or at shutdown: nobody will read what is queued. */
static void area_drop_queue(struct area *area)
{
	struct area_copy *copy;

	spin_lock_irq(&area->lock);
	while ((copy = list_first_entry_or_null(&area->queue, struct area_copy,
						node))) {
		unsigned int first = copy->placed, nr = copy->nr - first;

		list_del_init(&copy->node);
		area->queued -= nr;
		copy->placed = copy->nr;
		spin_unlock_irq(&area->lock);
		area_lost(copy, first, nr, -EIO);
		spin_lock_irq(&area->lock);
	}
	spin_unlock_irq(&area->lock);
}

/* Context: workqueue with a rescuer; the only one that places copies. */
static void area_store_work(struct work_struct *work)
{
	struct area *area = container_of(to_delayed_work(work), struct area,
					 store_work);
	struct area_batch *failed;
	struct blk_plug plug;

	blk_start_plug(&plug);
	for (;;) {
		spin_lock_irq(&area->lock);
		failed = list_first_entry_or_null(&area->retry,
						  struct area_batch, node);
		if (failed)
			list_del(&failed->node);
		spin_unlock_irq(&area->lock);
		if (!failed)
			break;
		area_retry_batch(area, failed);
	}
	while (area_store_batch(area))
		;
	blk_finish_plug(&plug);
	if (area_error(area) || READ_ONCE(area->stopped))
		area_drop_queue(area);
}

void area_store(struct area *area, struct area_copy *copy)
{
	unsigned long flags;
	unsigned int queued;

	copy->placed = 0;
	spin_lock_irqsave(&area->lock, flags);
	if (list_empty(&area->queue) && !area->inflight)
		area->progress_ns = ktime_get_ns();
	list_add_tail(&copy->node, &area->queue);
	area->queued += copy->nr;
	queued = area->queued;
	/* Nobody looks at a failed area's queue unless told. */
	if (queued >= STORE_EARLY || area->pressed || area->fault.error)
		mod_delayed_work(area_wq, &area->store_work, 0);
	else
		queue_delayed_work(area_wq, &area->store_work, STORE_DELAY);
	spin_unlock_irqrestore(&area->lock, flags);
}

void area_hurry(struct area *area)
{
	mod_delayed_work(area_wq, &area->store_work, 0);
}

/* ---- the stall watch ---- */

#define STALL_CHECK msecs_to_jiffies(250)

static void area_stall_work(struct work_struct *work)
{
	struct area *area = container_of(to_delayed_work(work), struct area,
					 stall_work);
	u64 now = ktime_get_ns(), since;
	bool pressed;

	spin_lock_irq(&area->lock);
	pressed = area->pressed > 0 && !area->stopped && !area->fault.error;
	if (area->is_short)
		area->progress_ns = now; /* that wait has a limit of its own */
	since = max(area->pressed_ns, area->progress_ns);
	spin_unlock_irq(&area->lock);
	if (!pressed)
		return;
	if (now > since && now - since > (u64)READ_ONCE(stall_ms) * NSEC_PER_MSEC)
		area_fail(area, -ETIMEDOUT, BLKSNAP_SNAPSHOT_PHASE_STORE, 0, 0,
			  false);
	else
		queue_delayed_work(area_wq, &area->stall_work, STALL_CHECK);
}

void area_pressed(struct area *area, int delta)
{
	unsigned long flags;

	spin_lock_irqsave(&area->lock, flags);
	if (delta > 0 && !area->pressed)
		area->pressed_ns = ktime_get_ns();
	area->pressed += delta;
	if (delta > 0 && !area->stopped) {
		queue_delayed_work(area_wq, &area->stall_work, STALL_CHECK);
		mod_delayed_work(area_wq, &area->store_work, 0);
	}
	spin_unlock_irqrestore(&area->lock, flags);
}

/* ---- ranges ---- */

static struct area_span *area_find_slot(struct area *area, u32 slot)
{
	unsigned int lo = 0, hi = area->nr_ranges;

	lockdep_assert_held(&area->lock);
	while (lo + 1 < hi) {
		unsigned int mid = (lo + hi) / 2;

		if (area->ranges[mid].base <= slot)
			lo = mid;
		else
			hi = mid;
	}
	return &area->ranges[lo];
}

unsigned int area_locate(struct area *area, u32 slot, unsigned int max,
			 struct block_device **bdev, sector_t *sector)
{
	struct area_span *range;
	unsigned long flags;
	unsigned int nr;
	u32 off;

	spin_lock_irqsave(&area->lock, flags);
	range = area_find_slot(area, slot);
	off = slot - range->base;
	*bdev = range->dev->open.bdev;
	*sector = range->start + (sector_t)off * UNIT_SECTORS;
	nr = min(max, range->units - off);
	spin_unlock_irqrestore(&area->lock, flags);
	return nr;
}

static sector_t range_disk_start(const struct area_span *range)
{
	return range->dev->open.bdev->bd_start_sect + range->start;
}

static bool range_overlaps(const struct area_span *range, struct gendisk *disk,
			   sector_t start, sector_t count)
{
	sector_t mine = range_disk_start(range);

	return range->dev->open.bdev->bd_disk == disk &&
	       start < mine + range->count && mine < start + count;
}

static bool area_overlaps_locked(struct gendisk *disk, sector_t start,
				 sector_t count)
{
	struct area *area;
	unsigned int i;

	lockdep_assert_held(&areas_lock);
	list_for_each_entry(area, &areas, all)
		for (i = 0; i < area->nr_ranges; i++)
			if (range_overlaps(&area->ranges[i], disk, start, count))
				return true;
	return false;
}

bool area_overlaps(struct gendisk *disk, sector_t start, sector_t count)
{
	bool ret;

	mutex_lock(&areas_lock);
	ret = area_overlaps_locked(disk, start, count);
	mutex_unlock(&areas_lock);
	return ret;
}

static void area_dev_put(struct area_dev *dev)
{
	lockdep_assert_held(&areas_lock);
	if (--dev->ranges)
		return;
	list_del(&dev->node);
	compat_bdev_close(&dev->open);
	kfree(dev);
}

static struct area_dev *area_dev_get(struct area *area, dev_t devt,
				     unsigned int index, struct refusal *r)
{
	struct area_dev *dev;
	int ret;

	lockdep_assert_held(&areas_lock);
	list_for_each_entry(dev, &area->devs, node) {
		if (dev->open.bdev->bd_dev == devt) {
			dev->ranges++;
			return dev;
		}
	}
	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	ret = compat_bdev_open(&dev->open, devt, true, area);
	if (ret) {
		kfree(dev);
		switch (ret) {
		case -EBUSY:
			refuse(r, ret, REFUSE_RANGE, index,
			       "the area device is in use: mounted, part of another device, or in another area");
			break;
		case -EROFS:
		case -EACCES:
			ret = refuse(r, -EROFS, REFUSE_RANGE, index,
				     "the area device is read-only");
			break;
		case -ENXIO:
		case -ENODEV:
			ret = refuse(r, -ENODEV, REFUSE_RANGE, index,
				     "there is no such area device");
			break;
		default:
			refuse(r, ret, REFUSE_RANGE, index,
			       "the area device cannot be opened");
		}
		return ERR_PTR(ret);
	}
	if (bdev_read_only(dev->open.bdev)) {
		compat_bdev_close(&dev->open);
		kfree(dev);
		return ERR_PTR(refuse(r, -EROFS, REFUSE_RANGE, index,
				      "the area device is read-only"));
	}
	dev->ranges = 1;
	list_add_tail(&dev->node, &area->devs);
	return dev;
}

/* Check @want and fill @range, base aside. The device's count went up. */
static int range_open(struct area *area, const struct area_range *want,
		      struct area_span *range, unsigned int index,
		      struct refusal *r)
{
	struct block_device *bdev;
	sector_t size;
	int ret;

	range->dev = area_dev_get(area, want->dev, index, r);
	if (IS_ERR(range->dev))
		return PTR_ERR(range->dev);
	bdev = range->dev->open.bdev;
	size = bdev_nr_sectors(bdev);
	if (bdev->bd_disk->fops->owner == THIS_MODULE) {
		ret = refuse(r, -EINVAL, REFUSE_RANGE, index,
			     "the area device is the image of a snapshot");
		goto err_put;
	}

	range->start = want->start;
	range->count = want->count;
	if (!want->count && want->start < size)
		range->count = size - want->start;
	if (range->start >= size || range->count > size - range->start) {
		ret = refuse(r, -ERANGE, REFUSE_RANGE, index,
			     "the range ends beyond the area device");
		goto err_put;
	}
	if ((range->start << SECTOR_SHIFT) % bdev_logical_block_size(bdev)) {
		ret = refuse(r, -EINVAL, REFUSE_RANGE, index,
			     "the range does not start at a block of the area device");
		goto err_put;
	}
	if (range->count < UNIT_SECTORS) {
		ret = refuse(r, -EINVAL, REFUSE_RANGE, index,
			     "the range is smaller than 4 KiB");
		goto err_put;
	}
	if (range->count / UNIT_SECTORS > U32_MAX) {
		ret = refuse(r, -E2BIG, REFUSE_RANGE, index,
			     "the area would exceed 16 TiB");
		goto err_put;
	}
	range->units = range->count / UNIT_SECTORS;
	range->used = 0;
	if (area_overlaps_locked(bdev->bd_disk, range_disk_start(range),
				 range->count)) {
		ret = refuse(r, -EBUSY, REFUSE_RANGE, index,
			     "the range overlaps one that is in an area");
		goto err_put;
	}
	if (area->ops->tracked(bdev->bd_disk, range_disk_start(range),
			       range->count)) {
		ret = refuse(r, -EBUSY, REFUSE_RANGE, index,
			     "the range lies on a tracked device");
		goto err_put;
	}
	return 0;

err_put:
	area_dev_put(range->dev);
	return ret;
}

int area_append(struct area *area, const struct area_range *ranges,
		unsigned int nr, struct refusal *r)
{
	struct area_span *grown, *old;
	unsigned int i, j, had;
	u64 base;
	bool moved;
	int ret = 0;

	mutex_lock(&areas_lock);
	had = area->nr_ranges;
	grown = kvcalloc(had + nr, sizeof(*grown), GFP_KERNEL);
	if (!grown) {
		ret = -ENOMEM;
		goto unlock;
	}
	base = area->next_base;
	for (i = 0; i < nr; i++) {
		struct area_span *range = &grown[had + i];

		ret = range_open(area, &ranges[i], range, i, r);
		if (ret)
			goto err_close;
		range->base = base;
		base += range->units;
		for (j = 0; j < i && !ret; j++)
			if (range_overlaps(&grown[had + j],
					   range->dev->open.bdev->bd_disk,
					   range_disk_start(range),
					   range->count))
				ret = refuse(r, -EBUSY, REFUSE_RANGE, i,
					     "the range overlaps another one of the request");
		if (!ret && base >= SLOT_NONE)
			ret = refuse(r, -E2BIG, REFUSE_RANGE, i,
				     "the area would exceed 16 TiB");
		if (ret) {
			area_dev_put(range->dev);
			goto err_close;
		}
	}

	spin_lock_irq(&area->lock);
	old = area->ranges;
	if (had)
		memcpy(grown, old, had * sizeof(*grown));
	area->ranges = grown;
	area->nr_ranges = had + nr;
	area->total += base - area->next_base;
	area->next_base = base;
	area->is_short = false;
	moved = area_level_locked(area);
	spin_unlock_irq(&area->lock);
	cancel_delayed_work(&area->grace_work);
	mutex_unlock(&areas_lock);
	kvfree(old);
	if (moved)
		area->ops->changed(area->owner);
	area->ops->room(area->owner);
	return 0;

err_close:
	while (i--)
		area_dev_put(grown[had + i].dev);
	kvfree(grown);
unlock:
	mutex_unlock(&areas_lock);
	return ret;
}

/* Which range is @want? -ENOENT unless it names one exactly. */
static int area_find_range(struct area *area, const struct area_range *want)
{
	unsigned int i;

	for (i = 0; i < area->nr_ranges; i++) {
		struct area_span *range = &area->ranges[i];

		if (range->dev->open.bdev->bd_dev == want->dev &&
		    range->start == want->start &&
		    (!want->count || range->count == want->count))
			return i;
	}
	return -ENOENT;
}

int area_remove(struct area *area, const struct area_range *ranges,
		unsigned int nr, struct refusal *r)
{
	struct area_span *left, *old;
	struct area_dev **put;
	unsigned int i, had, nr_put = 0;
	u64 units = 0;
	bool moved;
	int ret = 0;

	mutex_lock(&areas_lock);
	had = area->nr_ranges;
	left = kvcalloc(max(had, 1U), sizeof(*left), GFP_KERNEL);
	put = kvcalloc(nr, sizeof(*put), GFP_KERNEL);
	if (!left || !put) {
		ret = -ENOMEM;
		goto out;
	}

	/* One pass under the lock: nothing may be given out in between. */
	spin_lock_irq(&area->lock);
	memcpy(left, area->ranges, had * sizeof(*left));
	for (i = 0; i < nr; i++) {
		int at = area_find_range(area, &ranges[i]);

		if (at < 0 || !left[at].dev) {
			ret = refuse(r, -ENOENT, REFUSE_RANGE, i,
				     "the area has no such range");
			break;
		}
		if (left[at].used) {
			ret = refuse(r, -EBUSY, REFUSE_RANGE, i,
				     "the range holds copies");
			break;
		}
		units += left[at].units;
		put[nr_put++] = left[at].dev;
		left[at].dev = NULL;
	}
	if (!ret && area->total - units < area->used)
		ret = refuse(r, -ENOSPC, REFUSE_REQUEST, 0,
			     "the rest of the area would be too small");
	if (!ret) {
		unsigned int to = 0;

		for (i = 0; i < had; i++) {
			if (!left[i].dev)
				continue;
			if (i == area->cursor)
				area->cursor = to;
			left[to++] = left[i];
		}
		area->cursor = min(area->cursor, to);
		/* Ranges before the cursor may have been skipped as full. */
		while (area->cursor && !left[area->cursor - 1].used)
			area->cursor--;
		old = area->ranges;
		area->ranges = left;
		area->nr_ranges = to;
		area->total -= units;
		left = old;
	}
	moved = area_level_locked(area);
	spin_unlock_irq(&area->lock);
	if (!ret) {
		for (i = 0; i < nr_put; i++)
			area_dev_put(put[i]);
		if (moved)
			area->ops->changed(area->owner);
	}
out:
	mutex_unlock(&areas_lock);
	kvfree(left);
	kvfree(put);
	return ret;
}

/* ---- life and information ---- */

struct area *area_create(const struct area_ops *ops, void *owner)
{
	struct area *area = kzalloc(sizeof(*area), GFP_KERNEL);

	if (!area)
		return ERR_PTR(-ENOMEM);
	area->ops = ops;
	area->owner = owner;
	INIT_LIST_HEAD(&area->devs);
	spin_lock_init(&area->lock);
	INIT_LIST_HEAD(&area->queue);
	INIT_LIST_HEAD(&area->retry);
	INIT_DELAYED_WORK(&area->store_work, area_store_work);
	INIT_DELAYED_WORK(&area->stall_work, area_stall_work);
	INIT_DELAYED_WORK(&area->grace_work, area_grace_work);
	init_waitqueue_head(&area->idle);
	mutex_lock(&areas_lock);
	list_add_tail(&area->all, &areas);
	mutex_unlock(&areas_lock);
	return area;
}

void area_shutdown(struct area *area)
{
	might_sleep();
	spin_lock_irq(&area->lock);
	area->stopped = true;
	spin_unlock_irq(&area->lock);
	/* After a fault nothing more is placed; the rest is dropped. */
	area_fail(area, -ESHUTDOWN, BLKSNAP_SNAPSHOT_PHASE_NONE, 0, 0, false);
	flush_delayed_work(&area->store_work);
	for (;;) {
		bool idle;

		wait_event(area->idle, !READ_ONCE(area->inflight));
		mod_delayed_work(area_wq, &area->store_work, 0);
		flush_delayed_work(&area->store_work);
		spin_lock_irq(&area->lock);
		idle = !area->inflight && list_empty(&area->retry) &&
		       list_empty(&area->queue);
		spin_unlock_irq(&area->lock);
		if (idle)
			break;
	}
	cancel_delayed_work_sync(&area->store_work);
	cancel_delayed_work_sync(&area->stall_work);
	cancel_delayed_work_sync(&area->grace_work);
}

void area_destroy(struct area *area)
{
	unsigned int i;

	if (!area)
		return;
	mutex_lock(&areas_lock);
	list_del(&area->all);
	for (i = 0; i < area->nr_ranges; i++)
		area_dev_put(area->ranges[i].dev);
	mutex_unlock(&areas_lock);
	kvfree(area->ranges);
	kfree(area);
}

void area_info(struct area *area, struct area_info *info)
{
	unsigned long flags;

	spin_lock_irqsave(&area->lock, flags);
	info->total = area->total;
	info->used = area->used;
	info->low = area->is_low;
	info->fault = area->fault;
	spin_unlock_irqrestore(&area->lock, flags);
}

bool area_range(struct area *area, unsigned int index,
		struct area_range_info *info)
{
	bool found = false;

	mutex_lock(&areas_lock);
	if (index < area->nr_ranges) {
		struct area_span *range = &area->ranges[index];

		info->dev = range->dev->open.bdev->bd_dev;
		snprintf(info->name, sizeof(info->name), "%pg",
			 range->dev->open.bdev);
		info->start = range->start;
		info->count = range->count;
		info->used = (sector_t)READ_ONCE(range->used) * UNIT_SECTORS;
		found = true;
	}
	mutex_unlock(&areas_lock);
	return found;
}
