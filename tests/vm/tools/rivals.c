// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rivals - several who want a snapshot of one device at once.
 *
 *	rivals ROUNDS ORIGIN AREA AREA [AREA]...
 *
 * A thread for each area attaches and takes the origin, if no other one has it, and
 * destroys what it made, ROUNDS times. One alone has it at a time; all others are told
 * that it is taken. At the end nobody has it, and so it is not tracked any more.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "blksnap.h"
#include "device.h"

#define RIVALS_MAX 8

static struct blksnap_dev origin;
static unsigned long rounds;
static atomic_ulong taken, refused;

static _Noreturn void failed(const char *what, const struct blksnap_error *err)
{
	fprintf(stderr, "%s: %s\n", what, err->message);
	exit(1);
}

static void *rival(void *arg)
{
	const struct blksnap_dev *area = arg;
	const struct blksnap_range range = { *area, 0, 2048 };
	const struct blksnap_create create = {
		.devices = &origin,
		.n_devices = 1,
		.ranges = &range,
		.n_ranges = 1,
		.attach = true,
	};
	struct blksnap_session *session;
	struct blksnap_snapshot made;
	struct blksnap_error err;
	unsigned long i;

	if (blksnap_open(&session, &err))
		failed("open", &err);
	for (i = 0; i < rounds; i++) {
		if (blksnap_snapshot_create(session, &create, NULL, &made, &err)) {
			if (err.errnum != EBUSY)
				failed("create", &err);
			refused++;
			continue;
		}
		taken++;
		if (blksnap_snapshot_destroy(session, made.id, true, NULL, NULL, &err))
			failed("destroy", &err);
		blksnap_snapshot_clear(&made);
	}
	blksnap_close(session);
	return NULL;
}

int main(int argc, char **argv)
{
	struct blksnap_dev area[RIVALS_MAX];
	pthread_t thread[RIVALS_MAX];
	struct blksnap_device *devices;
	struct blksnap_session *session;
	struct blksnap_error err;
	int i, n = argc - 3;
	size_t count;

	if (n < 2 || n > RIVALS_MAX) {
		fprintf(stderr, "usage: see rivals.c\n");
		return 2;
	}
	rounds = strtoul(argv[1], NULL, 0);
	origin = device(argv[2]);
	for (i = 0; i < n; i++) {
		area[i] = device(argv[3 + i]);
		pthread_create(&thread[i], NULL, rival, &area[i]);
	}
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	if (blksnap_open(&session, &err) ||
	    blksnap_device_list(session, &devices, &count, &err))
		failed("list", &err);
	printf("%lu taken, %lu refused, %zu devices left\n", taken, refused, count);
	free(devices);
	blksnap_close(session);
	/* without a refusal there was no race */
	return count || !taken || !refused;
}
