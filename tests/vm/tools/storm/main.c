// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * storm - many subscribers under many events.
 *
 *	storm SUBSCRIBERS EVENTS ORIGIN AREA ORIGIN2 AREA2
 *
 * Threads subscribe, every other one through the library, the others with plain
 * sockets. Of each sort one stands still until the end, one has a buffer of
 * 20 KiB, one joins in the middle. The main thread makes at least EVENTS events:
 * it renames a snapshot, moves its threshold past the fill level and back, writes
 * to its origin, and takes and destroys another one. It tells what a change and a
 * write took: with one subscriber, with all of them, and with those that stand
 * still among them. At the end each subscriber must have the kernel's state, and
 * have had every event or been told of the gap, to the number.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "blksnap.h"
#include "../device.h"
#include "subscriber.h"

static size_t max_latency;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
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
	if (n % 10 == 0) {
		to.has_low = true;
		to.low_sectors = n % 20 ? 4096 : 0;
	}
	must(blksnap_snapshot_set(session, id, &to, NULL, &err), "set");
}

/* Some first overwrites, then rewrites; less than the area holds. */
static void write_some(int disk, unsigned int n)
{
	static uint8_t block[4096] __attribute__((aligned(4096)));

	block[0] = (uint8_t)n;
	if (pwrite(disk, block, sizeof(block), n % 64 * 4 * sizeof(block)) != sizeof(block)) {
		perror("write");
		exit(1);
	}
}

/* Mean times in ns. */
struct cost {
	uint64_t change, write;
};

static struct cost storm(uint64_t events, uint32_t id, char **arg)
{
	uint64_t first = seq_now(), spent = 0, written = 0, begin;
	int disk = open(arg[0], O_WRONLY | O_DIRECT);
	unsigned int n;

	for (n = 0; seq_now() - first < events; n++) {
		begin = now_ns();
		change(id, n);
		spent += now_ns() - begin;
		begin = now_ns();
		write_some(disk, n);
		written += now_ns() - begin;
		if (seq_now() - first > events / 2)
			halfway = true;
		if (n % 50 == 25)
			must(blksnap_snapshot_destroy(session, take("other", arg[2], arg[3]), false,
						      NULL, NULL, &err),
			     "destroy");
	}
	close(disk);
	return (struct cost){ n ? spent / n : 0, n ? written / n : 0 };
}

/* ---- the judgement ---- */

/* What the kernel has at the end. */
struct truth {
	struct object object[OBJECTS];
	size_t count;
};

static struct truth look(void)
{
	struct blksnap_snapshot *snapshots;
	struct blksnap_device *devices;
	struct truth truth = { .count = 0 };
	size_t n_snapshots, n_devices, i;

	must(blksnap_snapshot_list(session, &snapshots, &n_snapshots, &err), "list");
	must(blksnap_device_list(session, &devices, &n_devices, &err), "list");
	for (i = 0; i < n_snapshots; i++) {
		struct object *o = &truth.object[truth.count++];

		*o = (struct object){ .id = snapshots[i].id,
				      .state = snapshots[i].state,
				      .level = snapshots[i].level };
		strcpy(o->name, snapshots[i].name);
	}
	for (i = 0; i < n_devices; i++) {
		struct object *o = &truth.object[truth.count++];

		*o = (struct object){ .dev = object_dev(devices[i].dev.major, devices[i].dev.minor),
				      .state = devices[i].state };
		strcpy(o->name, devices[i].name);
	}
	blksnap_snapshots_free(snapshots, n_snapshots);
	free(devices);
	return truth;
}

