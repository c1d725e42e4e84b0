// SPDX-License-Identifier: GPL-2.0-or-later
/* Figures as text of a bounded width; see format.h. */
#include "format.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

const char *format_units_word(enum units units)
{
	static const char *const words[] = {
		[UNITS_IEC] = "IEC",
		[UNITS_SI] = "SI",
		[UNITS_BYTES] = "bytes",
	};

	return units < UNITS_COUNT ? words[units] : "?";
}

/* value as "19.9M": one decimal if it fits, rounded down. */
static char *format_scaled(char *text, int width, uint64_t value, uint64_t step,
			   const char *suffixes)
{
	uint64_t unit = 1;
	int scale = 0;
	uint64_t tenths;

	while (value / unit >= step && suffixes[scale + 1]) {
		unit *= step;
		scale++;
	}
	if (!scale) {
		snprintf(text, FORMAT_SIZE, "%llu%.1s", (unsigned long long)value,
			 suffixes[0] == ' ' ? "" : suffixes);
		return text;
	}
	/* unit / 10 is exact enough: a tenth is all that is shown. */
	tenths = value % unit / (unit / 10);
	if (tenths > 9)
		tenths = 9;
	snprintf(text, FORMAT_SIZE, "%llu.%llu%c", (unsigned long long)(value / unit),
		 (unsigned long long)tenths, suffixes[scale]);
	if ((int)strlen(text) > width)
		snprintf(text, FORMAT_SIZE, "%llu%c", (unsigned long long)(value / unit),
			 suffixes[scale]);
	return text;
}

char *format_bytes(char *text, int width, uint64_t bytes, enum units units)
{
	if (!bytes) {
		strcpy(text, "0");
		return text;
	}
	if (units == UNITS_BYTES) {
		snprintf(text, FORMAT_SIZE, "%llu", (unsigned long long)bytes);
		if ((int)strlen(text) <= width)
			return text;
	}
	if (units == UNITS_SI)
		return format_scaled(text, width, bytes, 1000, "BkMGTPE");
	return format_scaled(text, width, bytes, 1024, "BKMGTPE");
}

char *format_rate(char *text, int width, double rate, enum units units)
{
	if (!(rate >= 0)) {
		strcpy(text, "-");
		return text;
	}
	/* Beyond this the conversion would be undefined; no disk gets there. */
	if (rate > 1e18)
		rate = 1e18;
	return format_bytes(text, width, (uint64_t)rate, units);
}

char *format_count(char *text, int width, uint64_t count)
{
	snprintf(text, FORMAT_SIZE, "%llu", (unsigned long long)count);
	if ((int)strlen(text) <= width)
		return text;
	return format_scaled(text, width, count, 1000, " kMGTPE");
}

char *format_percent(char *text, unsigned int permille)
{
	if (permille > 1000)
		permille = 1000;
	snprintf(text, FORMAT_SIZE, "%u%%", permille / 10);
	return text;
}

char *format_seconds(char *text, double seconds)
{
	unsigned int s;

	if (!(seconds >= 0)) {
		strcpy(text, "-");
		return text;
	}
	if (seconds > 86400) {
		strcpy(text, ">24h");
		return text;
	}
	s = (unsigned int)seconds;
	if (s < 60)
		snprintf(text, FORMAT_SIZE, "%us", s);
	else if (s < 3600)
		snprintf(text, FORMAT_SIZE, "%um%02us", s / 60, s % 60);
	else
		snprintf(text, FORMAT_SIZE, "%uh%02um", s / 3600, s / 60 % 60);
	return text;
}

char *format_ago(char *text, unsigned int seconds)
{
	unsigned int large = seconds < 3600 ? seconds / 60 : seconds / 3600;
	unsigned int small = seconds < 3600 ? seconds % 60 : seconds / 60 % 60;

	if (seconds < 60)
		snprintf(text, FORMAT_SIZE, "-%us", seconds);
	else if (small)
		snprintf(text, FORMAT_SIZE, "-%u%c%02u", large, seconds < 3600 ? 'm' : 'h', small);
	else
		snprintf(text, FORMAT_SIZE, "-%u%c", large, seconds < 3600 ? 'm' : 'h');
	return text;
}

