/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * subscriber: what one subscriber of the storm has seen, and whether that is
 * the truth. How it listens is another room's: library.c through the client
 * library, raw.c with a plain netlink socket and nothing but the UAPI header.
 * Each is a thread's own until that has ended.
 */
#ifndef STORM_SUBSCRIBER_H
#define STORM_SUBSCRIBER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/blksnap_genl.h>

#define SMALL_BUFFER (20 << 10)
#define OBJECTS 64

enum kind { ORDINARY, STANDS_STILL, SMALL, JOINS_LATE };

/* A snapshot, or a device with its number, as far as it is compared. */
struct object {
	uint32_t id;
	uint64_t dev; /* 0: a snapshot */
	uint64_t seq;
	uint64_t time_ns;
	char name[BLKSNAP_NAME_MAX + 1];
	uint32_t state;
	uint32_t level;
};

struct subscriber {
	pthread_t thread;
	enum kind kind;
	uint64_t first; /* number of the first state */
	uint64_t last; /* event or state */
	uint64_t seen; /* events */
	uint64_t missed; /* told as lost */
	uint64_t told; /* how many the answers say are lost */
	unsigned int syncs;
	bool lost; /* since the last sync */
	struct object object[OBJECTS];
	size_t n_objects;
	uint32_t *latency_us;
	size_t n_latency, max_latency;
	char wrong[200];
};

/* Set by the storm: half of the events are there; the last one is, and its number. */
extern atomic_bool halfway, over;
extern uint64_t final_seq;

/* The number of a device as struct object has it. */
static inline uint64_t object_dev(uint32_t major, uint32_t minor)
{
	return (uint64_t)major << 32 | minor;
}

/**
 * subscriber_wrong() - something is not as it must be; the first is kept
 */
void subscriber_wrong(struct subscriber *s, const char *what, uint64_t a, uint64_t b);

/**
 * subscriber_forget() - the objects come anew
 */
void subscriber_forget(struct subscriber *s);

/**
 * subscriber_put() - an object of the state, or as an event has it
 */
void subscriber_put(struct subscriber *s, const struct object *o);

/**
 * subscriber_lost() - it was told that events are lost; a sync must follow
 */
void subscriber_lost(struct subscriber *s, uint64_t told);

/**
 * subscriber_sync() - the state is known as of event @seq
 */
void subscriber_sync(struct subscriber *s, uint64_t seq);

/**
 * subscriber_event() - an event, which must be the next one
 * @o: its object, or NULL when the state had it already
 * @gone: the object is no more
 * @stale: what is known of the object is newer, or this came late
 */
void subscriber_event(struct subscriber *s, uint64_t seq, const struct object *o, bool gone,
		      bool stale);

/* Threads, of a struct subscriber each. */
void *library_subscribe(void *arg);
void *raw_subscribe(void *arg);

#endif
