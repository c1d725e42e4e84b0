/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the room area share: area.c (the log, faults, levels) and
 * area_span.c (the ranges and their devices).
 */
#ifndef BLKSNAP_AREA_PRIV_H
#define BLKSNAP_AREA_PRIV_H

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "area.h"
#include "area_io.h"
#include "compat.h"

struct area_dev {
	struct list_head node;
	struct compat_bdev open;
	unsigned int nr_spans;
};

struct area_span {
	struct area_dev *dev;
	sector_t start; /* of the device, not the disk */
	sector_t count; /* as asked for */
	u32 base; /* first slot */
	u32 units;
	u32 used; /* units that have been given out, once at least */
	u32 nr_free; /* of these, given back */
};

struct area {
	const struct area_ops *ops;
	void *owner;
	struct list_head all; /* guarded by areas_lock */
	struct list_head devs; /* guarded by areas_lock */

	spinlock_t lock; /* the rest, until said otherwise */
	struct area_span *spans; /* by rising base */
	unsigned int nr_spans;
	unsigned int cursor; /* range that gives out next */
	u32 next_base;
	unsigned int changes; /* times that ranges came or went */
	u64 total;
	u64 used;
	bool saving; /* nothing is to spare; set without the lock */
	u64 low, clear;
	bool is_low;
	unsigned int lows; /* times it became low */
	u32 grace_ms;
	bool is_short; /* a shortage is being waited out */
	bool short_over; /* the grace time has passed: who is refused now ends it */
	unsigned int short_units; /* the most that was refused in it */
	unsigned long short_at; /* jiffies: somebody was refused last */
	unsigned long short_end; /* jiffies */
	struct area_fault fault; /* error is read without the lock */
	struct xarray freed; /* slot -> how many from there on are free again */
	struct area_io io; /* has locks of its own */
	struct list_head queue; /* copies to be placed */
	unsigned int queued; /* their units */
	struct list_head waiting; /* copies that wait for neighbours; oldest first */
	unsigned int nr_waiting; /* their units */
	u64 reading; /* units reserved whose old content has not come */
	unsigned long read_at; /* jiffies: some came last, or the first were reserved */
	unsigned long idle_since; /* jiffies: somebody without any lacks memory */
	unsigned long idle_until; /* jiffies: he may till then */
	struct list_head retry; /* batches whose write failed */
	unsigned int inflight; /* batches; the next two are read without the lock too */
	bool stopped;
	u64 progress_ns; /* last completed store */
	int pressed;
	u64 pressed_ns; /* when it rose from 0 */

	struct workqueue_struct *wq; /* of the next two */
	struct delayed_work store_work;
	struct delayed_work wait_work;
	struct delayed_work stall_work;
	struct delayed_work grace_work;
	wait_queue_head_t idle;
};

/** area_find_slot() - the range it is in. Caller holds area->lock. */
struct area_span *area_find_slot(struct area *area, u32 slot);

/** area_relieve_locked() - the shortage ends, if what was refused fits now. */
void area_relieve_locked(struct area *area);

/** area_level_locked() - judge the level anew; true if it moved. */
bool area_level_locked(struct area *area);

/** area_enter() - among all areas, whose ranges must not overlap. */
void area_enter(struct area *area);
/** area_leave() - no longer; closes the devices. */
void area_leave(struct area *area);

#endif /* BLKSNAP_AREA_PRIV_H */
