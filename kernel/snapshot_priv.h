/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the room snapshot share: snapshot.c (the table, create,
 * destroy, settings, information) and snapshot_take.c (the instant).
 */
#ifndef BLKSNAP_SNAPSHOT_PRIV_H
#define BLKSNAP_SNAPSHOT_PRIV_H

#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/workqueue.h>

#include "area.h"
#include "compat.h"
#include "cow.h"
#include "freeze.h"
#include "image.h"
#include "snapshot.h"
#include "tracker.h"

/* Of snapshot.cancel: the instant has been, or is being made. */
#define TAKE_IS_PAST 1

struct snapshot_member {
	struct snapshot *snap;
	struct tracker *tracker; /* a reference, claimed */
	dev_t dev; /* constant, as the next two */
	char name[64];
	bool attached; /* for this snapshot's sake */
	struct compat_bdev origin; /* open while the snapshot lives */
	sector_t capacity;
	struct cow *cow;
	struct image *image;
	bool switched; /* the tracker has the cow */

	u32 freeze_result; /* snap->lock: the rest */
	int error;
	bool published;
	bool taken;
	u8 generation[16];
	u32 number;
};

struct snapshot {
	refcount_t refs;
	u32 id; /* constant, as the next five */
	uuid_t uuid;
	bool socket_owner;
	u64 cookie;
	bool has_cookie;
	bool take_at_once;
	struct area *area;
	struct list_head all; /* snapshots_lock, as the next one */
	bool whole; /* made to the end: may be found */

	struct mutex change; /* append, remove, set, beginning and end of take and destroy */
	bool renamed; /* change: while a take was under way */
	struct freeze_item *freezes; /* only the take touches them */
	unsigned int nr_freezes;
	int cancel; /* errno that ends a take before the instant, TAKE_IS_PAST after; cmpxchg() */
	ktime_t frozen_at;

	struct mutex lock; /* the rest; never held over a notify */
	char name[64];
	u32 state;
	u64 owner; /* who asked for it or its take; 0: nobody now */
	bool busy; /* a take runs, whatever the state says */
	bool dissolving; /* the members' engines and images go */
	int error;
	u32 phase;
	dev_t error_dev;
	sector_t error_sector;
	bool has_error_sector;
	u32 level; /* as told to subscribers */
	u64 low, clear; /* sectors */
	u32 grace_ms;
	u64 taken_ns, taken_real_ns, gate_ns, freeze_ns;
	u32 reason; /* why it is being destroyed */

	u64 level_next_ns; /* the event work's: when it may tell a level again */
	u64 read_next_ns; /* the same, for reads of the area that failed */
	u64 remind_ns; /* when the next reminder is due */
	unsigned int lows_told; /* the event work's: area_info.lows, when it told last */
	unsigned long area_errors; /* bit 0: reads failed since last told */

	struct work_struct take_work;
	struct work_struct destroy_work;
	struct delayed_work timeout_work;
	struct delayed_work event_work;
	struct delayed_work remind_work;

	unsigned int nr_members;
	struct snapshot_member member[];
};

extern struct workqueue_struct *snapshot_wq;
extern struct workqueue_struct *snapshot_limit_wq;
extern atomic_t snapshots_alive; /* memory, not table entries */

/* snapshot.c */
int snapshot_enter(struct snapshot *s, struct refusal *r);
void snapshot_found(struct snapshot *s); /* from here on */
void snapshot_leave(struct snapshot *s);
void snapshot_tell_new(struct snapshot *s);
void snapshot_tell_level(struct snapshot *s, u32 cause);
void snapshot_apply_levels(struct snapshot *s);
void snapshot_destroy_work(struct work_struct *work);

/* Caller holds s->change. */
void snapshot_images_renamed(struct snapshot *s);

/* NULL without memory; to be freed with kvfree(). */
struct area_range *snapshot_area_ranges(const struct snapshot_range *ranges, unsigned int nr);

/* snapshot_create.c */
void snapshot_free(struct snapshot *s); /* when nothing is queued or found */
int snapshot_take_freezes(struct snapshot *s, const struct snapshot_freeze *freezes,
			  unsigned int nr);
void snapshot_put_freezes(struct snapshot_freeze *freezes, unsigned int nr);
void snapshot_start_take(struct snapshot *s);

/* snapshot_event.c */
extern const struct area_ops snapshot_area_ops;
extern const struct image_ops snapshot_image_ops;
void snapshot_event(struct work_struct *work);
void snapshot_remind(struct work_struct *work);

/* snapshot_take.c */

void snapshot_take_work(struct work_struct *work);
void snapshot_timeout_work(struct work_struct *work);

/* snapshot.c */
/** snapshot_set_error() - remember why, if nothing was yet. */
void snapshot_set_error(struct snapshot *s, int error, u32 phase, dev_t dev);
void snapshot_tell_change(struct snapshot *s, u32 cause);

/** snapshot_begin_destroy() - state destroying, and the work queued. */
void snapshot_begin_destroy(struct snapshot *s, u32 reason);

#endif /* BLKSNAP_SNAPSHOT_PRIV_H */
