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
#include "cow_map.h"
#include "filter.h"

/*
 * A bio is worked off in windows: it goes down after the last one, while the
 * copies of earlier ones are being stored already.
 */
#define WINDOW_UNITS 256

/* So many may starve before submitters that can sleep are made to. */
#define STARVED_MANY 32

#define HOLD_RESERVE 64

/*
 * A held write. It is owned by: the task or worker inside cow_advance(); or
 * its own reads, by @pending; or the one list @node is on (a job's waiters,
 * ready, starved). The bio is the hold's until released.
 */
struct cow_hold {
	struct list_head node;
	struct cow *cow;
	struct bio *bio;
	blk_opf_t opf; /* as submitted */
	u64 pos; /* units; below all are IN_MEM */
	u64 end;
	u64 since_ns;
	atomic_t pending; /* own reads, and one for cow_advance() */
};

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

/* ---- reading the old content ---- */

static void cow_ready(struct cow *cow, struct list_head *holds)
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
 * The old content has come, or not. Context: any; owns the job. On an error
 * the fault is set before anybody is let go (I1).
 */
static void cow_read_end(struct bio *bio)
{
	struct cow_job *job = bio->bi_private;
	struct cow_region *region = job->region;
	struct cow *cow = job->cow;
	struct cow_hold *owner = job->owner;
	bool good = !bio->bi_status;
	unsigned long flags;
	LIST_HEAD(holds);

	bio_uninit(bio);
	if (!good) {
		stats_add(cow->stats, errors, 1);
		area_fail(cow->area, -EIO, BLKSNAP_SNAPSHOT_PHASE_COPY, cow->origin->bd_dev,
			  job->unit * UNIT_SECTORS, true);
	} else {
		stats_add(cow->stats, cow_units, job->nr);
		stats_add(cow->stats, cow_sectors, job->nr * UNIT_SECTORS);
	}

	spin_lock_irqsave(&region->lock, flags);
	list_splice_init(&job->waiters, &holds);
	if (good) {
		job->state = JOB_IN_MEM;
		/* Pairs with the acquire of whoever passes or validates. */
		smp_store_release(&region->inmem, region->inmem | unit_mask(job->first, job->nr));
	} else {
		job->state = JOB_FAILED;
		hlist_del_init(&job->in_region);
	}
	spin_unlock_irqrestore(&region->lock, flags);

	if (owner && atomic_dec_and_test(&owner->pending))
		list_add(&owner->node, &holds);
	/* The job's reference keeps the engine while the holds are readied. */
	cow_ready(cow, &holds);
	if (good)
		area_store(cow->area, &job->copy);
	else
		cow_job_put(job);
}

/* Read the job's units; the last one of the origin may be a partial one. */
static void cow_read(struct cow_job *job)
{
	struct cow *cow = job->cow;
	sector_t first = job->unit * UNIT_SECTORS;
	sector_t count = min_t(sector_t, job->nr * UNIT_SECTORS, cow->sectors - first);
	unsigned int i, bytes = count << SECTOR_SHIFT;

	bio_init(&job->bio, cow->origin, job->vecs, job->nr, REQ_OP_READ);
	for (i = 0; i < job->nr; i++) {
		unsigned int len = min_t(unsigned int, bytes, UNIT_SIZE);

		if (len < UNIT_SIZE)
			memset_page(job->vecs[i].bv_page, len, 0, UNIT_SIZE - len);
		job->vecs[i].bv_len = len;
		job->vecs[i].bv_offset = 0;
		bytes -= len;
	}
	job->bio.bi_vcnt = job->nr;
	job->bio.bi_iter.bi_size = count << SECTOR_SHIFT;
	job->bio.bi_iter.bi_sector = first;
	job->bio.bi_private = job;
	job->bio.bi_end_io = cow_read_end;
	filter_submit(&job->bio);
}

/* ---- claiming ---- */

/*
 * Claim and read the untouched units among @nr from @unit, all of one region.
 * Return: 0 none is untouched any more, -EAGAIN out of memory or space for
 * now, -EIO the snapshot has failed.
 */
static int cow_claim_region(struct cow_hold *hold, u64 unit, unsigned int nr, gfp_t gfp)
{
	struct cow *cow = hold->cow;
	unsigned int at = unit % REGION_UNITS;
	u64 mask = unit_mask(at, nr), want;
	struct cow_region *region;
	int ret;

	region = cow_region_get(cow, unit, gfp);
	if (!region)
		return -EAGAIN;

	while ((want = mask & ~READ_ONCE(region->claimed))) {
		unsigned int first = __ffs64(want);
		u64 above = ~(want >> first);
		unsigned int run = above ? __ffs64(above) : REGION_UNITS;
		struct cow_job *job;

		job = cow_job_alloc(cow, run, gfp);
		if (!job)
			return -EAGAIN;
		ret = area_reserve(cow->area, job->nr);
		if (ret) {
			cow_job_free(job);
			return ret;
		}

		job->region = region;
		job->first = first;
		job->unit = unit - at + first;
		job->owner = hold;
		spin_lock_irq(&region->lock);
		if (region->claimed & unit_mask(first, job->nr)) {
			/* Somebody was faster with a part of it. */
			spin_unlock_irq(&region->lock);
			area_unreserve(cow->area, job->nr);
			cow_job_free(job);
			continue;
		}
		region->claimed |= unit_mask(first, job->nr);
		hlist_add_head(&job->in_region, &region->jobs);
		spin_unlock_irq(&region->lock);

		atomic_inc(&cow->refs); /* the job's */
		atomic_inc(&hold->pending);
		cow_read(job);
	}
	return 0;
}

