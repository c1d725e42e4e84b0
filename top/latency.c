// SPDX-License-Identifier: GPL-2.0-or-later
/* How long writes were held lately; see latency.h. */
#include "latency.h"

#include <string.h>

void latency_init(struct latency *latency)
{
	memset(latency, 0, sizeof(*latency));
}

void latency_add(struct latency *latency, uint64_t time_ns,
		 const uint64_t hist[FACT_HOLD_BUCKETS])
{
	unsigned int slot = latency->marks % LATENCY_MARKS;
	unsigned int last = (latency->marks + LATENCY_MARKS - 1) % LATENCY_MARKS;

	if (latency->marks && time_ns <= latency->now_ns)
		return;
	memcpy(latency->now, hist, sizeof(latency->now));
	latency->now_ns = time_ns;
	if (latency->marks && time_ns - latency->mark_ns[last] < LATENCY_STEP_NS)
		return;
	memcpy(latency->mark[slot], hist, sizeof(latency->mark[slot]));
	latency->mark_ns[slot] = time_ns;
	latency->marks++;
}

/* The oldest mark inside the window, else the newest one before it. */
static const uint64_t *latency_base(const struct latency *latency)
{
	uint64_t kept = latency->marks < LATENCY_MARKS ? latency->marks : LATENCY_MARKS;
	const uint64_t *base = NULL;
	uint64_t i;

	for (i = 1; i <= kept; i++) {
		unsigned int slot = (latency->marks - i) % LATENCY_MARKS;

		if (latency->mark_ns[slot] == latency->now_ns)
			continue;
		if (base && latency->now_ns - latency->mark_ns[slot] > LATENCY_WINDOW_NS)
			break;
		base = latency->mark[slot];
	}
	return base;
}

bool latency_counts(const struct latency *latency, uint64_t counts[FACT_HOLD_BUCKETS])
{
	const uint64_t *base = latency_base(latency);
	int i;

	memset(counts, 0, FACT_HOLD_BUCKETS * sizeof(counts[0]));
	if (!base)
		return false;
	for (i = 0; i < FACT_HOLD_BUCKETS; i++)
		if (latency->now[i] < base[i])
			return false;
	for (i = 0; i < FACT_HOLD_BUCKETS; i++)
		counts[i] = latency->now[i] - base[i];
	return true;
}

bool latency_quantile_of(const uint64_t counts[FACT_HOLD_BUCKETS], unsigned int permille,
			 uint64_t *ns, bool *open_ended)
{
	uint64_t sum = 0, below = 0;
	int i;

	for (i = 0; i < FACT_HOLD_BUCKETS; i++)
		sum += counts[i];
	if (!sum)
		return false;
	for (i = 0; i < FACT_HOLD_BUCKETS - 1; i++) {
		below += counts[i];
		if ((double)below * 1000 >= (double)sum * permille)
			break;
	}
	*open_ended = i == FACT_HOLD_BUCKETS - 1;
	*ns = *open_ended ? 1ull << i : 1ull << (i + 1);
	return true;
}

bool latency_quantile(const struct latency *latency, unsigned int permille,
		      uint64_t *ns, bool *open_ended)
{
	uint64_t counts[FACT_HOLD_BUCKETS];

	return latency_counts(latency, counts) &&
	       latency_quantile_of(counts, permille, ns, open_ended);
}
