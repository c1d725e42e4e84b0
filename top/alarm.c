// SPDX-License-Identifier: GPL-2.0-or-later
/* How urgent a snapshot is; see alarm.h. */
#include "alarm.h"

/* Leaving takes 2 points, or a third more time. */
#define LEAVE_PERMILLE 20
#define EARLY_PERMILLE 100

void alarm_limits_init(struct alarm_limits *limits)
{
	*limits = (struct alarm_limits){
		.warn_permille = 800,
		.crit_permille = 900,
		.warn_s = 900,
		.crit_s = 300,
	};
}

static bool is_past(unsigned int permille, unsigned int limit, const struct eta_range *range,
		    double limit_s, bool already)
{
	if (already) {
		limit = limit > LEAVE_PERMILLE ? limit - LEAVE_PERMILLE : 0;
		limit_s = limit_s * 4 / 3;
	}
	return permille >= limit || (range->known && range->high_s <= limit_s);
}

enum severity alarm_next(const struct alarm_limits *limits, enum severity last,
			 unsigned int permille, enum area_level level,
			 const struct eta_range *range)
{
	enum severity next = SEVERITY_OK;

	if (is_past(permille, limits->crit_permille, range, limits->crit_s,
		    last >= SEVERITY_CRIT))
		next = SEVERITY_CRIT;
	else if (is_past(permille, limits->warn_permille, range, limits->warn_s,
			 last >= SEVERITY_WARN))
		next = SEVERITY_WARN;
	if (level == LEVEL_LOW && next < SEVERITY_WARN)
		next = SEVERITY_WARN;
	if (level == LEVEL_OVERFLOW)
		next = SEVERITY_CRIT;
	return next;
}

static bool is_marked(unsigned int permille, unsigned int limit, bool already)
{
	if (already)
		limit = limit > LEAVE_PERMILLE ? limit - LEAVE_PERMILLE : 0;
	return permille >= limit;
}

enum fill_mark alarm_mark(const struct alarm_limits *limits, enum fill_mark last,
			  unsigned int permille)
{
	unsigned int early = limits->warn_permille > EARLY_PERMILLE ?
				     limits->warn_permille - EARLY_PERMILLE :
				     0;

	if (is_marked(permille, (limits->crit_permille + 1000) / 2, last >= MARK_LATE))
		return MARK_LATE;
	return is_marked(permille, early, last >= MARK_EARLY) ? MARK_EARLY : MARK_NONE;
}

const char *alarm_word(enum severity severity)
{
	static const char *const words[] = { "INFO", "WARN", "CRIT", "FAIL" };

	return words[severity];
}
