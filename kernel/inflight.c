// SPDX-License-Identifier: GPL-2.0
#include "inflight.h"

#include <linux/blkdev.h>
#include <linux/delay.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "compat.h"
#include "spare.h"

struct inflight_ctx {
	bio_end_io_t *end_io;
	void *private;
	struct inflight *owner;
};

#define INFLIGHT_RESERVE 32 /* of one device */

static struct kmem_cache *ctx_cache;

static DEFINE_PER_CPU(struct spare, ctx_spares);

/*
 * One per CPU and context level (task, softirq, hardirq, NMI). Levels nest
 * strictly on a CPU while preemption is off, so each is touched by one
 * completion at a time and needs no lock.
 */
struct inflight_tramp {
	struct bio_list list;
	bool active;
};
static DEFINE_PER_CPU(struct inflight_tramp, inflight_tramps[4]);

/*
 * Context: wherever the device completes bios, hard interrupts included. The
 * bio is the completer's until the original handler is called. Preemption is
 * off from before the count goes down until the original handlers are done:
 * an RCU period after the count reached zero no CPU is in here any more.
 */
static void inflight_end_io(struct bio *bio)
{
	struct inflight_ctx *ctx = bio->bi_private;
	struct inflight *owner = ctx->owner;
	struct inflight_tramp *tramp;

	bio->bi_end_io = ctx->end_io;
	bio->bi_private = ctx->private;
	spare_put(&ctx_spares, &owner->reserve, ctx);

	preempt_disable();
	this_cpu_dec(*owner->count);
	tramp = this_cpu_ptr(inflight_tramps) + interrupt_context_level();
	if (tramp->active) {
		bio_list_add(&tramp->list, bio);
	} else {
		tramp->active = true;
		do {
			compat_bio_hand_back(bio);
		} while ((bio = bio_list_pop(&tramp->list)));
		tramp->active = false;
	}
	preempt_enable();
}

int inflight_module_init(void)
{
	ctx_cache = KMEM_CACHE(inflight_ctx, 0);
	return ctx_cache ? 0 : -ENOMEM;
}

void inflight_module_exit(void)
{
	spare_free(&ctx_spares, ctx_cache);
	kmem_cache_destroy(ctx_cache);
}

int inflight_init(struct inflight *in)
{
	int ret;

	in->count = alloc_percpu(long);
	if (!in->count)
		return -ENOMEM;
	ret = mempool_init_slab_pool(&in->reserve, INFLIGHT_RESERVE, ctx_cache);
	if (ret) {
		free_percpu(in->count);
		in->count = NULL;
	}
	return ret;
}

void inflight_exit(struct inflight *in)
{
	mempool_exit(&in->reserve);
	free_percpu(in->count);
	in->count = NULL;
}

struct inflight_ctx *inflight_ctx_alloc(struct inflight *in, gfp_t gfp)
{
	return spare_get(&ctx_spares, &in->reserve, gfp | __GFP_NOWARN);
}

void inflight_ctx_free(struct inflight *in, struct inflight_ctx *ctx)
{
	if (ctx)
		spare_put(&ctx_spares, &in->reserve, ctx);
}

void inflight_count(struct inflight *in, struct bio *bio, struct inflight_ctx *ctx)
{
	/*
	 * The device mapper has a list in bi_private of the parts of a bio that
	 * is polled for, and the bio comes back with it: not while it is ours.
	 * It tries parts again that find no tag, but of polled bios alone, whose
	 * owners do not expect EAGAIN: so that waits, too.
	 */
	if (unlikely(bio->bi_opf & REQ_POLLED) && bio->bi_bdev->bd_disk->fops->poll_bio) {
		bio_clear_polled(bio);
		bio->bi_opf &= ~REQ_NOWAIT;
	}
	this_cpu_inc(*in->count);
	ctx->end_io = bio->bi_end_io;
	ctx->private = bio->bi_private;
	ctx->owner = in;
	bio->bi_private = ctx;
	bio->bi_end_io = inflight_end_io;
}

bool inflight_names(const struct inflight *in, const struct bio *bio)
{
	bio_end_io_t *end_io = bio->bi_end_io;
	const void *private = bio->bi_private;

	while (end_io == inflight_end_io) {
		const struct inflight_ctx *ctx = private;

		if (ctx->owner == in)
			return true;
		end_io = ctx->end_io;
		private = ctx->private;
	}
	return false;
}

long inflight_sum(const struct inflight *in)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(in->count, cpu));
	return sum;
}

int inflight_drain(const struct inflight *in, ktime_t deadline)
{
	might_sleep();
	while (inflight_sum(in)) {
		if (ktime_after(ktime_get(), deadline))
			return -ETIMEDOUT;
		usleep_range(100, 300);
	}
	/* What the bios did is visible to whoever saw them gone. */
	smp_mb();
	return 0;
}
