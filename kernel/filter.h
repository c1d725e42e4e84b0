/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The filter meets bios before the block layer does. Stock kernels have no
 * filter hook, so it redirects submit_bio_noacct() by ftrace, as live patches
 * do: installed with the first node, removed with the last. If one day the
 * kernel has a filter, only this room changes.
 *
 * It finds nodes by gendisk and absolute sector range: a node on a whole disk
 * meets writes through its partitions, one on a partition those through the
 * disk. It knows neither trackers nor snapshots.
 *
 * Not seen, and documented for users: requests that are no bios (SG_IO, NVMe
 * passthrough), DAX stores, and on 6.1 page I/O of disks with ->rw_page.
 */
#ifndef BLKSNAP_FILTER_H
#define BLKSNAP_FILTER_H

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/types.h>

enum filter_verdict {
	FILTER_PASS, /* go on with the next node, then the block layer */
	FILTER_TOOK, /* the node owns the bio now */
	FILTER_SLOW, /* call slow(); the node is pinned until it returns */
};

struct filter_node;

/*
 * Both run in the submitter's process context. The bio is data-changing, not
 * empty, and one the block layer would accept, or one across the end.
 */
struct filter_ops {
	/*
	 * Has @bio been met before (split remainder, remapped in place)?
	 * Inside an RCU read section.
	 */
	bool (*met)(struct filter_node *node, struct bio *bio);
	/*
	 * Inside an RCU read section: must not sleep. @first and @count are
	 * sectors of the disk, not clipped to the node.
	 */
	enum filter_verdict (*meet)(struct filter_node *node, struct bio *bio, sector_t first,
				    sector_t count);
	/* Outside of it; true: the node owns the bio now. */
	bool (*slow)(struct filter_node *node, struct bio *bio, sector_t first, sector_t count);
};

struct filter_node {
	struct hlist_node hash; /* guarded by filter_lock, read by RCU */
	const struct filter_ops *ops; /* the rest: set before filter_add() */
	struct gendisk *disk;
	sector_t start; /* absolute, sectors */
	sector_t count; /* may be changed while findable */
};

int filter_init(void);
/** filter_exit() - wait until no CPU or task is in the hook. Sleeps. */
void filter_exit(void);

/**
 * filter_add() - make @node found; installs the hook with the first one
 *
 * Context: process, sleeps. Return: 0; -EBUSY the function already has
 * another owner (live patch, another backup product); other errnos of ftrace.
 */
int filter_add(struct filter_node *node);

/** filter_remove() - no longer found, by nobody when this returns. Sleeps. */
void filter_remove(struct filter_node *node);

/**
 * filter_probe() - does the hook see a bio sent to @bdev?
 *
 * Sends an empty one that never reaches the device if it does. Context:
 * process, sleeps. Return: 0, or -ENXIO if it was not seen.
 */
int filter_probe(struct block_device *bdev);

/** filter_submit() - submit an own bio: not met by any node. */
void filter_submit(struct bio *bio);

/**
 * filter_deferred() - a node owns @bio, which will be passed on later
 *
 * From elsewhere, so nobody there waits for it, or polls for its end: what is
 * polled for is freed to a list that no interrupt may touch (6.1).
 */
static inline void filter_deferred(struct bio *bio)
{
	bio->bi_opf &= ~REQ_NOWAIT;
	bio_clear_polled(bio);
}

/**
 * filter_pass_on() - a bio that a node owned goes on its way
 *
 * It is met by the nodes that have not met it yet, then submitted. Context:
 * process; may sleep as a submitter would.
 */
void filter_pass_on(struct bio *bio);

#endif /* BLKSNAP_FILTER_H */
