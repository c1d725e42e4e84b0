// SPDX-License-Identifier: GPL-2.0
/*
 * Giving up parts of the past. A unit nobody has written yet is marked as if
 * it were in memory: writes pass by the fast path, readers find no copy. A
 * stored one loses its slot, then the slot is given back; a reader that had
 * located it finds another number of cow_releases() at its end.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "cow_map.h"

/* A cut run needs a table. */
static int release_prepare(struct cow *cow, struct cow_region *region, u64 units)
{
	spinlock_t *lock = cow_region_lock(cow, region);
	u32 *table;
	bool cuts;

	spin_lock_irq(lock);
	cuts = slot_map_cuts(&region->slots, units);
	spin_unlock_irq(lock);
	if (!cuts)
		return 0;
	table = kmalloc_array(REGION_UNITS, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	spin_lock_irq(lock);
	if (!region->slots.is_table) {
		slot_map_use_table(&region->slots, table);
		atomic_long_add(REGION_UNITS * sizeof(*table), &cow->metadata);
		table = NULL;
	}
	spin_unlock_irq(lock);
	kfree(table);
	return 0;
}

/* Units of one region. Return: how many were released, or -ENOMEM. */
static int release_units(struct cow *cow, u64 unit, unsigned int nr)
{
	struct cow_region *region = cow_region_get(cow, unit, GFP_KERNEL);
	u64 units = unit_mask(unit % REGION_UNITS, nr), fresh;
	struct slot_run taken[REGION_UNITS];
	unsigned int i, nr_taken, stored = 0;
	spinlock_t *lock;
	int ret;

	if (!region)
		return -ENOMEM;
	lock = cow_region_lock(cow, region);
	ret = release_prepare(cow, region, units);
	if (ret)
		return ret;
	spin_lock_irq(lock);
	if (slot_map_cuts(&region->slots, units)) {
		/* Stored since: kept, as what is being copied is. */
		units = 0;
	}
	fresh = units & ~region->claimed;
	WRITE_ONCE(region->claimed, region->claimed | fresh);
	smp_store_release(&region->inmem, region->inmem | fresh);
	nr_taken = slot_map_take(&region->slots, units, taken);
	spin_unlock_irq(lock);

	if (nr_taken)
		/* Fully ordered: before a slot can be another unit's. */
		atomic_inc_return(&cow->releases);
	for (i = 0; i < nr_taken; i++) {
		area_release(cow->area, taken[i].slot, taken[i].nr);
		stored += taken[i].nr;
	}
	atomic_long_sub(stored, &cow->stored);
	return hweight64(fresh) + stored;
}

int cow_release(struct cow *cow, sector_t first, sector_t count, u64 *released)
{
	u64 unit = DIV_ROUND_UP_SECTOR_T(first, UNIT_SECTORS), end = cow->units;
	int ret = 0;

	might_sleep();
	/* Who reads and gives up wants a small area: nothing is copied ahead. */
	area_save(cow->area);
	if (first + count < cow->sectors)
		end = (first + count) / UNIT_SECTORS;
	while (!ret && unit < end) {
		unsigned int nr = min_t(u64, end - unit, REGION_UNITS - unit % REGION_UNITS);

		if (area_error(cow->area))
			return -EIO;
		ret = release_units(cow, unit, nr);
		if (ret < 0)
			return ret;
		*released += (u64)ret * UNIT_SECTORS;
		ret = 0;
		unit += nr;
		cond_resched();
	}
	return ret;
}

unsigned int cow_releases(struct cow *cow)
{
	return atomic_read_acquire(&cow->releases);
}
