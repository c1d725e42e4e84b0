// SPDX-License-Identifier: GPL-2.0
#include "cow_map.h"

#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "budget.h"

/* Fail rather than dig into what reclaim needs, or loop. */
#define COW_GFP (__GFP_NOWARN | __GFP_NORETRY | __GFP_NOMEMALLOC)

/*
 * What says where copies are is small, and without it no page can be written
 * out, to swap for instance: some of what is set aside is for it.
 */
#define COW_META_GFP (__GFP_NOWARN | __GFP_NORETRY | __GFP_HIGH)

static struct kmem_cache *region_cache;

int cow_map_init(void)
{
	region_cache = KMEM_CACHE(cow_region, 0);
	return region_cache ? 0 : -ENOMEM;
}

void cow_map_exit(void)
{
	kmem_cache_destroy(region_cache);
}

/* ---- regions ---- */

/* What a region costs beside its buckets; see the design's bound of 64 bytes. */
static_assert(sizeof(struct cow_region) <= 56);

/* A page of buckets, if the map can use one. Without memory it does without. */
static void *cow_map_page(struct cow *cow, gfp_t gfp)
{
	return region_map_hungry(&cow->map) ? kzalloc(REGION_MAP_PAGE, gfp | COW_GFP) : NULL;
}

struct cow_region *cow_region_get(struct cow *cow, u64 unit, gfp_t gfp)
{
	struct cow_region *region = cow_region_find(cow, unit), *old;
	unsigned long flags;
	bool used = false;
	void *page;

	if (region)
		return region;
	region = kmem_cache_zalloc(region_cache, gfp | COW_META_GFP);
	if (!region)
		return NULL;
	INIT_HLIST_HEAD(&region->jobs);
	region->node.index = unit / REGION_UNITS;
	page = cow_map_page(cow, gfp);

	spin_lock_irqsave(&cow->map_lock, flags);
	old = cow_region_find(cow, unit);
	if (!old)
		used = region_map_add(&cow->map, &region->node, page);
	spin_unlock_irqrestore(&cow->map_lock, flags);

	if (!used)
		kfree(page);
	if (old) {
		kmem_cache_free(region_cache, region);
		return old;
	}
	atomic_long_add(sizeof(*region) + (used ? REGION_MAP_PAGE : 0), &cow->metadata);
	return region;
}

int cow_map_create(struct cow *cow)
{
	void *first = kzalloc(REGION_MAP_PAGE, GFP_KERNEL);
	void *second = kzalloc(REGION_MAP_PAGE, GFP_KERNEL);
	unsigned int i;

	if (!first || !second) {
		kfree(first);
		kfree(second);
		return -ENOMEM;
	}
	region_map_init(&cow->map, first, second);
	atomic_long_add(2 * REGION_MAP_PAGE, &cow->metadata);
	spin_lock_init(&cow->map_lock);
	for (i = 0; i < REGION_LOCKS; i++)
		spin_lock_init(&cow->region_lock[i]);
	return 0;
}

void cow_map_free(struct cow *cow)
{
	struct region_node *node;
	void *page;

	while ((node = region_map_take(&cow->map))) {
		while (node) {
			struct cow_region *region = container_of(node, struct cow_region, node);

			node = node->next;
			WARN_ON_ONCE(!hlist_empty(&region->jobs));
			if (region->slots.is_table)
				kfree(region->slots.table);
			kmem_cache_free(region_cache, region);
		}
		cond_resched();
	}
	while ((page = region_map_take_page(&cow->map)))
		kfree(page);
}

static unsigned int region_still_origin(const struct cow_region *region, u64 unit, unsigned int nr)
{
	unsigned int first = unit % REGION_UNITS;
	u64 copied;

	nr = min(nr, REGION_UNITS - first);
	if (!region)
		return nr;
	copied = smp_load_acquire(&region->inmem) & unit_mask(first, nr);
	return copied ? __ffs64(copied) - first : nr;
}

unsigned int cow_still_origin(struct cow *cow, u64 unit, unsigned int nr)
{
	return region_still_origin(cow_region_find(cow, unit), unit, nr);
}

