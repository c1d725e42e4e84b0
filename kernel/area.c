// SPDX-License-Identifier: GPL-2.0
#include "area.h"

#include <linux/delay.h>
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
#include "area_priv.h"
#include "budget.h"
#include "logic/level.h"
#include "logic/slot_map.h"

/* The kernel's memory comes back without telling. */
#define PREPARE_AGAIN_MS 20

static uint stall_ms = 5000;
module_param(stall_ms, uint, 0644);
MODULE_PARM_DESC(
	stall_ms,
	"milliseconds without one completed store after which a snapshot that needs memory fails (default 5000)");

static uint gather_ms = 1000;
module_param(gather_ms, uint, 0644);
MODULE_PARM_DESC(
	gather_ms,
	"milliseconds for which copies may wait in memory for their neighbours, to lie in a row with them in the area (default 1000; 0: not at all)");

#define STORE_DEPTH 4 /* batches in flight */
#define STORE_EARLY 64 /* units that are worth a batch */
#define STORE_DELAY msecs_to_jiffies(10) /* for less than that */

/* Who lacks memory or space tries again every 50 ms, processors willing. */
#define STALL_IDLE HZ
#define SHORT_LAST_TRY (2 * HZ)

#define WAIT_UNITS 1024 /* may wait for neighbours */

/*
 * What ends the waiting for an area that hangs. Not on the queue of the stores:
 * whenever workers are short all works of a queue share one, its rescuer, and it
 * may be stuck in a store. For the same reason each area has a queue of its own.
 */
static struct workqueue_struct *area_limit_wq;

int area_module_init(void)
{
	area_limit_wq = alloc_workqueue("blksnap_limit", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	return area_limit_wq ? 0 : -ENOMEM;
}

void area_module_exit(void)
{
	destroy_workqueue(area_limit_wq);
}

/* ---- faults and levels ---- */

void area_fail(struct area *area, int error, u32 phase, dev_t dev, sector_t sector, bool has_sector)
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
	mod_delayed_work(area->wq, &area->store_work, 0);
	area->ops->changed(area->owner);
	area->ops->room(area->owner);
}

int area_error(const struct area *area)
{
	return smp_load_acquire(&area->fault.error);
}

