// SPDX-License-Identifier: GPL-2.0
/*
 * What others ask of a tracker: its numbers, the list of changes, what of its
 * image is not needed. Nothing of its life: it has a reference.
 */
#include <linux/bio.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>

#include <uapi/linux/blksnap_genl.h>

#include "area.h"
#include "cow.h"
#include "tracker_priv.h"

void tracker_info(struct tracker *t, struct tracker_info *info)
{
	struct cbt *cbt;

	memset(info, 0, sizeof(*info));
	info->dev = t->dev;
	snprintf(info->name, sizeof(info->name), "%pg", t->bdev);
	info->capacity = READ_ONCE(t->capacity);
	info->snapshot_id = READ_ONCE(t->snapshot_id);
	info->image = READ_ONCE(t->image);
	info->keep = READ_ONCE(t->keep);
	info->error = READ_ONCE(t->error);
	info->epoch = t->epoch;
	info->unit = UNIT_SIZE;
	if (READ_ONCE(t->gone))
		info->state = BLKSNAP_DEVICE_STATE_GONE;
	else if (rcu_access_pointer(t->cow))
		info->state = BLKSNAP_DEVICE_STATE_SNAPSHOT;
	else if (READ_ONCE(t->settled))
		info->state = BLKSNAP_DEVICE_STATE_TRACKED;
	else
		info->state = BLKSNAP_DEVICE_STATE_SETTLING;
	rcu_read_lock();
	cbt = rcu_dereference(t->cbt);
	info->cbt_cell = cbt_cell_bytes(cbt);
	info->cbt_number = cbt_number(cbt);
	info->cbt_memory = cbt_memory(cbt);
	memcpy(info->cbt_generation, cbt_generation(cbt), 16);
	rcu_read_unlock();
}

void tracker_stats(struct tracker *t, struct tracker_stats *stats)
{
	struct cow *cow;

	memset(stats, 0, sizeof(*stats));
	stats_sum(t->stats, &stats->sum);
	stats->inflight = max(inflight_sum(&t->inflight), 0L);
	rcu_read_lock();
	cow = rcu_dereference(t->cow);
	if (cow) {
		stats->held_now = cow_held(cow);
		stats->memory = cow_memory(cow);
		stats->metadata = cow_metadata(cow);
	}
	rcu_read_unlock();
}

int tracker_cbt_begin(struct tracker *t, const u8 *generation, u32 since, u8 *now, u32 *number)
{
	struct cbt *cbt;
	int ret = 0;

	rcu_read_lock();
	cbt = rcu_dereference(t->cbt);
	memcpy(now, cbt_generation(cbt), 16);
	*number = cbt_number(cbt);
	if (rcu_access_pointer(t->cow))
		(*number)--;
	/* Number 0: the map began after the image that there is. */
	if (!*number || READ_ONCE(t->renew) || tracker_asleep() ||
	    (generation && memcmp(generation, now, 16)))
		ret = -ESTALE;
	else if (since >= cbt_number(cbt))
		ret = -ERANGE;
	rcu_read_unlock();
	return ret;
}

int tracker_cbt_next(struct tracker *t, const u8 *generation, u32 since, u32 number,
		     sector_t cursor, sector_t *start, sector_t *count)
{
	struct cbt_search search = { .since = since, .limit = number, .cursor = cursor };
	struct cbt *cbt;
	int ret;

	do {
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
		rcu_read_lock();
		cbt = rcu_dereference(t->cbt);
		if (memcmp(generation, cbt_generation(cbt), 16) || READ_ONCE(t->renew) ||
		    tracker_asleep())
			ret = -ESTALE;
		else if (cbt_number(cbt) > number + 1)
			ret = -ESTALE; /* taken again: cells have forgotten */
		else
			ret = cbt_next(cbt, &search);
		rcu_read_unlock();
	} while (ret == -EAGAIN);
	*start = search.start;
	*count = search.count;
	return ret;
}

int tracker_image_release(struct tracker *t, u32 snapshot_id, sector_t start, sector_t count,
			  u64 *released)
{
	struct cow *cow;
	int ret;

	rcu_read_lock();
	cow = rcu_dereference(t->cow);
	if (cow && !cow_get(cow))
		cow = NULL;
	rcu_read_unlock();
	if (!cow)
		return -ENOENT;
	/* With the engine of one snapshot in hand it cannot become another's. */
	if (READ_ONCE(t->snapshot_id) != snapshot_id)
		ret = -ESTALE;
	else if (start >= cow_sectors(cow) || count > cow_sectors(cow) - start)
		ret = -ERANGE;
	else
		ret = cow_release(cow, start, count, released);
	cow_put(cow);
	return ret;
}

#define MARK_SECTORS (SZ_1G >> SECTOR_SHIFT)

int tracker_cbt_mark(struct tracker *t, sector_t start, sector_t count)
{
	sector_t size = READ_ONCE(t->capacity);

	if (!count || start >= size || count > size - start)
		return -ERANGE;
	/* In pieces, for whoever waits for readers. */
	while (count) {
		sector_t nr = min_t(sector_t, count, MARK_SECTORS);

		rcu_read_lock();
		cbt_mark(rcu_dereference(t->cbt), start, nr);
		rcu_read_unlock();
		start += nr;
		count -= nr;
		cond_resched();
	}
	return 0;
}
