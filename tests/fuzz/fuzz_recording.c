// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A recording is a text that may come from anybody, and what it says the kernel
 * said goes through all of the library above the socket: lists, the state of a
 * subscription, events in any order, gaps, overruns, a module that comes and
 * goes. Whatever it says, a subscriber is never given an event twice or
 * out of order, and one that is behind a gap only after it was told of it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "blksnap.h"

struct seen {
	uint64_t last;
	bool known; /* the state, so that events are counted on from @last */
	unsigned int records;
};

static int on_record(const struct blksnap_record *rec, void *arg)
{
	struct seen *seen = arg;

	switch (rec->type) {
	case BLKSNAP_RECORD_STATE:
		break;
	case BLKSNAP_RECORD_SYNC:
		seen->known = true;
		seen->last = rec->seq;
		break;
	case BLKSNAP_RECORD_EVENT:
		if (!rec->snapshot == !rec->device)
			abort();
		/* A number of a later version's event has no record. */
		if (seen->known && rec->seq <= seen->last)
			abort();
		seen->last = rec->seq;
		break;
	case BLKSNAP_RECORD_LOST:
	case BLKSNAP_RECORD_GONE:
	case BLKSNAP_RECORD_BACK:
		seen->known = false;
		break;
	}
	/* One that repeats itself for ever is left. */
	return ++seen->records < 5000 ? 0 : -1;
}

static int on_extent(const struct blksnap_extent *e, void *arg)
{
	(void)e;
	(void)arg;
	return 0;
}

static void lists(struct blksnap_session *session, struct blksnap_error *err)
{
	const struct blksnap_cbt since = { { 0 }, 0 };
	struct blksnap_range_info *ranges;
	struct blksnap_snapshot *snapshots, one;
	struct blksnap_device *devices;
	struct blksnap_stats *stats;
	struct blksnap_info info;
	size_t n;

	blksnap_info_get(session, &info, err);
	if (!blksnap_snapshot_list(session, &snapshots, &n, err))
		blksnap_snapshots_free(snapshots, n);
	if (!blksnap_snapshot_find(session, "night", &one, err))
		blksnap_snapshot_clear(&one);
	if (!blksnap_device_list(session, &devices, &n, err)) {
		if (n)
			blksnap_cbt_extents(session, devices[0].dev, &since, on_extent, NULL, NULL,
					    err);
		free(devices);
	}
	if (!blksnap_stats_list(session, &stats, &n, err))
		free(stats);
	if (!blksnap_area_list(session, 1, &ranges, &n, err))
		free(ranges);
}

static void subscribe(struct blksnap_session *session, struct blksnap_error *err)
{
	struct blksnap_events *events;
	struct seen seen = { 0 };
	int i;

	if (blksnap_events_open(session, BLKSNAP_EVENTS_WAIT, on_record, &seen, &events, err))
		return;
	for (i = 0; i < 8 && blksnap_events_dispatch(events, err) != 0; i++)
		;
	blksnap_events_close(events);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blksnap_recording *recording;
	struct blksnap_session *session;
	struct blksnap_stack *stack;
	struct blksnap_error err;
	uint64_t boot, real;
	char path[64];
	int fd = memfd_create("recording", 0);

	if (fd < 0)
		return 0;
	if (write(fd, data, size) != (ssize_t)size)
		goto close;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (blksnap_recording_read(path, &recording, &err)) {
		if (!err.errnum || !memchr(err.message, 0, sizeof(err.message)))
			abort();
		goto close;
	}
	blksnap_recording_clock(recording, &boot, &real);
	if (!blksnap_recording_session(recording, &session, &err)) {
		lists(session, &err);
		subscribe(session, &err);
		blksnap_close(session);
	}
	if (!blksnap_recording_stack(recording, &stack, &err))
		blksnap_stack_close(stack);
	blksnap_recording_free(recording);
close:
	close(fd);
	return 0;
}
