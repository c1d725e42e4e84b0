// SPDX-License-Identifier: GPL-2.0
#include <linux/rcupdate.h>

#include <uapi/linux/blksnap_genl.h>

#include "area.h"
#include "cow.h"
#include "tracker_priv.h"

static struct tracker *node_tracker(struct filter_node *node)
{
	return container_of(node, struct tracker, node);
}

static bool tracker_met(struct filter_node *node, struct bio *bio)
{
	return inflight_names(&node_tracker(node)->inflight, bio);
}

/* Sectors of the disk to sectors of the device, clipped. */
static void tracker_clip(struct tracker *t, sector_t *first, sector_t *count)
{
	sector_t start = t->node.start, end = *first + *count;

	end = min(end, start + READ_ONCE(t->node.count)) - start;
	*first = max(*first, start) - start;
	/* The device may have become smaller since it was looked at. */
	*count = max(end, *first) - *first;
}

/* Hold @bio at the gate, unless it has opened. It is not counted. */
static bool tracker_gate_hold(struct tracker *t, struct bio *bio)
{
	bool closed;

	spin_lock_irq(&t->gate_lock);
	closed = t->gate_closed;
	if (closed) {
		filter_deferred(bio);
		bio_list_add(&t->gated, bio);
	}
	spin_unlock_irq(&t->gate_lock);
	return closed;
}

/*
 * A discard is a hint. Over units that would have to be copied it is taken
 * as done, since copying gigabytes for an fstrim would fill every area. It
 * changes nothing then, so it is not marked.
 */
static bool tracker_drops(struct tracker *t, struct cow *cow, struct bio *bio, sector_t first,
			  sector_t count)
{
	if (bio_op(bio) != REQ_OP_DISCARD || op_is_flush(bio->bi_opf) ||
	    cow_passes(cow, first, count))
		return false;
	stats_add(t->stats, discard_dropped_sectors, count);
	bio_endio(bio);
	return true;
}

/*
 * Order: gate, count, mark, units. Gate and count are in one RCU section: a
 * period after the gate was closed, whoever saw it open has been counted.
 */
static __always_inline enum filter_verdict
tracker_meet_counted(struct tracker *t, struct bio *bio, sector_t first, sector_t count,
		     struct inflight_ctx *ctx)
{
	struct cow *cow;

	/* Acquire: who finds it open finds what was switched while it was closed. */
	if (unlikely(smp_load_acquire(&t->gate_closed)) && tracker_gate_hold(t, bio)) {
		inflight_ctx_free(&t->inflight, ctx);
		return FILTER_TOOK;
	}
	inflight_count(&t->inflight, bio, ctx);

	tracker_clip(t, &first, &count);
	stats_add(t->stats, writes, 1);
	stats_add(t->stats, write_sectors, count);

	cow = rcu_dereference(t->cow);
	if (cow && tracker_drops(t, cow, bio, first, count))
		return FILTER_TOOK;
	cbt_mark(rcu_dereference(t->cbt), first, count);
	if (!cow)
		return FILTER_PASS;
	if (unlikely(bio_op(bio) == REQ_OP_SECURE_ERASE))
		area_fail(cow_area(cow), -ECANCELED, BLKSNAP_SNAPSHOT_PHASE_COPY, t->dev, first,
			  true);
	return cow_passes(cow, first, count) ? FILTER_PASS : FILTER_SLOW;
}

static enum filter_verdict tracker_meet(struct filter_node *node, struct bio *bio, sector_t first,
					sector_t count)
{
	struct tracker *t = node_tracker(node);
	struct inflight_ctx *ctx;

	ctx = inflight_ctx_alloc(&t->inflight, GFP_NOWAIT);
	if (likely(ctx))
		return tracker_meet_counted(t, bio, first, count, ctx);
	/* The slow way will wait for one. On its way out, nobody cares. */
	return refcount_inc_not_zero(&t->refs) ? FILTER_SLOW : FILTER_PASS;
}

/* The counted bio keeps @t; the engine may have gone meanwhile. */
static bool tracker_slow_cow(struct tracker *t, struct bio *bio, sector_t first, sector_t count)
{
	struct cow *cow;
	bool held;

	rcu_read_lock();
	cow = rcu_dereference(t->cow);
	if (cow && !cow_get(cow))
		cow = NULL;
	rcu_read_unlock();
	if (!cow)
		return false;
	tracker_clip(t, &first, &count);
	held = cow_write(cow, bio, first, count);
	cow_put(cow);
	return held;
}

