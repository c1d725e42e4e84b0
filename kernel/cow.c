// SPDX-License-Identifier: GPL-2.0
#include "cow.h"

#include <linux/delay.h>
#include <linux/highmem.h>
#include <linux/ktime.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <uapi/linux/blksnap_genl.h>

#include "budget.h"
#include "compat.h"
#include "cow_map.h"
#include "filter.h"

/* So many may starve before submitters that can sleep are made to. */
#define STARVED_MANY 32

/* The kernel's own memory comes back without telling. */
#define STARVED_AGAIN msecs_to_jiffies(50)

#define HOLD_RESERVE 64

static struct kmem_cache *hold_cache;
static mempool_t hold_pool;

int cow_module_init(void)
{
	int ret = cow_map_init();

	if (ret)
		return ret;
	ret = -ENOMEM;
	hold_cache = KMEM_CACHE(cow_hold, 0);
	if (!hold_cache)
		goto err_map;
	ret = mempool_init_slab_pool(&hold_pool, HOLD_RESERVE, hold_cache);
	if (ret)
		goto err_cache;
	return 0;

err_cache:
	kmem_cache_destroy(hold_cache);
err_map:
	cow_map_exit();
	return ret;
}

void cow_module_exit(void)
{
	mempool_exit(&hold_pool);
	kmem_cache_destroy(hold_cache);
	cow_map_exit();
}

/* ---- the fast path ---- */

bool cow_passes(struct cow *cow, sector_t first, sector_t count)
{
	u64 unit = first / UNIT_SECTORS;
	u64 end = min(DIV_ROUND_UP_SECTOR_T(first + count, UNIT_SECTORS), cow->units);

	while (unit < end) {
		struct cow_region *region = cow_region_find(cow, unit);
		unsigned int at = unit % REGION_UNITS;
		unsigned int nr = min_t(u64, end - unit, REGION_UNITS - at);
		u64 mask = unit_mask(at, nr);

		if (!region || (smp_load_acquire(&region->inmem) & mask) != mask)
			return area_error(cow->area);
		unit += nr;
	}
	return true;
}

/* ---- going on ---- */

void cow_ready(struct cow *cow, struct list_head *holds)
{
	unsigned long flags;

	if (list_empty(holds))
		return;
	spin_lock_irqsave(&cow->lock, flags);
	list_splice_tail_init(holds, &cow->ready);
	spin_unlock_irqrestore(&cow->lock, flags);
	queue_work(cow->wq, &cow->work);
}

/*
 * All units up to @end are claimed. If one is still being read for another
 * hold, wait with it: true, the hold belongs to that job's waiters.
 */
static bool cow_wait_others(struct cow_hold *hold, u64 end)
{
	struct cow *cow = hold->cow;
	u64 unit = hold->pos;

	while (unit < end) {
		struct cow_region *region = cow_region_find(cow, unit);
		unsigned int at = unit % REGION_UNITS;
		unsigned int nr = min_t(u64, end - unit, REGION_UNITS - at);
		u64 mask = unit_mask(at, nr);
		spinlock_t *lock = cow_region_lock(cow, region);
		struct cow_job *job;

		unit += nr;
		if ((smp_load_acquire(&region->inmem) & mask) == mask)
			continue;
		spin_lock_irq(lock);
		hlist_for_each_entry(job, &region->jobs, in_region) {
			if (job->state == JOB_READING && (unit_mask(job->first, job->nr) & mask)) {
				list_add_tail(&hold->node, &job->waiters);
				spin_unlock_irq(lock);
				return true;
			}
		}
		spin_unlock_irq(lock);
	}
	return false;
}

/* Somebody lacks memory: let the area hurry, and watch it. */
static void cow_press(struct cow *cow)
{
	/* The area is told in here, so that it hears both changes in order. */
	spin_lock_irq(&cow->lock);
	if (!cow->pressing)
		area_pressed(cow->area, 1);
	cow->pressing = true;
	spin_unlock_irq(&cow->lock);
}

static void cow_starve(struct cow_hold *hold)
{
	struct cow *cow = hold->cow;

	spin_lock_irq(&cow->lock);
	list_add_tail(&hold->node, &cow->starved);
	WRITE_ONCE(cow->nr_starved, cow->nr_starved + 1);
	spin_unlock_irq(&cow->lock);
	cow_press(cow);
	queue_work(cow->wq, &cow->work);
}

enum cow_step {
	STEP_DONE, /* all is in memory, or the snapshot has failed */
	STEP_WAITS, /* the hold is not ours any more */
	STEP_STARVES, /* still ours: lacks memory or space */
};

/*
 * Bring the hold as far as it goes. The caller owns it. @gfp GFP_NOWAIT in a
 * nested submit: reads are only queued there, so nothing may be waited for.
 */
