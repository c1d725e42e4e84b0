// SPDX-License-Identifier: GPL-2.0-or-later
/* The last two minutes of a rate; see history.h. */
#include "history.h"

#include <math.h>
#include <string.h>

static uint64_t bin_of(const struct history *history)
{
	return history->bin_ns ? history->bin_ns : HISTORY_BIN_NS;
}

/* Make bin the newest one, forgetting what falls out of the ring. */
static void history_advance(struct history *history, uint64_t bin)
{
	uint64_t i, steps;

	if (!history->started) {
		uint64_t bin_ns = history->bin_ns;

		memset(history, 0, sizeof(*history));
		history->bin_ns = bin_ns;
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
		history->seen_s[slot] = 0;
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
	uint64_t bin_ns = bin_of(history);
	uint64_t bin, first, last;

	if (to_ns <= from_ns)
		return;
	last = (to_ns - 1) / bin_ns;
	history_advance(history, last);
	first = from_ns / bin_ns;
	if (history->newest - first >= HISTORY_BINS && first < history->newest)
		first = history->newest - HISTORY_BINS + 1;

	for (bin = first; bin <= last; bin++) {
		uint64_t start = bin * bin_ns;
		uint64_t end = start + bin_ns;
		unsigned int slot = bin % HISTORY_BINS;
		double part_s;
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
			part_s = (double)part / 1e9 + history->seen_s[slot];
			history->seen_s[slot] = fmin(part_s, (double)bin_ns / 1e9);
		} else if (part_of->seen_s[slot] > history->seen_s[slot]) {
			/* All look at the same time: it is not to be added up. */
			history->seen_s[slot] = part_of->seen_s[slot];
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
	for (bin = from / bin_of(history); bin <= (to - 1) / bin_of(history); bin++) {
		unsigned int slot = bin % HISTORY_BINS;

		if (!history_holds(history, bin))
			continue;
		amount += history->amount[slot];
		seen += history->seen_s[slot];
	}
	return seen > 0 ? amount / seen : -1;
}

double history_peak(const struct history *history, uint64_t end_ns,
		    unsigned int *ago_s)
{
	uint64_t now = end_ns / bin_of(history);
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
		if (bin > now)
			continue;
		slot = bin % HISTORY_BINS;
		/* Half a second is too little to call it a rate a second. */
		if (history->seen_s[slot] < (double)bin_of(history) / 2e9)
			continue;
		rate = history->amount[slot] / history->seen_s[slot];
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

void trend_init(struct trend *trend)
{
	memset(trend, 0, sizeof(*trend));
	trend->hour.bin_ns = TREND_LONG_BIN_NS;
}

static void trend_begin(struct trend *trend, uint64_t from_ns, uint64_t to_ns)
{
	if (to_ns > from_ns && (!trend->minute.started || from_ns < trend->first_ns))
		trend->first_ns = from_ns;
}

void trend_add(struct trend *trend, uint64_t from_ns, uint64_t to_ns, double amount)
{
	trend_begin(trend, from_ns, to_ns);
	history_add(&trend->minute, from_ns, to_ns, amount);
	history_add(&trend->hour, from_ns, to_ns, amount);
}

void trend_merge(struct trend *trend, const struct trend *part, uint64_t from_ns,
		 uint64_t to_ns, double amount)
{
	trend_begin(trend, from_ns, to_ns);
	history_merge(&trend->minute, &part->minute, from_ns, to_ns, amount);
	history_merge(&trend->hour, &part->hour, from_ns, to_ns, amount);
}

double trend_rate(const struct trend *trend, uint64_t end_ns, uint64_t ago_from_ns,
		  uint64_t ago_to_ns)
{
	uint64_t from = end_ns > ago_from_ns ? end_ns - ago_from_ns : 0;
	uint64_t to = end_ns > ago_to_ns ? end_ns - ago_to_ns : 0;
	const struct history *minute = &trend->minute;

	if (to <= trend->first_ns)
		return -1;
	if (minute->started && from / HISTORY_BIN_NS + HISTORY_BINS > minute->newest)
		return history_rate(minute, end_ns, ago_from_ns, ago_to_ns);
	return history_rate(&trend->hour, end_ns, ago_from_ns, ago_to_ns);
}
