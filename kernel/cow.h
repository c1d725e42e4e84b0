/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The copy-on-write engine of one origin in one snapshot: the first time a
 * unit is overwritten its old content is read into memory, the write is let
 * go, and the copy is stored in the area later. It knows neither the tracker
 * nor the image nor sets; it is given an origin, an area and counters.
 *
 * State of a unit, only ever forward:
 *
 *	UNTOUCHED -> READING -> IN_MEM -> STORED
 *
 * and, for the whole snapshot, the area's fault. Invariants:
 *
 * I1 No write is let go to a unit below IN_MEM unless the fault was set
 *    before.
 * I2 States never go back, but from READING when a read is tried again. A unit
 *    that is given up is IN_MEM for ever, without a copy.
 * I3 The memory of a copy is freed only after STORED can be seen and readers
 *    have dropped their references.
 * I4 What was read from the origin is the past only if, after the read has
 *    completed, the unit is below IN_MEM and no fault is set.
 * I5 Every held bio is let go exactly once, whatever fails: its owner is the
 *    hold, a hold is on one list or counted by its own reads, and whoever
 *    takes it off goes on with it.
 * I6 Copies and held bios stay within the memory budget, a reserve of one
 *    job of RESERVE_UNITS per origin aside.
 * I7 Nothing waits for memory while it holds the reserve: a job in the
 *    reserve is read, stored and given back without needing anything else
 *    that can run out.
 *
 * Who waits for what: the hook (a submitter) waits for no I/O. It sleeps only
 * when many holds starve for memory, only if it may (no current->bio_list, no
 * reclaim, no swap), never killably, and only while some of them go on: the
 * stall time without one ends it.
 * Holds are continued by cow->work on a workqueue of the origin's own.
 */
#ifndef BLKSNAP_COW_H
#define BLKSNAP_COW_H

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/types.h>

#include "stats.h"

struct area;
struct cow;
struct cow_job;

int cow_module_init(void);
void cow_module_exit(void);

/**
 * cow_create() - everything is allocated here, nothing at the instant
 * @origin: open for reading until cow_destroy()
 * @sectors: size of the image
 * @area: shared by the snapshot; outlives this
 * @stats: of the device; outlives this
 *
 * Return: the engine with one reference, the creator's, or ERR_PTR(-ENOMEM).
 */
struct cow *cow_create(struct block_device *origin, sector_t sectors, struct area *area,
		       struct dev_stats __percpu *stats);

/**
 * cow_drain() - wait until the creator's reference is the last
 *
 * The area has a fault, no hook finds the engine any more, and its image is
 * gone. Process context, sleeps.
 */
void cow_drain(struct cow *cow);

/** cow_destroy() - after cow_drain() and area_shutdown(). May be NULL. */
void cow_destroy(struct cow *cow);

/** cow_get() - another reference; false if it is going. Any context. */
bool cow_get(struct cow *cow);
void cow_put(struct cow *cow);

/**
 * cow_passes() - may a write to these sectors pass at once?
 * @first, @count: sectors of the origin; what is beyond the image is ignored
 *
 * The fast path: lock-free, any context. True for a failed snapshot.
 */
bool cow_passes(struct cow *cow, sector_t first, sector_t count);

/**
 * cow_write() - hold a write until what it overwrites is in memory
 *
 * Context: the submitter's, outside RCU, with a reference. @bio is counted as
 * in flight. Return: false, it may pass now and stays the caller's; true, the
 * engine owns it and will filter_pass_on() it.
 */
bool cow_write(struct cow *cow, struct bio *bio, sector_t first, sector_t count);

/** cow_kick() - space, memory or a fault: look at those waiting. Any context. */
void cow_kick(struct cow *cow);

enum cow_place {
	COW_ORIGIN, /* not in memory yet: read the origin, then look again */
	COW_MEMORY, /* in a job's pages; drop the job with cow_job_put() */
	COW_AREA, /* at a slot */
	COW_LOST, /* copied, but the snapshot has failed */
};

struct cow_where {
	enum cow_place place;
	unsigned int nr; /* units, one after the other */
	u32 slot;
	struct cow_job *job;
	unsigned int index; /* first unit in the job */
};

/** cow_locate() - where the past of @unit.. is, up to @max units. Any context. */
void cow_locate(struct cow *cow, u64 unit, unsigned int max, struct cow_where *where);

/**
 * cow_still_origin() - how many of @nr units from @unit are below IN_MEM
 *
 * Acquire: call it after the read has completed, then area_error().
 */
unsigned int cow_still_origin(struct cow *cow, u64 unit, unsigned int nr);

/**
 * cow_release() - the image is not read there any more
 * @first, @count: sectors of the image; of units that are partly in it, none
 * @released: increased by the sectors whose past is gone
 *
 * Writes there pass at once, copies in the area make room for others, reads
 * find COW_LOST. What is being copied at that moment is kept. Context:
 * process, sleeps. Return: 0, -EIO the snapshot has failed, -ENOMEM.
 */
int cow_release(struct cow *cow, sector_t first, sector_t count, u64 *released);

/**
 * cow_releases() - another number after stored units were released
 *
 * Acquire. Who located slots after the same number was told, and finds it
 * unchanged after the read has completed, has read what was there.
 */
unsigned int cow_releases(struct cow *cow);

struct page *cow_job_page(struct cow_job *job, unsigned int index);
void cow_job_put(struct cow_job *job);

struct area *cow_area(struct cow *cow);
sector_t cow_sectors(struct cow *cow); /* of the image */
struct block_device *cow_origin(struct cow *cow);
struct dev_stats __percpu *cow_stats(struct cow *cow);
u32 cow_held(struct cow *cow);
u64 cow_memory(struct cow *cow); /* bytes in copies not stored yet */
u64 cow_stored(struct cow *cow); /* units that are in the area */
u64 cow_metadata(struct cow *cow); /* bytes that say where copies are */

#endif /* BLKSNAP_COW_H */