static enum cow_step cow_advance(struct cow_hold *hold, gfp_t gfp)
{
	struct cow *cow = hold->cow;

	while (hold->pos < hold->end) {
		u64 end = min(hold->end, hold->pos + WINDOW_UNITS);
		int ret;

		if (area_error(cow->area))
			return STEP_DONE;
		atomic_set(&hold->pending, 1);
		ret = cow_claim(hold, end, gfp);
		/* From here on the last of its reads may own it. */
		if (!atomic_dec_and_test(&hold->pending))
			return STEP_WAITS;
		if (ret == -EAGAIN)
			return STEP_STARVES;
		if (ret)
			return STEP_DONE;
		if (cow_wait_others(hold, end))
			return STEP_WAITS;
		/*
		 * None is being read: all are IN_MEM, or a read has failed,
		 * which the next turn sees.
		 */
		if (cow_passes(cow, hold->pos * UNIT_SECTORS, (end - hold->pos) * UNIT_SECTORS))
			hold->pos = end;
	}
	return STEP_DONE;
}

/* ---- holding and letting go ---- */

static void cow_hold_init(struct cow_hold *hold, struct cow *cow, struct bio *bio, sector_t first,
			  sector_t count)
{
	INIT_LIST_HEAD(&hold->node);
	hold->cow = cow;
	hold->bio = bio;
	hold->opf = bio->bi_opf;
	hold->pos = first / UNIT_SECTORS;
	hold->end = min_t(u64, cow->units, DIV_ROUND_UP_SECTOR_T(first + count, UNIT_SECTORS));
	hold->since_ns = ktime_get_ns();
	filter_deferred(bio);
	atomic_inc(&cow->refs);
	atomic_inc(&cow->held);
	budget_force(sizeof(*hold));
	stats_add(cow->stats, held, 1);
}

/* The hold is done with; the bio is the caller's. */
static struct bio *cow_hold_end(struct cow_hold *hold)
{
	struct cow *cow = hold->cow;
	struct bio *bio = hold->bio;

	stats_held(cow->stats, ktime_get_ns() - hold->since_ns);
	atomic_dec(&cow->held);
	mempool_free(hold, &hold_pool);
	budget_give(sizeof(*hold));
	/* A hint; who is not seen here has the work queued by itself, or its timer. */
	if (unlikely(data_race(!bio_list_empty(&cow->punted))))
		cow_kick(cow);
	cow_put(cow);
	return bio;
}

/* May the current task be put to sleep for memory inside a submit? */
static bool cow_may_sleep(const struct bio *bio)
{
	return !current->bio_list && !(current->flags & PF_MEMALLOC) &&
	       !(bio->bi_opf & (REQ_SWAP | REQ_NOWAIT));
}

/*
 * In a nested submit, are others ahead of what would be submitted now? They are
 * issued one after the other by this task, and one for a disk that hangs keeps
 * those behind it.
 */
static bool cow_others_ahead(void)
{
	return current->bio_list && !bio_list_empty(current->bio_list);
}

static bool cow_throttles(const struct cow *cow)
{
	return READ_ONCE(cow->nr_starved) > STARVED_MANY && !READ_ONCE(cow->lax) &&
	       !area_error(cow->area);
}

/*
 * Slow a writer down while many writes are short of memory: until those before
 * its own have gone on, and as long as some do. Where an origin hangs none does,
 * and the writer may have other disks.
 */
static void cow_throttle(struct cow *cow)
{
	unsigned int begun = READ_ONCE(cow->relieved);
	unsigned int before = READ_ONCE(cow->nr_starved);

	while (cow_throttles(cow)) {
		unsigned int relieved = READ_ONCE(cow->relieved);

		if (relieved - begun >= before)
			return;
		if (!wait_event_timeout(cow->throttle, !cow_throttles(cow), area_stall_time()) &&
		    relieved == READ_ONCE(cow->relieved)) {
			WRITE_ONCE(cow->lax, true);
			wake_up_all(&cow->throttle);
		}
	}
}

