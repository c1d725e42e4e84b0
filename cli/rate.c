// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rate: see rate.h.
 */
#include "rate.h"

static double rate_of(uint64_t before, uint64_t after, double seconds)
{
	/* A counter that went back is not trusted, however the epoch reads. */
	return after < before ? 0 : (double)(after - before) / seconds;
}

bool rate_between(const struct blksnap_stats *before,
		  const struct blksnap_stats *after, struct rate *rate)
{
	double s;

	if (before->epoch != after->epoch || after->time_ns <= before->time_ns)
		return false;
	s = (double)(after->time_ns - before->time_ns) / 1e9;
	rate->seconds = s;
	rate->writes = rate_of(before->writes, after->writes, s);
	rate->write_bytes = BLKSNAP_SECTOR_BYTES *
			    rate_of(before->write_sectors, after->write_sectors, s);
	rate->cow_units = rate_of(before->cow_units, after->cow_units, s);
	rate->cow_bytes = BLKSNAP_SECTOR_BYTES *
			  rate_of(before->cow_sectors, after->cow_sectors, s);
	rate->ahead_bytes = BLKSNAP_SECTOR_BYTES *
			    rate_of(before->cow_ahead_sectors,
				    after->cow_ahead_sectors, s);
	rate->store_bytes = BLKSNAP_SECTOR_BYTES *
			    rate_of(before->store_sectors, after->store_sectors, s);
	rate->held = rate_of(before->held, after->held, s);
	rate->held_each_ns =
		after->held > before->held && after->held_ns >= before->held_ns ?
			(double)(after->held_ns - before->held_ns) /
				(double)(after->held - before->held) :
			0;
	rate->image_reads = rate_of(before->image_reads, after->image_reads, s);
	rate->image_read_bytes = BLKSNAP_SECTOR_BYTES *
				 rate_of(before->image_read_sectors,
					 after->image_read_sectors, s);
	return true;
}
