/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The difference area of one snapshot: ranges of sectors on devices that the
 * kernel holds exclusively, used as a log. It reserves space, writes copies
 * one after the other in large batches, several in flight, with neither FUA
 * nor flush, and knows where a slot is. It also keeps the one terminal fault
 * of the snapshot, since the first to fail may be any room. It knows neither
 * origins nor bios held.
 *
 * A slot is one unit of 4 KiB; slots are numbered through all ranges in the
 * order they were appended. Those released are used again when the log has come
 * to its end.
 *
 * A unit is reserved before its old content is read, so that a copy in memory
 * always has a place. used counts reserved units.
 *
 * Life: area_create(), area_append(), any number of reserve/store/locate,
 * area_shutdown() (nothing is in flight afterwards), area_destroy().
 *
 * Locks: area->lock, a leaf lock, taken with interrupts off.
 */
#ifndef BLKSNAP_AREA_H
#define BLKSNAP_AREA_H

#include <linux/blkdev.h>
#include <linux/bvec.h>
#include <linux/list.h>
#include <linux/types.h>

#include "refusal.h"

#define UNIT_SHIFT 12
#define UNIT_SIZE (1U << UNIT_SHIFT)
#define UNIT_SECTORS (UNIT_SIZE >> SECTOR_SHIFT)

struct area;

struct area_copy;

struct area_copy_ops {
	/*
	 * Units @first.. are about to be written: make room to remember a
	 * run. Process context, may sleep (GFP_NOIO). 0 or -ENOMEM.
	 */
	int (*prepare)(struct area_copy *copy, unsigned int first, unsigned int nr);
	/*
	 * They are at @slot.. now, or lost (@err): once for each unit. Any
	 * context. With the last of them the copy is its owner's again.
	 */
	void (*stored)(struct area_copy *copy, unsigned int first, unsigned int nr, u32 slot,
		       int err);
};

/* Units in memory on their way to the area. The area's from store on. */
struct area_copy {
	struct list_head node;
	const struct area_copy_ops *ops;
	const struct bio_vec *vecs; /* one page a unit */
	unsigned int nr;
	unsigned int placed; /* units that have a slot */
	bool waits; /* for neighbours; guarded by the area's lock */
};

struct area_range {
	dev_t dev;
	sector_t start;
	sector_t count; /* 0: to the end of the device */
};

struct area_fault {
	int error; /* -errno, 0 while all is well */
	u32 phase; /* enum blksnap_snapshot_phase */
	dev_t dev; /* 0: unknown */
	sector_t sector;
	bool has_sector;
};

struct area_info {
	u64 total; /* units */
	u64 used;
	unsigned int changes; /* another one after ranges came or went */
	bool low;
	unsigned int lows; /* another one after it became low once more */
	struct area_fault fault;
};

struct area_range_info {
	dev_t dev;
	char name[64];
	sector_t start;
	sector_t count;
	sector_t used;
};

/* Any context; must only queue work. */
struct area_ops {
	void (*changed)(void *owner); /* level moved, fault set, read error */
	void (*room)(void *owner); /* space or memory came back */
	/* Does another user of the kernel's stand on these sectors? */
	bool (*tracked)(struct gendisk *disk, sector_t start, sector_t count);
};

int area_module_init(void);
void area_module_exit(void);

/** area_create() - empty; ERR_PTR(-ENOMEM). */
struct area *area_create(const struct area_ops *ops, void *owner);

/** area_shutdown() - drop what is queued, wait for what is in flight. Sleeps. */
void area_shutdown(struct area *area);
void area_destroy(struct area *area);

/**
 * area_devs_open() - open what @ranges name
 * @devs: an empty list, to be given to area_append() and then to area_devs_close(),
 *	whatever this returns
 *
 * Opening and closing may wait for a device that does not answer, and nobody
 * else may wait for that: a request opens before it changes the area, and closes
 * what is not needed afterwards. Context: process, no locks; the caller's device
 * cgroup decides. Return: 0, -ENODEV, -EBUSY open elsewhere, -EROFS, -EPERM, -ENOMEM.
 */
int area_devs_open(struct list_head *devs, const struct area_range *ranges, unsigned int nr,
		   struct refusal *r);

/** area_devs_close() - those that no area has. Context: process, no locks. */
void area_devs_close(struct list_head *devs);

/**
 * area_append() - add ranges; all or nothing
 * @devs: those of area_devs_open(); what the area needs of them becomes its own
 *
 * Context: process, sleeps, waits for no device. Return: 0, -EBUSY overlapping
 * another range or tracked, -ERANGE, -EINVAL not aligned or less than a unit,
 * -E2BIG, -ENOMEM.
 */
int area_append(struct area *area, struct list_head *devs, const struct area_range *ranges,
		unsigned int nr, struct refusal *r);

