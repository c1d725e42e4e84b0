// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>

#include "fill.h"

#define SECOND 1000000000ull

static struct fill fill;
static struct blksnap_snapshot s;

static void setup(void)
{
	s.has = ~UINT64_C(0);
	s.id = 7;
	s.area_total_sectors = 100000;
	s.area_used_sectors = 0;
}

static void teardown(void)
{
	fill_free(&fill);
}

static void at(uint64_t ms, uint64_t used)
{
	s.area_used_sectors = used;
	fill_note(&fill, &s, ms * 1000000);
}

static double rate(void)
{
	double value = -1;

	return fill_rate(&fill, &s, &value) ? value : -1;
}

static double left(void)
{
	double value = -1;

	return fill_time(&fill, &s, &value) ? value : -1;
}

TestSuite(fill, .init = setup, .fini = teardown);

Test(fill, is_unknown_until_two_looks_are_apart)
{
	cr_expect_eq(rate(), -1);
	at(1000, 0);
	cr_expect_eq(rate(), -1);
	at(1001, 100);
	cr_expect_eq(rate(), -1, "a millisecond says nothing");
	at(2000, 1000);
	cr_expect_float_eq(rate(), 512000, 1);
	cr_expect_float_eq(left(), 99, 0.01);
}

Test(fill, is_never_full_if_it_does_not_fill)
{
	at(1000, 500);
	at(2000, 500);
	cr_expect_eq(rate(), 0);
	cr_expect_eq(left(), -1);
}

Test(fill, that_takes_more_than_a_year_has_no_end)
{
	s.area_total_sectors = UINT64_C(1) << 60;
	at(1000, 0);
	at(2000, 8);
	cr_expect_eq(rate(), 4096);
	cr_expect_eq(left(), -1);
	fill_free(&fill);
	s.area_total_sectors = 8 * 31536000ull;
	at(1000, 0);
	at(2000, 8);
	cr_expect_float_eq(left(), 31535999, 1);
}

Test(fill, forgets_what_is_long_ago)
{
	uint64_t i;

	for (i = 0; i <= 100; i++)
		at(i * 500, i < 60 ? i * 1000 : 60000);
	cr_expect_eq(rate(), 0, "it stopped filling 20 s ago");
}

Test(fill, is_known_from_looks_ten_seconds_apart_that_come_late)
{
	at(0, 0);
	at(FILL_MOST_NS / 1000000 + 3000, 13000);
	cr_expect_float_eq(rate(), 512000, 1);
}

Test(fill, starts_over_when_the_area_is_another_one)
{
	at(1000, 0);
	at(2000, 1000);
	s.area_total_sectors *= 2;
	at(3000, 2000);
	cr_expect_eq(rate(), -1);
	at(4000, 3000);
	cr_expect_float_eq(left(), 197, 0.01);
	at(5000, 100);
	cr_expect_eq(rate(), -1, "copies were given up");
	at(4000, 200);
	cr_expect_eq(rate(), -1, "a clock that went back");
}

Test(fill, keeps_snapshots_apart)
{
	at(1000, 0);
	at(2000, 1000);
	s.id = 8;
	cr_expect_eq(rate(), -1);
	at(2000, 5);
	s.id = 7;
	cr_expect_float_eq(rate(), 512000, 1);
	s.has = 0;
	s.id = 9;
	at(1, 1);
	cr_expect_eq(rate(), -1);
}