void cow_locate(struct cow *cow, u64 unit, unsigned int max, struct cow_where *where)
{
	struct cow_region *region = cow_region_find(cow, unit);
	unsigned int first = unit % REGION_UNITS;
	struct cow_job *job;
	unsigned long flags;
	spinlock_t *lock;

	where->place = COW_ORIGIN;
	where->nr = region_still_origin(region, unit, max);
	if (where->nr)
		return;

	max = min(max, REGION_UNITS - first);
	lock = cow_region_lock(cow, region);
	spin_lock_irqsave(lock, flags);
	where->slot = slot_map_get(&region->slots, first, max, &where->nr);
	if (where->slot != SLOT_NONE) {
		where->place = COW_AREA;
		goto unlock;
	}
	hlist_for_each_entry(job, &region->jobs, in_region) {
		if (job->state != JOB_IN_MEM || first < job->first || first >= job->first + job->nr)
			continue;
		refcount_inc(&job->refs);
		where->place = COW_MEMORY;
		where->job = job;
		where->index = first - job->first;
		where->nr = min(max, job->nr - where->index);
		goto unlock;
	}
	/* Stores of a failed snapshot are dropped. */
	where->place = COW_LOST;
	where->nr = 1;
unlock:
	spin_unlock_irqrestore(lock, flags);
}

/* ---- jobs ---- */

static size_t job_bytes(unsigned int nr)
{
	return offsetof(struct cow_job, vecs) + nr * (sizeof(struct bio_vec) + PAGE_SIZE);
}

static void job_init(struct cow_job *job, struct cow *cow, unsigned int nr)
{
	INIT_HLIST_NODE(&job->in_region);
	INIT_LIST_HEAD(&job->waiters);
	refcount_set(&job->refs, 1);
	job->cow = cow;
	job->owner = NULL;
	job->state = JOB_READING;
	job->nr = nr;
	job->left = nr;
	job->warm = false;
	job->ahead = false;
	job->copy.ops = &cow_copy_ops;
	job->copy.waits = false;
	job->copy.vecs = job->vecs;
	job->copy.nr = nr;
}

/* Fill @job's vecs with spare pages, from the first on; returns how many. */
static unsigned int job_take_spare(struct cow *cow, struct cow_job *job, unsigned int nr)
{
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&cow->spare_lock, flags);
	nr = min(nr, cow->spare_nr);
	for (i = 0; i < nr; i++)
		job->vecs[i].bv_page = cow->spare[--cow->spare_nr];
	spin_unlock_irqrestore(&cow->spare_lock, flags);
	return nr;
}

static void job_free_memory(struct cow *cow, struct cow_job *job, unsigned int pages)
{
	unsigned long flags;

	spin_lock_irqsave(&cow->spare_lock, flags);
	while (pages && cow->spare_nr < SPARE_PAGES)
		cow->spare[cow->spare_nr++] = job->vecs[--pages].bv_page;
	spin_unlock_irqrestore(&cow->spare_lock, flags);
	while (pages--)
		__free_page(job->vecs[pages].bv_page);
	kfree(job);
}

static struct cow_job *job_alloc_memory(struct cow *cow, unsigned int nr, gfp_t gfp)
{
	struct cow_job *job;
	unsigned int i;

	job = kmalloc(struct_size(job, vecs, nr), gfp | COW_GFP);
	if (!job)
		return NULL;
	for (i = job_take_spare(cow, job, nr); i < nr; i++) {
		struct page *page = alloc_page(gfp | COW_GFP);

		if (!page) {
			job_free_memory(cow, job, i);
			return NULL;
		}
		job->vecs[i].bv_page = page;
	}
	return job;
}

struct cow_job *cow_job_alloc(struct cow *cow, unsigned int nr, gfp_t gfp, bool spare)
{
	struct cow_job *job;

	if (spare && budget_used() > budget_limit() / 2)
		return NULL;

	if (budget_take(job_bytes(nr))) {
		job = job_alloc_memory(cow, nr, gfp);
		if (job) {
			job_init(job, cow, nr);
			job->reserve = false;
			atomic_long_add(job_bytes(nr), &cow->memory);
			return job;
		}
		budget_return(job_bytes(nr));
	}
	if (spare || test_and_set_bit_lock(0, &cow->reserve_busy))
		return NULL;
	job = cow->reserve;
	job_init(job, cow, min_t(unsigned int, nr, RESERVE_UNITS));
	job->reserve = true;
	return job;
}

