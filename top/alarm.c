// SPDX-License-Identifier: GPL-2.0-or-later
/* How urgent a snapshot is; see alarm.h. */
#include "alarm.h"

/* From the most urgent to the least. Leaving takes 2 points, or a third more time. */
static const struct {
	enum severity severity;
	unsigned int enter_permille;
	unsigned int leave_permille;
	double enter_s;
	double leave_s;
} alarms[] = {
	{ SEVERITY_CRIT, 900, 880, 300, 400 },
	{ SEVERITY_WARN, 800, 780, 900, 1200 },
};

enum severity alarm_next(enum severity last, unsigned int permille,
			 enum area_level level, const struct eta_range *range)
{
	enum severity next = SEVERITY_OK;
	unsigned int i;

	for (i = 0; i < sizeof(alarms) / sizeof(alarms[0]); i++) {
		bool in = last >= alarms[i].severity;
		unsigned int limit = in ? alarms[i].leave_permille : alarms[i].enter_permille;
		double limit_s = in ? alarms[i].leave_s : alarms[i].enter_s;

		if (permille >= limit || (range->known && range->high_s <= limit_s)) {
			next = alarms[i].severity;
			break;
		}
	}
	if (level == LEVEL_LOW && next < SEVERITY_WARN)
		next = SEVERITY_WARN;
	if (level == LEVEL_OVERFLOW)
		next = SEVERITY_CRIT;
	return next;
}

const char *alarm_word(enum severity severity)
{
	static const char *const words[] = { "INFO", "WARN", "CRIT", "FAIL" };

	return words[severity];
}
