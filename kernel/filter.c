// SPDX-License-Identifier: GPL-2.0
#include "filter.h"

#include <linux/bio.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/hash.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>

#include "compat.h"

#define FILTER_HASH_BITS 6

static struct hlist_head filter_hash[1 << FILTER_HASH_BITS];
static DEFINE_MUTEX(filter_lock); /* guards filter_hash writes, filter_nodes */
static unsigned int filter_nodes;

/* Callers inside filter_hook(); a per-CPU value may be negative, the sum not. */
static DEFINE_PER_CPU(long, filter_users);

/* filter_submit() and its way back must lie within this many bytes of text. */
#define FILTER_SUBMIT_TEXT 128

static struct hlist_head *filter_bucket(const struct gendisk *disk)
{
	return &filter_hash[hash_ptr(disk, FILTER_HASH_BITS)];
}

/*
 * The only place that calls submit_bio_noacct(): the ftrace callback tells
 * own submissions by this return address. The barrier keeps the compiler from
 * making it a tail call, which would show somebody else's.
 */
noinline notrace void filter_submit(struct bio *bio)
{
	submit_bio_noacct(bio);
	barrier();
}

static struct bio *filter_probed; /* only the attaching task touches this */

static void filter_probe_end(struct bio *bio)
{
	complete(bio->bi_private);
}

enum filter_kind { FILTER_OTHER, FILTER_CHANGES, FILTER_REFUSED };

/*
 * Would the block layer take this bio as one that changes data? An operation
 * that the device lacks is refused here, as the block layer does: by the time
 * it looks the device may have it, and nobody would have met the bio. One from
 * the end of a disk on is left to it, for what the disk grows by is settled. One
 * across the end is too, or beyond that of a partition, but it is met: what grows
 * just then makes a good one of it, of sectors that others track.
 */
static enum filter_kind filter_kind(struct bio *bio, sector_t *first, sector_t *count)
{
	struct block_device *bdev = bio->bi_bdev;

	*first = bio->bi_iter.bi_sector;
	*count = bio_sectors(bio);
	if (!*count)
		return FILTER_OTHER;

	switch (bio_op(bio)) {
	case REQ_OP_WRITE:
		break;
	case REQ_OP_DISCARD:
		if (!bdev_max_discard_sectors(bdev))
			return FILTER_REFUSED;
		break;
	case REQ_OP_SECURE_ERASE:
		if (!bdev_max_secure_erase_sectors(bdev))
			return FILTER_REFUSED;
		break;
	case REQ_OP_WRITE_ZEROES:
		if (!bdev_write_zeroes_sectors(bdev))
			return FILTER_REFUSED;
		break;
	default:
		return FILTER_OTHER;
	}
	if ((bio->bi_opf & REQ_NOWAIT) && !bdev_nowait(bdev))
		return FILTER_REFUSED;
	/* The rest of one that was submitted before: see inflight_count(). */
	if (unlikely(bio->bi_opf & REQ_POLLED) && (bio->bi_opf & REQ_DRV) &&
	    bdev->bd_disk->fops->poll_bio)
		return FILTER_OTHER;

	if (!bio_flagged(bio, BIO_REMAPPED)) {
		if (!bdev_is_partition(bdev) && *first >= bdev_nr_sectors(bdev))
			return FILTER_OTHER;
		*first += bdev->bd_start_sect;
	}
	return FILTER_CHANGES;
}

/*
 * Show @bio to every node it touches that has not met it. True: somebody owns
 * it, or it has been refused and ended. Context: the submitter's. A node that
 * went slow may have slept, so the walk starts over; those that have met it say
 * so.
 */
static bool filter_dispatch(struct bio *bio)
{
	struct gendisk *disk = bio->bi_bdev->bd_disk;
	enum filter_verdict verdict;
	struct filter_node *node;
	sector_t first, count;

	switch (filter_kind(bio, &first, &count)) {
	case FILTER_CHANGES:
		break;
	case FILTER_REFUSED:
		bio->bi_status = BLK_STS_NOTSUPP;
		bio_endio(bio);
		return true;
	case FILTER_OTHER:
		if (likely(bio->bi_end_io != filter_probe_end))
			return false;
		filter_probed = bio;
		bio_endio(bio);
		return true;
	}
again:
	rcu_read_lock();
	hlist_for_each_entry_rcu(node, filter_bucket(disk), hash) {
		if (node->disk != disk || first + count <= node->start ||
		    first >= node->start + READ_ONCE(node->count) || node->ops->met(node, bio))
			continue;
		verdict = node->ops->meet(node, bio, first, count);
		if (verdict == FILTER_PASS)
			continue;
		rcu_read_unlock();
		if (verdict == FILTER_TOOK || node->ops->slow(node, bio, first, count))
			return true;
		goto again;
	}
	rcu_read_unlock();
	return false;
}

