/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of one device: per CPU, only growing, added up when read. The bio
 * path adds without locks; a reader gets sums that each are exact once the
 * device is quiet.
 */
#ifndef BLKSNAP_STATS_H
#define BLKSNAP_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

#define STATS_HOLD_BUCKETS 32

/**
 * struct dev_stats - what is counted, units as named
 * @held_hist: bucket i counts writes held for [2^i, 2^(i+1)) ns
 */
struct dev_stats {
	u64 writes;
	u64 write_sectors;
	u64 cow_units;
	u64 cow_sectors;
	u64 cow_ahead_sectors;
	u64 store_sectors;
	u64 held;
	u64 held_done;
	u64 held_ns;
	u64 image_reads;
	u64 image_read_sectors;
	u64 image_area_sectors;
	u64 image_retry_sectors;
	u64 discard_dropped_sectors;
	u64 errors;
	u64 held_hist[STATS_HOLD_BUCKETS];
};

/* Any context. @st is a struct dev_stats __percpu pointer. */
#define stats_add(st, field, n) this_cpu_add((st)->field, (n))

/** stats_sum() - add up all CPUs' counters of @st into @sum. Context: any. */
void stats_sum(const struct dev_stats __percpu *st, struct dev_stats *sum);

/** stats_held() - account one write that was held for @ns. Context: any. */
void stats_held(struct dev_stats __percpu *st, u64 ns);

#endif /* BLKSNAP_STATS_H */
