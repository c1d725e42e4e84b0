/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How urgent a snapshot is: by how full its area is, and by how soon it will
 * be. Leaving a level takes more than entering it, so
 * that a value that swings about a threshold does not flicker. Pure.
 */
#ifndef TOP_ALARM_H
#define TOP_ALARM_H

#include "eta.h"
#include "facts.h"

enum severity {
	SEVERITY_OK, /* as an event: information */
	SEVERITY_WARN,
	SEVERITY_CRIT,
	SEVERITY_FAIL,
};

/**
 * struct alarm_limits - from where on a snapshot is urgent
 * @warn_permille: fill of the area
 * @crit_permille: the same
 * @warn_s: time to full
 * @crit_s: the same
 */
struct alarm_limits {
	unsigned int warn_permille;
	unsigned int crit_permille;
	double warn_s;
	double crit_s;
};

/**
 * alarm_limits_init() - 80 and 90 %, 15 and 5 minutes
 * @limits: set
 */
void alarm_limits_init(struct alarm_limits *limits);

/**
 * alarm_next() - urgency from the last urgency and the present
 * @limits: from where on
 * @last: what it was
 * @permille: fill of the area
 * @level: the kernel's opinion; low is at least a warning
 * @range: time to full; counts only when both of its ends are short
 *
 * Return: SEVERITY_OK, _WARN or _CRIT.
 */
enum severity alarm_next(const struct alarm_limits *limits, enum severity last,
			 unsigned int permille, enum area_level level,
			 const struct eta_range *range);

/* Beside the two limits there is a word before them, and one after. */
enum fill_mark {
	MARK_NONE,
	MARK_EARLY, /* 10 points before it is a warning */
	MARK_LATE, /* half of the rest is gone from where it was critical */
};

/**
 * alarm_mark() - marks of the fill level that are reached
 * @limits: from where on it is urgent
 * @last: what it was
 * @permille: fill of the area
 *
 * A mark is left 2 points below it, as the limits are.
 *
 * Return: the highest one; with the usual limits they are at 70 and 95 %.
 */
enum fill_mark alarm_mark(const struct alarm_limits *limits, enum fill_mark last,
			  unsigned int permille);

/**
 * alarm_word() - a severity in an event list
 * @severity: which
 *
 * Return: "INFO", "WARN", "CRIT" or "FAIL".
 */
const char *alarm_word(enum severity severity);

#endif