bool cow_write(struct cow *cow, struct bio *bio, sector_t first, sector_t count)
{
	bool may_sleep = cow_may_sleep(bio);
	gfp_t gfp = may_sleep ? GFP_NOIO : GFP_NOWAIT;
	struct cow_hold *hold;
	LIST_HEAD(holds);
	blk_opf_t opf;

	hold = mempool_alloc(&hold_pool, GFP_NOWAIT | __GFP_NOWARN);
	if (!hold) {
		filter_deferred(bio);
		spin_lock_irq(&cow->lock);
		atomic_inc(&cow->refs); /* the punted bio's */
		bio_list_add(&cow->punted, bio);
		spin_unlock_irq(&cow->lock);
		queue_work(cow->wq, &cow->work);
		return true;
	}
	cow_hold_init(hold, cow, bio, first, count);
	opf = hold->opf;

	if (cow_others_ahead()) {
		/* Who comes to wait for the same units has no part in those. */
		list_add(&hold->node, &holds);
		cow_ready(cow, &holds);
		return true;
	}
	switch (cow_advance(hold, gfp)) {
	case STEP_DONE:
		bio->bi_opf = opf;
		cow_hold_end(hold);
		return false;
	case STEP_STARVES:
		cow_starve(hold);
		break;
	case STEP_WAITS:
		break;
	}
	/* The write is taken care of. */
	if (may_sleep)
		cow_throttle(cow);
	return true;
}

/* The sectors of the origin that a bio touches, clipped to it. */
static void cow_bio_range(const struct cow *cow, struct bio *bio, sector_t *first, sector_t *count)
{
	sector_t start = bio->bi_iter.bi_sector;
	sector_t end, mine = cow->origin->bd_start_sect;

	if (!bio_flagged(bio, BIO_REMAPPED))
		start += bio->bi_bdev->bd_start_sect;
	end = start + bio_sectors(bio);
	*first = max(start, mine) - mine;
	*count = min(end - mine, cow->sectors) - *first;
}

/* Somebody lacks memory or space still. Context: the worker. */
static void cow_try_again(struct cow *cow)
{
	if (!atomic_read(&cow->reading))
		area_idle(cow->area);
	mod_timer(&cow->again, jiffies + STARVED_AGAIN);
}

static struct cow_hold *cow_pop(struct cow *cow, struct list_head *list)
{
	struct cow_hold *hold;

	spin_lock_irq(&cow->lock);
	hold = list_first_entry_or_null(list, struct cow_hold, node);
	if (hold)
		list_del_init(&hold->node);
	spin_unlock_irq(&cow->lock);
	return hold;
}

/* Let the bio go, or leave the hold to whom it waits for. */
static enum cow_step cow_continue(struct cow_hold *hold)
{
	enum cow_step step = cow_advance(hold, GFP_NOIO);

	if (step == STEP_DONE)
		filter_pass_on(cow_hold_end(hold));
	return step;
}

static void cow_work_ready(struct cow *cow)
{
	struct cow_hold *hold;

	while ((hold = cow_pop(cow, &cow->ready)))
		if (cow_continue(hold) == STEP_STARVES)
			cow_starve(hold);
}

/*
 * Bios for which not even a hold was to be had. Holds come back when others
 * end (see cow_hold_end()), of this origin or, as the timer finds out, another;
 * or else the stall watch ends the waiting.
 */
static void cow_work_punted(struct cow *cow)
{
	for (;;) {
		struct cow_hold *hold;
		sector_t first, count;
		struct bio *bio;

		spin_lock_irq(&cow->lock);
		bio = bio_list_pop(&cow->punted);
		spin_unlock_irq(&cow->lock);
		if (!bio)
			return;
		if (area_error(cow->area)) {
			filter_pass_on(bio);
			cow_put(cow);
			continue;
		}
		hold = mempool_alloc(&hold_pool, GFP_NOWAIT | __GFP_NOWARN);
		if (!hold) {
			spin_lock_irq(&cow->lock);
			bio_list_add_head(&cow->punted, bio);
			spin_unlock_irq(&cow->lock);
			cow_press(cow);
			cow_try_again(cow);
			return;
		}
		cow_bio_range(cow, bio, &first, &count);
		cow_hold_init(hold, cow, bio, first, count);
		cow_put(cow);
		if (cow_continue(hold) == STEP_STARVES)
			cow_starve(hold);
	}
}

/* Those that are slowed down, if they need not be any more. */
static void cow_wake_throttled(struct cow *cow)
{
	if (!cow_throttles(cow))
		wake_up_all(&cow->throttle);
}

/*
 * In order, so that none starves for ever. Registered with the budget before
 * the last try: memory given back meanwhile queues the work again. Not for want
 * of space, which no memory of others makes good.
 */
