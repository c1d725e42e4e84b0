/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time until a difference area is full, as a range.
 *
 * A unit is copied once, so the speed of filling falls while a working set is
 * being copied and jumps when a new one begins: one mean is always wrong. Two
 * exponentially weighted means of the growth are kept, with half-lives of 10
 * and 120 seconds. Where they agree there is one figure; where they do not,
 * both ends are said. Where a figure would be nonsense there is none.
 *
 * Pure: no clock, no allocation. Times are the kernel's time stamps, so that
 * a late reader computes the same rates as a prompt one.
 */
#ifndef TOP_ETA_H
#define TOP_ETA_H

#include <stdbool.h>
#include <stdint.h>

#define ETA_MIN_SAMPLES		5
#define ETA_FAST_HALF_LIFE_S	10.0
#define ETA_SLOW_HALF_LIFE_S	120.0
/* Without any growth for this long the area is not filling. */
#define ETA_IDLE_S		240.0

/**
 * struct eta - the two means, over what was seen so far
 * @last_ns: time stamp of the last sample
 * @growth_ns: time stamp of the last sample that had grown
 * @used: sectors used at the last sample
 * @total: sectors of the area at the last sample
 * @fast: mean growth in sectors a second, not yet divided by @fast_weight
 * @slow: the same with the long half-life
 * @fast_weight: sum of the weights in @fast; below 1 while it is young
 * @slow_weight: the same for @slow
 * @samples: intervals seen since the start, the last extension or a fall
 * @primed: there is a last sample
 */
struct eta {
	uint64_t last_ns;
	uint64_t growth_ns;
	uint64_t used;
	uint64_t total;
	double fast;
	double slow;
	double fast_weight;
	double slow_weight;
	unsigned int samples;
	bool primed;
};

/**
 * struct eta_range - an answer
 * @known: false: say nothing
 * @low_s: seconds to full if the faster of the two means goes on
 * @mid_s: seconds to full at the mean of both
 * @high_s: seconds to full if the slower of the two goes on
 */
struct eta_range {
	bool known;
	double low_s;
	double mid_s;
	double high_s;
};

/**
 * eta_init() - forget everything
 * @eta: the estimator
 */
void eta_init(struct eta *eta);

/**
 * eta_add() - account one sample
 * @eta: the estimator
 * @time_ns: the kernel's time stamp of the sample
 * @used: sectors in use
 * @total: sectors of the area
 *
 * A sample not later than the last one is ignored. When @used falls the means
 * start anew; when @total changes they go on, but nothing is said until there
 * are ETA_MIN_SAMPLES more.
 */
void eta_add(struct eta *eta, uint64_t time_ns, uint64_t used, uint64_t total);

/**
 * eta_estimate() - time to full
 * @eta: the estimator
 *
 * Return: a range with 0 <= low <= mid <= high, or one that is not known: too
 * few samples, no growth, or no area.
 */
struct eta_range eta_estimate(const struct eta *eta);

/**
 * eta_is_wide() - do the two means disagree enough to show both ends?
 * @range: a known range
 *
 * Return: true if its ends differ by more than a third.
 */
bool eta_is_wide(const struct eta_range *range);

#endif
