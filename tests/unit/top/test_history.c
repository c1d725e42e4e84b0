// SPDX-License-Identifier: GPL-2.0-or-later
/* The recent past of a rate, and quantiles of hold times. */
#include <criterion/criterion.h>

#include "history.h"
#include "latency.h"

#define S FACT_NS_PER_S

#define assert_near(value, wanted) \
	cr_assert_float_eq(value, wanted, 0.01 * (wanted), "wanted %f, got %f", \
			   (double)(wanted), (double)(value))

Test(history, gives_the_same_rate_whatever_the_delay)
{
	struct history fast = { .started = false }, slow = { .started = false };
	int i;

	for (i = 0; i < 600; i++)
		history_add(&fast, 100 * S + i * S / 10, 100 * S + (i + 1) * S / 10, 50);
	for (i = 0; i < 6; i++)
		history_add(&slow, 100 * S + i * 10 * S, 100 * S + (i + 1) * 10 * S, 5000);
	assert_near(history_rate(&fast, 160 * S, 60 * S, 0), 500.0);
	assert_near(history_rate(&slow, 160 * S, 60 * S, 0), 500.0);
	assert_near(history_rate(&fast, 160 * S, 30 * S, 20 * S), 500.0);
	assert_near(history_rate(&slow, 160 * S, 30 * S, 20 * S), 500.0);
}

Test(history, does_not_know_what_it_has_not_seen)
{
	struct history history = { .started = false };

	cr_assert(history_rate(&history, 100 * S, 60 * S, 0) < 0);
	history_add(&history, 50 * S, 60 * S, 100);
	cr_assert(history_rate(&history, 100 * S, 30 * S, 0) < 0);
	assert_near(history_rate(&history, 100 * S, 50 * S, 40 * S), 10.0);
}

Test(history, tells_nothing_from_unknown)
{
	struct history history = { .started = false };
	int levels[4];

	history_add(&history, 10 * S, 11 * S, 0);
	history_add(&history, 12 * S, 13 * S, 100);
	history_add(&history, 13 * S, 14 * S, 49);
	history_levels(&history, 14 * S, 4 * S, levels, 4, 7);
	cr_assert_eq(levels[0], 0);
	cr_assert_eq(levels[1], -1);
	cr_assert_eq(levels[2], 7);
	cr_assert_eq(levels[3], 4, "49 of 100 is %d of 7", levels[3]);
}

Test(history, shows_the_smallest_rate_above_nothing)
{
	struct history history = { .started = false };
	int levels[2];

	history_add(&history, 10 * S, 11 * S, 1);
	history_add(&history, 11 * S, 12 * S, 1e9);
	history_levels(&history, 12 * S, 2 * S, levels, 2, 7);
	cr_assert_eq(levels[0], 1);
}

Test(history, forgets_what_is_older_than_its_ring)
{
	struct history history = { .started = false };

	history_add(&history, 10 * S, 11 * S, 1000);
	history_add(&history, (10 + HISTORY_BINS) * S, (11 + HISTORY_BINS) * S, 5);
	cr_assert(history_rate(&history, 11 * S, 1 * S, 0) < 0);
	assert_near(history_rate(&history, (11 + HISTORY_BINS) * S, 1 * S, 0), 5.0);
}

Test(history, keeps_the_end_of_an_interval_longer_than_its_ring)
{
	struct history history = { .started = false };

	history_add(&history, 10 * S, 1000010 * S, 1000000);
	assert_near(history_rate(&history, 1000010 * S, 60 * S, 0), 1.0);
}

Test(history, ignores_an_interval_that_does_not_go_forward)
{
	struct history history = { .started = false };

	history_add(&history, 10 * S, 10 * S, 100);
	history_add(&history, 11 * S, 10 * S, 100);
	cr_assert_not(history.started);
}

Test(history, sums_devices_that_share_the_time)
{
	struct history sum = { .started = false };
	int device, step;

	for (device = 1; device <= 3; device++) {
		struct history own = { .started = false };

		/* One and a half seconds: the last bin is half seen. */
		for (step = 0; step < 15; step++) {
			uint64_t from = 10 * S + step * S / 10 + device * 1000;

			history_add(&own, from, from + S / 10, device * 10);
			history_merge(&sum, &own, from, from + S / 10, device * 10);
		}
	}
	assert_near(history_rate(&sum, 11 * S, 1 * S, 0), 600.0);
	assert_near(history_rate(&sum, 12 * S, 1 * S, 0), 600.0);
}

Test(history, finds_the_fastest_second)
{
	struct history history = { .started = false };
	unsigned int ago;
	double peak;
	int i;

	for (i = 0; i < 50; i++)
		history_add(&history, (100 + i) * S, (101 + i) * S, i == 20 ? 900 : 100);
	peak = history_peak(&history, 150 * S, &ago);
	assert_near(peak, 900.0);
	cr_assert_eq(ago, 30, "30 s ago, not %u", ago);
}

