// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tsc-rate - how many thousand times a second this processor's time stamp
 * counter ticks.
 *
 * QEMU's emulation hands the host's counter to the guest. A guest that has to
 * measure it against an emulated timer on a busy host fails now and then, and
 * goes on with a clock of 10 ms; so ./vm tells it.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* The counter at a moment, taken again if something came between. */
static uint64_t sample(uint64_t *ns)
{
	uint64_t before, after, ticks;

	do {
		before = now_ns();
		ticks = __rdtsc();
		after = now_ns();
	} while (after - before > 10000);
	*ns = before + (after - before) / 2;
	return ticks;
}

int main(void)
{
	struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };
	uint64_t ns_a, ns_b, a, b;

	a = sample(&ns_a);
	nanosleep(&pause, NULL);
	b = sample(&ns_b);
	printf("%llu\n", (unsigned long long)((b - a) * 1000000 / (ns_b - ns_a)));
	return 0;
}
