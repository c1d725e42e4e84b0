/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tracker is one tracked block device: a gendisk and a range of its
 * sectors. It meets every modifying bio of that range before the block layer
 * does, counts it until it ends, marks the change map, and hands it to the
 * copy-on-write engine of the snapshot, if there is one. It knows neither
 * sets of devices nor netlink.
 *
 * Life: tracker_attach() makes it findable and starts settling; when the
 * writes submitted before are out it is tracked. tracker_detach() makes it no
 * longer found at once; the memory goes when the last write it counted has
 * ended. tracker_put(NULL) is allowed.
 *
 * Locks: trackers_lock (mutex) guards the list and every field marked so. It
 * is taken before anything of the bio path and never on it.
 */
#ifndef BLKSNAP_TRACKER_H
#define BLKSNAP_TRACKER_H

#include <linux/blkdev.h>
#include <linux/types.h>

#include "refusal.h"
#include "stats.h"

struct cow;
struct tracker;

/* Values of enum blksnap_device_state of the protocol. */
struct tracker_info {
	dev_t dev;
	char name[64];
	u32 state;
	sector_t capacity;
	u32 snapshot_id; /* 0: none */
	dev_t image; /* 0: none */
	bool keep;
	u32 cbt_cell; /* bytes */
	u8 cbt_generation[16];
	u32 cbt_number;
	u64 cbt_memory; /* bytes */
	u32 unit; /* bytes */
	int error; /* 0 or -errno */
	u64 epoch;
};

struct tracker_stats {
	struct dev_stats sum;
	u64 inflight;
	u32 held_now;
	u64 memory; /* bytes in copies not stored yet */
	u64 metadata; /* bytes that say where copies are */
};

/* Told by the tracker room to whoever sends events; process context. */
struct tracker_notify {
	void (*new)(struct tracker *t);
	void (*change)(struct tracker *t, u32 cause);
	/* @reason: enum blksnap_del_reason */
	void (*del)(struct tracker *t, u32 reason);
};

int tracker_init(void);
void tracker_exit(void);

/** tracker_set_notify() - who is told. Before the first attach; NULL: nobody. */
void tracker_set_notify(const struct tracker_notify *ops);

/**
 * tracker_attach() - start tracking a device, or find it tracked
 * @dev: the device
 * @cell_bytes: bytes of a tracking cell, 0 for the default (64 KiB)
 * @keep: attached by request, not for a snapshot's sake
 * @new: set to whether it was not attached before
 * @r: filled on refusal
 *
 * Context: process, may sleep; no lock is held while the device is opened.
 * Return: the tracker with a reference for the caller, or ERR_PTR: -ENODEV no
 * such device, -EOPNOTSUPP a kind that cannot be tracked, -EROFS, -EBUSY
 * overlaps another tracker or the hook has another owner, -EINVAL bad cell
 * size or one other than the present, -ENOMEM.
 */
struct tracker *tracker_attach(dev_t dev, u32 cell_bytes, bool keep, bool *new, struct refusal *r);

/**
 * tracker_detach() - stop tracking
 * @reason: enum blksnap_del_reason told to subscribers
 *
 * Does not wait for one that is settling: its memory goes when that ends.
 * Context: process, may sleep. Return: 0, -EBUSY in a snapshot, -ENODEV not
 * tracked any more. The caller's reference stays the caller's.
 */
int tracker_detach(struct tracker *t, u32 reason, struct refusal *r);

/** tracker_lookup() - the tracker of @dev with a reference, or NULL. */
struct tracker *tracker_lookup(dev_t dev);

/**
 * tracker_next() - walk all trackers in the order they were attached
 * @cursor: 0 to begin; updated
 *
 * Survivors are neither skipped nor repeated whatever comes and goes.
 * Return: the next tracker with a reference, or NULL at the end.
 */
struct tracker *tracker_next(u64 *cursor);

void tracker_put(struct tracker *t);

/** tracker_generation() - changes when a tracker comes or goes; for dumps. */
unsigned int tracker_generation(void);

void tracker_info(struct tracker *t, struct tracker_info *info);
void tracker_stats(struct tracker *t, struct tracker_stats *stats);

/**
 * tracker_cbt_begin() - pin down what a walk over changes refers to
 * @generation: in: expected (or NULL); out of the walk: see cbt_walk
 * @since: number of an earlier take, or 0
 * @number: set to the number of the image, or of the running interval
 *
 * Return: 0, -ESTALE if @generation is another one, -ERANGE if there was no
 * take @since in it: an answer would be too small.
 */
int tracker_cbt_begin(struct tracker *t, const u8 *generation, u32 since, u8 *now, u32 *number);

