// SPDX-License-Identifier: GPL-2.0
/*
 * The ranges of areas: opened, checked against each other and against what is
 * tracked, appended, removed, found by slot.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <uapi/linux/blksnap_genl.h>

#include "area_priv.h"
#include "logic/slot_map.h"

static DEFINE_MUTEX(areas_lock); /* guards the ranges of all areas */
static LIST_HEAD(areas);

void area_enter(struct area *area)
{
	mutex_lock(&areas_lock);
	list_add_tail(&area->all, &areas);
	mutex_unlock(&areas_lock);
}

struct area_span *area_find_slot(struct area *area, u32 slot)
{
	unsigned int lo = 0, hi = area->nr_spans;

	lockdep_assert_held(&area->lock);
	while (lo + 1 < hi) {
		unsigned int mid = (lo + hi) / 2;

		if (area->spans[mid].base <= slot)
			lo = mid;
		else
			hi = mid;
	}
	return &area->spans[lo];
}

unsigned int area_locate(struct area *area, u32 slot, unsigned int max, struct block_device **bdev,
			 sector_t *sector)
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

/* How many of @units slots from @slot on are in the range that @slot is in. */
static unsigned int area_units_here(struct area *area, u32 slot, unsigned int units)
{
	struct area_span *range;

	spin_lock_irq(&area->lock);
	range = area_find_slot(area, slot);
	units = min(units, range->units - (slot - range->base));
	spin_unlock_irq(&area->lock);
	return units;
}

/* Slots of one range: who is given what is free here writes them in one go. */
static void area_release_here(struct area *area, u32 slot, unsigned int units)
{
	bool moved, wanted;

	if (xa_err(xa_store_irq(&area->freed, slot, xa_mk_value(units), GFP_KERNEL)))
		return;
	/* From here on they are counted, and so can be promised and given. */
	spin_lock_irq(&area->lock);
	area_find_slot(area, slot)->nr_free += units;
	area->used -= units;
	area_relieve_locked(area);
	moved = area_level_locked(area);
	/* Whoever starts to wait after this tries once more before he does. */
	wanted = area->pressed > 0;
	spin_unlock_irq(&area->lock);
	if (moved)
		area->ops->changed(area->owner);
	if (wanted)
		area->ops->room(area->owner);
}

void area_release(struct area *area, u32 slot, unsigned int units)
{
	might_sleep();
	while (units) {
		unsigned int nr = area_units_here(area, slot, units);

		area_release_here(area, slot, nr);
		slot += nr;
		units -= nr;
	}
}

static sector_t range_disk_start(const struct area_span *range)
{
	return range->dev->open.bdev->bd_start_sect + range->start;
}

static bool range_is_met(const struct area_span *range, struct gendisk *disk, sector_t start,
			 sector_t count)
{
	sector_t mine = range_disk_start(range);

	return range->dev->open.bdev->bd_disk == disk && start < mine + range->count &&
	       mine < start + count;
}

static bool area_overlaps_locked(struct gendisk *disk, sector_t start, sector_t count)
{
	struct area *area;
	unsigned int i;

	lockdep_assert_held(&areas_lock);
	list_for_each_entry(area, &areas, all)
		for (i = 0; i < area->nr_spans; i++)
			if (range_is_met(&area->spans[i], disk, start, count))
				return true;
	return false;
}

bool area_exclude(struct gendisk *disk, sector_t start, sector_t count, void (*enter)(void *arg),
		  void *arg)
{
	bool free;

	mutex_lock(&areas_lock);
	free = !area_overlaps_locked(disk, start, count);
	if (free)
		enter(arg);
	mutex_unlock(&areas_lock);
	return free;
}

static struct area_dev *area_dev_find(struct list_head *devs, dev_t devt)
{
	struct area_dev *dev;

	list_for_each_entry(dev, devs, node)
		if (dev->open.bdev->bd_dev == devt)
			return dev;
	return NULL;
}

void area_devs_close(struct list_head *devs)
{
	struct area_dev *dev, *next;

	list_for_each_entry_safe(dev, next, devs, node) {
		compat_bdev_close(&dev->open);
		kfree(dev);
	}
	INIT_LIST_HEAD(devs);
}

static int area_dev_refuse(struct refusal *r, int err, unsigned int index)
{
	switch (err) {
	case -EBUSY:
		return refuse(r, err, REFUSE_RANGE, index,
			      "the area device is in use: mounted, part of another device, or in another area");
	case -EROFS:
	case -EACCES:
		return refuse(r, -EROFS, REFUSE_RANGE, index, "the area device is read-only");
	case -EPERM:
		return refuse(r, err, REFUSE_RANGE, index,
			      "the caller's device cgroup forbids writing to the area device");
	case -ENXIO:
	case -ENODEV:
		return refuse(r, -ENODEV, REFUSE_RANGE, index, "there is no such area device");
	default:
		return refuse(r, err, REFUSE_RANGE, index, "the area device cannot be opened");
	}
}