/**
 * area_remove() - take back unused ranges; all or nothing
 * @devs: gets the devices that have none any more, for area_devs_close()
 *
 * Context: process, sleeps, waits for no device. Return: 0, -ENOENT, -EBUSY, -ENOSPC, -ENOMEM.
 */
int area_remove(struct area *area, struct list_head *devs, const struct area_range *ranges,
		unsigned int nr, struct refusal *r);

/**
 * area_release() - nobody asks for these slots any more: they are free again
 *
 * A row of them, which may go on from one range to the next. Whoever located
 * one before must find out that it was released meanwhile. Context: process,
 * sleeps. Without memory to remember them they stay used.
 */
void area_release(struct area *area, u32 slot, unsigned int units);

/**
 * area_exclude() - keep areas off these sectors of @disk
 * @enter: called if no area has one of them; from then on ops->tracked() must
 *	tell of them, and no range can have come in between
 *
 * Context: process, sleeps; @enter runs under a mutex. Return: whether it was
 * called.
 */
bool area_exclude(struct gendisk *disk, sector_t start, sector_t count, void (*enter)(void *arg),
		  void *arg);

/**
 * area_set_levels() - when it is low, and how long a shortage may last
 * @low: units; 0 is never
 * @clear: units; ok again when as many are free
 * @grace_ms: how long, per shortage, writes wait for an area_append()
 *
 * Tells at once what it means for the present fill level.
 */
void area_set_levels(struct area *area, u64 low, u64 clear, u32 grace_ms);

/**
 * area_reserve() - promise space for copies
 *
 * Any context. Return: 0; -EAGAIN not now, but there may be within the grace
 * time (room() will be called then, and at its end); -EIO the snapshot has
 * failed, which it does here with -ENOSPC when the area is full.
 */
int area_reserve(struct area *area, unsigned int units);
/**
 * area_reserve_spare() - promise space that is not needed for its own sake
 *
 * Any context. Return: 0, -ENOSPC none to spare, -EIO failed.
 */
int area_reserve_spare(struct area *area, unsigned int units);
void area_unreserve(struct area *area, unsigned int units);

/** area_save() - nothing is to spare from now on: space is being saved. Any context. */
void area_save(struct area *area);

/**
 * area_store() - queue a copy; it is the area's until stored
 * @may_wait: its neighbours are likely to come soon: let it wait for them for a
 *	while, unless memory is short. For no copy whose memory is a reserve.
 *
 * Any context.
 */
void area_store(struct area *area, struct area_copy *copy, bool may_wait);

/**
 * area_join() - if @copy waits for neighbours, let it be stored now
 *
 * Behind what has been queued before and ahead of what is queued next, so that
 * it lies in a row with them. @copy has not been stored (the owner's lock tells).
 * Any context.
 */
void area_join(struct area *area, struct area_copy *copy);

/** area_hurry() - store what is queued now rather than when a batch is full. */
void area_hurry(struct area *area);

/** area_stall_time() - how long without one store is too long; jiffies. Any context. */
unsigned long area_stall_time(void);

/**
 * area_pressed() - somebody waits (@delta 1) or no longer does (-1) for memory
 *
 * While somebody does, and no store completes for the stall time, the
 * snapshot fails with -ETIMEDOUT; not while there is nothing to store, for old
 * content has not been read yet. Any context.
 */
void area_pressed(struct area *area, int delta);

/**
 * area_idle() - somebody waits for memory, and for no old content of his own
 *
 * To be repeated while it is so: when that lasts for the stall time, and nobody's
 * old content has come for twelve of them, the snapshot fails with -ETIMEDOUT, too.
 * Any context.
 */
void area_idle(struct area *area);

/**
 * area_locate() - where @slot is
 * @max: units wanted
 *
 * Return: units that lie there one after the other, 1..@max. Any context. The
 * device stays open until area_destroy().
 */
unsigned int area_locate(struct area *area, u32 slot, unsigned int max, struct block_device **bdev,
			 sector_t *sector);

/** area_fail() - the snapshot is broken; the first call wins. Any context. */
void area_fail(struct area *area, int error, u32 phase, dev_t dev, sector_t sector,
	       bool has_sector);

/**
 * area_error() - 0 or the -errno it broke with
 *
 * Acquire: whoever sees 0 after a read has completed knows that no write was
 * let through uncopied before that.
 */
int area_error(const struct area *area);

/**
 * area_retire() - it has a fault from here on, and tells its owner of none more
 *
 * Nothing that stores, reserves or releases is under way. Context: process, sleeps.
 */
void area_retire(struct area *area);

/** area_watch() - fail those whose device has gone, used or not. Process context. */
void area_watch(void);

void area_info(struct area *area, struct area_info *info);
bool area_range(struct area *area, unsigned int index, struct area_range_info *info);

#endif /* BLKSNAP_AREA_H */