/**
 * tracker_cbt_next() - the next extent changed in (since, number]
 * @cursor: sector to search from
 * @start: set to the first sector of the extent
 * @count: set to its length in sectors, clipped to the device
 *
 * Context: process; lock-free against the bio path, and never long in one piece.
 * Return: 1 found, 0 no more, -ESTALE the generation is not @generation now,
 * -EINTR the caller is being killed.
 */
int tracker_cbt_next(struct tracker *t, const u8 *generation, u32 since, u32 number,
		     sector_t cursor, sector_t *start, sector_t *count);

/**
 * tracker_image_release() - give up the past of some sectors
 * @released: increased by how many
 *
 * Context: process, sleeps. Return: 0, -ENOENT in no taken snapshot, -ESTALE
 * in another than @snapshot_id, -ERANGE beyond the end, -EIO, -ENOMEM.
 */
int tracker_image_release(struct tracker *t, u32 snapshot_id, sector_t start, sector_t count,
			  u64 *released);

/**
 * tracker_cbt_mark() - mark sectors as changed
 *
 * In pieces: of a take at the same time some may be before, the rest after it.
 * Context: process, sleeps. Return: 0, -ERANGE beyond the end.
 */
int tracker_cbt_mark(struct tracker *t, sector_t start, sector_t count);

/* ---- for the snapshot room ---- */

struct block_device *tracker_bdev(struct tracker *t);
sector_t tracker_capacity(struct tracker *t);
struct dev_stats __percpu *tracker_dev_stats(struct tracker *t);

/** tracker_claim() - become the one snapshot of @t. 0 or -EBUSY. */
int tracker_claim(struct tracker *t, u32 snapshot_id);

/**
 * tracker_unclaim() - no longer be a snapshot's, and say so
 * @taken: the snapshot had an image of it
 *
 * What nobody asked to keep is detached, whichever snapshot had it attached.
 * At one go: whoever attaches, claims or detaches it comes before or after,
 * and nothing is told of a device after its last event. One that is gone is
 * detached in any case. Context: process, may sleep.
 */
void tracker_unclaim(struct tracker *t, bool taken);

/**
 * tracker_asleep() - is the machine about to hibernate, or not all back?
 *
 * What was switched to before this is asked is failed; after it, by who asks. Any
 * context.
 */
bool tracker_asleep(void);

/** tracker_wait_settled() - 0, -ETIMEDOUT, or -ENODEV gone. May sleep. */
int tracker_wait_settled(struct tracker *t, unsigned int timeout_ms);

/**
 * tracker_gate_close() - hold new writes; those counted go on
 *
 * Until an RCU period has passed, writes that saw it open may still be
 * counted. Context: process.
 */
void tracker_gate_close(struct tracker *t);
/** tracker_gate_open() - once for each close: let the held writes go. Context: process. */
void tracker_gate_open(struct tracker *t);

/**
 * tracker_has_size() - is the change map good, of so many sectors, and settled?
 *
 * A good one stays what it is while the gate is closed, but may become worth
 * nothing. Context: any.
 */
bool tracker_has_size(struct tracker *t, sector_t sectors);
/**
 * tracker_lost() - may its content be another by now: gone, or smaller once?
 *
 * What was switched before, with a full barrier in between, is failed by
 * whoever finds it lost after this was asked. Context: any.
 */
bool tracker_lost(struct tracker *t);
/** tracker_drain() - wait until no counted write is in flight. 0, -ETIMEDOUT. */
int tracker_drain(struct tracker *t, ktime_t deadline);

/**
 * tracker_switch() - the instant: begin a new CBT interval, put @cow in
 * @generation: set to the one that the number is of; a resize may begin another
 *	at any time
 *
 * Context: the gate is closed and drained; does not sleep or allocate.
 * Return: the number of the image.
 */
u32 tracker_switch(struct tracker *t, struct cow *cow, u8 *generation);

/** tracker_unswitch() - writes pass; waits until no hook uses the cow. */
void tracker_unswitch(struct tracker *t);
/** tracker_set_image() - what tracker_info() tells; 0 for none. */
void tracker_set_image(struct tracker *t, dev_t image);
/** tracker_changed() - tell subscribers. @t is claimed. Process context, no locks. */
void tracker_changed(struct tracker *t, u32 cause);
bool tracker_is_gone(struct tracker *t);
/** tracker_overlaps() - does @t cover any of these sectors of @disk? */
bool tracker_overlaps(struct tracker *t, struct gendisk *disk, sector_t start, sector_t count);

#endif /* BLKSNAP_TRACKER_H */
