/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rate: what happened between two samples of counters. Pure.
 */
#ifndef BLKSNAP_CLI_RATE_H
#define BLKSNAP_CLI_RATE_H

#include <blksnap.h>

/**
 * struct rate - per second, over the time between the samples
 * @seconds: that time, by the kernel's time stamps
 * @writes: modifying requests
 * @write_bytes: their length
 * @cow_units: copied units
 * @cow_bytes: their length
 * @ahead_bytes: part of it that no write had asked for
 * @store_bytes: written to the area
 * @held: held writes
 * @held_each_ns: how long one was held on average (not per second)
 * @image_reads: reads of the image
 * @image_read_bytes: their length
 */
struct rate {
	double seconds;
	double writes;
	double write_bytes;
	double cow_units;
	double cow_bytes;
	double ahead_bytes;
	double store_bytes;
	double held;
	double held_each_ns;
	double image_reads;
	double image_read_bytes;
};

/**
 * rate_between() - rates from two samples
 * @before: earlier sample
 * @after: later sample of the same device
 * @rate: result
 *
 * Return: false if the samples do not compare: another epoch, or no time between.
 */
bool rate_between(const struct blksnap_stats *before,
		  const struct blksnap_stats *after, struct rate *rate);

#endif /* BLKSNAP_CLI_RATE_H */
