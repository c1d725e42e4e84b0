// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * order - what is told of an object, from its first event to its last.
 *
 *	order ROUNDS ORIGIN AREA [ORIGIN AREA]...
 *
 * For each pair a thread attaches the origin, takes it, and detaches it again,
 * ROUNDS times in all, while others destroy whatever snapshot they find,
 * whatever its state. Some ask for old events all the while, for which new ones
 * wait: what is decided in one order is to be told in it, however long that
 * takes. A subscriber holds that an object's first event says that it is there,
 * its last that it is gone, and that nothing follows; and at the end has the
 * kernel's lists.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blksnap.h"
#include "device.h"

#define PAIRS_MAX 8
#define DESTROYERS 2
#define ASKERS 3
#define OBJECTS_MAX 64

static atomic_int rounds; /* left */
static atomic_uint taken, destroyed, called_off;
static atomic_bool over;

static struct blksnap_session *open_session(void)
{
	struct blksnap_session *session;
	struct blksnap_error err;

	if (!blksnap_open(&session, &err))
		return session;
	fprintf(stderr, "open: %s\n", err.message);
	exit(1);
}

/* ---- those who make it happen ---- */

struct pair {
	pthread_t thread;
	struct blksnap_dev origin, area;
};

static void *make(void *arg)
{
	struct blksnap_session *session = open_session();
	const struct pair *p = arg;
	const struct blksnap_range range = { p->area, 0, 2048 };
	const struct blksnap_create create = {
		.devices = &p->origin,
		.n_devices = 1,
		.ranges = &range,
		.n_ranges = 1,
		.attach = true,
	};
	struct blksnap_error err;

	while (atomic_fetch_sub(&rounds, 1) > 0) {
		/* In every other round it stays attached when its snapshot goes. */
		if (rounds % 2)
			blksnap_device_attach(session, p->origin, 0, NULL, &err);
		if (!blksnap_snapshot_create(session, &create, NULL, NULL, &err))
			taken++;
		else
			called_off++;
		/* Busy until its snapshot has let go of it. */
		while (blksnap_device_detach(session, p->origin, NULL, &err) == -EBUSY)
			;
	}
	blksnap_close(session);
	return NULL;
}

static void *destroy(void *arg)
{
	const struct blksnap_wait at_once = { 0, -1 };
	struct blksnap_session *session = open_session();
	struct blksnap_snapshot *all;
	struct blksnap_error err;
	size_t i, count;

	(void)arg;
	while (!over) {
		if (blksnap_snapshot_list(session, &all, &count, &err))
			continue;
		for (i = 0; i < count; i++)
			if (!blksnap_snapshot_destroy(session, all[i].id, true, &at_once, NULL,
						      &err))
				destroyed++;
		blksnap_snapshots_free(all, count);
	}
	blksnap_close(session);
	return NULL;
}

static int on_nothing(const struct blksnap_record *rec, void *arg)
{
	(void)rec;
	(void)arg;
	return 0;
}

static void *ask(void *arg)
{
	struct blksnap_session *session = open_session();
	struct blksnap_events *events;
	struct blksnap_error err;
	struct blksnap_info info;

	(void)arg;
	while (!over)
		if (!blksnap_info_get(session, &info, &err) &&
		    !blksnap_events_resume(session, info.instance,
					   info.seq > 900 ? info.seq - 900 : 0, on_nothing, NULL,
					   &events, &err))
			blksnap_events_close(events);
	blksnap_close(session);
	return NULL;
}

/* ---- the one who looks ---- */

struct object {
	bool snapshot;
	uint64_t key;
};

static struct object known[OBJECTS_MAX];
static size_t n_known;
static uint64_t last_seq;
static unsigned int wrongs;

static size_t find(struct object o)
{
	size_t i;

	for (i = 0; i < n_known; i++)
		if (known[i].snapshot == o.snapshot && known[i].key == o.key)
			break;
	return i;
}

static void wrong(const char *what, struct object o, uint64_t seq)
{
	wrongs++;
	fprintf(stderr, "event %" PRIu64 ": %s %s %" PRIx64 "\n", seq, what,
		o.snapshot ? "snapshot" : "device", o.key);
}

static void put(struct object o)
{
	if (n_known == OBJECTS_MAX) {
		fprintf(stderr, "too many objects\n");
		exit(1);
	}
	known[n_known++] = o;
}

