// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stats: the counters. What they mean over time is the caller's work.
 */
#include "session.h"

int blksnap_stats_list(struct blksnap_session *session,
		       struct blksnap_stats **stats, size_t *count,
		       struct blksnap_error *err)
{
	return session_dump(session, BLKSNAP_CMD_STATS_GET, NULL, &attr_stats,
			    (void **)stats, count, err);
}

int blksnap_stats_get(struct blksnap_session *session, struct blksnap_dev dev,
		      struct blksnap_stats *stats, struct blksnap_error *err)
{
	struct attr_buf request = { 0 };

	attr_put_dev(&request, BLKSNAP_A_STATS_DEV, dev);
	return session_do(session, BLKSNAP_CMD_STATS_GET, &request, &attr_stats,
			  stats, err);
}
