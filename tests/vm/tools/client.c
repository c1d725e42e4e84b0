// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * client - calls of the library that the command line has no verb for.
 *
 *	client tied NAME ORIGIN AREA ORIGIN2 AREA2
 *					a snapshot tied to this process: says
 *					"taken", then does as stdin says: close,
 *					exit, abort, exec, fork (a child that
 *					holds the socket on, until it is killed),
 *					or again (a new session, which may get
 *					the same port, and a snapshot "again")
 *	client many NAME ORIGIN AREA N	an area of N ranges of 8 sectors, 8 apart
 *	client set ID [name=X] [low=N] [clear=N] [grace=N]	sectors, ms
 *	client flap ID COUNT [MS]	sets a threshold that is passed, and one that
 *					is not, in turn, so long apart; prints the
 *					milliseconds
 *	client ranges ID		number of ranges of an area, and their sum
 *
 * A failure is told as "ERRNO ATTRIBUTE: MESSAGE", status 1.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "blksnap.h"
#include "device.h"

static struct blksnap_session *session;
static struct blksnap_error err;

static int failed(void)
{
	fprintf(stderr, "%d %s: %s\n", err.errnum, err.attribute, err.message);
	return 1;
}

static int take(const char *name, const char *origin, const char *area, size_t n,
		bool tied)
{
	struct blksnap_range *ranges = calloc(n, sizeof(*ranges));
	struct blksnap_dev dev = device(origin);
	struct blksnap_create create = {
		.name = name,
		.devices = &dev,
		.n_devices = 1,
		.ranges = ranges,
		.n_ranges = n,
		.attach = true,
		.socket_owner = tied,
	};
	struct blksnap_snapshot s;
	size_t i;
	int ret;

	for (i = 0; i < n; i++) {
		ranges[i].dev = device(area);
		ranges[i].start_sectors = n > 1 ? i * 16 : 0;
		ranges[i].count_sectors = n > 1 ? 8 : 0;
	}
	ret = blksnap_snapshot_create(session, &create, NULL, &s, &err);
	free(ranges);
	if (ret)
		return failed();
	printf("taken %u\n", s.id);
	fflush(stdout);
	blksnap_snapshot_clear(&s);
	return 0;
}

static int tied(char **arg)
{
	char line[32];

	if (take(arg[0], arg[1], arg[2], 1, true))
		return 1;
	while (fgets(line, sizeof(line), stdin)) {
		if (!strcmp(line, "close\n")) {
			blksnap_close(session);
			session = NULL;
			puts("closed");
			fflush(stdout);
		} else if (!strcmp(line, "exit\n")) {
			_exit(0);
		} else if (!strcmp(line, "abort\n")) {
			abort();
		} else if (!strcmp(line, "exec\n")) {
			execlp("sleep", "sleep", "1000", (char *)NULL);
		} else if (!strcmp(line, "fork\n")) {
			pid_t pid = fork();

			if (!pid)
				pause();
			printf("child %d\n", (int)pid);
			fflush(stdout);
		} else if (!strcmp(line, "again\n")) {
			blksnap_close(session);
			if (blksnap_open(&session, &err) ||
			    take("again", arg[3], arg[4], 1, true))
				return failed();
		}
	}
	pause();
	return 0;
}

static int set(int argc, char **arg)
{
	struct blksnap_settings to = { 0 };
	struct blksnap_snapshot s;
	int i;

	for (i = 1; i < argc; i++) {
		char *value = strchr(arg[i], '=') + 1;

		if (!strncmp(arg[i], "name=", 5)) {
			to.name = value;
		} else if (!strncmp(arg[i], "low=", 4)) {
			to.has_low = true;
			to.low_sectors = strtoull(value, NULL, 0);
		} else if (!strncmp(arg[i], "clear=", 6)) {
			to.has_clear = true;
			to.clear_sectors = strtoull(value, NULL, 0);
		} else if (!strncmp(arg[i], "grace=", 6)) {
			to.has_grace = true;
			to.grace_ms = (uint32_t)strtoul(value, NULL, 0);
		}
	}
	if (blksnap_snapshot_set(session, (uint32_t)atoi(arg[0]), &to, &s, &err))
		return failed();
	printf("%s low=%llu clear=%llu grace=%u\n", s.name,
	       (unsigned long long)s.low_sectors,
	       (unsigned long long)s.clear_sectors, s.grace_ms);
	blksnap_snapshot_clear(&s);
	return 0;
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int flap(const char *id, int count, int pause_ms)
{
	struct blksnap_settings to = { .has_low = true };
	long long begin = now_ms();
	int i;

	for (i = 1; i <= count; i++) {
		to.low_sectors = i % 2 ? UINT64_C(1) << 30 : 0;
		if (blksnap_snapshot_set(session, (uint32_t)atoi(id), &to, NULL, &err))
			return failed();
		usleep((useconds_t)pause_ms * 1000);
	}
	printf("%lld\n", now_ms() - begin);
	return 0;
}

static int list_ranges(const char *id)
{
	struct blksnap_range_info *ranges;
	unsigned long long sum = 0;
	size_t i, n;

	if (blksnap_area_list(session, (uint32_t)atoi(id), &ranges, &n, &err))
		return failed();
	for (i = 0; i < n; i++) {
		sum += ranges[i].count_sectors;
		if (i && ranges[i].start_sectors <= ranges[i - 1].start_sectors) {
			fprintf(stderr, "range %zu is out of order or twice\n", i);
			return 1;
		}
	}
	printf("%zu %llu\n", n, sum);
	free(ranges);
	return 0;
}

int main(int argc, char **argv)
{
	if (blksnap_open(&session, &err))
		return failed();
	if (argc == 7 && !strcmp(argv[1], "tied"))
		return tied(argv + 2);
	if (argc == 6 && !strcmp(argv[1], "many"))
		return take(argv[2], argv[3], argv[4], strtoul(argv[5], NULL, 0),
			    false);
	if (argc >= 3 && !strcmp(argv[1], "set"))
		return set(argc - 2, argv + 2);
	if ((argc == 4 || argc == 5) && !strcmp(argv[1], "flap"))
		return flap(argv[2], atoi(argv[3]), argc == 5 ? atoi(argv[4]) : 0);
	if (argc == 3 && !strcmp(argv[1], "ranges"))
		return list_ranges(argv[2]);
	fprintf(stderr, "usage: see client.c\n");
	return 2;
}