bool area_level_locked(struct area *area)
{
	bool low;

	lockdep_assert_held(&area->lock);
	low = level_is_low(area->is_low, area->total - area->used, area->low, area->clear);
	if (low == area->is_low)
		return false;
	area->is_low = low;
	area->lows += low;
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

static void area_short_until_locked(struct area *area, unsigned long delay)
{
	lockdep_assert_held(&area->lock);
	area->short_end = jiffies + delay;
	/* It may wait to run already, for one that has ended. */
	mod_delayed_work(area_limit_wq, &area->grace_work, delay);
}

static void area_end_short_locked(struct area *area)
{
	lockdep_assert_held(&area->lock);
	area->is_short = false;
	cancel_delayed_work(&area->grace_work);
}

/*
 * The grace time has passed. Whoever was refused may have got by with less, or
 * need none any more, and who waits now may lack memory alone: all have another
 * try, and it is an overflow if one of them is refused.
 */
static void area_grace_work(struct work_struct *work)
{
	struct area *area = container_of(to_delayed_work(work), struct area, grace_work);
	bool last_try = false;

	spin_lock_irq(&area->lock);
	/* One that began while this was on its way has a time of its own. */
	if (area->is_short && !time_before(jiffies, area->short_end)) {
		if (!area->short_over && area->pressed > 0 && !area->stopped) {
			area->short_over = last_try = true;
			area_short_until_locked(area, SHORT_LAST_TRY);
		} else {
			area_end_short_locked(area);
		}
	}
	spin_unlock_irq(&area->lock);
	if (last_try)
		area->ops->room(area->owner);
}

/* Too little is free. True: it may be waited for. */
static bool area_short_locked(struct area *area, unsigned int units)
{
	lockdep_assert_held(&area->lock);
	if (!area->grace_ms || area->stopped || (area->is_short && area->short_over))
		return false;
	if (!area->is_short) {
		area->is_short = true;
		area->short_over = false;
		area->short_units = units;
		area_short_until_locked(area, msecs_to_jiffies(area->grace_ms));
	}
	area->short_units = max(area->short_units, units);
	area->short_at = jiffies;
	return true;
}

/* Somebody waits for space, and not for memory: he tries again all the time. */
static bool area_lacks_space_locked(const struct area *area)
{
	lockdep_assert_held(&area->lock);
	return area->is_short &&
	       time_before(jiffies, area->short_at + area_stall_time() + STALL_IDLE);
}

/* Space for less does not end it: who waits for more would wait for ever. */
void area_relieve_locked(struct area *area)
{
	if (area->is_short && area->total - area->used >= area->short_units)
		area_end_short_locked(area);
}

/* Old content is asked for, or (less than 0) has come, or will not. */
static void area_reading_locked(struct area *area, int units)
{
	lockdep_assert_held(&area->lock);
	if (units < 0 || !area->reading)
		area->read_at = jiffies;
	area->reading += units;
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
		area_reading_locked(area, units);
		moved = area_level_locked(area);
	} else {
		ret = area_short_locked(area, units) ? -EAGAIN : -ENOSPC;
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

int area_reserve_spare(struct area *area, unsigned int units)
{
	unsigned long flags;
	int ret = -ENOSPC;
	u64 keep;

	spin_lock_irqsave(&area->lock, flags);
	/* Never what would move the level, nor the second half without one. */
	keep = area->clear ?: area->total / 2;
	if (area->fault.error) {
		ret = -EIO;
	} else if (!READ_ONCE(area->saving) && area->total - area->used >= keep + units) {
		area->used += units;
		area_reading_locked(area, units);
		ret = 0;
	}
	spin_unlock_irqrestore(&area->lock, flags);
	return ret;
}

void area_save(struct area *area)
{
	WRITE_ONCE(area->saving, true);
}

void area_unreserve(struct area *area, unsigned int units)
{
	unsigned long flags;
	bool moved;

	spin_lock_irqsave(&area->lock, flags);
	area->used -= units;
	area_reading_locked(area, -(int)units);
	area_relieve_locked(area);
	moved = area_level_locked(area);
	spin_unlock_irqrestore(&area->lock, flags);
	if (moved)
		area->ops->changed(area->owner);
}

/* ---- the log ---- */

/* The log is at its end: of what has been given back, from the end of a run. */
static unsigned int area_give_again_locked(struct area *area, unsigned int want, u32 *slot,
					   struct block_device **bdev, sector_t *sector)
{
	struct area_span *range;
	unsigned long first = 0;
	unsigned int nr, left;
	void *entry;

	lockdep_assert_held(&area->lock);
	xa_lock(&area->freed);
	entry = xa_find(&area->freed, &first, U32_MAX, XA_PRESENT);
	if (!entry) {
		xa_unlock(&area->freed);
		return 0;
	}
	nr = min_t(unsigned long, want, xa_to_value(entry));
	left = xa_to_value(entry) - nr;
	/* An entry that is there takes another value without memory. */
	if (left)
		__xa_store(&area->freed, first, xa_mk_value(left), GFP_NOWAIT);
	else
		__xa_erase(&area->freed, first);
	xa_unlock(&area->freed);

	*slot = first + left;
	range = area_find_slot(area, *slot);
	range->nr_free -= nr;
	*bdev = range->dev->open.bdev;
	*sector = range->start + (sector_t)(*slot - range->base) * UNIT_SECTORS;
	return nr;
}

/*
 * Give out up to @want slots in a row. Returns how many; 0 means that more
 * was asked for than is reserved and free, which only a retry may do.
 */
static unsigned int area_give_locked(struct area *area, unsigned int want, u32 *slot,
				     struct block_device **bdev, sector_t *sector)
{
	lockdep_assert_held(&area->lock);
	for (; area->cursor < area->nr_spans; area->cursor++) {
		struct area_span *range = &area->spans[area->cursor];
		unsigned int nr = min(want, range->units - range->used);

		if (!nr)
			continue;
		*slot = range->base + range->used;
		*bdev = range->dev->open.bdev;
		*sector = range->start + (sector_t)range->used * UNIT_SECTORS;
		range->used += nr;
		return nr;
	}
	return area_give_again_locked(area, want, slot, bdev, sector);
}

static void area_lost(struct area_copy *copy, unsigned int first, unsigned int nr, int err)
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
			area_fail(area, -EIO, BLKSNAP_SNAPSHOT_PHASE_STORE, batch->bdev->bd_dev,
				  batch->sector, true);
		for (i = 0; i < batch->nr_pieces; i++) {
			struct area_piece *piece = &batch->piece[i];
			struct area_copy *copy = piece->copy;

			copy->ops->stored(copy, piece->first, piece->nr, slot, err);
			slot += piece->nr;
		}
		area_io_free(batch);
	}

	spin_lock_irqsave(&area->lock, flags);
	if (again)
		list_add_tail(&batch->node, &area->retry);
	else
		area->progress_ns = ktime_get_ns();
	WRITE_ONCE(area->inflight, area->inflight - 1);
	more = area->queued || !list_empty(&area->retry);
	if (!area->inflight)
		wake_up_all(&area->idle);
	/* The area may go once the lock is dropped and nothing is queued. */
	if (more)
		mod_delayed_work(area->wq, &area->store_work, 0);
	spin_unlock_irqrestore(&area->lock, flags);
}