/*
 * Who waits for a context of @t? Not who is below another submit, nor a work on
 * whose queue may be what has all of them: another snapshot's, of the same disk.
 * What they have goes to @t's own work, which waits for nobody else's.
 */
static bool tracker_may_wait(struct tracker *t)
{
	struct work_struct *work = current_work();

	return !current->bio_list && (!work || work == &t->release_work);
}

static bool tracker_slow(struct filter_node *node, struct bio *bio, sector_t first, sector_t count)
{
	struct tracker *t = node_tracker(node);
	enum filter_verdict verdict;
	struct inflight_ctx *ctx;

	if (inflight_names(&t->inflight, bio))
		return tracker_slow_cow(t, bio, first, count);

	/* No context was to be had, and tracker_meet() took a reference. */
	if (!tracker_may_wait(t)) {
		filter_deferred(bio);
		spin_lock_irq(&t->gate_lock);
		bio_list_add(&t->punted, bio);
		/* With the lock: the reference is the bio's, which may be let go after it. */
		queue_work(t->wq, &t->release_work);
		spin_unlock_irq(&t->gate_lock);
		return true;
	}
	ctx = inflight_ctx_alloc(&t->inflight, GFP_NOIO);
	rcu_read_lock();
	verdict = tracker_meet_counted(t, bio, first, count, ctx);
	rcu_read_unlock();
	tracker_put(t);
	if (verdict == FILTER_SLOW)
		return tracker_slow_cow(t, bio, first, count);
	return verdict == FILTER_TOOK;
}

const struct filter_ops tracker_filter_ops = {
	.met = tracker_met,
	.meet = tracker_meet,
	.slow = tracker_slow,
};

/* Context: workqueue with a rescuer. Bios that waited go through the filter. */
void tracker_release(struct work_struct *work)
{
	struct tracker *t = container_of(work, struct tracker, release_work);
	struct bio_list gated, punted;
	struct blk_plug plug;
	struct bio *bio;

	bio_list_init(&gated);
	spin_lock_irq(&t->gate_lock);
	if (!t->gate_closed) {
		bio_list_merge(&gated, &t->gated);
		bio_list_init(&t->gated);
	}
	punted = t->punted;
	bio_list_init(&t->punted);
	spin_unlock_irq(&t->gate_lock);

	blk_start_plug(&plug);
	while ((bio = bio_list_pop(&gated)))
		filter_pass_on(bio);
	while ((bio = bio_list_pop(&punted))) {
		filter_pass_on(bio);
		tracker_put(t);
	}
	blk_finish_plug(&plug);
}

/* ---- the gate and the switch ---- */

void tracker_gate_close(struct tracker *t)
{
	spin_lock_irq(&t->gate_lock);
	if (!t->gate_gone)
		WRITE_ONCE(t->gate_closed, t->gate_closed + 1);
	spin_unlock_irq(&t->gate_lock);
}

void tracker_gate_open(struct tracker *t)
{
	spin_lock_irq(&t->gate_lock);
	if (t->gate_closed)
		smp_store_release(&t->gate_closed, t->gate_closed - 1);
	spin_unlock_irq(&t->gate_lock);
	queue_work(t->wq, &t->release_work);
}

void tracker_gate_remove(struct tracker *t)
{
	spin_lock_irq(&t->gate_lock);
	t->gate_gone = true;
	smp_store_release(&t->gate_closed, 0);
	spin_unlock_irq(&t->gate_lock);
	queue_work(t->wq, &t->release_work);
}

int tracker_drain(struct tracker *t, ktime_t deadline)
{
	return inflight_drain(&t->inflight, deadline);
}

bool tracker_has_size(struct tracker *t, sector_t sectors)
{
	bool has;

	/* With the new map, if it has just begun: tracker_check_size(). */
	if (smp_load_acquire(&t->renew) || !READ_ONCE(t->settled))
		return false;
	rcu_read_lock();
	has = cbt_sectors(rcu_dereference(t->cbt)) == sectors;
	rcu_read_unlock();
	return has;
}

bool tracker_lost(struct tracker *t)
{
	return READ_ONCE(t->lost) || READ_ONCE(t->gone);
}

u32 tracker_switch(struct tracker *t, struct cow *cow, u8 *generation)
{
	struct cbt *cbt;
	u32 number;

	rcu_read_lock();
	cbt = rcu_dereference(t->cbt);
	number = cbt_advance(cbt);
	memcpy(generation, cbt_generation(cbt), 16);
	rcu_read_unlock();

	rcu_assign_pointer(t->cow, cow);
	return number;
}

void tracker_unswitch(struct tracker *t)
{
	rcu_assign_pointer(t->cow, NULL);
	synchronize_rcu();
}
