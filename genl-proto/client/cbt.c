// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cbt: changed extents.
 *
 * The extents stream through: a map of a large device is never held in memory.
 * A dump that the kernel interrupts is not repeated from the start but goes on
 * from the last cursor; number and generation must then be the same.
 */
#include <errno.h>
#include <string.h>

#include "session.h"

#define CBT_TRIES 5
#define CBT_MARKS_PER_REQUEST 1000u

struct cbt_query {
	struct blksnap_cbt upto;
	bool known; /* @upto is set */
	uint64_t cursor; /* extents below were delivered or joined */
	struct blksnap_extent run; /* not delivered yet; count 0 if none */
	blksnap_extent_fn fn;
	void *arg;
};

static int cbt_flush(struct cbt_query *query)
{
	struct blksnap_extent run = query->run;

	query->run.count_sectors = 0;
	return run.count_sectors ? query->fn(&run, query->arg) : 0;
}

static int cbt_add(struct cbt_query *query, struct blksnap_extent extent)
{
	uint64_t end = extent.start_sectors + extent.count_sectors;
	int ret;

	if (end < extent.start_sectors)
		return -EBADMSG;
	if (extent.start_sectors < query->cursor) {
		if (end <= query->cursor)
			return 0;
		extent.start_sectors = query->cursor;
		extent.count_sectors = end - query->cursor;
	}
	query->cursor = end;
	if (query->run.count_sectors &&
	    query->run.start_sectors + query->run.count_sectors ==
		    extent.start_sectors) {
		query->run.count_sectors += extent.count_sectors;
		return 0;
	}
	ret = cbt_flush(query);
	query->run = extent;
	return ret;
}

static int cbt_on_page(const struct transport_msg *msg, void *arg)
{
	struct cbt_query *query = arg;
	struct attr_extent_page page;
	size_t i;
	int ret;

	ret = attr_decode(&attr_extents, msg->attrs, msg->len, &page);
	if (ret)
		return ret;
	if (query->known &&
	    (page.cbt_number != query->upto.number ||
	     memcmp(page.cbt_generation, query->upto.generation,
		    BLKSNAP_UUID_BYTES)))
		ret = -ESTALE; /* tracking was reset under way */
	query->known = true;
	query->upto.number = page.cbt_number;
	memcpy(query->upto.generation, page.cbt_generation, BLKSNAP_UUID_BYTES);
	for (i = 0; !ret && i < page.n_extents; i++)
		ret = cbt_add(query, page.extents[i]);
	if (!ret && BLKSNAP_HAS(&page, DEVICE_CURSOR) &&
	    page.cursor > query->cursor)
		query->cursor = page.cursor;
	attr_clear(&attr_extents, &page);
	return ret;
}

int blksnap_cbt_extents(struct blksnap_session *session, struct blksnap_dev dev,
			const struct blksnap_cbt *since, blksnap_extent_fn fn,
			void *arg, struct blksnap_cbt *upto,
			struct blksnap_error *err)
{
	struct cbt_query query = { .fn = fn, .arg = arg };
	struct attr_buf request;
	int tries, ret = 1;

	error_clear(err);
	for (tries = 0; ret == 1 && tries < CBT_TRIES; tries++) {
		memset(&request, 0, sizeof(request));
		attr_put_dev(&request, BLKSNAP_A_DEVICE_DEV, dev);
		attr_put(&request, BLKSNAP_A_DEVICE_CBT_GENERATION,
			 since->generation, BLKSNAP_UUID_BYTES);
		attr_put_u32(&request, BLKSNAP_A_DEVICE_CBT_SINCE,
			     since->number);
		if (query.cursor)
			attr_put_u64(&request, BLKSNAP_A_DEVICE_CURSOR,
				     query.cursor);
		ret = session_request(session, BLKSNAP_CMD_CBT_GET, true,
				      &request, cbt_on_page, &query, err);
	}
	if (ret == 1)
		return error_set(err, EAGAIN,
				 "the map kept changing while it was read");
	if (ret == 0)
		ret = cbt_flush(&query);
	if (ret == 0 && !query.known)
		ret = -EBADMSG;
	if (ret < 0 && err && !err->errnum)
		error_set(err, -ret, NULL);
	if (ret == 0 && upto)
		*upto = query.upto;
	return ret;
}

static void put_extents(struct attr_buf *request,
			const struct blksnap_extent *extents, size_t count)
{
	size_t i, nest;

	for (i = 0; i < count; i++) {
		nest = attr_nest_start(request, BLKSNAP_A_DEVICE_EXTENT);
		attr_put_u64(request, BLKSNAP_A_EXTENT_START,
			     extents[i].start_sectors);
		attr_put_u64(request, BLKSNAP_A_EXTENT_COUNT,
			     extents[i].count_sectors);
		attr_nest_end(request, nest);
	}
}

int blksnap_cbt_mark(struct blksnap_session *session, struct blksnap_dev dev,
		     const struct blksnap_extent *extents, size_t count,
		     struct blksnap_error *err)
{
	struct attr_buf request;
	size_t n;
	int ret;

	for (; count; extents += n, count -= n) {
		n = count < CBT_MARKS_PER_REQUEST ? count : CBT_MARKS_PER_REQUEST;
		memset(&request, 0, sizeof(request));
		attr_put_dev(&request, BLKSNAP_A_DEVICE_DEV, dev);
		put_extents(&request, extents, n);
		ret = session_do(session, BLKSNAP_CMD_CBT_MARK, &request, NULL,
				 NULL, err);
		if (ret)
			return ret;
	}
	return 0;
}

/* Of one request: as much as the kernel takes, which is quick at it. */
#define RELEASE_SECTORS_MAX (16ULL << (30 - 9))

int blksnap_image_release(struct blksnap_session *session, uint32_t snapshot_id,
			  struct blksnap_dev dev,
			  const struct blksnap_extent *extents, size_t count,
			  uint64_t *released_sectors, struct blksnap_error *err)
{
	struct blksnap_device answer;
	struct attr_buf request;
	size_t n;
	int ret;

	for (*released_sectors = 0; count; extents += n, count -= n) {
		uint64_t sectors = 0;

		for (n = 0; n < count && n < CBT_MARKS_PER_REQUEST; n++) {
			if (n && extents[n].count_sectors >
					 RELEASE_SECTORS_MAX - sectors)
				break;
			sectors += extents[n].count_sectors;
		}
		memset(&request, 0, sizeof(request));
		attr_put_dev(&request, BLKSNAP_A_DEVICE_DEV, dev);
		attr_put_u32(&request, BLKSNAP_A_DEVICE_SNAPSHOT_ID,
			     snapshot_id);
		put_extents(&request, extents, n);
		ret = session_do(session, BLKSNAP_CMD_IMAGE_RELEASE, &request,
				 &attr_device, &answer, err);
		if (ret)
			return ret;
		*released_sectors += answer.released_sectors;
		attr_clear(&attr_device, &answer);
	}
	return 0;
}
