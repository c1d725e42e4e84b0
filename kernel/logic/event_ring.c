// SPDX-License-Identifier: GPL-2.0
#include "event_ring.h"

void event_ring_init(struct event_ring *r, size_t limit)
{
	memset(r, 0, sizeof(*r));
	r->oldest = 1;
	r->limit = limit;
}

u64 event_ring_evict(struct event_ring *r, size_t len)
{
	u32 *given_up = &r->len[event_ring_slot(r->oldest)];

	if (r->oldest > r->seq)
		return 0;
	if (event_ring_next(r) - r->oldest < EVENT_RING_SIZE && r->bytes + len <= r->limit)
		return 0;
	r->bytes -= *given_up;
	*given_up = 0;
	return r->oldest++;
}

u64 event_ring_push(struct event_ring *r, size_t len)
{
	r->seq++;
	r->len[event_ring_slot(r->seq)] = len;
	r->bytes += len;
	return r->seq;
}

u64 event_ring_first(const struct event_ring *r, u64 from)
{
	u64 seq;

	for (seq = max(from, r->oldest); seq <= r->seq; seq++)
		if (r->len[event_ring_slot(seq)])
			return seq;
	return 0;
}

u64 event_ring_lost(const struct event_ring *r, u64 since)
{
	u64 from, lost, seq;

	if (since >= r->seq)
		return 0;
	from = max(since + 1, r->oldest);
	lost = from - (since + 1);
	for (seq = from; seq <= r->seq; seq++)
		if (!r->len[event_ring_slot(seq)])
			lost++;
	return lost;
}