static void see(const struct blksnap_record *rec, struct object o)
{
	size_t i = find(o);

	switch (rec->cmd) {
	case BLKSNAP_CMD_SNAPSHOT_NEW_NTF:
	case BLKSNAP_CMD_DEVICE_NEW_NTF:
		if (i < n_known)
			wrong("there twice:", o, rec->seq);
		else
			put(o);
		break;
	case BLKSNAP_CMD_SNAPSHOT_DEL_NTF:
	case BLKSNAP_CMD_DEVICE_DEL_NTF:
		if (i == n_known)
			wrong("gone, and was not there:", o, rec->seq);
		else
			known[i] = known[--n_known];
		break;
	default:
		if (i == n_known)
			wrong("something of what is not there:", o, rec->seq);
	}
}

static int on_record(const struct blksnap_record *rec, void *arg)
{
	struct object o = { 0 };

	(void)arg;
	last_seq = rec->seq;
	if (rec->type == BLKSNAP_RECORD_LOST) {
		/* What came and went in the gap is not known. */
		fprintf(stderr, "lost %" PRIu64 " events\n", rec->lost);
		wrongs++;
	}
	if (rec->type != BLKSNAP_RECORD_EVENT)
		return 0;
	o.snapshot = rec->snapshot;
	o.key = rec->snapshot ? rec->snapshot->id :
				(uint64_t)rec->device->dev.major << 32 | rec->device->dev.minor;
	see(rec, o);
	return 0;
}

static void *look(void *arg)
{
	struct blksnap_events *events = arg;
	struct blksnap_error err;
	struct pollfd fd = { .fd = blksnap_events_fd(events), .events = POLLIN };
	struct blksnap_session *session = open_session();
	struct blksnap_info info;

	for (;;) {
		bool last = over;

		if (poll(&fd, 1, 100) > 0 && blksnap_events_dispatch(events, &err) < 0) {
			fprintf(stderr, "dispatch: %s\n", err.message);
			wrongs++;
			break;
		}
		if (last && !blksnap_info_get(session, &info, &err) && last_seq >= info.seq)
			break;
	}
	blksnap_close(session);
	return NULL;
}

/* Snapshots that nobody destroyed, and devices that stayed. */
static void compare(struct blksnap_session *session)
{
	struct blksnap_snapshot *snapshots;
	struct blksnap_device *devices;
	struct blksnap_error err;
	size_t i, n_snapshots, n_devices;

	if (blksnap_snapshot_list(session, &snapshots, &n_snapshots, &err) ||
	    blksnap_device_list(session, &devices, &n_devices, &err)) {
		fprintf(stderr, "list: %s\n", err.message);
		exit(1);
	}
	if (n_known != n_snapshots + n_devices) {
		fprintf(stderr, "%zu objects by the events, %zu in the lists\n", n_known,
			n_snapshots + n_devices);
		wrongs++;
	}
	for (i = 0; i < n_snapshots; i++)
		if (find((struct object){ true, snapshots[i].id }) == n_known)
			wrong("never told of", (struct object){ true, snapshots[i].id }, 0);
	blksnap_snapshots_free(snapshots, n_snapshots);
	free(devices);
}

int main(int argc, char **argv)
{
	pthread_t destroyer[DESTROYERS], asker[ASKERS], looker;
	struct blksnap_session *session;
	struct blksnap_events *events;
	struct pair pair[PAIRS_MAX];
	struct blksnap_error err;
	int i, n = (argc - 2) / 2;

	if (argc < 4 || n > PAIRS_MAX) {
		fprintf(stderr, "usage: see order.c\n");
		return 2;
	}
	rounds = atoi(argv[1]);
	session = open_session();
	if (blksnap_events_open(session, 0, on_record, NULL, &events, &err)) {
		fprintf(stderr, "events: %s\n", err.message);
		return 1;
	}
	for (i = 0; i < n; i++) {
		pair[i].origin = device(argv[2 + 2 * i]);
		pair[i].area = device(argv[3 + 2 * i]);
	}
	pthread_create(&looker, NULL, look, events);
	for (i = 0; i < DESTROYERS; i++)
		pthread_create(&destroyer[i], NULL, destroy, NULL);
	for (i = 0; i < ASKERS; i++)
		pthread_create(&asker[i], NULL, ask, NULL);
	for (i = 0; i < n; i++)
		pthread_create(&pair[i].thread, NULL, make, &pair[i]);
	for (i = 0; i < n; i++)
		pthread_join(pair[i].thread, NULL);
	over = true;
	for (i = 0; i < DESTROYERS; i++)
		pthread_join(destroyer[i], NULL);
	for (i = 0; i < ASKERS; i++)
		pthread_join(asker[i], NULL);
	pthread_join(looker, NULL);
	compare(session);
	printf("%u taken, %u called off, %u destroyed, %" PRIu64 " events, %u wrong\n", taken,
	       called_off, destroyed, last_seq, wrongs);
	blksnap_events_close(events);
	blksnap_close(session);
	return wrongs != 0;
}
