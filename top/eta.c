// SPDX-License-Identifier: GPL-2.0-or-later
/* Time until a difference area is full; see eta.h. */
#include "eta.h"

#include <math.h>
#include <string.h>

void eta_init(struct eta *eta)
{
	memset(eta, 0, sizeof(*eta));
}

static void eta_restart(struct eta *eta)
{
	eta->fast = 0;
	eta->slow = 0;
	eta->fast_weight = 0;
	eta->slow_weight = 0;
	eta->samples = 0;
	eta->growth_ns = 0;
}

static void mean_add(double *mean, double *weight, double rate, double dt_s,
		     double half_life_s)
{
	double keep = exp2(-dt_s / half_life_s);

	*mean = *mean * keep + rate * (1 - keep);
	*weight = *weight * keep + (1 - keep);
}

void eta_add(struct eta *eta, uint64_t time_ns, uint64_t used, uint64_t total)
{
	double dt_s, rate;

	if (eta->primed && time_ns <= eta->last_ns)
		return;
	if (!eta->primed) {
		eta->primed = true;
		eta_restart(eta);
		goto out;
	}
	if (used < eta->used) {
		eta_restart(eta);
		goto out;
	}

	dt_s = (double)(time_ns - eta->last_ns) / 1e9;
	rate = (double)(used - eta->used) / dt_s;
	mean_add(&eta->fast, &eta->fast_weight, rate, dt_s, ETA_FAST_HALF_LIFE_S);
	mean_add(&eta->slow, &eta->slow_weight, rate, dt_s, ETA_SLOW_HALF_LIFE_S);
	if (used > eta->used)
		eta->growth_ns = time_ns;
	if (total != eta->total)
		eta->samples = 0;
	else
		eta->samples++;
out:
	eta->last_ns = time_ns;
	eta->used = used;
	eta->total = total;
}

struct eta_range eta_estimate(const struct eta *eta)
{
	struct eta_range range = { 0 };
	double fast, slow, left;

	if (eta->samples < ETA_MIN_SAMPLES || !eta->total || !eta->growth_ns)
		return range;
	if ((double)(eta->last_ns - eta->growth_ns) / 1e9 > ETA_IDLE_S)
		return range;

	/* A young mean has seen little: divide by what it has seen. */
	fast = eta->fast / eta->fast_weight;
	slow = eta->slow / eta->slow_weight;
	if (!(fast > 0) || !(slow > 0))
		return range;

	left = eta->used < eta->total ? (double)(eta->total - eta->used) : 0;
	range.low_s = left / fmax(fast, slow);
	range.mid_s = left / ((fast + slow) / 2);
	range.high_s = left / fmin(fast, slow);
	range.known = isfinite(range.high_s);
	return range;
}

bool eta_is_wide(const struct eta_range *range)
{
	return range->high_s * 3 > range->low_s * 4;
}
