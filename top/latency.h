/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long writes were held lately: a quantile of the log2 histogram that the
 * kernel counts, over the last ten seconds.
 *
 * A few past histograms are kept; the newest minus the oldest of the window
 * is what happened in it. Pure, fixed size, can be copied by assignment.
 */
#ifndef TOP_LATENCY_H
#define TOP_LATENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "facts.h"

#define LATENCY_WINDOW_NS (10 * FACT_NS_PER_S)
#define LATENCY_STEP_NS FACT_NS_PER_S
#define LATENCY_MARKS 12

/**
 * struct latency - past histograms
 * @mark: ring of histograms at least LATENCY_STEP_NS apart
 * @mark_ns: when each was taken
 * @marks: how many there ever were; the last is at (@marks - 1) % LATENCY_MARKS
 * @now: the newest histogram
 * @now_ns: when it was taken
 */
struct latency {
	uint64_t mark[LATENCY_MARKS][FACT_HOLD_BUCKETS];
	uint64_t mark_ns[LATENCY_MARKS];
	uint64_t marks;
	uint64_t now[FACT_HOLD_BUCKETS];
	uint64_t now_ns;
};

/**
 * latency_init() - forget everything; also when the counters start anew
 * @latency: the window
 */
void latency_init(struct latency *latency);

/**
 * latency_add() - account one reading of the counters
 * @latency: the window
 * @time_ns: the kernel's time stamp
 * @hist: the counters
 */
void latency_add(struct latency *latency, uint64_t time_ns,
		 const uint64_t hist[FACT_HOLD_BUCKETS]);

/**
 * latency_counts() - how many writes were held how long in the window
 * @latency: the window
 * @counts: set, all 0 if nothing is known
 *
 * Return: false if nothing is known.
 */
bool latency_counts(const struct latency *latency, uint64_t counts[FACT_HOLD_BUCKETS]);

/**
 * latency_quantile_of() - latency_quantile() of given counts
 */
bool latency_quantile_of(const uint64_t counts[FACT_HOLD_BUCKETS], unsigned int permille,
			 uint64_t *ns, bool *open_ended);

/**
 * latency_quantile() - the time that a share of the held writes did not exceed
 * @latency: the window
 * @permille: the share, 990 for p99
 * @ns: set to the upper end of the bucket the quantile lies in: the true value
 *	is at most this, and more than half of it; for the last bucket it is
 *	the lower end
 * @open_ended: set when it lies in the last bucket, which has no upper end
 *
 * Return: false if no write was held in the window.
 */
bool latency_quantile(const struct latency *latency, unsigned int permille,
		      uint64_t *ns, bool *open_ended);

#endif