/* Have @devt among the devices of a request. Context: process, no locks. */
static int area_dev_open(struct list_head *devs, dev_t devt, unsigned int index, struct refusal *r)
{
	struct area_dev *dev;
	int ret;

	if (area_dev_find(devs, devt))
		return 0;
	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return -ENOMEM;
	/* For all areas: several may have ranges on one device. */
	ret = compat_bdev_open(&dev->open, devt, true, &areas);
	if (ret) {
		kfree(dev);
		return area_dev_refuse(r, ret, index);
	}
	list_add_tail(&dev->node, devs);
	if (bdev_read_only(dev->open.bdev))
		return area_dev_refuse(r, -EROFS, index);
	return 0;
}

int area_devs_open(struct list_head *devs, const struct area_range *ranges, unsigned int nr,
		   struct refusal *r)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < nr && !ret; i++)
		ret = area_dev_open(devs, ranges[i].dev, i, r);
	return ret;
}

/* The area's device @devt; from @opened, which has it, if the area had none. */
static struct area_dev *area_dev_get(struct area *area, struct list_head *opened, dev_t devt)
{
	struct area_dev *dev = area_dev_find(&area->devs, devt);

	lockdep_assert_held(&areas_lock);
	if (!dev) {
		dev = area_dev_find(opened, devt);
		list_move_tail(&dev->node, &area->devs);
	}
	dev->nr_spans++;
	return dev;
}

/* @unused: those to be closed once areas_lock is dropped. */
static void area_dev_put(struct area_dev *dev, struct list_head *unused)
{
	lockdep_assert_held(&areas_lock);
	if (!--dev->nr_spans)
		list_move(&dev->node, unused);
}

/*
 * Check @want and fill @range, base aside. Its device is one of @opened, and may
 * be again. The device's count went up.
 */
static int range_open(struct area *area, struct list_head *opened, const struct area_range *want,
		      struct area_span *range, unsigned int index, struct refusal *r)
{
	struct block_device *bdev;
	sector_t size;
	int ret;

	range->dev = area_dev_get(area, opened, want->dev);
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
	if (bdev_logical_block_size(bdev) > UNIT_SIZE) {
		ret = refuse(r, -EOPNOTSUPP, REFUSE_RANGE, index,
			     "the area device has blocks of more than 4 KiB");
		goto err_put;
	}
	if ((range->start << SECTOR_SHIFT) % bdev_logical_block_size(bdev)) {
		ret = refuse(r, -EINVAL, REFUSE_RANGE, index,
			     "the range does not start at a block of the area device");
		goto err_put;
	}
	if (range->count < UNIT_SECTORS) {
		ret = refuse(r, -EINVAL, REFUSE_RANGE, index, "the range is smaller than 4 KiB");
		goto err_put;
	}
	if (range->count / UNIT_SECTORS > U32_MAX) {
		ret = refuse(r, -E2BIG, REFUSE_RANGE, index, "the area would exceed 16 TiB");
		goto err_put;
	}
	range->units = range->count / UNIT_SECTORS;
	range->used = 0;
	if (area_overlaps_locked(bdev->bd_disk, range_disk_start(range), range->count)) {
		ret = refuse(r, -EBUSY, REFUSE_RANGE, index,
			     "the range overlaps one that is in an area");
		goto err_put;
	}
	if (area->ops->tracked(bdev->bd_disk, range_disk_start(range), range->count)) {
		ret = refuse(r, -EBUSY, REFUSE_RANGE, index, "the range lies on a tracked device");
		goto err_put;
	}
	return 0;

err_put:
	area_dev_put(range->dev, opened);
	return ret;
}

int area_append(struct area *area, struct list_head *devs, const struct area_range *ranges,
		unsigned int nr, struct refusal *r)
{
	struct area_span *grown, *old;
	unsigned int i, j, had;
	u64 base;
	bool moved;
	int ret = 0;

	mutex_lock(&areas_lock);
	had = area->nr_spans;
	grown = kvcalloc(had + nr, sizeof(*grown), GFP_KERNEL);
	if (!grown) {
		ret = -ENOMEM;
		goto unlock;
	}
	base = area->next_base;
	for (i = 0; i < nr; i++) {
		struct area_span *range = &grown[had + i];

		ret = range_open(area, devs, &ranges[i], range, i, r);
		if (ret)
			goto err_close;
		range->base = base;
		base += range->units;
		for (j = 0; j < i && !ret; j++)
			if (range_is_met(&grown[had + j], range->dev->open.bdev->bd_disk,
					 range_disk_start(range), range->count))
				ret = refuse(r, -EBUSY, REFUSE_RANGE, i,
					     "the range overlaps another one of the request");
		if (!ret && base >= SLOT_NONE)
			ret = refuse(r, -E2BIG, REFUSE_RANGE, i, "the area would exceed 16 TiB");
		if (ret) {
			area_dev_put(range->dev, devs);
			goto err_close;
		}
	}

	spin_lock_irq(&area->lock);
	old = area->spans;
	if (had)
		memcpy(grown, old, had * sizeof(*grown));
	area->spans = grown;
	area->nr_spans = had + nr;
	area->changes++;
	area->total += base - area->next_base;
	area->next_base = base;
	area_relieve_locked(area);
	moved = area_level_locked(area);
	spin_unlock_irq(&area->lock);
	mutex_unlock(&areas_lock);
	kvfree(old);
	if (moved)
		area->ops->changed(area->owner);
	area->ops->room(area->owner);
	return 0;

err_close:
	while (i--)
		area_dev_put(grown[had + i].dev, devs);
	kvfree(grown);
unlock:
	mutex_unlock(&areas_lock);
	return ret;
}

