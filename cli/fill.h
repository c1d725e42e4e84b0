/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fill: how fast areas fill, and when they will be full, from what was seen of them
 * in the last seconds. Pure: times are arguments.
 *
 * A rate that was not seen is not known; an area that did not fill is never full.
 */
#ifndef BLKSNAP_CLI_FILL_H
#define BLKSNAP_CLI_FILL_H

#include <blksnap.h>

#define FILL_WINDOW_NS 15000000000ull /* what is older says nothing of now */
#define FILL_MOST_NS   10000000000ull /* of two looks: they may come late */
#define FILL_LEAST_NS	 400000000ull /* a shorter time says nothing either */
#define FILL_POINTS	 24
#define FILL_YEAR_SECONDS 31536000.0 /* later than that is as good as never */

/**
 * struct fill_one - what was seen of one area
 * @id: snapshot
 * @total_sectors: its size at all @points
 * @points: the last ones, the oldest first
 * @count: number of @points
 */
struct fill_one {
	uint32_t id;
	uint64_t total_sectors;
	struct {
		uint64_t time_ns;
		uint64_t used_sectors;
	} points[FILL_POINTS];
	size_t count;
};

/**
 * struct fill - of all areas; zero is nothing seen
 */
struct fill {
	struct fill_one *ones;
	size_t count;
};

/**
 * fill_note() - what is seen of an area now
 * @fill: what was seen; not changed without memory
 * @s: snapshot
 * @now_ns: any clock that does not go back
 */
void fill_note(struct fill *fill, const struct blksnap_snapshot *s, uint64_t now_ns);

/**
 * fill_rate() - how fast it fills
 * @bytes_per_second: result
 *
 * Return: false if that is not known.
 */
bool fill_rate(const struct fill *fill, const struct blksnap_snapshot *s,
	       double *bytes_per_second);

/**
 * fill_time() - how long until it is full, if it goes on so
 * @seconds: result
 *
 * Return: false if that is not known, it does not fill, or not within a year.
 */
bool fill_time(const struct fill *fill, const struct blksnap_snapshot *s,
	       double *seconds);

void fill_free(struct fill *fill);

#endif /* BLKSNAP_CLI_FILL_H */
