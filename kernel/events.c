// SPDX-License-Identifier: GPL-2.0
#include "events.h"

#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/sched/mm.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "logic/event_ring.h"

/* An event is some 300 bytes; one of a large set of devices is much more. */
#define EVENTS_BYTES_MAX (2 << 20)

static DEFINE_MUTEX(events_lock);

static struct {
	u64 instance;
	u64 seq;		/* of the ring, to be read without the lock */
	/* guarded by events_lock: */
	const struct events_sink *sink;
	struct event_ring ring;
	void *msg[EVENT_RING_SIZE];
} events;

void events_init(void)
{
	do {
		events.instance = get_random_u64();
	} while (!events.instance);
	events.seq = 0;
	event_ring_init(&events.ring, EVENTS_BYTES_MAX);
}

void events_exit(void)
{
	unsigned int i;

	/* A snapshot's end may be numbered yet, though nobody sends it. */
	mutex_lock(&events_lock);
	for (i = 0; i < EVENT_RING_SIZE; i++) {
		kfree(events.msg[i]);
		events.msg[i] = NULL;
	}
	mutex_unlock(&events_lock);
}

void events_set_sink(const struct events_sink *sink)
{
	mutex_lock(&events_lock);
	events.sink = sink;
	mutex_unlock(&events_lock);
}

/* Number an event; @skb is kept as a copy, NULL is one that nobody has. */
static void number(const struct sk_buff *skb)
{
	size_t len = 0;
	void *copy = NULL;
	u64 seq;

	lockdep_assert_held(&events_lock);
	if (skb && event_ring_fits(&events.ring, skb->len))
		copy = kmemdup(skb->data, skb->len, GFP_NOIO | __GFP_NOWARN);
	if (copy)
		len = skb->len;
	while ((seq = event_ring_evict(&events.ring, len))) {
		kfree(events.msg[event_ring_slot(seq)]);
		events.msg[event_ring_slot(seq)] = NULL;
	}
	seq = event_ring_push(&events.ring, len);
	events.msg[event_ring_slot(seq)] = copy;
	/* Who reads this number then reads at least this event's change. */
	smp_store_release(&events.seq, seq);
}

void events_emit(const void *what)
{
	unsigned int noio = memalloc_noio_save();
	struct sk_buff *skb = NULL;

	mutex_lock(&events_lock);
	if (events.sink)
		skb = events.sink->build(what, event_ring_next(&events.ring));
	number(skb);
	if (skb)
		events.sink->send(skb);
	else if (events.sink)
		events.sink->lost();
	mutex_unlock(&events_lock);
	memalloc_noio_restore(noio);
}

u64 events_seq(void)
{
	return smp_load_acquire(&events.seq);
}

static void fill_state(struct events_state *st)
{
	lockdep_assert_held(&events_lock);
	st->instance = events.instance;
	st->seq = events.ring.seq;
	st->oldest = event_ring_first(&events.ring, 0);
}

void events_state(struct events_state *st)
{
	mutex_lock(&events_lock);
	fill_state(st);
	mutex_unlock(&events_lock);
}

u64 events_lost(u64 since, struct events_state *st)
{
	u64 lost;

	mutex_lock(&events_lock);
	fill_state(st);
	lost = event_ring_lost(&events.ring, since);
	mutex_unlock(&events_lock);
	return lost;
}

int events_walk(u64 *next, u64 until,
		int (*see)(void *arg, const void *msg, size_t len), void *arg)
{
	unsigned int noio = memalloc_noio_save();
	int ret = 0;
	u64 seq;

	mutex_lock(&events_lock);
	for (;;) {
		unsigned int slot;

		seq = event_ring_first(&events.ring, *next);
		if (!seq || seq > until)
			break;
		slot = event_ring_slot(seq);
		ret = see(arg, events.msg[slot], events.ring.len[slot]);
		if (ret)
			break;
		*next = seq + 1;
	}
	mutex_unlock(&events_lock);
	memalloc_noio_restore(noio);
	return ret;
}
