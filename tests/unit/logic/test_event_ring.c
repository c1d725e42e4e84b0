// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "event_ring.h"

#define LEN 100
#define PLENTY (EVENT_RING_SIZE * LEN)

/* What a caller does: give up what must go, then number the event. */
static u64 push(struct event_ring *r, size_t len)
{
	while (event_ring_evict(r, len))
		;
	return event_ring_push(r, len);
}

static void push_many(struct event_ring *r, unsigned int n)
{
	while (n--)
		push(r, LEN);
}

Test(event_ring, numbers_from_one_without_holes)
{
	struct event_ring r;
	u64 seq;

	event_ring_init(&r, PLENTY);
	for (seq = 1; seq <= 3 * EVENT_RING_SIZE; seq++) {
		cr_assert(eq(u64, event_ring_next(&r), seq));
		cr_assert(eq(u64, push(&r, seq % 7 ? LEN : 0), seq));
	}
}

Test(event_ring, is_empty_at_first)
{
	struct event_ring r;

	event_ring_init(&r, PLENTY);
	cr_expect(eq(u64, event_ring_first(&r, 0), 0));
	cr_expect(eq(u64, event_ring_lost(&r, 0), 0));
	cr_expect(eq(u64, event_ring_evict(&r, LEN), 0));
}

Test(event_ring, keeps_the_last_thousand_events)
{
	struct event_ring r;

	event_ring_init(&r, PLENTY);
	push_many(&r, EVENT_RING_SIZE);
	cr_expect(eq(u64, event_ring_first(&r, 0), 1));
	cr_expect(eq(u64, event_ring_evict(&r, LEN), 1));
	cr_expect(eq(u64, event_ring_evict(&r, LEN), 0));
	event_ring_push(&r, LEN);
	cr_expect(eq(u64, event_ring_first(&r, 0), 2));
}

Test(event_ring, gives_up_as_many_as_a_long_message_needs)
{
	struct event_ring r;

	event_ring_init(&r, 10 * LEN);
	push_many(&r, 10);
	cr_expect(eq(u64, event_ring_evict(&r, 3 * LEN), 1));
	cr_expect(eq(u64, event_ring_evict(&r, 3 * LEN), 2));
	cr_expect(eq(u64, event_ring_evict(&r, 3 * LEN), 3));
	cr_expect(eq(u64, event_ring_evict(&r, 3 * LEN), 0));
	event_ring_push(&r, 3 * LEN);
	cr_expect(eq(sz, r.bytes, (size_t)10 * LEN));
}

Test(event_ring, never_keeps_more_bytes_than_its_limit)
{
	struct event_ring r;
	unsigned int i;

	event_ring_init(&r, 1000);
	for (i = 0; i < 5000; i++) {
		push(&r, 1 + i * 37 % 900);
		cr_assert(le(sz, r.bytes, r.limit), "after %u", i);
	}
}

Test(event_ring, bytes_are_the_sum_of_what_is_kept)
{
	struct event_ring r;
	unsigned int i;

	event_ring_init(&r, 1000);
	for (i = 0; i < 5000; i++) {
		size_t sum = 0;
		u64 seq;

		push(&r, i % 5 ? 1 + i * 37 % 900 : 0);
		for (seq = event_ring_first(&r, 0); seq;
		     seq = event_ring_first(&r, seq + 1))
			sum += r.len[event_ring_slot(seq)];
		cr_assert(eq(sz, r.bytes, sum), "after %u", i);
	}
}

Test(event_ring, a_message_beyond_the_limit_does_not_fit)
{
	struct event_ring r;

	event_ring_init(&r, 1000);
	cr_expect(event_ring_fits(&r, 1000));
	cr_expect(not(event_ring_fits(&r, 1001)));
	cr_expect(not(event_ring_fits(&r, 0)));
}

Test(event_ring, a_lost_event_has_a_number_and_is_skipped)
{
	struct event_ring r;

	event_ring_init(&r, PLENTY);
	push(&r, LEN);
	cr_expect(eq(u64, push(&r, 0), 2));
	push(&r, LEN);
	cr_expect(eq(u64, event_ring_first(&r, 2), 3));
	cr_expect(eq(u64, event_ring_lost(&r, 0), 1));
	cr_expect(eq(u64, event_ring_lost(&r, 2), 0));
}

Test(event_ring, oldest_is_none_when_all_are_lost)
{
	struct event_ring r;

	event_ring_init(&r, PLENTY);
	push(&r, 0);
	push(&r, 0);
	cr_expect(eq(u64, event_ring_first(&r, 0), 0));
	cr_expect(eq(u64, event_ring_lost(&r, 0), 2));
}

Test(event_ring, counts_what_was_overrun)
{
	struct event_ring r;

	event_ring_init(&r, PLENTY);
	push_many(&r, EVENT_RING_SIZE + 10);
	cr_expect(eq(u64, event_ring_lost(&r, 0), 10));
	cr_expect(eq(u64, event_ring_lost(&r, 4), 6));
	cr_expect(eq(u64, event_ring_lost(&r, 10), 0));
	cr_expect(eq(u64, event_ring_lost(&r, EVENT_RING_SIZE + 10), 0));
}

Test(event_ring, kept_and_lost_are_all_that_was_wanted)
{
	struct event_ring r;
	unsigned int i;
	u64 since;

	event_ring_init(&r, 20 * LEN);
	for (i = 0; i < 3000; i++)
		push(&r, i % 11 ? 1 + i * 13 % LEN : 0);
	for (since = 0; since <= r.seq; since++) {
		u64 kept = 0, seq;

		for (seq = event_ring_first(&r, since + 1); seq;
		     seq = event_ring_first(&r, seq + 1))
			kept++;
		cr_assert(eq(u64, kept + event_ring_lost(&r, since),
			     r.seq - since), "since %llu",
			  (unsigned long long)since);
	}
}

Test(event_ring, a_number_of_the_future_has_lost_nothing)
{
	struct event_ring r;

	event_ring_init(&r, PLENTY);
	push_many(&r, 3);
	cr_expect(eq(u64, event_ring_lost(&r, 1000), 0));
	cr_expect(eq(u64, event_ring_lost(&r, UINT64_MAX), 0));
	cr_expect(eq(u64, event_ring_first(&r, 1000), 0));
}
