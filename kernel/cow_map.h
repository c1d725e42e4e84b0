/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The map of one origin's units, in regions of 64 that come with the first
 * write to them, and the jobs that have copies in memory. Part of the room
 * cow; nobody else includes this.
 */
#ifndef BLKSNAP_COW_MAP_H
#define BLKSNAP_COW_MAP_H

#include <linux/atomic.h>
#include <linux/bio.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "area.h"
#include "cow.h"
#include "logic/region_map.h"
#include "logic/slot_map.h"

/*
 * @claimed and @inmem have a bit a unit: at least READING, at least IN_MEM.
 * Written under the region's lock, which it shares with others: see
 * cow_region_lock(); @inmem is read without it, hence its release and acquire,
 * and so is @claimed, as a hint: written by WRITE_ONCE().
 * Never freed before the engine. There may be one for each unit copied, so its
 * size is what scattered writes cost.
 */
struct cow_region {
	struct region_node node; /* cow->map_lock */
	u64 claimed;
	u64 inmem;
	struct hlist_head jobs; /* READING or IN_MEM, not all STORED */
	struct slot_map slots;
};

enum cow_job_state { JOB_READING, JOB_IN_MEM, JOB_FAILED };

/*
 * Some adjacent units of one region on their way from origin to area. Owned
 * by the origin's read, then by the area; readers of the image hold
 * references. The pages are the vecs'.
 */
struct cow_job {
	struct hlist_node in_region;
	struct cow_region *region;
	struct cow *cow;
	struct cow_hold *owner; /* who wanted it; gone after the read */
	struct list_head waiters; /* holds that want it too */
	refcount_t refs;
	u8 state;
	u8 first; /* unit in the region */
	u8 nr;
	u8 left; /* units not stored yet */
	bool reserve;
	bool alone; /* an error is that of its own units */
	bool warm; /* its neighbours are likely to be copied soon */
	bool ahead; /* copied with its neighbours */
	u64 unit; /* of the origin */
	struct area_copy copy;
	struct bio bio;
	struct bio_vec vecs[];
};

/*
 * A bio is worked off in windows: it goes down after the last one, while the
 * copies of earlier ones are being stored already.
 */
#define WINDOW_UNITS 256

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
	bool lacks_space; /* refused it last, and not memory */
	atomic_t pending; /* own reads, and one for cow_advance() */
};

#define RESERVE_UNITS 16

/* Regions share locks; two of one request seldom meet. */
#define REGION_LOCKS 64

/*
 * Pages go round: the allocator may clear each one it gives (init_on_alloc),
 * which costs as much as copying into it. They are beside the budget.
 */
#define SPARE_PAGES 256

struct cow {
	struct block_device *origin;
	sector_t sectors;
	u64 units;
	struct area *area;
	struct dev_stats __percpu *stats;
	struct region_map map; /* of struct cow_region */
	spinlock_t map_lock; /* adding to it; irqs off, a leaf */
	spinlock_t region_lock[REGION_LOCKS];
	atomic_long_t metadata;
	atomic_long_t memory;
	atomic_long_t stored;
	atomic_t releases; /* of stored units; read by whoever located one */
	atomic_t refs;
	atomic_t reading; /* jobs whose old content has not come */
	bool careful; /* a read has failed: none but wanted units, unmerged */

	spinlock_t lock; /* the next six; irqs off; the area's lock is taken inside */
	struct list_head ready; /* holds to go on with */
	struct list_head starved; /* holds that lack memory or space */
	struct bio_list punted; /* bios that lack even a hold */
	unsigned int nr_starved; /* these two are read without it too: WRITE_ONCE() */
	unsigned int relieved; /* holds that starve no more; wraps */
	bool pressing; /* told the area that some starve */
	atomic_t held;
	wait_queue_head_t throttle; /* submitters, while many starve */
	bool lax; /* no longer: no hold goes on; until one does */

	struct workqueue_struct *wq;
	struct work_struct work;
	struct timer_list again; /* queues the work while some starve */
	struct budget_waiter *budget;

	spinlock_t spare_lock; /* the next two; irqs off */
	unsigned int spare_nr;
	struct page *spare[SPARE_PAGES];

	struct cow_job *reserve;
	unsigned long reserve_busy; /* bit 0 */
};

/** cow_region_find() - the region or NULL. Any context, lock-free. */
static inline struct cow_region *cow_region_find(struct cow *cow, u64 unit)
{
	struct region_node *node = region_map_find(&cow->map, unit / REGION_UNITS);

	return node ? container_of(node, struct cow_region, node) : NULL;
}

/**
 * cow_region_lock() - the lock of a region: all of it but the node and the
 * reading of inmem, and its jobs' in_region, state, left and waiters
 *
 * Taken with irqs off; never two at once. The area's lock is taken inside.
 */
static inline spinlock_t *cow_region_lock(struct cow *cow, const struct cow_region *region)
{
	return &cow->region_lock[region->node.index % REGION_LOCKS];
}

/** cow_region_get() - the region, made if need be; NULL without memory. */
struct cow_region *cow_region_get(struct cow *cow, u64 unit, gfp_t gfp);

/** cow_map_create() - an empty map. 0 or -ENOMEM. */
int cow_map_create(struct cow *cow);
void cow_map_free(struct cow *cow);

/**
 * cow_job_alloc() - memory for copying up to @nr units; fewer if it is short
 * @gfp: GFP_NOIO or GFP_NOWAIT
 * @spare: only if plenty is left of the budget
 *
 * Return: a job with nr set and pages, or NULL: neither budget nor reserve.
 */
struct cow_job *cow_job_alloc(struct cow *cow, unsigned int nr, gfp_t gfp, bool spare);

/**
 * cow_job_undo() - a job that was never read into
 *
 * Who waits for memory is not told, but has a timer: told, two that lack space
 * would take it and give it back in turns for as long as they wait.
 */
void cow_job_undo(struct cow_job *job);

extern const struct area_copy_ops cow_copy_ops;

/**
 * cow_claim() - claim and read what is untouched from hold->pos up to @end
 *
 * The hold owns itself and has one pending of its own; each read adds one.
 * Copies ahead where writes are dense. Return: 0; -EAGAIN memory or space is
 * short for now; -EIO the snapshot has failed.
 */
int cow_claim(struct cow_hold *hold, u64 end, gfp_t gfp);

/** cow_ready() - the holds on @holds can go on; they are the worker's. */
void cow_ready(struct cow *cow, struct list_head *holds);

int cow_map_init(void);
void cow_map_exit(void);
int cow_reserve_init(struct cow *cow);
void cow_reserve_exit(struct cow *cow);

#endif /* BLKSNAP_COW_MAP_H */