/*
 * Which range is @want? -ENOENT unless it names one exactly. What is looked at
 * changes under areas_lock alone.
 */
static int area_find_range(struct area *area, const struct area_range *want)
{
	unsigned int i;

	lockdep_assert_held(&areas_lock);
	for (i = 0; i < area->nr_spans; i++) {
		struct area_span *range = &area->spans[i];

		if (range->dev->open.bdev->bd_dev == want->dev && range->start == want->start &&
		    (!want->count || range->count == want->count))
			return i;
	}
	return -ENOENT;
}

int area_remove(struct area *area, struct list_head *devs, const struct area_range *ranges,
		unsigned int nr, struct refusal *r)
{
	struct area_span *left, *old;
	unsigned int i, had, *which;
	u64 units = 0;
	bool moved;
	int ret = 0;

	mutex_lock(&areas_lock);
	had = area->nr_spans;
	left = kvcalloc(max(had, 1U), sizeof(*left), GFP_KERNEL);
	which = kvcalloc(nr, sizeof(*which), GFP_KERNEL);
	if (!left || !which) {
		ret = -ENOMEM;
		goto out;
	}
	/* Among as many as there may be, with interrupts on. */
	for (i = 0; i < nr; i++) {
		ret = area_find_range(area, &ranges[i]);
		if (ret < 0) {
			refuse(r, ret, REFUSE_RANGE, i, "the area has no such range");
			goto out;
		}
		which[i] = ret;
		cond_resched();
	}
	ret = 0;

	/* One pass under the lock: nothing may be given out in between. */
	spin_lock_irq(&area->lock);
	memcpy(left, area->spans, had * sizeof(*left));
	for (i = 0; i < nr; i++) {
		unsigned int at = which[i];

		if (!left[at].dev) {
			ret = refuse(r, -ENOENT, REFUSE_RANGE, i, "the area has no such range");
			break;
		}
		if (left[at].used) {
			ret = refuse(r, -EBUSY, REFUSE_RANGE, i, "the range holds copies");
			break;
		}
		units += left[at].units;
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
		old = area->spans;
		area->spans = left;
		area->nr_spans = to;
		area->changes++;
		area->total -= units;
		left = old;
	}
	moved = area_level_locked(area);
	spin_unlock_irq(&area->lock);
	if (!ret) {
		for (i = 0; i < nr; i++)
			area_dev_put(left[which[i]].dev, devs);
		if (moved)
			area->ops->changed(area->owner);
	}
out:
	mutex_unlock(&areas_lock);
	kvfree(left);
	kvfree(which);
	return ret;
}

void area_leave(struct area *area)
{
	LIST_HEAD(unused);
	unsigned int i;

	mutex_lock(&areas_lock);
	list_del(&area->all);
	for (i = 0; i < area->nr_spans; i++)
		area_dev_put(area->spans[i].dev, &unused);
	mutex_unlock(&areas_lock);
	area_devs_close(&unused);
	kvfree(area->spans);
}

void area_watch(void)
{
	struct area_dev *dev;
	struct area *area;

	mutex_lock(&areas_lock);
	list_for_each_entry(area, &areas, all) {
		list_for_each_entry(dev, &area->devs, node) {
			struct block_device *bdev = dev->open.bdev;

			if (!disk_live(bdev->bd_disk) || test_bit(GD_DEAD, &bdev->bd_disk->state))
				area_fail(area, -ENODEV, BLKSNAP_SNAPSHOT_PHASE_STORE, bdev->bd_dev,
					  0, false);
		}
	}
	mutex_unlock(&areas_lock);
}

void area_retire(struct area *area)
{
	might_sleep();
	area_fail(area, -ESHUTDOWN, BLKSNAP_SNAPSHOT_PHASE_NONE, 0, 0, false);
	/* The watch may have been faster, and be about to tell. */
	mutex_lock(&areas_lock);
	mutex_unlock(&areas_lock);
}

bool area_range(struct area *area, unsigned int index, struct area_range_info *info)
{
	bool found = false;

	mutex_lock(&areas_lock);
	if (index < area->nr_spans) {
		struct area_span *range = &area->spans[index];

		info->dev = range->dev->open.bdev->bd_dev;
		snprintf(info->name, sizeof(info->name), "%pg", range->dev->open.bdev);
		info->start = range->start;
		info->count = range->count;
		spin_lock_irq(&area->lock);
		info->used = (sector_t)(range->used - range->nr_free) * UNIT_SECTORS;
		spin_unlock_irq(&area->lock);
		found = true;
	}
	mutex_unlock(&areas_lock);
	return found;
}