/* One unit only: "45s", "6m", "20h"; for the ends of a range. */
static char *format_coarse(char *text, double seconds)
{
	unsigned int s;

	if (seconds > 86400) {
		strcpy(text, ">24h");
		return text;
	}
	s = (unsigned int)seconds;
	if (s < 100)
		snprintf(text, FORMAT_SIZE, "%us", s);
	else if (s < 100 * 60)
		snprintf(text, FORMAT_SIZE, "%um", s / 60);
	else
		snprintf(text, FORMAT_SIZE, "%uh", s / 3600);
	return text;
}

char *format_eta(char *text, const struct eta_range *range)
{
	char low[FORMAT_SIZE], high[FORMAT_SIZE];

	if (!range->known) {
		strcpy(text, "-");
		return text;
	}
	if (!eta_is_wide(range))
		return format_seconds(text, range->mid_s);
	format_coarse(low, range->low_s);
	format_coarse(high, range->high_s);
	if (!strcmp(low, high))
		return strcpy(text, low);
	snprintf(text, FORMAT_SIZE, "%.10s-%.10s", low, high);
	return text;
}

/* One unit, as format_coarse(), in words. Return: the unit. */
static const char *split_time(double seconds, unsigned int *count)
{
	unsigned int s = seconds > 86400 ? 86400 : (unsigned int)seconds;

	if (s < 100) {
		*count = s;
		return "second";
	}
	if (s < 100 * 60) {
		*count = s / 60;
		return "minute";
	}
	*count = s / 3600;
	return "hour";
}

char *format_eta_words(char *text, const struct eta_range *range)
{
	double low_s = range->low_s, high_s = range->high_s;
	const char *low_unit, *high_unit;
	unsigned int low, high;

	if (!eta_is_wide(range))
		low_s = high_s = range->mid_s;
	low_unit = split_time(low_s, &low);
	high_unit = split_time(high_s, &high);
	if (high_s > 86400)
		snprintf(text, FORMAT_WORDS_SIZE, "more than %u %s%s", low, low_unit,
			 low == 1 ? "" : "s");
	else if (low == high && low_unit == high_unit)
		snprintf(text, FORMAT_WORDS_SIZE, "%u %s%s", low, low_unit, low == 1 ? "" : "s");
	else if (low_unit == high_unit)
		snprintf(text, FORMAT_WORDS_SIZE, "between %u and %u %ss", low, high, low_unit);
	else
		snprintf(text, FORMAT_WORDS_SIZE, "between %u %s%s and %u %s%s", low, low_unit,
			 low == 1 ? "" : "s", high, high_unit, high == 1 ? "" : "s");
	return text;
}

char *format_duration_ns(char *text, uint64_t ns)
{
	static const struct {
		uint64_t unit;
		const char *suffix;
	} scale[] = {
		{ 1000000000ull, "s" },
		{ 1000000ull, "ms" },
		{ 1000ull, "us" },
		{ 1ull, "ns" },
	};
	unsigned int i = 0;
	uint64_t whole, tenth;

	while (i < 3 && ns < scale[i].unit)
		i++;
	whole = ns / scale[i].unit;
	if (scale[i].unit > 1 && whole < 10) {
		tenth = ns % scale[i].unit / (scale[i].unit / 10);
		snprintf(text, FORMAT_SIZE, "%llu.%llu%s", (unsigned long long)whole,
			 (unsigned long long)tenth, scale[i].suffix);
	} else if (whole > 9999) {
		strcpy(text, ">9999");
	} else {
		snprintf(text, FORMAT_SIZE, "%llu%s", (unsigned long long)whole,
			 scale[i].suffix);
	}
	return text;
}

char *format_delay(char *text, unsigned int ms)
{
	if (ms < 10000)
		snprintf(text, FORMAT_SIZE, "%u.%us", ms / 1000, ms % 1000 / 100);
	else
		snprintf(text, FORMAT_SIZE, "%us", ms / 1000);
	return text;
}

char *format_clock(char *text, uint64_t real_ns, bool with_date)
{
	time_t seconds = (time_t)(real_ns / 1000000000ull);
	struct tm tm;

	if (!localtime_r(&seconds, &tm) ||
	    !strftime(text, FORMAT_SIZE, with_date ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm))
		strcpy(text, "--:--:--");
	return text;
}

unsigned int format_permille(uint64_t part, uint64_t whole)
{
	if (!whole)
		return 0;
	if (part >= whole)
		return 1000;
	if (part <= UINT64_MAX / 1000)
		return part * 1000 / whole;
	return part / (whole / 1000) < 1000 ? part / (whole / 1000) : 999;
}
