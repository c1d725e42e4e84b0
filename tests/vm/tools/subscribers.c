// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * subscribers - what subscribers cost, and how soon they know. For ./dev bench.
 *
 *	subscribers cost CHANGES ORIGIN AREA
 *		what a change of a snapshot, which sends an event, and what a
 *		first overwrite of 4 KiB takes: without a subscriber, with one
 *		that reads, and with one that has stopped, its buffer full
 *	subscribers latency N ROUNDS ORIGIN AREA
 *		from the write that takes an area below its threshold until N
 *		subscribers are awake with the event decoded
 */
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "blksnap.h"
#include "device.h"

#define BLOCK 4096
#define NEVER (UINT64_C(1) << 30) /* sectors: a threshold that is always passed */

static struct blksnap_session *session;
static _Thread_local struct blksnap_error err;

static _Noreturn void failed(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static void must(int ret, const char *what)
{
	if (ret)
		failed(what, err.message);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- a snapshot, and writes to its origin ---- */

static int origin;
static off_t next_block;
static void *block;

static uint32_t take(const char *path, const char *area)
{
	struct blksnap_dev dev = device(path);
	const struct blksnap_range range = { device(area), 0, UINT64_C(96) << 11 };
	const struct blksnap_create create = {
		.devices = &dev,
		.n_devices = 1,
		.ranges = &range,
		.n_ranges = 1,
		.has_low = true,
		.attach = true,
	};
	struct blksnap_snapshot s;
	uint32_t id;

	must(blksnap_snapshot_create(session, &create, NULL, &s, &err), "create");
	id = s.id;
	blksnap_snapshot_clear(&s);
	next_block = 0;
	if (!block && posix_memalign(&block, BLOCK, BLOCK))
		failed("memory", "none");
	memset(block, 0x5a, BLOCK);
	origin = open(path, O_WRONLY | O_DIRECT);
	if (origin < 0)
		failed(path, "cannot be opened");
	return id;
}

static void drop(uint32_t id)
{
	close(origin);
	must(blksnap_snapshot_destroy(session, id, false, NULL, NULL, &err), "destroy");
}

/* Every 16th block: the first write to it copies it. */
static void overwrite(void)
{
	if (pwrite(origin, block, BLOCK, next_block * BLOCK) != BLOCK)
		failed("write", "failed");
	next_block += 16;
}

/* ---- subscribers ---- */

struct subscriber {
	pthread_t thread;
	bool stopped;
	uint64_t *latency;
	size_t n;
};

static atomic_bool over;
static atomic_uint ready, woken;
static atomic_uint_fast64_t crossed;

static int on_record(const struct blksnap_record *rec, void *arg)
{
	struct subscriber *s = arg;

	if (rec->type != BLKSNAP_RECORD_EVENT || rec->cmd != BLKSNAP_CMD_AREA_LEVEL_NTF ||
	    rec->snapshot->level != BLKSNAP_AREA_LEVEL_LOW ||
	    rec->snapshot->cause != BLKSNAP_CHANGE_CAUSE_LEVEL || !s->latency)
		return 0;
	s->latency[s->n++] = now_ns() - crossed;
	woken++;
	return 0;
}

static void *subscribe(void *arg)
{
	struct blksnap_session *own;
	struct blksnap_events *events;
	struct subscriber *s = arg;
	struct pollfd fd = { .events = POLLIN };

	must(blksnap_open(&own, &err), "open");
	must(blksnap_events_open(own, 0, on_record, s, &events, &err), "subscribe");
	fd.fd = blksnap_events_fd(events);
	ready++;
	while (!over) {
		if (s->stopped)
			usleep(10000);
		else if (poll(&fd, 1, 100) > 0 && blksnap_events_dispatch(events, &err) < 0)
			failed("dispatch", err.message);
	}
	blksnap_events_close(events);
	blksnap_close(own);
	return NULL;
}

static void begin(struct subscriber *s, unsigned int n)
{
	unsigned int i;

	over = false;
	ready = 0;
	for (i = 0; i < n; i++)
		if (pthread_create(&s[i].thread, NULL, subscribe, &s[i]))
			failed("thread", "none");
	while (ready < n)
		usleep(1000);
}

static void end(struct subscriber *s, unsigned int n)
{
	unsigned int i;

	over = true;
	for (i = 0; i < n; i++)
		pthread_join(s[i].thread, NULL);
}

/* ---- cost ---- */

struct cost {
	uint64_t change_ns, write_ns;
};

static uint64_t change(uint32_t id, unsigned int n)
{
	const char *const names[] = { "even", "odd" };
	const struct blksnap_settings to = { .name = names[n % 2] };
	uint64_t at = now_ns();

	must(blksnap_snapshot_set(session, id, &to, NULL, &err), "set");
	return now_ns() - at;
}

/* The fill level moves under the writes, too, as often as it is told. */
static struct cost measure(char **path, unsigned int changes)
{
	uint32_t id = take(path[0], path[1]);
	struct blksnap_settings level = { .has_low = true };
	struct cost cost = { 0 };
	unsigned int i;
	uint64_t at;

	/* More than any buffer holds. */
	for (i = 0; i < 2000; i++)
		change(id, i);
	for (i = 0; i < changes; i++)
		cost.change_ns += change(id, i);
	for (i = 0; i < 2000; i++) {
		if (i % 20 == 0) {
			level.low_sectors = i % 40 ? 0 : NEVER;
			must(blksnap_snapshot_set(session, id, &level, NULL, &err), "set");
		}
		at = now_ns();
		overwrite();
		cost.write_ns += now_ns() - at;
	}
	drop(id);
	cost.change_ns /= changes;
	cost.write_ns /= 2000;
	return cost;
}

static int print_cost(char **path, unsigned int changes)
{
	struct subscriber reads = { 0 }, stops = { .stopped = true };
	struct cost none, one, stopped, again;

	none = measure(path, changes);
	begin(&reads, 1);
	one = measure(path, changes);
	end(&reads, 1);
	begin(&stops, 1);
	stopped = measure(path, changes);
	end(&stops, 1);
	again = measure(path, changes);
	printf("%-32s %12s %8s %12s %8s\n", "", "change, us", "ratio", "write, us", "ratio");
#define ROW(what, c) \
	printf("%-32s %12.2f %8.3f %12.2f %8.3f\n", what, (double)(c).change_ns / 1e3, \
	       (double)(c).change_ns / (double)none.change_ns, (double)(c).write_ns / 1e3, \
	       (double)(c).write_ns / (double)none.write_ns)
	ROW("no subscriber", none);
	ROW("one that reads", one);
	ROW("one that has stopped", stopped);
	ROW("no subscriber, again", again);
	return 0;
}

/* ---- latency ---- */

static uint64_t free_sectors(uint32_t id, uint32_t *level)
{
	struct blksnap_snapshot s;
	uint64_t left;

	must(blksnap_snapshot_get(session, id, &s, &err), "snapshot");
	left = s.area_total_sectors - s.area_used_sectors;
	*level = s.level;
	blksnap_snapshot_clear(&s);
	return left;
}

static void set_low(uint32_t id, uint64_t low)
{
	const struct blksnap_settings to = {
		.has_low = true, .low_sectors = low, .has_clear = true, .clear_sectors = low
	};

	must(blksnap_snapshot_set(session, id, &to, NULL, &err), "set");
}

static void cross(uint32_t id, unsigned int n)
{
	unsigned int waited, writes = 0;
	uint32_t level;

	/* What is free is enough, but for a few blocks. */
	set_low(id, free_sectors(id, &level) - 16);
	usleep(10000);
	woken = 0;
	do {
		if (writes++ > 8)
			failed("threshold", "not passed");
		crossed = now_ns();
		overwrite();
		for (waited = 0; !woken && waited < 200; waited++)
			usleep(1000);
	} while (!woken);
	for (waited = 0; woken < n; waited++) {
		if (waited > 60000)
			failed("wake-up", "not all within a minute");
		usleep(1000);
	}
	set_low(id, 0);
	while (free_sectors(id, &level), level != BLKSNAP_AREA_LEVEL_OK)
		usleep(10000);
	/* The next one is not put off for being too soon. */
	usleep(150000);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int print_latency(char **path, unsigned int n, unsigned int rounds)
{
	struct subscriber *s = calloc(n, sizeof(*s));
	uint64_t *all = calloc((size_t)n * rounds, sizeof(*all));
	uint32_t id = take(path[0], path[1]);
	size_t total = 0;
	unsigned int i;

	if (!s || !all)
		failed("memory", "none");
	for (i = 0; i < n; i++)
		s[i].latency = all + (size_t)i * rounds;
	begin(s, n);
	for (i = 0; i < rounds; i++)
		cross(id, n);
	end(s, n);
	drop(id);
	for (i = 0; i < n; i++)
		total += s[i].n;
	if (total != (size_t)n * rounds)
		failed("wake-ups", "some twice");
	qsort(all, total, sizeof(*all), by_value);
	printf("%u subscriber%s, %u crossings: awake after %.1f us (p50), %.1f us (p99)\n", n,
	       n == 1 ? "" : "s", rounds, (double)all[total / 2] / 1e3,
	       (double)all[total * 99 / 100] / 1e3);
	free(all);
	free(s);
	return 0;
}

int main(int argc, char **argv)
{
	must(blksnap_open(&session, &err), "open");
	if (argc == 5 && !strcmp(argv[1], "cost"))
		return print_cost(argv + 3, (unsigned int)atoi(argv[2]));
	if (argc == 6 && !strcmp(argv[1], "latency"))
		return print_latency(argv + 4, (unsigned int)atoi(argv[2]),
				     (unsigned int)atoi(argv[3]));
	fprintf(stderr, "usage: see subscribers.c\n");
	return 2;
}
