// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * library: a subscriber on the client library.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "blksnap.h"
#include "subscriber.h"

struct listener {
	struct subscriber *s;
	bool synced; /* the state is whole; the next one begins anew */
};

static struct object object_of(const struct blksnap_snapshot *snap)
{
	struct object o = {
		.id = snap->id,
		.seq = snap->seq,
		.time_ns = snap->time_ns,
		.state = snap->state,
		.level = snap->level,
	};

	strcpy(o.name, snap->name);
	return o;
}

static struct object object_of_device(const struct blksnap_device *dev)
{
	struct object o = {
		.dev = object_dev(dev->dev.major, dev->dev.minor),
		.seq = dev->seq,
		.state = dev->state,
	};

	strcpy(o.name, dev->name);
	return o;
}

static int on_record(const struct blksnap_record *rec, void *arg)
{
	struct listener *l = arg;
	struct subscriber *s = l->s;
	struct object o = { 0 };

	if (rec->snapshot)
		o = object_of(rec->snapshot);
	else if (rec->device)
		o = object_of_device(rec->device);
	switch (rec->type) {
	case BLKSNAP_RECORD_STATE:
		if (l->synced)
			subscriber_forget(s);
		l->synced = false;
		subscriber_put(s, &o);
		break;
	case BLKSNAP_RECORD_SYNC:
		if (l->synced)
			subscriber_forget(s);
		l->synced = true;
		subscriber_sync(s, rec->seq);
		break;
	case BLKSNAP_RECORD_EVENT:
		subscriber_event(s, rec->seq, rec->reflected ? NULL : &o,
				 rec->cmd == BLKSNAP_CMD_SNAPSHOT_DEL_NTF ||
					 rec->cmd == BLKSNAP_CMD_DEVICE_DEL_NTF,
				 rec->replayed);
		break;
	case BLKSNAP_RECORD_LOST:
		subscriber_lost(s, rec->lost);
		break;
	default:
		subscriber_wrong(s, "the module gone", rec->type, 0);
	}
	return 0;
}

void *library_subscribe(void *arg)
{
	struct listener listener = { .s = arg, .synced = true };
	struct subscriber *s = arg;
	struct blksnap_session *session = NULL;
	struct blksnap_events *events;
	struct blksnap_error err;
	int bytes = SMALL_BUFFER;
	struct pollfd fd;

	while (s->kind == JOINS_LATE && !halfway)
		usleep(1000);
	if (blksnap_open(&session, &err) ||
	    blksnap_events_open(session, 0, on_record, &listener, &events, &err)) {
		snprintf(s->wrong, sizeof(s->wrong), "open: %.150s", err.message);
		return NULL;
	}
	fd.fd = blksnap_events_fd(events);
	fd.events = POLLIN;
	if (s->kind == SMALL || s->kind == STANDS_STILL)
		setsockopt(fd.fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	while (s->kind == STANDS_STILL && !over)
		usleep(10000);
	while (!over || s->last < final_seq) {
		if (poll(&fd, 1, 100) > 0 && blksnap_events_dispatch(events, &err) < 0) {
			snprintf(s->wrong, sizeof(s->wrong), "dispatch: %.150s", err.message);
			break;
		}
	}
	blksnap_events_close(events);
	blksnap_close(session);
	return NULL;
}
