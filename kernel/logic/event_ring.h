/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accounting of the last events: which numbers are still kept, how many bytes
 * they are, what was lost. It holds no messages: its caller has an array of
 * EVENT_RING_SIZE of them, indexed by event_ring_slot(), and a lock.
 *
 * An event is numbered once event_ring_push() has been told of it:
 *
 *	while ((old = event_ring_evict(ring, len)))
 *		free(msg[event_ring_slot(old)]);
 *	seq = event_ring_push(ring, len);
 *	msg[event_ring_slot(seq)] = copy;
 *
 * An event whose message could not be kept is pushed with length 0: it has
 * its number, and counts as lost.
 */
#ifndef BLKSNAP_EVENT_RING_H
#define BLKSNAP_EVENT_RING_H

#include "logic_env.h"

#define EVENT_RING_SIZE 1024

/**
 * struct event_ring - the numbers of the last events
 * @seq: number of the last event, 0 before the first
 * @oldest: first number that has a place in the ring; @seq + 1 if none has
 * @bytes: sum of @len from @oldest to @seq
 * @limit: most that @bytes may be
 * @len: bytes of each message by slot, 0 where it is lost
 */
struct event_ring {
	u64 seq;
	u64 oldest;
	size_t bytes;
	size_t limit;
	u32 len[EVENT_RING_SIZE];
};

/** event_ring_init() - an empty ring of at most @limit bytes. */
void event_ring_init(struct event_ring *r, size_t limit);

/** event_ring_slot() - where the message of @seq is. */
static inline unsigned int event_ring_slot(u64 seq)
{
	return seq % EVENT_RING_SIZE;
}

/** event_ring_next() - the number that the next push gives. */
static inline u64 event_ring_next(const struct event_ring *r)
{
	return r->seq + 1;
}

/**
 * event_ring_fits() - can a message of @len bytes be kept at all?
 *
 * One that cannot is to be pushed with length 0.
 */
static inline bool event_ring_fits(const struct event_ring *r, size_t len)
{
	return len && len <= r->limit;
}

/**
 * event_ring_evict() - make room for a message of @len bytes
 *
 * Return: the number of an event that was given up, whose message the caller
 * frees (a lost one has none) before asking again; 0 when there is room.
 */
u64 event_ring_evict(struct event_ring *r, size_t len);

/**
 * event_ring_push() - number an event
 * @len: bytes of its message, 0 if it is lost; event_ring_evict() returned 0
 *	for it
 *
 * Return: its number; the first is 1, and none is left out.
 */
u64 event_ring_push(struct event_ring *r, size_t len);

/** event_ring_first() - the first kept event from number @from on, or 0. */
u64 event_ring_first(const struct event_ring *r, u64 from);

/** event_ring_lost() - how many events after @since are not kept. */
u64 event_ring_lost(const struct event_ring *r, u64 since);

#endif /* BLKSNAP_EVENT_RING_H */
