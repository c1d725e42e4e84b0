// SPDX-License-Identifier: GPL-2.0
/*
 * One try to have the writes out that were submitted before the filter met
 * them. It knows a tracker's gate and count and its disk's queue, and neither
 * who asks nor what follows. Called by the settling of tracker.c.
 */
#include <linux/blk-mq.h>
#include <linux/delay.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/part_stat.h>
#include <linux/rcupdate.h>

#include "compat.h"
#include "tracker_priv.h"

/* Times that we froze queues; those that share one only wait a little longer. */
static atomic_t freezes[64];

static atomic_t *queue_freezes(const struct request_queue *queue)
{
	return &freezes[hash_ptr(queue, ilog2(ARRAY_SIZE(freezes)))];
}

/*
 * Tasks wait for a queue that is frozen without being counted in it, and are out
 * of sight from when they are woken until they run.
 */
static bool queue_is_waited_for(struct request_queue *queue)
{
	return READ_ONCE(queue->mq_freeze_depth) || waitqueue_active(&queue->mq_freeze_wq);
}

/*
 * A task may lose its processor between the filter and the queue, or wait for a
 * queue that somebody else has frozen. A period of RCU tasks ends when each has
 * given its processor up of its own accord, which it does in between only for
 * such a queue; from there it must get in before it is looked for in the queue.
 * One that somebody else freezes and lets go within the period is not noticed.
 */
void tracker_settle_tasks(struct tracker *t)
{
	struct request_queue *queue = t->disk->queue;
	int before;

	do {
		before = atomic_read(queue_freezes(queue));
		while (queue_is_waited_for(queue) && !tracker_leaving(t))
			msleep(20);
		synchronize_rcu_tasks();
	} while ((queue_is_waited_for(queue) || atomic_read(queue_freezes(queue)) != before) &&
		 !tracker_leaving(t));
}

/*
 * Writes in flight of a bio-based disk, which a queue freeze does not cover.
 * Each is accounted to the partition it was submitted to, and to no other.
 */
static bool disk_writes_inflight(struct gendisk *disk)
{
	struct block_device *part;
	unsigned long index;
	bool found = false;

	rcu_read_lock();
	xa_for_each(&disk->part_tbl, index, part) {
		long sum = 0;
		int cpu;

		for_each_possible_cpu(cpu)
			sum += part_stat_local_read_cpu(part, in_flight[1], cpu);
		found |= sum > 0;
	}
	rcu_read_unlock();
	return found;
}

#define SETTLE_MS 2000 /* with the gate closed */
#define SETTLE_QUIET_MS 20

/*
 * A bio-based disk is quiet when it has been so for a while: a write may be
 * accounted only when a target passes it on (dm-crypt).
 */
static bool tracker_quiet(struct tracker *t, ktime_t deadline)
{
	ktime_t since = ktime_get();

	while (!ktime_after(ktime_get(), ktime_add_ms(since, SETTLE_QUIET_MS))) {
		if (disk_writes_inflight(t->disk))
			since = ktime_get();
		if (ktime_after(ktime_get(), deadline))
			return false;
		usleep_range(500, 2000);
	}
	return true;
}

/*
 * Wait for the requests of @queue: new ones, reads too, wait meanwhile, so not
 * for longer than the gate is closed.
 */
static bool tracker_queue_empties(struct request_queue *queue, ktime_t deadline)
{
	s64 left = max(ktime_ms_delta(deadline, ktime_get()), 1LL);
	bool empty;

	atomic_inc(queue_freezes(queue));
	blk_freeze_queue_start(queue);
	empty = blk_mq_freeze_queue_wait_timeout(queue, msecs_to_jiffies(left));
	compat_unfreeze_queue(queue);
	return empty;
}

/*
 * The gate is closed. Is what was submitted before the filter met it out? Those
 * that it has counted meanwhile are not waited for: some may be kept for later
 * above the queue (I/O throttling), for minutes, and the next take counts them.
 */
static bool tracker_is_quiet(struct tracker *t)
{
	ktime_t deadline = ktime_add_ms(ktime_get(), SETTLE_MS);

	synchronize_rcu();
	if (!tracker_queue_empties(t->disk->queue, deadline))
		return false;
	return queue_is_mq(t->disk->queue) || tracker_quiet(t, deadline);
}

/* No lock is taken and no memory asked for while the gate is closed. */
bool tracker_settle_try(struct tracker *t)
{
	bool quiet;

	tracker_gate_close(t);
	quiet = tracker_is_quiet(t);
	tracker_gate_open(t);
	return quiet;
}
