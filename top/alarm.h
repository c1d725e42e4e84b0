/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How urgent a snapshot is: by how full its area is, and by how soon it will
 * be. Thresholds are a table; leaving a level takes more than entering it, so
 * that a value that swings about a threshold does not flicker. Pure.
 */
#ifndef TOP_ALARM_H
#define TOP_ALARM_H

#include "eta.h"
#include "facts.h"

enum severity {
	SEVERITY_OK,		/* as an event: information */
	SEVERITY_WARN,
	SEVERITY_CRIT,
	SEVERITY_FAIL,
};

/**
 * alarm_next() - urgency from the last urgency and the present
 * @last: what it was
 * @permille: fill of the area
 * @level: the kernel's opinion; low is at least a warning
 * @range: time to full; counts only when both of its ends are short
 *
 * Return: SEVERITY_OK, _WARN or _CRIT.
 */
enum severity alarm_next(enum severity last, unsigned int permille,
			 enum area_level level, const struct eta_range *range);

/**
 * alarm_word() - a severity in an event list
 * @severity: which
 *
 * Return: "INFO", "WARN", "CRIT" or "FAIL".
 */
const char *alarm_word(enum severity severity);

#endif
