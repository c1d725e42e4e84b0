/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last two minutes of a rate, in bins of one second of kernel time, and the
 * last hour in bins of half a minute.
 *
 * What is added is an amount that was moved between two time stamps; it is
 * spread over the bins the interval touches, so a delay of 0.1 s and one of
 * 10 s give the same picture. A second nobody looked at is unknown, not zero.
 *
 * Pure, fixed size, can be copied by assignment.
 */
#ifndef TOP_HISTORY_H
#define TOP_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#define HISTORY_BINS 128
#define HISTORY_BIN_NS 1000000000ull

/**
 * struct history - a ring of bins
 * @amount: what was moved in the time of that bin
 * @seen_s: how many seconds of it were looked at; 0: unknown
 * @bin_ns: how long a bin is; 0 is HISTORY_BIN_NS
 * @newest: number of the newest bin (time / bin)
 * @started: there is one
 */
struct history {
	float amount[HISTORY_BINS];
	float seen_s[HISTORY_BINS];
	uint64_t bin_ns;
	uint64_t newest;
	bool started;
};

#define TREND_LONG_BIN_NS (30 * HISTORY_BIN_NS)

/**
 * struct trend - a rate in two resolutions
 * @minute: seconds
 * @hour: half minutes; trend_init() sets its bins
 * @first_ns: begin of the first interval; what was before is unknown, also in
 *	a half minute that was seen in part
 */
struct trend {
	struct history minute;
	struct history hour;
	uint64_t first_ns;
};

/**
 * history_add() - account an amount that was moved in an interval
 * @history: where
 * @from_ns: begin of the interval
 * @to_ns: end of the interval; nothing happens unless it is later
 * @amount: how much
 */
void history_add(struct history *history, uint64_t from_ns, uint64_t to_ns,
		 double amount);

/**
 * history_merge() - account an interval of one device in a sum over several
 * @history: the sum
 * @part: a history of that device, to which the same interval was added
 * @from_ns: begin of the interval
 * @to_ns: end of the interval
 * @amount: how much
 *
 * Like history_add(), but amounts of several devices that share the time add
 * up to a sum instead of to a mean, also in a second that is not over yet.
 */
void history_merge(struct history *history, const struct history *part,
		   uint64_t from_ns, uint64_t to_ns, double amount);

/**
 * history_rate() - mean rate over a stretch of the past
 * @history: where
 * @end_ns: the present
 * @ago_from_ns: begin of the stretch, counted back from @end_ns
 * @ago_to_ns: end of the stretch, counted back from @end_ns; smaller
 *
 * Return: amount a second, or a negative number if nothing is known.
 */
double history_rate(const struct history *history, uint64_t end_ns,
		    uint64_t ago_from_ns, uint64_t ago_to_ns);

/**
 * history_peak() - the fastest whole second
 * @history: where
 * @end_ns: the present
 * @ago_s: set to how many seconds ago it was
 *
 * Return: amount a second, or a negative number if nothing is known.
 */
double history_peak(const struct history *history, uint64_t end_ns,
		    unsigned int *ago_s);

/**
 * history_levels() - the last minute as the heights of a sparkline
 * @history: where
 * @end_ns: the present
 * @span_ns: how far back the left end is
 * @levels: one per cell, left is oldest: -1 unknown, 0 nothing, else 1..@top
 * @cells: number of cells
 * @top: the height of the highest cell; the row is its own scale
 */
void history_levels(const struct history *history, uint64_t end_ns,
		    uint64_t span_ns, int *levels, int cells, int top);

/**
 * trend_init() - nothing known
 * @trend: the trend
 */
void trend_init(struct trend *trend);

/**
 * trend_add() - history_add() for both resolutions
 */
void trend_add(struct trend *trend, uint64_t from_ns, uint64_t to_ns, double amount);

/**
 * trend_merge() - history_merge() for both resolutions
 */
void trend_merge(struct trend *trend, const struct trend *part, uint64_t from_ns,
		 uint64_t to_ns, double amount);

/**
 * trend_rate() - history_rate() in the finest resolution that reaches back so far
 *
 * Return: as history_rate(); nothing is known of what ends before the first
 * interval that was added.
 */
double trend_rate(const struct trend *trend, uint64_t end_ns, uint64_t ago_from_ns,
		  uint64_t ago_to_ns);

#endif
