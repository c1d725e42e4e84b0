// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * storm - many subscribers under many events.
 *
 *	storm SUBSCRIBERS EVENTS ORIGIN AREA ORIGIN2 AREA2
 *
 * Threads subscribe through the library. One of them stands still until the
 * end, one has a buffer of 20 KiB, one joins in the middle. The main thread
 * makes at least EVENTS events: it renames a snapshot, moves its threshold
 * past the fill level and back, and takes and destroys another one. At the end
 * each subscriber must have the kernel's state, and have had every event or
 * been told of the gap, to the number.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "blksnap.h"

#define OBJECTS 64
#define SMALL_BUFFER (20 << 10)

enum kind { ORDINARY, STANDS_STILL, SMALL, JOINS_LATE };

struct subscriber {
	pthread_t thread;
	enum kind kind;
	struct blksnap_events *events;
	uint64_t first;	 /* number of the first state */
	uint64_t last;	 /* event or state */
	uint64_t seen;	 /* events */
	uint64_t missed; /* told as lost */
	uint64_t told;	 /* what LOST records said */
	unsigned int syncs;
	bool lost; /* since the last SYNC */
	bool synced;
	struct {
		uint32_t id;
		uint64_t seq;
		char name[BLKSNAP_NAME_MAX + 1];
		uint32_t state;
		uint32_t level;
	} object[OBJECTS];
	size_t n_objects;
	uint32_t *latency_us;
	size_t n_latency;
	char wrong[200];
};

static atomic_bool halfway, over;
static uint64_t final_seq;
static size_t max_latency;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void wrong(struct subscriber *s, const char *what, uint64_t a, uint64_t b)
{
	if (!s->wrong[0])
		snprintf(s->wrong, sizeof(s->wrong), "%s: %" PRIu64 ", %" PRIu64, what,
			 a, b);
}

static void put_object(struct subscriber *s, const struct blksnap_snapshot *snap)
{
	size_t i;

	for (i = 0; i < s->n_objects && s->object[i].id != snap->id; i++)
		;
	if (i == OBJECTS) {
		wrong(s, "too many snapshots", i, 0);
		return;
	}
	if (i == s->n_objects)
		s->n_objects++;
	else if (s->object[i].seq > snap->seq)
		return; /* the state had it already */
	s->object[i].id = snap->id;
	s->object[i].seq = snap->seq;
	s->object[i].state = snap->state;
	s->object[i].level = snap->level;
	strcpy(s->object[i].name, snap->name);
}

static void drop_object(struct subscriber *s, uint32_t id)
{
	size_t i;

	for (i = 0; i < s->n_objects; i++)
		if (s->object[i].id == id) {
			s->object[i] = s->object[--s->n_objects];
			return;
		}
}

static void on_event(struct subscriber *s, const struct blksnap_record *rec)
{
	uint64_t now = now_ns();

	if (rec->seq != s->last + 1)
		wrong(s, "an event out of order after", s->last, rec->seq);
	s->last = rec->seq;
	s->seen++;
	if (!rec->snapshot)
		return;
	if (!rec->replayed && s->kind == ORDINARY && s->n_latency < max_latency)
		s->latency_us[s->n_latency++] =
			(uint32_t)((now - rec->snapshot->time_ns) / 1000);
	if (rec->cmd == BLKSNAP_CMD_SNAPSHOT_DEL_NTF)
		drop_object(s, rec->snapshot->id);
	else if (!rec->reflected)
		put_object(s, rec->snapshot);
}

static int on_record(const struct blksnap_record *rec, void *arg)
{
	struct subscriber *s = arg;

	switch (rec->type) {
	case BLKSNAP_RECORD_STATE:
		if (!s->synced)
			s->n_objects = 0;
		s->synced = true;
		if (rec->snapshot)
			put_object(s, rec->snapshot);
		break;
	case BLKSNAP_RECORD_SYNC:
		if (!s->synced)
			s->n_objects = 0;
		if (!s->syncs++)
			s->first = rec->seq;
		else if (!s->lost)
			wrong(s, "a new state without a loss", s->last, rec->seq);
		else
			s->missed += rec->seq - s->last;
		s->last = rec->seq;
		s->lost = false;
		break;
	case BLKSNAP_RECORD_EVENT:
		on_event(s, rec);
		break;
	case BLKSNAP_RECORD_LOST:
		s->lost = true;
		s->synced = false;
		s->told += rec->lost;
		break;
	default:
		wrong(s, "the module gone", rec->type, 0);
	}
	return 0;
}

