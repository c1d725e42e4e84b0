/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the room tracker share: tracker.c (life and the watch),
 * tracker_info.c (what others ask), tracker_bio.c (the bio path, the gate, the
 * switch), tracker_settle.c (what was submitted before) and tracker_sleep.c
 * (hibernation).
 */
#ifndef BLKSNAP_TRACKER_PRIV_H
#define BLKSNAP_TRACKER_PRIV_H

#include <linux/bio.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "cbt.h"
#include "filter.h"
#include "inflight.h"
#include "tracker.h"

struct tracker {
	struct filter_node node;
	struct inflight inflight; /* keeps the memory while a bio is out */
	refcount_t refs;

	/* The bio path, by RCU. Changed drained (cow) or by exchange (cbt). */
	struct cbt __rcu *cbt;
	struct cow __rcu *cow;
	struct dev_stats __percpu *stats;

	spinlock_t gate_lock; /* the next three */
	unsigned int gate_closed; /* by how many; also read without it, under RCU */
	bool gate_gone; /* nobody closes it any more */
	struct bio_list gated;
	struct bio_list punted; /* lacked memory where nobody may wait for it */
	struct workqueue_struct *wq; /* of the next one alone */
	struct work_struct release_work;

	dev_t dev; /* until the next blank line: constant */
	struct block_device *bdev; /* a device reference, not an open */
	struct gendisk *disk; /* likewise */
	u64 epoch;
	u64 order;

	struct list_head all; /* trackers_lock: the rest */
	sector_t capacity;
	bool keep;
	bool settled;
	unsigned int settle_nr; /* times that settling was asked for; guarded by trackers_lock */
	bool gone;
	bool renew; /* the change map is worth nothing; -ESTALE until renewed */
	bool lost; /* so is what was copied: it was smaller since the map began */
	u32 snapshot_id;
	dev_t image;
	int error;

	struct work_struct settle_work;
	wait_queue_head_t settle_wait;
	struct work_struct free_work;
};

extern const struct filter_ops tracker_filter_ops;

/** tracker_fail_all() - whatever snapshots there are; with @error, -errno. Sleeps. */
void tracker_fail_all(int error);
/** tracker_renew_all() - begin new generations of the change maps. Sleeps. */
void tracker_renew_all(void);

int tracker_sleep_init(void);
void tracker_sleep_exit(void);

/** tracker_leaving() - is somebody about to wait for the end of settling? Any context. */
bool tracker_leaving(const struct tracker *t);

/**
 * tracker_settle_tasks() - wait until no task is on its way with a write unseen
 *
 * Or the tracker is leaving. The gate stays open, and writes go on. Context:
 * process, sleeps, as long as a task may be kept from its processor.
 */
void tracker_settle_tasks(struct tracker *t);

/** tracker_gate_remove() - open it for good. Context: process. */
void tracker_gate_remove(struct tracker *t);

/**
 * tracker_settle_try() - close the gate until all that was submitted before is out
 *
 * Or for two seconds; it is open again afterwards. Context: process, sleeps; takes
 * no lock and asks for no memory while it is closed. Return: whether all is out.
 */
bool tracker_settle_try(struct tracker *t);

/* t->release_work */
void tracker_release(struct work_struct *work);

#endif /* BLKSNAP_TRACKER_PRIV_H */
