// SPDX-License-Identifier: GPL-2.0-or-later
/* Time to full, over made-up series of samples. */
#include <criterion/criterion.h>

#include "eta.h"

#define S	1000000000ull
#define TOTAL	1000000ull

static struct eta eta;
static uint64_t now, used;

static void begin(void)
{
	eta_init(&eta);
	now = 5 * S;
	used = 0;
	eta_add(&eta, now, used, TOTAL);
}

static void run(unsigned int seconds, uint64_t rate, uint64_t total)
{
	while (seconds--) {
		now += S;
		used += rate;
		eta_add(&eta, now, used, total);
	}
}

#define assert_near(value, wanted, share) \
	cr_assert((value) >= (wanted) * (1 - (share)) && (value) <= (wanted) * (1 + (share)), \
		  "wanted %f, got %f", (double)(wanted), (double)(value))

TestSuite(eta, .init = begin);

Test(eta, says_nothing_before_five_samples)
{
	run(4, 1000, TOTAL);
	cr_assert_not(eta_estimate(&eta).known);
	run(1, 1000, TOTAL);
	cr_assert(eta_estimate(&eta).known);
}

Test(eta, is_exact_and_narrow_for_a_steady_rate)
{
	struct eta_range range;

	run(60, 1000, TOTAL);
	range = eta_estimate(&eta);
	assert_near(range.mid_s, 940, 0.001);
	cr_assert_not(eta_is_wide(&range), "%f to %f", range.low_s, range.high_s);
}

Test(eta, is_exact_for_a_steady_rate_with_uneven_samples)
{
	static const uint64_t gaps_ms[] = { 100, 3000, 700, 10000, 200, 1500, 60000 };
	struct eta_range range;
	unsigned int i;

	for (i = 0; i < sizeof(gaps_ms) / sizeof(gaps_ms[0]); i++) {
		now += gaps_ms[i] * 1000000;
		used += gaps_ms[i];
		eta_add(&eta, now, used, TOTAL);
	}
	range = eta_estimate(&eta);
	assert_near(range.mid_s, (TOTAL - used) / 1000.0, 0.001);
}

Test(eta, is_wide_after_a_step_and_narrow_later)
{
	struct eta_range range;

	run(600, 100, TOTAL);
	run(15, 1000, TOTAL);
	range = eta_estimate(&eta);
	cr_assert(eta_is_wide(&range), "%f to %f", range.low_s, range.high_s);
	/* The truth, if it goes on, lies within. */
	cr_assert(range.low_s > (TOTAL - used) / 1000.0);
	cr_assert(range.high_s < (TOTAL - used) / 100.0);
	run(400, 1000, TOTAL);
	range = eta_estimate(&eta);
	cr_assert_not(eta_is_wide(&range), "%f to %f", range.low_s, range.high_s);
	assert_near(range.mid_s, (TOTAL - used) / 1000.0, 0.1);
}

Test(eta, orders_its_ends_on_a_ramp)
{
	struct eta_range range;
	unsigned int i;

	for (i = 1; i < 300; i++) {
		run(1, i * 5, TOTAL);
		range = eta_estimate(&eta);
		if (!range.known)
			continue;
		cr_assert(range.low_s >= 0 && range.low_s <= range.mid_s &&
			  range.mid_s <= range.high_s, "second %u: %f %f %f", i,
			  range.low_s, range.mid_s, range.high_s);
	}
	/* Accelerating: the short mean is ahead of the long one. */
	assert_near(range.low_s, (TOTAL - used) / (5.0 * 285), 0.03);
}

Test(eta, forgets_a_burst_soon_in_one_mean_and_late_in_the_other)
{
	struct eta_range before, after;

	run(60, 10, TOTAL);
	run(10, 10000, TOTAL);
	before = eta_estimate(&eta);
	run(60, 10, TOTAL);
	after = eta_estimate(&eta);
	cr_assert(after.high_s > before.high_s * 10, "%f after %f", after.high_s, before.high_s);
	cr_assert(eta_is_wide(&after));
}

Test(eta, says_nothing_without_growth)
{
	run(100, 0, TOTAL);
	cr_assert_not(eta_estimate(&eta).known);
}

Test(eta, says_nothing_long_after_the_last_growth)
{
	run(10, 1000, TOTAL);
	run(239, 0, TOTAL);
	cr_assert(eta_estimate(&eta).known);
	run(2, 0, TOTAL);
	cr_assert_not(eta_estimate(&eta).known);
}

Test(eta, says_nothing_after_an_extension_until_five_samples)
{
	struct eta_range range;

	run(60, 1000, TOTAL);
	run(1, 1000, 2 * TOTAL);
	cr_assert_not(eta_estimate(&eta).known);
	run(4, 1000, 2 * TOTAL);
	cr_assert_not(eta_estimate(&eta).known);
	run(1, 1000, 2 * TOTAL);
	range = eta_estimate(&eta);
	cr_assert(range.known);
	assert_near(range.mid_s, (2 * TOTAL - used) / 1000.0, 0.001);
}

Test(eta, starts_anew_when_the_use_falls)
{
	struct eta_range range;

	run(60, 1000, TOTAL);
	used = 100;
	run(1, 0, TOTAL);
	cr_assert_not(eta_estimate(&eta).known);
	run(10, 50, TOTAL);
	range = eta_estimate(&eta);
	/* No trace of the rate before, and no wrapped difference. */
	assert_near(range.mid_s, (TOTAL - used) / 50.0, 0.001);
}

Test(eta, is_zero_when_full_and_never_negative)
{
	struct eta_range range;

	run(10, TOTAL / 5, TOTAL);
	range = eta_estimate(&eta);
	cr_assert(range.known);
	cr_assert_eq(range.low_s, 0);
	cr_assert_eq(range.high_s, 0);
}

Test(eta, survives_counters_at_the_end_of_their_range)
{
	struct eta_range range;

	eta_init(&eta);
	used = UINT64_MAX - 2000000;
	now = S;
	eta_add(&eta, now, used, UINT64_MAX);
	run(10, 1000, UINT64_MAX);
	range = eta_estimate(&eta);
	assert_near(range.mid_s, 1990, 0.01);
}

Test(eta, ignores_a_sample_that_is_not_later)
{
	struct eta before;

	run(10, 1000, TOTAL);
	before = eta;
	eta_add(&eta, now, used + 5000, TOTAL);
	eta_add(&eta, now - S, used + 5000, TOTAL);
	cr_assert_arr_eq((char *)&eta, (char *)&before, sizeof(eta));
}

Test(eta, says_nothing_without_an_area)
{
	eta_init(&eta);
	now = S;
	run(10, 1000, 0);
	cr_assert_not(eta_estimate(&eta).known);
}
