/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last two minutes of a rate, in bins of one second of kernel time.
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

#define HISTORY_BINS	128
#define HISTORY_BIN_NS	1000000000ull

/**
 * struct history - a ring of bins
 * @amount: what was moved in that second
 * @seen_ns: how much of that second was looked at; 0: unknown
 * @newest: number of the newest bin (time / HISTORY_BIN_NS)
 * @started: there is one
 */
struct history {
	float amount[HISTORY_BINS];
	uint32_t seen_ns[HISTORY_BINS];
	uint64_t newest;
	bool started;
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

#endif