static void *subscribe(void *arg)
{
	struct subscriber *s = arg;
	struct blksnap_session *session = NULL;
	struct blksnap_error err;
	int bytes = SMALL_BUFFER;
	struct pollfd fd;

	while (s->kind == JOINS_LATE && !halfway)
		usleep(1000);
	if (blksnap_open(&session, &err) ||
	    blksnap_events_open(session, 0, on_record, s, &s->events, &err)) {
		snprintf(s->wrong, sizeof(s->wrong), "open: %.150s", err.message);
		return NULL;
	}
	fd.fd = blksnap_events_fd(s->events);
	fd.events = POLLIN;
	if (s->kind == SMALL || s->kind == STANDS_STILL)
		setsockopt(fd.fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	while (s->kind == STANDS_STILL && !over)
		usleep(10000);
	while (!over || s->last < final_seq) {
		if (poll(&fd, 1, 100) > 0 &&
		    blksnap_events_dispatch(s->events, &err) < 0) {
			snprintf(s->wrong, sizeof(s->wrong), "dispatch: %.150s",
				 err.message);
			break;
		}
	}
	blksnap_events_close(s->events);
	blksnap_close(session);
	return NULL;
}

/* ---- the storm ---- */

static struct blksnap_session *session;
static struct blksnap_error err;

static void must(int ret, const char *what)
{
	if (ret) {
		fprintf(stderr, "%s: %s\n", what, err.message);
		exit(1);
	}
}

static struct blksnap_dev device(const char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISBLK(st.st_mode)) {
		fprintf(stderr, "%s is no block device\n", path);
		exit(2);
	}
	return (struct blksnap_dev){ major(st.st_rdev), minor(st.st_rdev) };
}

static uint32_t take(const char *name, const char *origin, const char *area)
{
	struct blksnap_dev dev = device(origin);
	const struct blksnap_range range = { device(area), 0, 2048 };
	const struct blksnap_create create = {
		.name = name,
		.devices = &dev,
		.n_devices = 1,
		.ranges = &range,
		.n_ranges = 1,
		.attach = true,
	};
	struct blksnap_snapshot s;
	uint32_t id;

	must(blksnap_snapshot_create(session, &create, NULL, &s, &err), "create");
	id = s.id;
	blksnap_snapshot_clear(&s);
	return id;
}

static uint64_t seq_now(void)
{
	struct blksnap_info info;

	must(blksnap_info_get(session, &info, &err), "info");
	return info.seq;
}

static void change(uint32_t id, unsigned int n)
{
	const char *const names[] = { "even", "odd" };
	struct blksnap_settings to = { .name = names[n % 2] };

	/* All free space is below the one threshold, and none below the other. */
	if (n % 50 == 0) {
		to.has_low = true;
		to.low_sectors = n % 100 ? 4096 : 0;
	}
	must(blksnap_snapshot_set(session, id, &to, NULL, &err), "set");
}

static uint64_t storm(uint64_t events, uint32_t id, char **arg)
{
	uint64_t first = seq_now(), spent = 0, begin;
	unsigned int n;

	for (n = 0; seq_now() - first < events; n++) {
		begin = now_ns();
		change(id, n);
		spent += now_ns() - begin;
		if (seq_now() - first > events / 2)
			halfway = true;
		if (n % 200 == 100)
			must(blksnap_snapshot_destroy(session,
						      take("other", arg[2], arg[3]),
						      false, NULL, NULL, &err),
			     "destroy");
	}
	return spent / n;
}

/* ---- the judgement ---- */

