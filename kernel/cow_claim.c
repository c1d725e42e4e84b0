// SPDX-License-Identifier: GPL-2.0
/*
 * Claiming untouched units and reading their old content. A scattered write
 * costs the units it touches; where many writes have come close together the
 * rest of the mebibyte is copied ahead in the same go, which makes the writes
 * that follow there pass at once.
 */
#include <linux/bitops.h>
#include <linux/blk-cgroup.h>
#include <linux/highmem.h>

#include <uapi/linux/blksnap_genl.h>

#include "budget.h"
#include "cow_map.h"
#include "filter.h"

/*
 * Dense: so many units of a mebibyte have been copied and not all. Random
 * writes that will never fill it reach that only by touching 5 % of it; dense
 * ones have paid one small copy in twenty by then.
 */
#define AHEAD_UNITS 256
#define AHEAD_HITS 12

/*
 * Warm: so many have been copied that the next ones may wait in memory for the
 * rest, to lie in a row with it in the area. An image is then read from there
 * in a few large requests.
 */
#define WARM_HITS 2

/*
 * Units between two runs to be copied ahead that are copied already are read
 * with them, and forgotten: one request costs less than two.
 */
#define GAP_UNITS 2

static struct cow_job *job_of_unit(const struct cow_region *region, int unit)
{
	struct cow_job *job;

	hlist_for_each_entry(job, &region->jobs, in_region)
		if (job->first <= unit && unit < job->first + job->nr)
			return job;
	return NULL;
}

/*
 * Of the units next to @job, one after the other, those that wait for it in
 * memory: have them stored now. Context: any; under the region's lock, which
 * keeps jobs in the region from being freed.
 */
static void cow_join_before(struct cow_job *job)
{
	int unit = job->first;
	struct cow_job *other;

	while (unit && (other = job_of_unit(job->region, unit - 1)) && other->warm)
		unit = other->first;
	for (; unit < job->first; unit += other->nr) {
		other = job_of_unit(job->region, unit);
		other->warm = false;
		area_join(job->cow->area, &other->copy);
	}
}

static void cow_join_after(struct cow_job *job)
{
	int unit = job->first + job->nr;
	struct cow_job *other;

	for (; (other = job_of_unit(job->region, unit)) && other->warm; unit += other->nr) {
		other->warm = false;
		area_join(job->cow->area, &other->copy);
	}
}

/*
 * The old content has come, or not. Context: any; owns the job. On an error
 * the fault is set before anybody is let go (I1). But the first error may be
 * that of units which nobody writes, copied ahead or merged into one request:
 * the job is undone, and from then on reads are made of wanted units, alone.
 */
static void cow_read_end(struct bio *bio)
{
	struct cow_job *job = bio->bi_private;
	struct cow_region *region = job->region;
	struct cow *cow = job->cow;
	spinlock_t *lock = cow_region_lock(cow, region);
	struct cow_hold *owner = job->owner;
	bool good = !bio->bi_status, again = !good && !job->alone;
	bool ahead = false, may_wait = false;
	unsigned int nr = job->nr;
	unsigned long flags;
	LIST_HEAD(holds);

	bio_uninit(bio);
	/* The job's may go before we are done. */
	atomic_inc(&cow->refs);
	if (again) {
		WRITE_ONCE(cow->careful, true);
	} else if (!good) {
		stats_add(cow->stats, errors, 1);
		area_fail(cow->area, -EIO, BLKSNAP_SNAPSHOT_PHASE_COPY, cow->origin->bd_dev,
			  job->unit * UNIT_SECTORS, true);
	} else {
		stats_add(cow->stats, cow_units, job->nr);
		stats_add(cow->stats, cow_sectors, job->nr * UNIT_SECTORS);
	}

	spin_lock_irqsave(lock, flags);
	list_splice_init(&job->waiters, &holds);
	if (good) {
		job->state = JOB_IN_MEM;
		/* Pairs with the acquire of whoever passes or validates. */
		smp_store_release(&region->inmem, region->inmem | unit_mask(job->first, job->nr));
		may_wait = job->warm && !job->reserve;
		ahead = job->ahead;
	} else {
		job->state = JOB_FAILED;
		hlist_del_init(&job->in_region);
		if (again)
			WRITE_ONCE(region->claimed,
				   region->claimed & ~unit_mask(job->first, job->nr));
	}
	if (ahead) {
		/* Once it is stored the lock keeps the job. */
		cow_join_before(job);
		area_store(cow->area, &job->copy, false);
		cow_join_after(job);
	}
	spin_unlock_irqrestore(lock, flags);

	if (again)
		area_unreserve(cow->area, nr);
	if (owner && atomic_dec_and_test(&owner->pending))
		list_add(&owner->node, &holds);
	cow_ready(cow, &holds);
	if (!ahead && good)
		area_store(cow->area, &job->copy, may_wait);
	else if (!good)
		cow_job_put(job);
	/* Last: the area knows by now that old content has come. */
	atomic_dec(&cow->reading);
	cow_put(cow);
}

