// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fill: see fill.h.
 */
#include <stdlib.h>
#include <string.h>

#include "fill.h"

static struct fill_one *fill_find(const struct fill *fill, uint32_t id)
{
	size_t i;

	for (i = 0; fill && i < fill->count; i++)
		if (fill->ones[i].id == id)
			return &fill->ones[i];
	return NULL;
}

static void fill_shift(struct fill_one *one, size_t gone)
{
	one->count -= gone;
	memmove(one->points, one->points + gone, one->count * sizeof(*one->points));
}

void fill_note(struct fill *fill, const struct blksnap_snapshot *s, uint64_t now_ns)
{
	struct fill_one *one = fill_find(fill, s->id);
	size_t old = 0;

	if (!BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL) ||
	    !BLKSNAP_HAS(s, SNAPSHOT_AREA_USED))
		return;
	if (!one) {
		one = reallocarray(fill->ones, fill->count + 1, sizeof(*one));
		if (!one)
			return;
		fill->ones = one;
		one += fill->count++;
		memset(one, 0, sizeof(*one));
		one->id = s->id;
	}
	/* An area that was extended, or gave copies up, starts over. */
	if (one->total_sectors != s->area_total_sectors ||
	    (one->count &&
	     (one->points[one->count - 1].used_sectors > s->area_used_sectors ||
	      one->points[one->count - 1].time_ns > now_ns)))
		one->count = 0;
	one->total_sectors = s->area_total_sectors;
	while (old < one->count && now_ns - one->points[old].time_ns > FILL_WINDOW_NS)
		old++;
	if (one->count - old == FILL_POINTS)
		old++;
	fill_shift(one, old);
	one->points[one->count].time_ns = now_ns;
	one->points[one->count++].used_sectors = s->area_used_sectors;
}

bool fill_rate(const struct fill *fill, const struct blksnap_snapshot *s,
	       double *bytes_per_second)
{
	const struct fill_one *one = fill_find(fill, s->id);
	uint64_t span;

	if (!one || one->count < 2)
		return false;
	span = one->points[one->count - 1].time_ns - one->points[0].time_ns;
	if (span < FILL_LEAST_NS)
		return false;
	*bytes_per_second = (double)(one->points[one->count - 1].used_sectors -
				     one->points[0].used_sectors) *
			    BLKSNAP_SECTOR_BYTES * 1e9 / (double)span;
	return true;
}

bool fill_time(const struct fill *fill, const struct blksnap_snapshot *s,
	       double *seconds)
{
	double rate;

	if (!fill_rate(fill, s, &rate) || rate <= 0 ||
	    s->area_used_sectors > s->area_total_sectors)
		return false;
	*seconds = (double)(s->area_total_sectors - s->area_used_sectors) *
		   BLKSNAP_SECTOR_BYTES / rate;
	return *seconds <= FILL_YEAR_SECONDS;
}

void fill_free(struct fill *fill)
{
	free(fill->ones);
	memset(fill, 0, sizeof(*fill));
}
