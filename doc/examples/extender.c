// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extender - gives a snapshot more space whenever its area runs low.
 *
 *	extender SNAPSHOT DEVICE FIRST-MIB STEP-MIB
 *
 * SNAPSHOT is a name or UUID. Space is taken from DEVICE, STEP-MIB at a time
 * from FIRST-MIB on, until the snapshot is gone (status 0) or DEVICE is used up
 * or something else is in the way (status 1). Give the snapshot a grace time:
 * then its writers wait for the extension rather than lose the snapshot.
 *
 *	cc extender.c $(pkg-config --cflags --libs libblksnap)
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <blksnap.h>

#define SECTORS_PER_MIB 2048u

struct extender {
	struct blksnap_session *requests; /* not the subscription's: see blksnap.h */
	uint32_t id;
	struct blksnap_dev dev;
	uint64_t next_sector;
	uint64_t step_sectors;
	bool present; /* in the state that is being told */
	bool gone;
};

static int extend(struct extender *x)
{
	const struct blksnap_range range = {
		.dev = x->dev,
		.start_sectors = x->next_sector,
		.count_sectors = x->step_sectors,
	};
	struct blksnap_error err;
	int ret = blksnap_area_append(x->requests, x->id, &range, 1, NULL, &err);

	if (ret == -ENOENT) /* destroyed meanwhile: an event will say so */
		return 0;
	if (ret) {
		fprintf(stderr, "extender: %s\n", err.message);
		return ret;
	}
	x->next_sector += x->step_sectors;
	printf("extended by %llu MiB\n",
	       (unsigned long long)(x->step_sectors / SECTORS_PER_MIB));
	fflush(stdout);
	return 0;
}

/* Called with the state first, then with every change. */
static int on_record(const struct blksnap_record *record, void *arg)
{
	const struct blksnap_snapshot *s = record->snapshot;
	struct extender *x = arg;

	switch (record->type) {
	case BLKSNAP_RECORD_STATE:
	case BLKSNAP_RECORD_EVENT:
		if (!s || s->id != x->id || record->reflected)
			return 0;
		x->present = true;
		if (record->cmd == BLKSNAP_CMD_SNAPSHOT_DEL_NTF ||
		    s->state == BLKSNAP_SNAPSHOT_STATE_OVERFLOW ||
		    s->state == BLKSNAP_SNAPSHOT_STATE_FAILED)
			x->gone = true;
		else if (s->level == BLKSNAP_AREA_LEVEL_LOW &&
			 (record->type == BLKSNAP_RECORD_STATE ||
			  record->cmd == BLKSNAP_CMD_AREA_LEVEL_NTF))
			return extend(x);
		return 0;
	case BLKSNAP_RECORD_LOST: /* a new state follows */
		x->present = false;
		return 0;
	case BLKSNAP_RECORD_SYNC: /* all of the state has been told */
		x->gone |= !x->present;
		if (!x->gone) {
			printf("watching\n");
			fflush(stdout);
		}
		return 0;
	case BLKSNAP_RECORD_GONE:
		x->gone = true;
		return 0;
	case BLKSNAP_RECORD_BACK:
		return 0;
	}
	return 0;
}

static int watch(struct extender *x, struct blksnap_session *session,
		 struct blksnap_error *err)
{
	struct blksnap_events *events;
	struct pollfd fd = { .events = POLLIN };
	int ret;

	ret = blksnap_events_open(session, 0, on_record, x, &events, err);
	if (ret < 0)
		return ret;
	fd.fd = blksnap_events_fd(events);
	while (ret >= 0 && !x->gone) {
		if (poll(&fd, 1, -1) < 0 && errno != EINTR)
			break;
		ret = blksnap_events_dispatch(events, err);
	}
	blksnap_events_close(events);
	return ret < 0 ? ret : 0;
}

int main(int argc, char **argv)
{
	struct blksnap_session *session = NULL;
	struct blksnap_snapshot snapshot;
	struct blksnap_error err = { 0 };
	struct extender x = { 0 };
	struct stat st;
	int ret;

	if (argc != 5 || stat(argv[2], &st) || !S_ISBLK(st.st_mode)) {
		fprintf(stderr, "usage: extender SNAPSHOT DEVICE FIRST-MIB STEP-MIB\n");
		return 2;
	}
	x.dev.major = major(st.st_rdev);
	x.dev.minor = minor(st.st_rdev);
	x.next_sector = strtoull(argv[3], NULL, 10) * SECTORS_PER_MIB;
	x.step_sectors = strtoull(argv[4], NULL, 10) * SECTORS_PER_MIB;

	ret = blksnap_open(&session, &err);
	if (ret == 0)
		ret = blksnap_open(&x.requests, &err);
	if (ret == 0)
		ret = blksnap_snapshot_find(session, argv[1], &snapshot, &err);
	if (ret == 0) {
		x.id = snapshot.id;
		blksnap_snapshot_clear(&snapshot);
		ret = watch(&x, session, &err);
	}
	if (ret)
		fprintf(stderr, "extender: %s\n", err.message);
	blksnap_close(x.requests);
	blksnap_close(session);
	return ret != 0;
}
