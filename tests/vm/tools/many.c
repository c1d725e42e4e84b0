// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * many - long lists through the library.
 *
 *	many attach DEV...	attach all; devices and counters are listed once each
 *	many detach DEV...
 *	many churn LISTS DEV...	list LISTS times while threads attach, take,
 *				destroy and detach beside: what is there all the
 *				while is in each list once
 *	many extents DEV N	N changed extents of 4 KiB, every second cell:
 *				all are told, in order
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "blksnap.h"
#include "device.h"

#define CELL_SECTORS 8u
#define CHURNERS 4u

static struct blksnap_session *session;
static _Thread_local struct blksnap_error err;

static void must(int ret, const char *what)
{
	if (ret) {
		fprintf(stderr, "%s: %s\n", what, err.message);
		exit(1);
	}
}

static _Noreturn void wrong(const char *what, uint64_t want, uint64_t got)
{
	fprintf(stderr, "%s: wanted %" PRIu64 ", got %" PRIu64 "\n", what, want, got);
	exit(1);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- lists of devices ---- */

static uint64_t key(struct blksnap_dev dev)
{
	return (uint64_t)dev.major << 32 | dev.minor;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Each of @want is once among the @count of @got; what went and came may be twice. */
static void check_list(const char *what, const uint64_t *want, size_t n, uint64_t *got,
		       size_t count)
{
	size_t i, j = 0, times;

	qsort(got, count, sizeof(*got), by_value);
	for (i = 0; i < n; i++) {
		while (j < count && got[j] < want[i])
			j++;
		for (times = 0; j < count && got[j] == want[i]; j++)
			times++;
		if (times != 1) {
			fprintf(stderr, "%s: %" PRIx64 " is there %zu times\n", what, want[i],
				times);
			exit(1);
		}
	}
}

static size_t check_devices(const uint64_t *want, size_t n)
{
	struct blksnap_device *devices;
	uint64_t *got;
	size_t i, count;

	must(blksnap_device_list(session, &devices, &count, &err), "device list");
	got = calloc(count + 1, sizeof(*got));
	for (i = 0; i < count; i++)
		got[i] = key(devices[i].dev);
	check_list("devices", want, n, got, count);
	free(got);
	free(devices);
	return count;
}

static size_t check_stats(const uint64_t *want, size_t n)
{
	struct blksnap_stats *stats;
	uint64_t *got;
	size_t i, count;

	must(blksnap_stats_list(session, &stats, &count, &err), "stats");
	got = calloc(count + 1, sizeof(*got));
	for (i = 0; i < count; i++)
		got[i] = key(stats[i].dev);
	check_list("counters", want, n, got, count);
	free(got);
	free(stats);
	return count;
}

static size_t check_snapshots(const uint64_t *want, size_t n)
{
	struct blksnap_snapshot *snapshots;
	uint64_t *got;
	size_t i, count;

	must(blksnap_snapshot_list(session, &snapshots, &count, &err), "snapshot list");
	got = calloc(count + 1, sizeof(*got));
	for (i = 0; i < count; i++)
		got[i] = snapshots[i].id;
	check_list("snapshots", want, n, got, count);
	free(got);
	blksnap_snapshots_free(snapshots, count);
	return count;
}

static int attach(char **path, size_t n)
{
	uint64_t *want = calloc(n, sizeof(*want));
	double begin;
	size_t i, got;

	for (i = 0; i < n; i++) {
		want[i] = key(device(path[i]));
		must(blksnap_device_attach(session, device(path[i]), 0, NULL, &err), path[i]);
	}
	qsort(want, n, sizeof(*want), by_value);
	begin = seconds();
	got = check_devices(want, n);
	if (got != n)
		wrong("devices", n, got);
	got = check_stats(want, n);
	if (got != n)
		wrong("counters", n, got);
	printf("%zu devices and their counters listed in %.1f s\n", n, seconds() - begin);
	free(want);
	return 0;
}

static int detach(char **path, size_t n)
{
	while (n--)
		must(blksnap_device_detach(session, device(path[n]), NULL, &err), path[n]);
	return 0;
}

/* ---- lists under churn ---- */

struct churner {
	pthread_t thread;
	struct blksnap_session *session;
	struct blksnap_dev origin, area, other;
};

static atomic_bool over;
static atomic_uint churned;

static uint32_t take(struct blksnap_session *s, struct blksnap_dev origin,
		     struct blksnap_dev area)
{
	const struct blksnap_range range = { area, 0, 2048 };
	const struct blksnap_create create = {
		.devices = &origin,
		.n_devices = 1,
		.ranges = &range,
		.n_ranges = 1,
		.attach = true,
	};
	struct blksnap_snapshot snapshot;
	uint32_t id;

	must(blksnap_snapshot_create(s, &create, NULL, &snapshot, &err), "create");
	id = snapshot.id;
	blksnap_snapshot_clear(&snapshot);
	return id;
}

static void *churn_on(void *arg)
{
	struct churner *c = arg;

	while (!over) {
		uint32_t id = take(c->session, c->origin, c->area);

		must(blksnap_device_attach(c->session, c->other, 0, NULL, &err), "attach");
		must(blksnap_snapshot_destroy(c->session, id, false, NULL, NULL, &err), "destroy");
		must(blksnap_device_detach(c->session, c->other, NULL, &err), "detach");
		churned++;
	}
	return NULL;
}

/* Of the devices the churners have three each; of the rest two make a snapshot. */
static int churn(unsigned int lists, char **path, size_t n)
{
	struct churner c[CHURNERS] = { 0 };
	uint64_t *devices = calloc(n, sizeof(*devices)), *ids = calloc(n, sizeof(*ids));
	size_t i, stay = 0, begun = 0;

	for (i = 0; i < CHURNERS && n >= 3; i++, n -= 3) {
		c[i].origin = device(path[n - 1]);
		c[i].area = device(path[n - 2]);
		c[i].other = device(path[n - 3]);
		must(blksnap_open(&c[i].session, &err), "open");
	}
	for (i = 0; i + 1 < n; i += 2, stay++) {
		ids[stay] = take(session, device(path[i]), device(path[i + 1]));
		devices[stay] = key(device(path[i]));
		/* Some in the middle of the list, in time. */
		if (i >= n / 2 && begun < CHURNERS) {
			pthread_create(&c[begun].thread, NULL, churn_on, &c[begun]);
			begun++;
		}
	}
	qsort(devices, stay, sizeof(*devices), by_value);
	if (begun < CHURNERS)
		wrong("devices for the churn", 4 * CHURNERS, n);
	for (i = 0; i < lists || churned < 2 * CHURNERS; i++) {
		check_snapshots(ids, stay);
		check_devices(devices, stay);
		check_stats(devices, stay);
	}
	over = true;
	for (i = 0; i < CHURNERS; i++) {
		pthread_join(c[i].thread, NULL);
		blksnap_close(c[i].session);
	}
	for (i = 0; i < stay; i++)
		must(blksnap_snapshot_destroy(session, (uint32_t)ids[i], false, NULL, NULL, &err),
		     "destroy");
	printf("%zu that stay listed, while %u came and went\n", stay, churned);
	free(devices);
	free(ids);
	return 0;
}

/* ---- changed extents ---- */

struct extents {
	uint64_t count, next; /* sector */
};

static int on_extent(const struct blksnap_extent *e, void *arg)
{
	struct extents *x = arg;

	if (e->start_sectors != x->next || e->count_sectors != CELL_SECTORS)
		wrong("extent at sector", x->next, e->start_sectors);
	x->next += 2 * CELL_SECTORS;
	x->count++;
	return 0;
}

static int extents(const char *path, uint64_t n)
{
	struct blksnap_extent mark[1000];
	struct blksnap_dev dev = device(path);
	struct blksnap_cbt since = { 0 };
	struct blksnap_device info;
	struct extents x = { 0 };
	double begin;
	uint64_t i;

	must(blksnap_device_attach(session, dev, CELL_SECTORS * 512, NULL, &err), "attach");
	must(blksnap_device_settle(session, dev, 60000, &info, &err), "settle");
	memcpy(since.generation, info.cbt_generation, sizeof(since.generation));
	if (info.capacity_sectors < n * 2 * CELL_SECTORS)
		wrong("sectors", n * 2 * CELL_SECTORS, info.capacity_sectors);
	begin = seconds();
	for (i = 0; i < n; i++) {
		mark[i % 1000] = (struct blksnap_extent){ i * 2 * CELL_SECTORS, CELL_SECTORS };
		if (i % 1000 == 999 || i == n - 1)
			must(blksnap_cbt_mark(session, dev, mark, i % 1000 + 1, &err), "mark");
	}
	printf("%" PRIu64 " extents marked in %.1f s", n, seconds() - begin);
	begin = seconds();
	must(blksnap_cbt_extents(session, dev, &since, on_extent, &x, NULL, &err), "extents");
	if (x.count != n)
		wrong("extents", n, x.count);
	printf(", told in %.1f s\n", seconds() - begin);
	must(blksnap_device_detach(session, dev, NULL, &err), "detach");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: see many.c\n");
		return 2;
	}
	must(blksnap_open(&session, &err), "open");
	if (!strcmp(argv[1], "attach"))
		return attach(argv + 2, (size_t)argc - 2);
	if (!strcmp(argv[1], "detach"))
		return detach(argv + 2, (size_t)argc - 2);
	if (!strcmp(argv[1], "churn"))
		return churn((unsigned int)atoi(argv[2]), argv + 3, (size_t)argc - 3);
	if (!strcmp(argv[1], "extents") && argc == 4)
		return extents(argv[2], strtoull(argv[3], NULL, 0));
	fprintf(stderr, "usage: see many.c\n");
	return 2;
}