static void judge(struct subscriber *s, size_t which,
		  const struct blksnap_snapshot *all, size_t count)
{
	size_t i, j;

	if (s->last != final_seq)
		wrong(s, "the last event", s->last, final_seq);
	if (s->seen + s->missed != s->last - s->first)
		wrong(s, "events seen and missed", s->seen + s->missed,
		      s->last - s->first);
	if (s->told > s->missed)
		wrong(s, "more told as lost than missed", s->told, s->missed);
	if (s->n_objects != count)
		wrong(s, "snapshots", s->n_objects, count);
	for (i = 0; i < count; i++) {
		for (j = 0; j < s->n_objects && s->object[j].id != all[i].id; j++)
			;
		if (j == s->n_objects || strcmp(s->object[j].name, all[i].name) ||
		    s->object[j].state != all[i].state ||
		    s->object[j].level != all[i].level)
			wrong(s, "another state of snapshot", all[i].id, j);
	}
	if (s->wrong[0])
		fprintf(stderr, "subscriber %zu, kind %d: %s\n", which, s->kind,
			s->wrong);
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void print_latency(const struct subscriber *subs, size_t n)
{
	uint32_t *all = calloc(n * max_latency + 1, sizeof(*all));
	size_t i, total = 0;

	for (i = 0; i < n; i++) {
		memcpy(all + total, subs[i].latency_us,
		       subs[i].n_latency * sizeof(*all));
		total += subs[i].n_latency;
	}
	qsort(all, total, sizeof(*all), by_value);
	if (total)
		printf("%zu subscribers: woken after %u us (p50), %u us (p99)\n", n,
		       all[total / 2], all[total * 99 / 100]);
	free(all);
}

static int run(size_t n, uint64_t events, char **arg, bool special)
{
	struct subscriber *subs = calloc(n, sizeof(*subs));
	struct blksnap_snapshot *all;
	uint64_t missed = 0, cost;
	size_t i, count;
	int bad = 0;
	uint32_t id;

	halfway = over = false;
	final_seq = UINT64_MAX;
	max_latency = events < 2000 ? events : 2000;
	id = take("even", arg[0], arg[1]);
	for (i = 0; i < n; i++) {
		subs[i].kind = special && i < 3 ? (enum kind)(STANDS_STILL + i) :
						  ORDINARY;
		subs[i].latency_us = calloc(max_latency, sizeof(uint32_t));
		pthread_create(&subs[i].thread, NULL, subscribe, &subs[i]);
	}
	cost = storm(events, id, arg);
	/* The level follows within the gap that is kept between two of them. */
	usleep(500000);
	must(blksnap_snapshot_set(session, id,
				  &(struct blksnap_settings){ .name = "end",
							      .has_low = true },
				  NULL, &err), "set");
	usleep(500000);
	final_seq = seq_now();
	over = true;
	must(blksnap_snapshot_list(session, &all, &count, &err), "list");
	for (i = 0; i < n; i++) {
		pthread_join(subs[i].thread, NULL);
		judge(&subs[i], i, all, count);
		bad += subs[i].wrong[0] != 0;
		missed += subs[i].missed;
	}
	printf("%zu subscribers, %" PRIu64 " events: %" PRIu64
	       " us a change%s; %" PRIu64 " missed and told\n",
	       n, events, cost / 1000, special ? ", one standing still" : "", missed);
	print_latency(subs, n);
	blksnap_snapshots_free(all, count);
	must(blksnap_snapshot_destroy(session, id, false, NULL, NULL, &err),
	     "destroy");
	for (i = 0; i < n; i++)
		free(subs[i].latency_us);
	free(subs);
	return bad;
}

int main(int argc, char **argv)
{
	uint64_t events;
	int bad;

	if (argc != 7) {
		fprintf(stderr, "usage: see storm.c\n");
		return 2;
	}
	events = strtoull(argv[2], NULL, 0);
	must(blksnap_open(&session, &err), "open");
	bad = run(1, events / 10, argv + 3, false);
	bad += run(strtoul(argv[1], NULL, 0), events, argv + 3, true);
	return bad != 0;
}