static int cow_claim(struct cow_hold *hold, u64 end, gfp_t gfp)
{
	u64 unit = hold->pos;

	while (unit < end) {
		unsigned int nr = min_t(u64, end - unit, REGION_UNITS - unit % REGION_UNITS);
		int ret = cow_claim_region(hold, unit, nr, gfp);

		if (ret)
			return ret;
		unit += nr;
	}
	return 0;
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
		struct cow_job *job;

		unit += nr;
		if ((smp_load_acquire(&region->inmem) & mask) == mask)
			continue;
		spin_lock_irq(&region->lock);
		hlist_for_each_entry(job, &region->jobs, in_region) {
			if (job->state == JOB_READING && (unit_mask(job->first, job->nr) & mask)) {
				list_add_tail(&hold->node, &job->waiters);
				spin_unlock_irq(&region->lock);
				return true;
			}
		}
		spin_unlock_irq(&region->lock);
	}
	return false;
}

static void cow_starve(struct cow_hold *hold)
{
	struct cow *cow = hold->cow;
	bool press;

	spin_lock_irq(&cow->lock);
	list_add_tail(&hold->node, &cow->starved);
	cow->nr_starved++;
	press = !cow->pressing;
	cow->pressing = true;
	spin_unlock_irq(&cow->lock);
	if (press)
		area_pressed(cow->area, 1);
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
	/* It will be submitted from elsewhere, later. */
	bio->bi_opf &= ~(REQ_NOWAIT | REQ_POLLED);
	atomic_inc(&cow->refs);
	atomic_inc(&cow->held);
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
	cow_put(cow);
	return bio;
}

/* May the current task be put to sleep for memory inside a submit? */
static bool cow_may_sleep(const struct bio *bio)
{
	return !current->bio_list && !(current->flags & PF_MEMALLOC) &&
	       !(bio->bi_opf & (REQ_SWAP | REQ_NOWAIT));
}

bool cow_write(struct cow *cow, struct bio *bio, sector_t first, sector_t count)
{
	bool may_sleep = cow_may_sleep(bio);
	gfp_t gfp = may_sleep ? GFP_NOIO : GFP_NOWAIT;
	struct cow_hold *hold;
	blk_opf_t opf;

	hold = mempool_alloc(&hold_pool, GFP_NOWAIT | __GFP_NOWARN);
	if (!hold) {
		bio->bi_opf &= ~(REQ_NOWAIT | REQ_POLLED);
		spin_lock_irq(&cow->lock);
		atomic_inc(&cow->refs); /* the punted bio's */
		bio_list_add(&cow->punted, bio);
		spin_unlock_irq(&cow->lock);
		queue_work(cow->wq, &cow->work);
		return true;
	}
	cow_hold_init(hold, cow, bio, first, count);
	opf = hold->opf;

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
	/*
	 * The write is taken care of; slow its writer down if many are short.
	 * The stall watch ends this by a fault at the latest.
	 */
	if (may_sleep && READ_ONCE(cow->nr_starved) > STARVED_MANY)
		wait_event(cow->throttle,
			   READ_ONCE(cow->nr_starved) <= STARVED_MANY || area_error(cow->area));
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

/* Bios for which not even a hold was to be had. */
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
		hold = mempool_alloc(&hold_pool, GFP_NOIO);
		cow_bio_range(cow, bio, &first, &count);
		cow_hold_init(hold, cow, bio, first, count);
		cow_put(cow);
		if (cow_continue(hold) == STEP_STARVES)
			cow_starve(hold);
	}
}

/*
 * In order, so that none starves for ever. Registered with the budget before
 * the last try: memory given back meanwhile queues the work again.
 */
static void cow_work_starved(struct cow *cow)
{
	bool registered = false, relieved;
	struct cow_hold *hold;

	while ((hold = cow_pop(cow, &cow->starved))) {
		enum cow_step step = cow_continue(hold);

		if (step == STEP_STARVES) {
			spin_lock_irq(&cow->lock);
			list_add(&hold->node, &cow->starved);
			spin_unlock_irq(&cow->lock);
			if (registered)
				break;
			budget_wait(cow->budget);
			registered = true;
			area_hurry(cow->area);
			continue;
		}
		spin_lock_irq(&cow->lock);
		cow->nr_starved--;
		spin_unlock_irq(&cow->lock);
		wake_up_all(&cow->throttle);
	}

	spin_lock_irq(&cow->lock);
	relieved = cow->pressing && list_empty(&cow->starved);
	if (relieved)
		cow->pressing = false;
	spin_unlock_irq(&cow->lock);
	if (relieved)
		area_pressed(cow->area, -1);
	wake_up_all(&cow->throttle);
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

/* ---- life and information ---- */

bool cow_get(struct cow *cow)
{
	return atomic_inc_not_zero(&cow->refs);
}

void cow_put(struct cow *cow)
{
	/* The last touch: cow_drain() polls, so that nobody need be woken. */
	atomic_dec(&cow->refs);
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
	xa_init(&cow->regions);
	atomic_set(&cow->refs, 1);
	spin_lock_init(&cow->lock);
	INIT_LIST_HEAD(&cow->ready);
	INIT_LIST_HEAD(&cow->starved);
	bio_list_init(&cow->punted);
	init_waitqueue_head(&cow->throttle);
	INIT_WORK(&cow->work, cow_work);

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
	if (cow_reserve_init(cow))
		goto err_budget;
	return cow;

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

u64 cow_metadata(struct cow *cow)
{
	return atomic_long_read(&cow->metadata);
}