void cow_job_undo(struct cow_job *job)
{
	struct cow *cow = job->cow;
	unsigned int nr = job->nr;

	if (job->reserve) {
		clear_bit_unlock(0, &cow->reserve_busy);
		return;
	}
	job_free_memory(cow, job, nr);
	atomic_long_sub(job_bytes(nr), &cow->memory);
	budget_return(job_bytes(nr));
}

static void cow_job_free(struct cow_job *job)
{
	struct cow *cow = job->cow;
	bool reserve = job->reserve;

	cow_job_undo(job);
	if (!reserve) {
		budget_tell();
		return;
	}
	smp_mb__after_atomic();
	if (READ_ONCE(cow->nr_starved))
		cow_kick(cow);
}

void cow_job_put(struct cow_job *job)
{
	struct cow *cow = job->cow;

	if (refcount_dec_and_test(&job->refs)) {
		cow_job_free(job);
		cow_put(cow);
	}
}

struct page *cow_job_page(struct cow_job *job, unsigned int index)
{
	return job->vecs[index].bv_page;
}

int cow_reserve_init(struct cow *cow)
{
	cow->reserve = job_alloc_memory(cow, RESERVE_UNITS, GFP_KERNEL);
	if (!cow->reserve)
		return -ENOMEM;
	budget_force(job_bytes(RESERVE_UNITS));
	return 0;
}

void cow_reserve_exit(struct cow *cow)
{
	if (cow->reserve) {
		job_free_memory(cow, cow->reserve, RESERVE_UNITS);
		budget_give(job_bytes(RESERVE_UNITS));
	}
	while (cow->spare_nr)
		__free_page(cow->spare[--cow->spare_nr]);
}

/* ---- the area's side ---- */

/* A run more than fits in the region itself needs a table. */
static int cow_copy_prepare(struct area_copy *copy, unsigned int first, unsigned int nr)
{
	struct cow_job *job = container_of(copy, struct cow_job, copy);
	struct cow_region *region = job->region;
	spinlock_t *lock = cow_region_lock(job->cow, region);
	u32 *table = NULL;

	spin_lock_irq(lock);
	if (!slot_map_fits(&region->slots)) {
		spin_unlock_irq(lock);
		table = kmalloc_array(REGION_UNITS, sizeof(*table), GFP_NOIO | COW_META_GFP);
		if (!table)
			return -ENOMEM;
		spin_lock_irq(lock);
		if (!slot_map_fits(&region->slots)) {
			slot_map_use_table(&region->slots, table);
			atomic_long_add(REGION_UNITS * sizeof(*table), &job->cow->metadata);
			table = NULL;
		}
	}
	region->slots.promised++;
	spin_unlock_irq(lock);
	kfree(table);
	return 0;
}

/*
 * Context: any. STORED can be seen before the last reference is dropped. Parts of
 * a job end in batches of their own, at once perhaps: without the lock it is only
 * the last one's. The engine outlives all batches.
 */
static void cow_copy_stored(struct area_copy *copy, unsigned int first, unsigned int nr, u32 slot,
			    int err)
{
	struct cow_job *job = container_of(copy, struct cow_job, copy);
	struct cow_region *region = job->region;
	struct cow *cow = job->cow;
	spinlock_t *lock = cow_region_lock(cow, region);
	unsigned long flags;
	bool last;

	spin_lock_irqsave(lock, flags);
	if (!err) {
		slot_map_put(&region->slots, job->first + first, nr, slot);
		region->slots.promised--;
	}
	job->left -= nr;
	last = !job->left;
	if (last)
		hlist_del_init(&job->in_region);
	spin_unlock_irqrestore(lock, flags);

	if (!err) {
		atomic_long_add(nr, &cow->stored);
		stats_add(cow->stats, store_sectors, nr * UNIT_SECTORS);
	} else if (err != -ESHUTDOWN) {
		stats_add(cow->stats, errors, 1);
	}
	if (last)
		cow_job_put(job);
}

const struct area_copy_ops cow_copy_ops = {
	.prepare = cow_copy_prepare,
	.stored = cow_copy_stored,
};