static void cow_work_starved(struct cow *cow)
{
	bool registered = false;
	struct cow_hold *hold;

	while ((hold = cow_pop(cow, &cow->starved))) {
		enum cow_step step = cow_continue(hold);

		if (step == STEP_STARVES) {
			spin_lock_irq(&cow->lock);
			list_add(&hold->node, &cow->starved);
			spin_unlock_irq(&cow->lock);
			if (registered || hold->lacks_space) {
				cow_try_again(cow);
				break;
			}
			budget_wait(cow->budget);
			registered = true;
			area_hurry(cow->area);
			continue;
		}
		spin_lock_irq(&cow->lock);
		WRITE_ONCE(cow->nr_starved, cow->nr_starved - 1);
		WRITE_ONCE(cow->relieved, cow->relieved + 1);
		spin_unlock_irq(&cow->lock);
		WRITE_ONCE(cow->lax, false);
		cow_wake_throttled(cow);
	}

	spin_lock_irq(&cow->lock);
	if (cow->pressing && list_empty(&cow->starved) && bio_list_empty(&cow->punted)) {
		cow->pressing = false;
		area_pressed(cow->area, -1);
	}
	spin_unlock_irq(&cow->lock);
	cow_wake_throttled(cow);
}

/* Context: the origin's own workqueue, with a rescuer. */
static void cow_work(struct work_struct *work)
{
	struct cow *cow = container_of(work, struct cow, work);
	struct blk_plug plug;

	blk_start_plug(&plug);
	cow_work_ready(cow);
	cow_work_punted(cow);
	cow_work_starved(cow);
	blk_finish_plug(&plug);
}

void cow_kick(struct cow *cow)
{
	queue_work(cow->wq, &cow->work);
}

static void cow_again(struct timer_list *timer)
{
	cow_kick(container_of(timer, struct cow, again));
}

/* ---- life and information ---- */

bool cow_get(struct cow *cow)
{
	return atomic_inc_not_zero(&cow->refs);
}

void cow_put(struct cow *cow)
{
	/* The last touch: cow_drain() polls, so that nobody need be woken. */
	atomic_dec_return_release(&cow->refs);
}

struct cow *cow_create(struct block_device *origin, sector_t sectors, struct area *area,
		       struct dev_stats __percpu *stats)
{
	struct cow *cow = kzalloc(sizeof(*cow), GFP_KERNEL);

	if (!cow)
		return ERR_PTR(-ENOMEM);
	cow->origin = origin;
	cow->sectors = sectors;
	cow->units = DIV_ROUND_UP_SECTOR_T(sectors, UNIT_SECTORS);
	cow->area = area;
	cow->stats = stats;
	atomic_set(&cow->refs, 1);
	spin_lock_init(&cow->lock);
	spin_lock_init(&cow->spare_lock);
	INIT_LIST_HEAD(&cow->ready);
	INIT_LIST_HEAD(&cow->starved);
	bio_list_init(&cow->punted);
	init_waitqueue_head(&cow->throttle);
	INIT_WORK(&cow->work, cow_work);
	timer_setup(&cow->again, cow_again, 0);

	cow->wq =
		alloc_workqueue("blksnap_%pg", WQ_MEM_RECLAIM | WQ_UNBOUND | WQ_HIGHPRI, 1, origin);
	if (!cow->wq)
		goto err_free;
	cow->budget = kzalloc(sizeof(*cow->budget), GFP_KERNEL);
	if (!cow->budget)
		goto err_wq;
	INIT_LIST_HEAD(&cow->budget->node);
	cow->budget->wq = cow->wq;
	cow->budget->work = &cow->work;
	if (cow_map_create(cow))
		goto err_budget;
	if (cow_reserve_init(cow))
		goto err_map;
	return cow;

err_map:
	cow_map_free(cow);
err_budget:
	kfree(cow->budget);
err_wq:
	destroy_workqueue(cow->wq);
err_free:
	kfree(cow);
	return ERR_PTR(-ENOMEM);
}

void cow_drain(struct cow *cow)
{
	might_sleep();
	cow_kick(cow);
	while (atomic_read_acquire(&cow->refs) != 1)
		usleep_range(500, 2000);
}

void cow_destroy(struct cow *cow)
{
	if (!cow)
		return;
	budget_cancel(cow->budget);
	/* With no hold left the work does not set it again. */
	compat_timer_delete_sync(&cow->again);
	destroy_workqueue(cow->wq);
	kfree(cow->budget);
	cow_reserve_exit(cow);
	cow_map_free(cow);
	kfree(cow);
}

struct area *cow_area(struct cow *cow)
{
	return cow->area;
}

sector_t cow_sectors(struct cow *cow)
{
	return cow->sectors;
}

struct block_device *cow_origin(struct cow *cow)
{
	return cow->origin;
}

struct dev_stats __percpu *cow_stats(struct cow *cow)
{
	return cow->stats;
}

u32 cow_held(struct cow *cow)
{
	return atomic_read(&cow->held);
}

u64 cow_memory(struct cow *cow)
{
	return atomic_long_read(&cow->memory);
}

u64 cow_stored(struct cow *cow)
{
	return atomic_long_read(&cow->stored);
}

u64 cow_metadata(struct cow *cow)
{
	return atomic_long_read(&cow->metadata);
}