/* A half minute of which the end was seen does not tell of its begin. */
Test(trend, knows_nothing_before_the_first_sample)
{
	struct trend trend, sum;
	int i;

	trend_init(&trend);
	trend_init(&sum);
	/* From 18 s after the begin of a half minute, until only half minutes are left. */
	for (i = 0; i < 200; i++) {
		trend_add(&trend, (618 + i) * S, (619 + i) * S, 100);
		trend_merge(&sum, &trend, (618 + i) * S, (619 + i) * S, 100);
	}
	assert_near(trend_rate(&trend, 630 * S, 2 * S, 0), 100.0);
	assert_near(trend_rate(&trend, 620 * S, 2 * S, 0), 100.0);
	cr_assert(trend_rate(&trend, 618 * S, 2 * S, 0) < 0, "nobody looked");
	cr_assert(trend_rate(&sum, 618 * S, 2 * S, 0) < 0, "nobody looked");
	cr_assert(trend_rate(&trend, 602 * S, 2 * S, 0) < 0, "nobody looked");
	assert_near(trend_rate(&trend, 630 * S, 30 * S, 0), 100.0);
}

static void add(struct latency *latency, uint64_t second, int bucket, uint64_t count)
{
	static uint64_t hist[FACT_HOLD_BUCKETS];

	if (!latency->marks)
		memset(hist, 0, sizeof(hist));
	hist[bucket] += count;
	latency_add(latency, second * S, hist);
}

Test(latency, takes_the_bucket_that_holds_the_quantile)
{
	struct latency latency;
	bool open;
	uint64_t ns;

	latency_init(&latency);
	add(&latency, 1, 0, 0);
	add(&latency, 2, 10, 989);
	add(&latency, 3, 20, 11);
	cr_assert(latency_quantile(&latency, 990, &ns, &open));
	cr_assert_eq(ns, 1ull << 21, "got %llu", (unsigned long long)ns);
	cr_assert(latency_quantile(&latency, 500, &ns, &open));
	cr_assert_eq(ns, 1ull << 11, "got %llu", (unsigned long long)ns);
	cr_assert_not(open);
}

Test(latency, knows_nothing_of_the_time_before_the_first_sample)
{
	struct latency latency;
	bool open;
	uint64_t ns;

	latency_init(&latency);
	add(&latency, 1, 25, 1000);
	cr_assert_not(latency_quantile(&latency, 990, &ns, &open));
	add(&latency, 2, 10, 1);
	cr_assert(latency_quantile(&latency, 990, &ns, &open));
	cr_assert_eq(ns, 1ull << 11);
}

Test(latency, forgets_after_ten_seconds)
{
	struct latency latency;
	bool open;
	uint64_t ns;
	int s;

	latency_init(&latency);
	add(&latency, 1, 0, 0);
	add(&latency, 2, 25, 100);
	for (s = 3; s <= 11; s++)
		add(&latency, s, 10, 1);
	cr_assert(latency_quantile(&latency, 990, &ns, &open));
	cr_assert_eq(ns, 1ull << 26, "it is still in the window");
	for (; s <= 13; s++)
		add(&latency, s, 10, 1);
	cr_assert(latency_quantile(&latency, 990, &ns, &open));
	cr_assert_eq(ns, 1ull << 11, "got %llu", (unsigned long long)ns);
	for (; s <= 30; s++)
		add(&latency, s, 10, 0);
	cr_assert_not(latency_quantile(&latency, 990, &ns, &open));
}

Test(latency, forgets_after_ten_seconds_at_a_long_delay_too)
{
	struct latency latency;
	bool open;
	uint64_t ns;

	latency_init(&latency);
	add(&latency, 5, 0, 0);
	add(&latency, 10, 25, 100);
	add(&latency, 15, 10, 1);
	add(&latency, 20, 10, 1);
	cr_assert(latency_quantile(&latency, 990, &ns, &open));
	cr_assert_eq(ns, 1ull << 11, "got %llu", (unsigned long long)ns);
}

Test(latency, covers_ten_seconds_at_a_short_delay_too)
{
	static uint64_t hist[FACT_HOLD_BUCKETS];
	struct latency latency;
	bool open;
	uint64_t ns;
	int i;

	latency_init(&latency);
	for (i = 0; i < 100; i++) {
		hist[i == 10 ? 25 : 10]++;
		latency_add(&latency, 100 * S + i * S / 10, hist);
	}
	cr_assert(latency_quantile(&latency, 1000, &ns, &open));
	cr_assert_eq(ns, 1ull << 26, "9 s ago is within the window");
}

Test(latency, says_that_the_last_bucket_has_no_end)
{
	struct latency latency;
	bool open;
	uint64_t ns;

	latency_init(&latency);
	add(&latency, 1, 0, 0);
	add(&latency, 2, FACT_HOLD_BUCKETS - 1, 1);
	cr_assert(latency_quantile(&latency, 990, &ns, &open));
	cr_assert(open);
	cr_assert_eq(ns, 1ull << 31);
}