/* Context: any; owns the job, which was nobody's. Its content is of no use. */
static void cow_gap_end(struct bio *bio)
{
	struct cow_job *job = bio->bi_private;

	bio_uninit(bio);
	cow_job_put(job);
}

/* Read the job's units; the last one of the origin may be a partial one. */
static void cow_read(struct cow_job *job, bio_end_io_t *end_io)
{
	struct cow *cow = job->cow;
	sector_t first = job->unit * UNIT_SECTORS;
	sector_t count = min_t(sector_t, job->nr * UNIT_SECTORS, cow->sectors - first);
	unsigned int i, bytes = count << SECTOR_SHIFT;

	/*
	 * In nobody's cgroup: others may come to wait for these units, and
	 * must not have the submitter's limits.
	 */
	bio_init(&job->bio, NULL, job->vecs, job->nr, REQ_OP_READ | (job->alone ? REQ_NOMERGE : 0));
	job->bio.bi_bdev = cow->origin;
	bio_associate_blkg_from_css(&job->bio, blkcg_root_css);
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
	job->bio.bi_end_io = end_io;
	filter_submit(&job->bio);
}

/* ---- claiming ---- */

/*
 * Who a claim is for. A job that covers none of @own is nobody's, and is made
 * only of what can be spared.
 */
struct cow_claim {
	struct cow *cow;
	struct cow_hold *hold;
	u64 own, own_end; /* units that the hold waits for */
	bool ahead;
	bool warm; /* more is likely to be copied next to them */
	u64 read; /* units from where on none are read yet, if ahead */
	gfp_t gfp;
};

static bool claim_owns(const struct cow_claim *claim, const struct cow_job *job)
{
	return job->unit < claim->own_end && claim->own < job->unit + job->nr;
}

static int claim_reserve(const struct cow_claim *claim, unsigned int units)
{
	return claim->ahead ? area_reserve_spare(claim->cow->area, units) :
			      area_reserve(claim->cow->area, units);
}

static void claim_account_ahead(const struct cow_claim *claim, const struct cow_job *job)
{
	u64 first = max(job->unit, claim->own);
	u64 end = min(job->unit + job->nr, claim->own_end);
	unsigned int own = end > first ? end - first : 0;

	stats_add(claim->cow->stats, cow_ahead_sectors, (job->nr - own) * UNIT_SECTORS);
}

/*
 * Read what is between the last run and one from @unit on, so that the plug
 * makes one request of them; nowhere if there is none to be filled. It is read
 * into pages of its own, which nobody looks at: what is below may check what it
 * has read, where it lies. An error there is no more than one of any unit
 * copied ahead: it spoils the request it is merged with, which is undone.
 */
static void claim_gap(const struct cow_claim *claim, u64 unit)
{
	u64 nr = unit - claim->read;
	struct cow_job *job;

	if (!claim->read || !nr || nr > GAP_UNITS || current->bio_list)
		return;
	job = cow_job_alloc(claim->cow, nr, claim->gfp, true);
	if (!job)
		return;
	job->alone = false;
	job->unit = claim->read;
	cow_get(claim->cow); /* the job's */
	cow_read(job, cow_gap_end);
}

/*
 * Claim and read the untouched units among @nr from @unit, all of one region.
 * Return: 0 none is untouched any more, -EAGAIN out of memory or space for
 * now, -ENOSPC none to spare, -EIO the snapshot has failed.
 */