void filter_pass_on(struct bio *bio)
{
	if (!filter_dispatch(bio))
		filter_submit(bio);
}

/* Runs in place of submit_bio_noacct(), called by its caller. */
static noinline notrace void filter_hook(struct bio *bio)
{
	filter_pass_on(bio);
	/* Also keeps the call above from being a tail call. */
	this_cpu_dec(filter_users);
}

/*
 * Reads, own bios and disks without a node go on without a redirection.
 * Nothing here may be traced or lock: it runs inside ftrace. Preemption is
 * off over the look-up (RCU) and the count (unload waits for it).
 */
static void notrace filter_callback(unsigned long ip, unsigned long parent_ip,
				    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct filter_node *node;
	struct gendisk *disk;
	struct bio *bio;

	bio = (struct bio *)compat_ftrace_arg0(fregs);
	if (!op_is_write(bio->bi_opf))
		return;
	if (parent_ip - (unsigned long)filter_submit < FILTER_SUBMIT_TEXT)
		return;

	disk = bio->bi_bdev->bd_disk;
	preempt_disable_notrace();
	hlist_for_each_entry_rcu_notrace(node, filter_bucket(disk), hash) {
		if (node->disk == disk) {
			__this_cpu_inc(filter_users);
			compat_ftrace_set_ip(fregs, (unsigned long)filter_hook);
			break;
		}
	}
	preempt_enable_notrace();
}

/*
 * PERMANENT: without it sysctl kernel.ftrace_enabled=0 would silently blind
 * the hook. IPMODIFY has one owner per function: a second one gets -EBUSY.
 */
static struct ftrace_ops filter_ftrace = {
	.func = filter_callback,
	.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT | FTRACE_OPS_FL_DYNAMIC |
		 COMPAT_FTRACE_REGS,
};

int filter_add(struct filter_node *node)
{
	int ret = 0;

	mutex_lock(&filter_lock);
	if (!filter_nodes)
		ret = register_ftrace_function(&filter_ftrace);
	if (!ret) {
		filter_nodes++;
		hlist_add_head_rcu(&node->hash, filter_bucket(node->disk));
	}
	mutex_unlock(&filter_lock);
	return ret;
}

void filter_remove(struct filter_node *node)
{
	mutex_lock(&filter_lock);
	hlist_del_rcu(&node->hash);
	if (!--filter_nodes)
		unregister_ftrace_function(&filter_ftrace);
	mutex_unlock(&filter_lock);
	synchronize_rcu();
}

int filter_probe(struct block_device *bdev)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct bio bio;
	bool seen;

	/*
	 * The hook notes and ends it. Unseen it is an empty flush, which
	 * harms nobody. Attaches are serialised, so one note is enough.
	 */
	bio_init(&bio, bdev, NULL, 0, REQ_OP_WRITE | REQ_PREFLUSH);
	bio.bi_private = &done;
	bio.bi_end_io = filter_probe_end;
	filter_probed = NULL;
	submit_bio(&bio);
	wait_for_completion_io(&done);
	seen = filter_probed == &bio;
	bio_uninit(&bio);
	return seen ? 0 : -ENXIO;
}

/*
 * What is hooked stays set from here to filter_exit(), registered or not:
 * ftrace_free_filter() leaves a dangling hash, so nothing may follow it.
 */
int filter_init(void)
{
	return ftrace_set_filter_ip(&filter_ftrace, (unsigned long)submit_bio_noacct, 0, 1);
}

void filter_exit(void)
{
	long sum;
	int cpu;

	for (;;) {
		sum = 0;
		for_each_possible_cpu(cpu)
			sum += READ_ONCE(per_cpu(filter_users, cpu));
		if (!sum)
			break;
		msleep(10);
	}
	/*
	 * A task may be preempted between the count and the return from
	 * filter_hook(), or in ftrace's trampoline; and an interrupted CPU in
	 * the end of a completion handler.
	 */
	synchronize_rcu();
	synchronize_rcu_tasks();
	ftrace_free_filter(&filter_ftrace);
}
