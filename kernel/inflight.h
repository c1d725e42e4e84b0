/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counts the modifying bios of one device from their submission until they
 * have ended, so that a take can wait until none is on its way.
 *
 * A bio is counted by putting our end_io in front of its own. Its own are
 * restored before they are called, so layers above never notice. The original
 * is called through a list per CPU and context, never nested: chained bios
 * would recurse once per link, since the kernel flattens only its own handler.
 *
 * A bio that comes back (the rest of a split one, or one remapped in place to
 * another tracked device) carries its context: inflight_names() tells.
 *
 * The per-CPU sums are exact only while nothing new is counted; that is the
 * caller's business (gate closed, RCU period passed).
 */
#ifndef BLKSNAP_INFLIGHT_H
#define BLKSNAP_INFLIGHT_H

#include <linux/bio.h>
#include <linux/ktime.h>
#include <linux/mempool.h>
#include <linux/percpu.h>

/*
 * The reserve is a device's own: a write of an upper device may keep what it
 * has of its own until one of a lower device has ended.
 */
struct inflight {
	long __percpu *count;
	mempool_t reserve;
};

struct inflight_ctx;

int inflight_module_init(void);
void inflight_module_exit(void);

int inflight_init(struct inflight *in);
void inflight_exit(struct inflight *in);

/**
 * inflight_ctx_alloc() - memory for counting one bio
 * @gfp: GFP_NOWAIT may return NULL; GFP_NOIO waits until another bio of @in
 *	has ended, so never use it with current->bio_list set
 */
struct inflight_ctx *inflight_ctx_alloc(struct inflight *in, gfp_t gfp);
void inflight_ctx_free(struct inflight *in, struct inflight_ctx *ctx);

/**
 * inflight_count() - count @bio in @in until it ends; @ctx belongs to it now
 *
 * Context: the bio's submission path; any. Until the bio ends @in must live;
 * that it does not reach zero before is what keeps it alive.
 */
void inflight_count(struct inflight *in, struct bio *bio, struct inflight_ctx *ctx);

/** inflight_names() - was @bio counted in @in before? Submission path only. */
bool inflight_names(const struct inflight *in, const struct bio *bio);

/** inflight_sum() - bios in flight; approximate while some come and go. */
long inflight_sum(const struct inflight *in);

/**
 * inflight_drain() - wait until none is in flight
 * @deadline: CLOCK_MONOTONIC
 *
 * Context: process, sleeps. Return: 0 or -ETIMEDOUT.
 */
int inflight_drain(const struct inflight *in, ktime_t deadline);

#endif /* BLKSNAP_INFLIGHT_H */