static int claim_region(struct cow_claim *claim, u64 unit, unsigned int nr)
{
	struct cow *cow = claim->cow;
	unsigned int at = unit % REGION_UNITS;
	u64 mask = unit_mask(at, nr), want;
	struct cow_region *region;
	spinlock_t *lock;
	int ret;

	region = cow_region_get(cow, unit, claim->gfp);
	if (!region)
		return -EAGAIN;
	lock = cow_region_lock(cow, region);

	while ((want = mask & ~READ_ONCE(region->claimed))) {
		unsigned int first = __ffs64(want);
		u64 above = ~(want >> first);
		unsigned int run = above ? __ffs64(above) : REGION_UNITS;
		struct cow_job *job;

		if (claim->ahead && READ_ONCE(cow->careful))
			return -ENOSPC;
		job = cow_job_alloc(cow, run, claim->gfp, claim->ahead);
		if (!job)
			return -EAGAIN;
		job->alone = !claim->ahead && READ_ONCE(cow->careful);
		job->ahead = claim->ahead;
		job->warm = claim->warm && !claim->ahead;
		job->region = region;
		job->first = first;
		job->unit = unit - at + first;
		spin_lock_irq(lock);
		if (region->claimed & unit_mask(first, job->nr)) {
			/* Somebody was faster with a part of it. */
			spin_unlock_irq(lock);
			cow_job_undo(job);
			continue;
		}
		/* From before the area counts on it until after. */
		atomic_inc(&cow->reading);
		/* In here: space for one unit must not be asked for twice. */
		ret = claim_reserve(claim, job->nr);
		if (ret) {
			atomic_dec(&cow->reading);
			spin_unlock_irq(lock);
			cow_job_undo(job);
			claim->hold->lacks_space = ret == -EAGAIN;
			return ret;
		}
		WRITE_ONCE(region->claimed, region->claimed | unit_mask(first, job->nr));
		hlist_add_head(&job->in_region, &region->jobs);
		spin_unlock_irq(lock);

		if (claim->ahead)
			claim_account_ahead(claim, job);
		cow_get(cow); /* the job's */
		if (claim_owns(claim, job)) {
			job->owner = claim->hold;
			atomic_inc(&claim->hold->pending);
		}
		if (claim->ahead) {
			claim_gap(claim, job->unit);
			claim->read = job->unit + job->nr;
		}
		cow_read(job, cow_read_end);
	}
	return 0;
}

static int claim_units(struct cow_claim *claim, u64 unit, u64 end)
{
	while (unit < end) {
		unsigned int nr = min_t(u64, end - unit, REGION_UNITS - unit % REGION_UNITS);
		int ret = claim_region(claim, unit, nr);

		if (ret)
			return ret;
		unit += nr;
	}
	return 0;
}

/*
 * How many units of the mebibyte around @unit have been copied? A hint; nothing
 * is locked.
 */
static unsigned int cow_hits(struct cow *cow, u64 unit)
{
	unsigned int hits = 0;
	u64 end;

	unit = rounddown(unit, AHEAD_UNITS);
	for (end = unit + AHEAD_UNITS; unit < end; unit += REGION_UNITS) {
		struct cow_region *region = cow_region_find(cow, unit);

		if (region)
			hits += hweight64(READ_ONCE(region->claimed));
	}
	return hits;
}

int cow_claim(struct cow_hold *hold, u64 end, gfp_t gfp)
{
	struct cow_claim claim = {
		.cow = hold->cow,
		.hold = hold,
		.own = hold->pos,
		.own_end = end,
		.gfp = gfp,
	};
	struct blk_plug *outer = current->bio_list ? NULL : current->plug, plug;
	int ret;

	hold->lacks_space = false;
	/*
	 * Neighbouring reads become one request. It is not left in the
	 * submitter's plug: it had better be read soon, and if the device
	 * completes it at once no worker is needed to go on. The outer plug is
	 * flushed rather than hidden: its requests hold tags. It is put back as
	 * it is, not begun anew, for it says more than that it is there.
	 */
	if (outer)
		blk_finish_plug(outer);
	blk_start_plug(&plug);
	if (end - hold->pos < REGION_UNITS && !READ_ONCE(claim.cow->careful)) {
		unsigned int hits = cow_hits(claim.cow, hold->pos);
		u64 from = rounddown(hold->pos, AHEAD_UNITS);

		claim.warm = hits >= WARM_HITS;
		claim.ahead = hits >= AHEAD_HITS;
		/* What cannot be spared is not copied; own units come below. */
		if (claim.ahead)
			claim_units(&claim, from, min(from + AHEAD_UNITS, claim.cow->units));
		claim.ahead = false;
	}
	ret = claim_units(&claim, hold->pos, end);
	blk_finish_plug(&plug);
	if (outer)
		current->plug = outer;
	return ret;
}
