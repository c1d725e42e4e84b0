// SPDX-License-Identifier: GPL-2.0-or-later
/* Figures as text. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "format.h"

static char text[FORMAT_SIZE];

#define assert_text(call, wanted) \
	cr_assert_str_eq(call, wanted, "wanted \"%s\", got \"%s\"", wanted, text)

Test(format, writes_bytes_rounded_down)
{
	assert_text(format_bytes(text, 6, 0, UNITS_IEC), "0");
	assert_text(format_bytes(text, 6, 1, UNITS_IEC), "1B");
	assert_text(format_bytes(text, 6, 1023, UNITS_IEC), "1023B");
	assert_text(format_bytes(text, 6, 1024, UNITS_IEC), "1.0K");
	assert_text(format_bytes(text, 6, 1024 * 1024 - 1, UNITS_IEC), "1023K");
	assert_text(format_bytes(text, 6, 20866662, UNITS_IEC), "19.9M");
	assert_text(format_bytes(text, 6, 85899345920ull, UNITS_IEC), "80.0G");
	assert_text(format_bytes(text, 6, UINT64_MAX, UNITS_IEC), "15.9E");
	assert_text(format_bytes(text, 6, 999, UNITS_SI), "999B");
	assert_text(format_bytes(text, 6, 1999999, UNITS_SI), "1.9M");
	assert_text(format_bytes(text, 15, 85899345920ull, UNITS_BYTES), "85899345920");
}

Test(format, falls_back_to_a_suffix_when_digits_do_not_fit)
{
	assert_text(format_bytes(text, 7, 85899345920ull, UNITS_BYTES), "80.0G");
}

/* What a figure with a suffix says, read back. */
static double read_back(const char *figure, enum units units)
{
	static const char suffixes[] = "KMGTPE";
	double step = units == UNITS_SI ? 1000 : 1024;
	const char *at;
	double value;
	char *end;

	value = strtod(figure, &end);
	if (!*end || *end == 'B')
		return value;
	at = strchr(suffixes, *end == 'k' ? 'K' : *end);
	cr_assert_not_null(at, "%s", figure);
	for (; at >= suffixes; at--)
		value *= step;
	return value;
}

static void check_bytes(uint64_t value, int width, enum units units)
{
	double shown;

	format_bytes(text, width, value, units);
	cr_assert((int)strlen(text) <= width, "%llu in %d columns: %s",
		  (unsigned long long)value, width, text);
	shown = read_back(text, units);
	cr_assert(shown <= value * 1.0000001, "%llu became %s", (unsigned long long)value, text);
	cr_assert(shown >= value * 0.9 - 1, "%llu became %s", (unsigned long long)value, text);
}

/* Every magnitude and its neighbours: the width holds, the value is near. */
Test(format, never_exceeds_the_width_and_stays_near_the_value)
{
	int units, width, shift;

	for (units = 0; units < UNITS_COUNT; units++)
		for (width = 5; width <= 20; width++)
			for (shift = 1; shift < 64; shift++) {
				check_bytes((1ull << shift) - 1, width, units);
				check_bytes(1ull << shift, width, units);
				check_bytes((1ull << shift) + 1, width, units);
			}
}

Test(format, writes_rates_and_what_is_unknown)
{
	assert_text(format_rate(text, 7, -1, UNITS_IEC), "-");
	assert_text(format_rate(text, 7, 0, UNITS_IEC), "0");
	assert_text(format_rate(text, 7, 0.0 / 0.0, UNITS_IEC), "-");
	assert_text(format_rate(text, 7, 1e300, UNITS_IEC), "888.1P");
}

Test(format, never_shows_full_before_it_is)
{
	assert_text(format_percent(text, 999), "99%");
	assert_text(format_percent(text, 1000), "100%");
	assert_text(format_percent(text, 4000), "100%");
	cr_assert_eq(format_permille(UINT64_MAX - 1, UINT64_MAX), 999);
	cr_assert_eq(format_permille(999999, 1000000), 999);
	cr_assert_eq(format_permille(5, 5), 1000);
	cr_assert_eq(format_permille(6, 5), 1000);
	cr_assert_eq(format_permille(5, 0), 0);
}

Test(format, writes_times_to_wait)
{
	assert_text(format_seconds(text, 0), "0s");
	assert_text(format_seconds(text, 59.9), "59s");
	assert_text(format_seconds(text, 370), "6m10s");
	assert_text(format_seconds(text, 3600), "1h00m");
	assert_text(format_seconds(text, 73560), "20h26m");
	assert_text(format_seconds(text, 86401), ">24h");
	assert_text(format_seconds(text, 1e300), ">24h");
	assert_text(format_seconds(text, -1), "-");
}

Test(format, writes_a_range_only_where_the_ends_differ)
{
	struct eta_range narrow = { true, 360, 370, 380 };
	struct eta_range wide = { true, 240, 400, 560 };
	struct eta_range open = { true, 83000, 300000, 900000 };
	struct eta_range none = { false, 0, 0, 0 };

	assert_text(format_eta(text, &narrow), "6m10s");
	assert_text(format_eta(text, &wide), "4m-9m");
	assert_text(format_eta(text, &open), "23h->24h");
	assert_text(format_eta(text, &none), "-");
}

Test(format, keeps_every_range_within_its_column)
{
	double low, factor;

	for (low = 0.01; low < 1e9; low *= 1.07)
		for (factor = 1; factor < 1e6; factor *= 1.5) {
			double high = low * factor;
			struct eta_range range = { true, low, (low + high) / 2, high };

			format_eta(text, &range);
			cr_assert(strlen(text) <= 8, "%f to %f: %s", low, high, text);
		}
}

Test(format, writes_latencies_in_five_columns)
{
	uint64_t ns;

	assert_text(format_duration_ns(text, 850), "850ns");
	assert_text(format_duration_ns(text, 120000), "120us");
	assert_text(format_duration_ns(text, 4194304), "4.1ms");
	assert_text(format_duration_ns(text, 2147483648ull), "2.1s");
	for (ns = 1; ns < 1ull << 62; ns += ns / 7 + 1) {
		format_duration_ns(text, ns);
		cr_assert(strlen(text) <= 5, "%llu: %s", (unsigned long long)ns, text);
	}
}

Test(format, writes_counts_and_delays)
{
	assert_text(format_count(text, 5, 99999), "99999");
	assert_text(format_count(text, 5, 100000), "100k");
	assert_text(format_count(text, 6, 100000), "100000");
	assert_text(format_delay(text, 100), "0.1s");
	assert_text(format_delay(text, 60000), "60s");
}

static const char *words(float low_s, float mid_s, float high_s)
{
	static char text[FORMAT_WORDS_SIZE];
	struct eta_range range = { true, low_s, mid_s, high_s };

	return format_eta_words(text, &range);
}

Test(format, writes_a_range_as_it_is_spoken)
{
	cr_assert_str_eq(words(45, 45, 45), "45 seconds", "%s", words(45, 45, 45));
	cr_assert_str_eq(words(370, 370, 370), "6 minutes");
	cr_assert_str_eq(words(7000, 7000, 7000), "1 hour");
	cr_assert_str_eq(words(240, 400, 560), "between 4 and 9 minutes");
	cr_assert_str_eq(words(90, 150, 260), "between 90 seconds and 4 minutes");
	cr_assert_str_eq(words(5000, 6000, 8000), "between 83 minutes and 2 hours");
	cr_assert_str_eq(words(19 * 3600, 80000, 100000), "more than 19 hours");
	cr_assert_str_eq(words(90000, 90000, 90000), "more than 24 hours");
}
