// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * area: the ranges of a difference area. Long lists are sent in as many requests
 * as the kernel's limit asks for.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "session.h"

#define AREA_RANGES_FALLBACK 256u

void area_put_range(struct attr_buf *request, uint16_t type,
		    const struct blksnap_range *range)
{
	size_t nest = attr_nest_start(request, type);

	attr_put_u32(request, BLKSNAP_A_RANGE_MAJOR, range->dev.major);
	attr_put_u32(request, BLKSNAP_A_RANGE_MINOR, range->dev.minor);
	attr_put_u64(request, BLKSNAP_A_RANGE_START, range->start_sectors);
	if (range->count_sectors)
		attr_put_u64(request, BLKSNAP_A_RANGE_COUNT,
			     range->count_sectors);
	attr_nest_end(request, nest);
}

int area_limit(struct blksnap_session *session, size_t *limit,
	       struct blksnap_error *err)
{
	struct blksnap_info info;
	int ret = blksnap_info_get(session, &info, err);

	if (ret == 0)
		*limit = info.ranges_per_request ? info.ranges_per_request :
						   AREA_RANGES_FALLBACK;
	return ret;
}

static int area_send(struct blksnap_session *session, uint8_t cmd, uint32_t id,
		     const struct blksnap_range *ranges, size_t count,
		     struct blksnap_snapshot *snapshot,
		     struct blksnap_error *err)
{
	struct blksnap_snapshot last = { 0 };
	struct attr_buf request;
	size_t limit, n, i;
	int ret;

	ret = area_limit(session, &limit, err);
	if (ret)
		return ret;
	if (!count)
		return error_set(err, EINVAL, "no range is given");

	for (; count; ranges += n, count -= n) {
		n = count < limit ? count : limit;
		memset(&request, 0, sizeof(request));
		attr_put_u32(&request, BLKSNAP_A_SNAPSHOT_ID, id);
		for (i = 0; i < n; i++)
			area_put_range(&request, BLKSNAP_A_SNAPSHOT_RANGE,
				       &ranges[i]);
		blksnap_snapshot_clear(&last);
		ret = session_do(session, cmd, &request, &attr_snapshot, &last,
				 err);
		if (ret)
			return ret;
	}
	if (snapshot)
		*snapshot = last;
	else
		blksnap_snapshot_clear(&last);
	return 0;
}

int blksnap_area_append(struct blksnap_session *session, uint32_t id,
			const struct blksnap_range *ranges, size_t count,
			struct blksnap_snapshot *snapshot,
			struct blksnap_error *err)
{
	return area_send(session, BLKSNAP_CMD_AREA_APPEND, id, ranges, count,
			 snapshot, err);
}

int blksnap_area_remove(struct blksnap_session *session, uint32_t id,
			const struct blksnap_range *ranges, size_t count,
			struct blksnap_snapshot *snapshot,
			struct blksnap_error *err)
{
	return area_send(session, BLKSNAP_CMD_AREA_REMOVE, id, ranges, count,
			 snapshot, err);
}

/* Moves the ranges of all pages into one array. */
static int area_join(struct attr_area_page *pages, size_t n_pages,
		     struct blksnap_range_info **ranges, size_t *count)
{
	struct blksnap_range_info *all;
	size_t i, total = 0;

	for (i = 0; i < n_pages; i++)
		total += pages[i].n_ranges;
	all = calloc(total ? total : 1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	for (total = 0, i = 0; i < n_pages; i++) {
		if (pages[i].n_ranges)
			memcpy(all + total, pages[i].ranges,
			       pages[i].n_ranges * sizeof(*all));
		total += pages[i].n_ranges;
	}
	*ranges = all;
	*count = total;
	return 0;
}

int blksnap_area_list(struct blksnap_session *session, uint32_t id,
		      struct blksnap_range_info **ranges, size_t *count,
		      struct blksnap_error *err)
{
	struct attr_buf request = { 0 };
	void *pages;
	size_t i, n;
	int ret;

	attr_put_u32(&request, BLKSNAP_A_AREA_ID, id);
	ret = session_dump(session, BLKSNAP_CMD_AREA_GET, &request, &attr_area,
			   &pages, &n, err);
	attr_buf_free(&request);
	if (ret)
		return ret;
	/* Pages of different moments say nothing of what there is. */
	if (blksnap_list_changed(session)) {
		ret = error_set(err, EAGAIN, "the ranges kept changing while they were read");
	} else {
		ret = area_join(pages, n, ranges, count);
		if (ret)
			error_set(err, -ret, NULL);
	}
	for (i = 0; i < n; i++)
		attr_clear(&attr_area, (struct attr_area_page *)pages + i);
	free(pages);
	return ret;
}
