/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The numbered events: every change that subscribers are told of gets the
 * next number, is kept in a ring for those that missed it, and is sent. One
 * mutex covers all three, so numbers leave in order and without holes.
 *
 * This room knows neither netlink nor what an event is about: a sink, given
 * once, builds and sends the messages.
 *
 * Locks: the events mutex is outermost. A sink's build() reads the objects
 * under their own locks, so events_emit() is called with none of them held.
 */
#ifndef BLKSNAP_EVENTS_H
#define BLKSNAP_EVENTS_H

#include <linux/types.h>

struct sk_buff;

/**
 * struct events_sink - who builds and sends
 *
 * All are called under the events mutex in a memalloc_noio section: file
 * systems may be frozen, and memory must not wait for their writes.
 *
 * @build: the message of event number @seq about @what, or NULL without memory
 * @send: send @skb to the subscribers; takes it over
 * @lost: no message could be built: tell the subscribers that they missed one
 */
struct events_sink {
	struct sk_buff *(*build)(const void *what, u64 seq);
	void (*send)(struct sk_buff *skb);
	void (*lost)(void);
};

/**
 * struct events_state - where the numbering stands
 * @instance: random, another one after every events_init()
 * @seq: number of the last event, 0 before the first
 * @oldest: oldest event that is kept, 0 if none is
 */
struct events_state {
	u64 instance;
	u64 seq;
	u64 oldest;
};

/** events_init() - start numbering at 1. Context: process, before any emit. */
void events_init(void);
/** events_exit() - forget all, after events_set_sink(NULL). Context: process, may sleep. */
void events_exit(void);

/**
 * events_set_sink() - who builds and sends from now on; NULL: nobody
 *
 * Context: process, may sleep. The former sink is not called any more when
 * this returns. Events that nobody sends are numbered, and lost.
 */
void events_set_sink(const struct events_sink *sink);

/**
 * events_emit() - number, keep and send one event
 * @what: what it is about, for the sink's build()
 *
 * The change itself is made before this is called: then an object that is
 * read after events_seq() reflects every event up to that number.
 *
 * Context: process, may sleep, never with a lock held that build() takes.
 */
void events_emit(const void *what);

/** events_seq() - number of the last event. Context: any. */
u64 events_seq(void);

/** events_state() - where the numbering stands. Context: process, may sleep. */
void events_state(struct events_state *st);

/**
 * events_lost() - what of the events after @since is not kept
 * @st: set to where the numbering stands at the same moment
 *
 * Context: process, may sleep. Return: how many.
 */
u64 events_lost(u64 since, struct events_state *st);

/**
 * events_walk() - go through the kept events
 * @next: number to begin with; set behind the last event that was seen
 * @until: last number wanted
 * @see: given each message; another value than 0 ends the walk before it
 * @arg: for @see
 *
 * Context: process, may sleep; @see is called under the events mutex.
 * Return: 0 at the end, or what @see returned.
 */
int events_walk(u64 *next, u64 until,
		int (*see)(void *arg, const void *msg, size_t len), void *arg);

#endif /* BLKSNAP_EVENTS_H */