/*
 * Room to remember where a run will be. Without memory for it the copies stay
 * where they are and it is tried again, for as long as a store may take.
 * Context: the store work, sleeps. Return: 0 or -ENOMEM.
 */
static int area_prepare(struct area *area, struct area_piece *piece)
{
	u64 end = ktime_get_ns() + (u64)READ_ONCE(stall_ms) * NSEC_PER_MSEC;
	struct area_copy *copy = piece->copy;

	while (copy->ops->prepare(copy, piece->first, piece->nr)) {
		if (area_error(area) || ktime_get_ns() > end)
			return -ENOMEM;
		msleep(PREPARE_AGAIN_MS);
	}
	return 0;
}

/*
 * Submit @batch, whose pieces are complete. @prepared: the run of its only
 * piece has been prepared for already, by the attempt that failed.
 */
static void area_batch_go(struct area *area, struct area_batch *batch, bool prepared)
{
	unsigned int i;
	int ret;

	batch->owner = area;
	batch->end = area_batch_end;
	for (i = prepared; i < batch->nr_pieces; i++) {
		ret = area_prepare(area, &batch->piece[i]);
		if (ret)
			area_fail(area, ret, BLKSNAP_SNAPSHOT_PHASE_STORE, 0, 0, false);
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
 * flight, or memory lacks for more: what is in flight comes back here when it
 * ends. Copies are cut only where a range or a batch ends.
 */
static bool area_store_batch(struct area *area)
{
	struct area_batch *batch;
	struct block_device *bdev;
	sector_t sector;
	unsigned int nr;
	u32 slot;

	spin_lock_irq(&area->lock);
	nr = min_t(unsigned int, area->queued, BATCH_UNITS);
	if (area->inflight >= STORE_DEPTH || area->fault.error)
		nr = 0;
	spin_unlock_irq(&area->lock);
	if (!nr)
		return false;
	batch = area_io_alloc(&area->io, false);
	if (!batch)
		return false;

	spin_lock_irq(&area->lock);
	nr = area_give_locked(area, nr, &slot, &bdev, &sector);
	area->queued -= nr;
	if (nr)
		WRITE_ONCE(area->inflight, area->inflight + 1);
	spin_unlock_irq(&area->lock);
	if (WARN_ON_ONCE(!nr)) {
		area_io_free(batch);
		area_fail(area, -EIO, BLKSNAP_SNAPSHOT_PHASE_STORE, 0, 0, false);
		return false;
	}

	batch->slot = slot;
	area_io_begin(batch, bdev, sector);
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

/*
 * What is left of the next piece of @failed once more, elsewhere, from memory;
 * it takes space of its own. Without space, or after a fault, it is lost, and
 * told so. Context: the store work, sleeps (area_prepare()), waits for no batch;
 * the new batch and its bio are the device's once submitted. False: memory lacks.
 */
static bool area_retry_piece(struct area *area, struct area_batch *failed)
{
	struct area_piece *piece = &failed->piece[failed->done];
	struct area_copy *copy = piece->copy;
	struct area_batch *batch = NULL;
	struct block_device *bdev;
	unsigned int nr = 0;
	sector_t sector;
	bool moved;
	u32 slot;

	if (!area_error(area)) {
		batch = area_io_alloc(&area->io, true);
		if (!batch)
			return false;
	}
	spin_lock_irq(&area->lock);
	if (batch && area->total - area->used >= piece->nr && !area->fault.error)
		nr = area_give_locked(area, piece->nr, &slot, &bdev, &sector);
	area->used += nr;
	if (nr)
		WRITE_ONCE(area->inflight, area->inflight + 1);
	moved = area_level_locked(area);
	spin_unlock_irq(&area->lock);
	if (moved)
		area->ops->changed(area->owner);
	if (!nr) {
		if (batch)
			area_io_free(batch);
		area_fail(area, -EIO, BLKSNAP_SNAPSHOT_PHASE_STORE, failed->bdev->bd_dev,
			  failed->sector, true);
		area_lost(copy, piece->first, piece->nr, -EIO);
		piece->nr = 0;
		return true;
	}
	batch->slot = slot;
	area_io_begin(batch, bdev, sector);
	area_io_add(batch, copy, copy->vecs, piece->first, nr);
	area_batch_go(area, batch, !failed->moved);
	piece->first += nr;
	piece->nr -= nr;
	failed->moved = true;
	return true;
}

/* False: what is on its way comes back to the rest when it ends. */
static bool area_retry_batch(struct area *area, struct area_batch *failed)
{
	while (failed->done < failed->nr_pieces) {
		if (failed->piece[failed->done].nr) {
			if (!area_retry_piece(area, failed))
				return false;
			continue;
		}
		failed->done++;
		failed->moved = false;
	}
	return true;
}

/* Until no more than @left units wait for neighbours, the oldest wait no longer. */
static void area_wait_no_more_locked(struct area *area, unsigned int left)
{
	struct area_copy *copy;

	lockdep_assert_held(&area->lock);
	while (area->nr_waiting > left) {
		copy = list_first_entry(&area->waiting, struct area_copy, node);
		copy->waits = false;
		list_move_tail(&copy->node, &area->queue);
		area->nr_waiting -= copy->nr;
		area->queued += copy->nr;
	}
}

/* Their neighbours have not come in time. Context: workqueue with a rescuer; waits for nothing. */
static void area_wait_work(struct work_struct *work)
{
	struct area *area = container_of(to_delayed_work(work), struct area, wait_work);

	spin_lock_irq(&area->lock);
	area_wait_no_more_locked(area, 0);
	spin_unlock_irq(&area->lock);
	mod_delayed_work(area->wq, &area->store_work, 0);
}

/* After a fault or at shutdown: nobody will read what is queued. */
static void area_drop_queue(struct area *area)
{
	struct area_copy *copy;

	spin_lock_irq(&area->lock);
	area_wait_no_more_locked(area, 0);
	while ((copy = list_first_entry_or_null(&area->queue, struct area_copy, node))) {
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
	struct area *area = container_of(to_delayed_work(work), struct area, store_work);
	struct area_batch *failed;
	struct blk_plug plug;
	bool done = true;

	spin_lock_irq(&area->lock);
	if (area->pressed)
		area_wait_no_more_locked(area, 0);
	spin_unlock_irq(&area->lock);

	blk_start_plug(&plug);
	while (done) {
		spin_lock_irq(&area->lock);
		failed = list_first_entry_or_null(&area->retry, struct area_batch, node);
		spin_unlock_irq(&area->lock);
		if (!failed)
			break;
		/* Others come behind it; until it is done whatever ends calls this work. */
		done = area_retry_batch(area, failed);
		if (done) {
			spin_lock_irq(&area->lock);
			list_del(&failed->node);
			spin_unlock_irq(&area->lock);
			area_io_free(failed);
		}
	}
	while (area_store_batch(area))
		;
	blk_finish_plug(&plug);
	if (area_error(area) || READ_ONCE(area->stopped))
		area_drop_queue(area);
}

/*
 * May a copy wait for its neighbours? Only in memory that nobody misses: whoever
 * lacks some here ends all waiting; who lacks it elsewhere can have what is left
 * of the budget, and the rest after gather_ms.
 */
static bool area_may_wait_locked(const struct area *area)
{
	lockdep_assert_held(&area->lock);
	return READ_ONCE(gather_ms) && !area->pressed && !area->fault.error &&
	       budget_used() <= budget_limit() / 4;
}

static void area_queue_locked(struct area *area, struct area_copy *copy)
{
	lockdep_assert_held(&area->lock);
	list_add_tail(&copy->node, &area->queue);
	area->queued += copy->nr;
	/* Nobody looks at a failed area's queue unless told. */
	if (area->queued >= STORE_EARLY || area->pressed || area->fault.error)
		mod_delayed_work(area->wq, &area->store_work, 0);
	else
		queue_delayed_work(area->wq, &area->store_work, STORE_DELAY);
}

void area_store(struct area *area, struct area_copy *copy, bool may_wait)
{
	unsigned long flags;

	copy->placed = 0;
	spin_lock_irqsave(&area->lock, flags);
	if (list_empty(&area->queue) && !area->inflight)
		area->progress_ns = ktime_get_ns();
	area_reading_locked(area, -(int)copy->nr);
	if (may_wait && area_may_wait_locked(area)) {
		copy->waits = true;
		list_add_tail(&copy->node, &area->waiting);
		area->nr_waiting += copy->nr;
		queue_delayed_work(area->wq, &area->wait_work,
				   msecs_to_jiffies(READ_ONCE(gather_ms)));
		if (area->nr_waiting > WAIT_UNITS) {
			area_wait_no_more_locked(area, WAIT_UNITS - STORE_EARLY);
			mod_delayed_work(area->wq, &area->store_work, 0);
		}
	} else {
		area_queue_locked(area, copy);
	}
	spin_unlock_irqrestore(&area->lock, flags);
}

void area_join(struct area *area, struct area_copy *copy)
{
	unsigned long flags;

	spin_lock_irqsave(&area->lock, flags);
	if (copy->waits) {
		copy->waits = false;
		list_del(&copy->node);
		area->nr_waiting -= copy->nr;
		area_queue_locked(area, copy);
	}
	spin_unlock_irqrestore(&area->lock, flags);
}

void area_hurry(struct area *area)
{
	mod_delayed_work(area->wq, &area->store_work, 0);
}

/* ---- the stall watch ---- */

#define STALL_CHECK msecs_to_jiffies(250)

/*
 * Reads of an origin may take so many times as long as stores: its own writes
 * would wait for that disk without a snapshot, too. Only others' would not.
 */
#define STALL_READS 12

unsigned long area_stall_time(void)
{
	unsigned long limit = msecs_to_jiffies(READ_ONCE(stall_ms));

	return min_t(unsigned long, limit, MAX_JIFFY_OFFSET / STALL_READS);
}

/* Nothing comes from some origin, and others' writes wait for what that has. */
static bool area_reads_stall_locked(const struct area *area)
{
	unsigned long limit = area_stall_time();

	lockdep_assert_held(&area->lock);
	return area->reading && area->pressed > 0 && !area_lacks_space_locked(area) &&
	       time_before(jiffies, area->idle_until) &&
	       time_after(jiffies, area->idle_since + limit) &&
	       time_after(jiffies, area->read_at + limit * STALL_READS);
}

void area_idle(struct area *area)
{
	unsigned long flags;

	spin_lock_irqsave(&area->lock, flags);
	/* Who waits for space has not waited for memory. */
	if (area_lacks_space_locked(area) || time_after(jiffies, area->idle_until + STALL_IDLE))
		area->idle_since = jiffies;
	area->idle_until = jiffies + STALL_IDLE;
	spin_unlock_irqrestore(&area->lock, flags);
}

static void area_stall_work(struct work_struct *work)
{
	struct area *area = container_of(to_delayed_work(work), struct area, stall_work);
	u64 now = ktime_get_ns(), since;
	bool pressed, reads_stall;

	spin_lock_irq(&area->lock);
	pressed = area->pressed > 0 && !area->stopped && !area->fault.error;
	reads_stall = area_reads_stall_locked(area);
	/* A shortage has a limit of its own; a slow origin is not the area's fault. */
	if (area_lacks_space_locked(area) || (area->reading && !area->queued && !area->inflight))
		area->progress_ns = now;
	since = max(area->pressed_ns, area->progress_ns);
	spin_unlock_irq(&area->lock);
	if (!pressed)
		return;
	if (reads_stall)
		area_fail(area, -ETIMEDOUT, BLKSNAP_SNAPSHOT_PHASE_COPY, 0, 0, false);
	else if (now > since && now - since > (u64)READ_ONCE(stall_ms) * NSEC_PER_MSEC)
		area_fail(area, -ETIMEDOUT, BLKSNAP_SNAPSHOT_PHASE_STORE, 0, 0, false);
	else
		queue_delayed_work(area_limit_wq, &area->stall_work, STALL_CHECK);
}

void area_pressed(struct area *area, int delta)
{
	unsigned long flags;

	spin_lock_irqsave(&area->lock, flags);
	if (delta > 0 && !area->pressed)
		area->pressed_ns = ktime_get_ns();
	area->pressed += delta;
	/* Who was short has got it, or found it copied by somebody else. */
	if (!area->pressed && area->is_short)
		area_end_short_locked(area);
	if (delta > 0 && !area->stopped) {
		queue_delayed_work(area_limit_wq, &area->stall_work, STALL_CHECK);
		mod_delayed_work(area->wq, &area->store_work, 0);
	}
	spin_unlock_irqrestore(&area->lock, flags);
}

/* ---- life and information ---- */

struct area *area_create(const struct area_ops *ops, void *owner)
{
	struct area *area = kzalloc(sizeof(*area), GFP_KERNEL);

	if (!area)
		return ERR_PTR(-ENOMEM);
	area->wq = alloc_workqueue("blksnap_area", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!area->wq)
		goto err_free;
	if (area_io_init(&area->io))
		goto err_wq;
	area->ops = ops;
	area->owner = owner;
	INIT_LIST_HEAD(&area->devs);
	spin_lock_init(&area->lock);
	xa_init_flags(&area->freed, XA_FLAGS_LOCK_IRQ);
	INIT_LIST_HEAD(&area->queue);
	INIT_LIST_HEAD(&area->waiting);
	INIT_LIST_HEAD(&area->retry);
	INIT_DELAYED_WORK(&area->store_work, area_store_work);
	INIT_DELAYED_WORK(&area->wait_work, area_wait_work);
	INIT_DELAYED_WORK(&area->stall_work, area_stall_work);
	INIT_DELAYED_WORK(&area->grace_work, area_grace_work);
	area->read_at = area->idle_since = area->idle_until = jiffies;
	init_waitqueue_head(&area->idle);
	area_enter(area);
	return area;

err_wq:
	destroy_workqueue(area->wq);
err_free:
	kfree(area);
	return ERR_PTR(-ENOMEM);
}

void area_shutdown(struct area *area)
{
	might_sleep();
	spin_lock_irq(&area->lock);
	WRITE_ONCE(area->stopped, true);
	spin_unlock_irq(&area->lock);
	/* After a fault nothing more is placed; the rest is dropped. */
	area_fail(area, -ESHUTDOWN, BLKSNAP_SNAPSHOT_PHASE_NONE, 0, 0, false);
	flush_delayed_work(&area->store_work);
	for (;;) {
		bool idle;

		wait_event(area->idle, !READ_ONCE(area->inflight));
		mod_delayed_work(area->wq, &area->store_work, 0);
		flush_delayed_work(&area->store_work);
		spin_lock_irq(&area->lock);
		idle = !area->inflight && list_empty(&area->retry) && list_empty(&area->queue) &&
		       list_empty(&area->waiting);
		spin_unlock_irq(&area->lock);
		if (idle)
			break;
	}
	/* Before what it queues. */
	cancel_delayed_work_sync(&area->wait_work);
	cancel_delayed_work_sync(&area->store_work);
	cancel_delayed_work_sync(&area->stall_work);
	cancel_delayed_work_sync(&area->grace_work);
}

void area_destroy(struct area *area)
{
	if (!area)
		return;
	area_leave(area);
	/* One never shut down may have been failed by the watch. */
	cancel_delayed_work_sync(&area->store_work);
	destroy_workqueue(area->wq);
	xa_destroy(&area->freed);
	area_io_exit(&area->io);
	kfree(area);
}

void area_info(struct area *area, struct area_info *info)
{
	unsigned long flags;

	spin_lock_irqsave(&area->lock, flags);
	info->total = area->total;
	info->used = area->used;
	info->changes = area->changes;
	info->low = area->is_low;
	info->lows = area->lows;
	info->fault = area->fault;
	spin_unlock_irqrestore(&area->lock, flags);
}