static void judge(struct subscriber *s, size_t which, const struct truth *truth)
{
	size_t i, j;

	if (s->last != final_seq)
		subscriber_wrong(s, "the last event", s->last, final_seq);
	if (s->seen + s->missed != s->last - s->first)
		subscriber_wrong(s, "events seen and missed", s->seen + s->missed,
				 s->last - s->first);
	if (s->told > s->missed)
		subscriber_wrong(s, "more told as lost than missed", s->told, s->missed);
	if (s->n_objects != truth->count)
		subscriber_wrong(s, "objects", s->n_objects, truth->count);
	for (i = 0; i < truth->count; i++) {
		const struct object *o = &truth->object[i];

		for (j = 0;
		     j < s->n_objects && (s->object[j].id != o->id || s->object[j].dev != o->dev);
		     j++)
			;
		if (j == s->n_objects || strcmp(s->object[j].name, o->name) ||
		    s->object[j].state != o->state || s->object[j].level != o->level)
			subscriber_wrong(s, "another state of", o->id, o->dev);
	}
	if (s->wrong[0])
		fprintf(stderr, "subscriber %zu, %s, kind %d: %s\n", which,
			which % 2 ? "raw" : "library", s->kind, s->wrong);
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
		memcpy(all + total, subs[i].latency_us, subs[i].n_latency * sizeof(*all));
		total += subs[i].n_latency;
	}
	qsort(all, total, sizeof(*all), by_value);
	if (total)
		printf("%zu subscribers: woken after %u us (p50), %u us (p99)\n", n, all[total / 2],
		       all[total * 99 / 100]);
	free(all);
}

static void begin(struct subscriber *s, size_t which, bool special)
{
	/* of each sort of sockets one of each kind */
	s->kind = special && which < 6 ? (enum kind)(STANDS_STILL + which / 2) : ORDINARY;
	s->latency_us = calloc(max_latency, sizeof(uint32_t));
	s->max_latency = max_latency;
	if (!s->latency_us ||
	    pthread_create(&s->thread, NULL, which % 2 ? raw_subscribe : library_subscribe, s)) {
		fprintf(stderr, "a thread could not be begun\n");
		exit(1);
	}
}

static int run(size_t n, uint64_t events, char **arg, bool special)
{
	struct subscriber *subs = calloc(n, sizeof(*subs));
	struct truth truth;
	uint64_t missed[2] = { 0 };
	struct cost cost;
	size_t i;
	int bad = 0;
	uint64_t last;
	uint32_t id;

	halfway = over = false;
	final_seq = UINT64_MAX;
	max_latency = events < 2000 ? events : 2000;
	id = take("even", arg[0], arg[1]);
	for (i = 0; i < n; i++)
		begin(&subs[i], i, special);
	cost = storm(events, id, arg);
	/* The level follows within the gap that is kept between two of them. */
	usleep(500000);
	must(blksnap_snapshot_set(session, id,
				  &(struct blksnap_settings){ .name = "end", .has_low = true },
				  NULL, &err),
	     "set");
	/* It may be late. */
	do {
		last = seq_now();
		usleep(500000);
	} while (seq_now() != last);
	final_seq = last;
	over = true;
	truth = look();
	for (i = 0; i < n; i++) {
		pthread_join(subs[i].thread, NULL);
		judge(&subs[i], i, &truth);
		bad += subs[i].wrong[0] != 0;
		missed[i % 2] += subs[i].missed;
	}
	printf("%zu subscribers%s, %" PRIu64 " events: %" PRIu64 " us a change, %" PRIu64
	       " us a write; missed and told: %" PRIu64 " through the library, %" PRIu64
	       " through plain sockets\n",
	       n, special ? ", two standing still" : "", events, cost.change / 1000,
	       cost.write / 1000, missed[0], missed[1]);
	print_latency(subs, n);
	must(blksnap_snapshot_destroy(session, id, false, NULL, NULL, &err), "destroy");
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
		fprintf(stderr, "usage: see storm/main.c\n");
		return 2;
	}
	events = strtoull(argv[2], NULL, 0);
	must(blksnap_open(&session, &err), "open");
	bad = run(1, events / 10, argv + 3, false);
	bad += run(strtoul(argv[1], NULL, 0), events / 10, argv + 3, false);
	bad += run(strtoul(argv[1], NULL, 0), events, argv + 3, true);
	return bad != 0;
}
