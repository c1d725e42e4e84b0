// SPDX-License-Identifier: GPL-2.0-or-later
/* The last two minutes of a rate; see history.h. */
#include "history.h"

#include <math.h>
#include <string.h>

/* Make bin the newest one, forgetting what falls out of the ring. */
static void history_advance(struct history *history, uint64_t bin)
{
	uint64_t i, steps;

	if (!history->started) {
		memset(history, 0, sizeof(*history));
		history->started = true;
		history->newest = bin;
		return;
	}
	if (bin <= history->newest)
		return;
	steps = bin - history->newest;
	if (steps > HISTORY_BINS)
		steps = HISTORY_BINS;
	for (i = 0; i < steps; i++) {
		unsigned int slot = (bin - i) % HISTORY_BINS;

		history->amount[slot] = 0;
		history->seen_ns[slot] = 0;
	}
	history->newest = bin;
}

static bool history_holds(const struct history *history, uint64_t bin)
{
	return history->started && bin <= history->newest &&
	       history->newest - bin < HISTORY_BINS;
}

static void history_spread(struct history *history, uint64_t from_ns,
			   uint64_t to_ns, double amount, const struct history *part_of)
{
	uint64_t bin, first, last;

	if (to_ns <= from_ns)
		return;
	last = (to_ns - 1) / HISTORY_BIN_NS;
	history_advance(history, last);
	first = from_ns / HISTORY_BIN_NS;
	if (history->newest - first >= HISTORY_BINS && first < history->newest)
		first = history->newest - HISTORY_BINS + 1;

	for (bin = first; bin <= last; bin++) {
		uint64_t start = bin * HISTORY_BIN_NS;
		uint64_t end = start + HISTORY_BIN_NS;
		unsigned int slot = bin % HISTORY_BINS;
		uint64_t part;

		if (!history_holds(history, bin))
			continue;
		if (start < from_ns)
			start = from_ns;
		if (end > to_ns)
			end = to_ns;
		part = end - start;
		history->amount[slot] += amount * ((double)part / (double)(to_ns - from_ns));
		if (!part_of) {
			part += history->seen_ns[slot];
			history->seen_ns[slot] = part < HISTORY_BIN_NS ? part : HISTORY_BIN_NS;
		} else if (part_of->seen_ns[slot] > history->seen_ns[slot]) {
			/* All look at the same time: it is not to be added up. */
			history->seen_ns[slot] = part_of->seen_ns[slot];
		}
	}
}

void history_add(struct history *history, uint64_t from_ns, uint64_t to_ns,
		 double amount)
{
	history_spread(history, from_ns, to_ns, amount, NULL);
}

void history_merge(struct history *history, const struct history *part,
		   uint64_t from_ns, uint64_t to_ns, double amount)
{
	history_spread(history, from_ns, to_ns, amount, part);
}

double history_rate(const struct history *history, uint64_t end_ns,
		    uint64_t ago_from_ns, uint64_t ago_to_ns)
{
	uint64_t from = end_ns > ago_from_ns ? end_ns - ago_from_ns : 0;
	uint64_t to = end_ns > ago_to_ns ? end_ns - ago_to_ns : 0;
	double amount = 0, seen = 0;
	uint64_t bin;

	if (to <= from)
		return -1;
	for (bin = from / HISTORY_BIN_NS; bin <= (to - 1) / HISTORY_BIN_NS; bin++) {
		unsigned int slot = bin % HISTORY_BINS;

		if (!history_holds(history, bin))
			continue;
		amount += history->amount[slot];
		seen += history->seen_ns[slot];
	}
	return seen > 0 ? amount / (seen / HISTORY_BIN_NS) : -1;
}

double history_peak(const struct history *history, uint64_t end_ns,
		    unsigned int *ago_s)
{
	uint64_t now = end_ns / HISTORY_BIN_NS;
	double peak = -1;
	uint64_t bin;
	unsigned int i;

	*ago_s = 0;
	if (!history->started)
		return peak;
	for (i = 0; i < HISTORY_BINS && i <= history->newest; i++) {
		unsigned int slot;
		double rate;

		bin = history->newest - i;
		slot = bin % HISTORY_BINS;
		/* Half a second is too little to call it a rate a second. */
		if (history->seen_ns[slot] < HISTORY_BIN_NS / 2)
			continue;
		rate = history->amount[slot] /
		       ((double)history->seen_ns[slot] / HISTORY_BIN_NS);
		if (rate > peak) {
			peak = rate;
			*ago_s = now > bin ? now - bin : 0;
		}
	}
	return peak;
}

void history_levels(const struct history *history, uint64_t end_ns,
		    uint64_t span_ns, int *levels, int cells, int top)
{
	double max = 0, rate;
	int i;

	for (i = 0; i < cells; i++) {
		uint64_t from = span_ns - span_ns * i / cells;
		uint64_t to = span_ns - span_ns * (i + 1) / cells;

		rate = history_rate(history, end_ns, from, to);
		if (rate > max)
			max = rate;
	}
	for (i = 0; i < cells; i++) {
		uint64_t from = span_ns - span_ns * i / cells;
		uint64_t to = span_ns - span_ns * (i + 1) / cells;

		rate = history_rate(history, end_ns, from, to);
		if (rate < 0)
			levels[i] = -1;
		else if (rate <= 0 || max <= 0)
			levels[i] = 0;
		else
			levels[i] = (int)fmin(top, fmax(1, ceil(rate / max * top)));
	}
}
