// SPDX-License-Identifier: GPL-2.0
#include "stats.h"

#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/string.h>

void stats_sum(const struct dev_stats __percpu *st, struct dev_stats *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const u64 *from = (const u64 *)per_cpu_ptr(st, cpu);
		u64 *to = (u64 *)sum;
		size_t i;

		for (i = 0; i < sizeof(*sum) / sizeof(u64); i++)
			to[i] += READ_ONCE(from[i]);
	}
}

void stats_held(struct dev_stats __percpu *st, u64 ns)
{
	unsigned int bucket = ns ? ilog2(ns) : 0;

	bucket = min_t(unsigned int, bucket, STATS_HOLD_BUCKETS - 1);
	stats_add(st, held_done, 1);
	stats_add(st, held_ns, ns);
	stats_add(st, held_hist[bucket], 1);
}
