// SPDX-License-Identifier: GPL-2.0-or-later
/* A subscriber: what the events told must be what is. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define MAX_KNOWN 4096

static struct blksnap_session *own_session;
static struct blksnap_events *events;
static uint64_t last_seq;
static struct known {
	uint32_t state;
	bool there;
} known[MAX_KNOWN]; /* by id */

static bool goes_on(uint32_t from, uint32_t to)
{
	switch (from) {
	case BLKSNAP_SNAPSHOT_STATE_OVERFLOW:
	case BLKSNAP_SNAPSHOT_STATE_FAILED:
		return to == from || to == BLKSNAP_SNAPSHOT_STATE_DESTROYING;
	case BLKSNAP_SNAPSHOT_STATE_DESTROYING:
		return to == from;
	case BLKSNAP_SNAPSHOT_STATE_TAKEN:
		return to != BLKSNAP_SNAPSHOT_STATE_CREATED && to != BLKSNAP_SNAPSHOT_STATE_TAKING;
	default:
		return true;
	}
}

static int on_record(const struct blksnap_record *r, void *arg)
{
	const struct blksnap_snapshot *s = r->snapshot;
	struct known *k = s ? &known[s->id % MAX_KNOWN] : NULL;

	(void)arg;
	/* what does not come again with the state that follows is gone */
	if (r->type == BLKSNAP_RECORD_LOST)
		memset(known, 0, sizeof(known));
	if (r->type == BLKSNAP_RECORD_SYNC && r->seq > last_seq)
		last_seq = r->seq;
	if (r->type == BLKSNAP_RECORD_EVENT) {
		if (r->seq != last_seq + 1 && !r->reflected)
			fail("event %llu follows %llu", (unsigned long long)r->seq,
			     (unsigned long long)last_seq);
		last_seq = r->seq;
	}
	if (!k)
		return 0;
	if (r->type == BLKSNAP_RECORD_EVENT && k->there && !goes_on(k->state, s->state))
		fail("events: snapshot %u went from %s to %s", s->id,
		     blksnap_snapshot_state_word(k->state), blksnap_snapshot_state_word(s->state));
	k->there = r->cmd != BLKSNAP_CMD_SNAPSHOT_DEL_NTF || r->type != BLKSNAP_RECORD_EVENT;
	k->state = s->state;
	return 0;
}

void watch_open(void)
{
	struct blksnap_error err = { 0 };

	if (blksnap_open(&own_session, &err) ||
	    blksnap_events_open(own_session, 0, on_record, NULL, &events, &err))
		fail("events: %s", err.message);
}

static void catch_up(void)
{
	struct pollfd pfd = { .fd = blksnap_events_fd(events), .events = POLLIN };
	struct blksnap_error err = { 0 };
	struct blksnap_info info;
	unsigned int tries;

	if (blksnap_info_get(session, &info, &err))
		fail("info: %s", err.message);
	for (tries = 0; tries < 300; tries++) {
		if (blksnap_events_dispatch(events, &err) < 0)
			fail("events: %s", err.message);
		if (last_seq >= info.seq)
			return;
		poll(&pfd, 1, 100);
	}
	fail("event %llu has not come, the last is %llu", (unsigned long long)info.seq,
	     (unsigned long long)last_seq);
}

/* The first difference, or NULL. */
static const struct snap *differs(uint32_t *state)
{
	struct blksnap_snapshot info = { 0 };
	struct blksnap_error err = { 0 };
	unsigned int i;

	for (i = 0; i < MAX_SNAPS; i++) {
		if (!snaps[i].used)
			continue;
		if (blksnap_snapshot_get(session, snaps[i].id, &info, &err))
			fail("%s: %s", snaps[i].name, err.message);
		*state = info.state;
		blksnap_snapshot_clear(&info);
		if (!known[snaps[i].id % MAX_KNOWN].there ||
		    known[snaps[i].id % MAX_KNOWN].state != *state)
			return &snaps[i];
	}
	return NULL;
}

void watch_check(void)
{
	const struct snap *s = NULL;
	unsigned int tries, i, there = 0, used = 0;
	uint32_t state;

	for (tries = 0; tries < 20; tries++) {
		catch_up();
		s = differs(&state);
		if (!s)
			break;
	}
	if (s)
		fail("%s is %s, the events said %s", s->name, blksnap_snapshot_state_word(state),
		     blksnap_snapshot_state_word(known[s->id % MAX_KNOWN].state));
	for (i = 0; i < MAX_KNOWN; i++)
		there += known[i].there;
	for (i = 0; i < MAX_SNAPS; i++)
		used += snaps[i].used;
	if (there != used)
		fail("the events tell of %u snapshots, there are %u", there, used);
}

void watch_close(void)
{
	blksnap_events_close(events);
	blksnap_close(own_session);
}
