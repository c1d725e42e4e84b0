// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * subscriber: the book a subscriber keeps. Knows no sockets.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "subscriber.h"

atomic_bool halfway, over;
uint64_t final_seq;

void subscriber_wrong(struct subscriber *s, const char *what, uint64_t a, uint64_t b)
{
	if (!s->wrong[0])
		snprintf(s->wrong, sizeof(s->wrong), "%s: %" PRIu64 ", %" PRIu64, what, a, b);
}

void subscriber_forget(struct subscriber *s)
{
	s->n_objects = 0;
}

static bool same(const struct object *a, const struct object *b)
{
	return a->id == b->id && a->dev == b->dev;
}

void subscriber_put(struct subscriber *s, const struct object *o)
{
	size_t i;

	for (i = 0; i < s->n_objects && !same(&s->object[i], o); i++)
		;
	if (i == OBJECTS) {
		subscriber_wrong(s, "too many objects", i, 0);
		return;
	}
	if (i == s->n_objects)
		s->n_objects++;
	else if (s->object[i].seq > o->seq)
		return; /* the state had it already */
	s->object[i] = *o;
}

static void drop_object(struct subscriber *s, const struct object *o)
{
	size_t i;

	for (i = 0; i < s->n_objects; i++)
		if (same(&s->object[i], o)) {
			s->object[i] = s->object[--s->n_objects];
			return;
		}
}

void subscriber_lost(struct subscriber *s, uint64_t told)
{
	s->lost = true;
	s->told += told;
}

void subscriber_sync(struct subscriber *s, uint64_t seq)
{
	if (!s->syncs++)
		s->first = seq;
	else if (!s->lost)
		subscriber_wrong(s, "a new state without a loss", s->last, seq);
	else
		s->missed += seq - s->last;
	s->last = seq;
	s->lost = false;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void subscriber_event(struct subscriber *s, uint64_t seq, const struct object *o, bool gone,
		      bool stale)
{
	uint64_t now = now_ns();

	if (seq != s->last + 1)
		subscriber_wrong(s, "an event out of order after", s->last, seq);
	s->last = seq;
	s->seen++;
	if (!o)
		return;
	if (!stale && o->time_ns && s->kind == ORDINARY && s->n_latency < s->max_latency)
		s->latency_us[s->n_latency++] = (uint32_t)((now - o->time_ns) / 1000);
	if (gone)
		drop_object(s, o);
	else
		subscriber_put(s, o);
}
