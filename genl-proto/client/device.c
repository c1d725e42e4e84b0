// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * device: requests about tracked devices.
 */
#include <string.h>
#include <time.h>

#include "session.h"

int blksnap_device_attach(struct blksnap_session *session,
			  struct blksnap_dev dev, uint32_t cbt_cell_bytes,
			  struct blksnap_device *device,
			  struct blksnap_error *err)
{
	struct attr_buf request = { 0 };

	attr_put_dev(&request, BLKSNAP_A_DEVICE_DEV, dev);
	if (cbt_cell_bytes)
		attr_put_u32(&request, BLKSNAP_A_DEVICE_CBT_CELL,
			     cbt_cell_bytes);
	return session_do(session, BLKSNAP_CMD_DEVICE_ATTACH, &request,
			  &attr_device, device, err);
}

int blksnap_device_detach(struct blksnap_session *session,
			  struct blksnap_dev dev, struct blksnap_device *device,
			  struct blksnap_error *err)
{
	struct attr_buf request = { 0 };

	attr_put_dev(&request, BLKSNAP_A_DEVICE_DEV, dev);
	return session_do(session, BLKSNAP_CMD_DEVICE_DETACH, &request,
			  &attr_device, device, err);
}

int blksnap_device_get(struct blksnap_session *session, struct blksnap_dev dev,
		       struct blksnap_device *device, struct blksnap_error *err)
{
	struct attr_buf request = { 0 };

	attr_put_dev(&request, BLKSNAP_A_DEVICE_DEV, dev);
	return session_do(session, BLKSNAP_CMD_DEVICE_GET, &request,
			  &attr_device, device, err);
}

/* Settling takes as long as the writes that were on their way: milliseconds. */
#define SETTLE_POLL_NS 10000000L

int blksnap_device_settle(struct blksnap_session *session,
			  struct blksnap_dev dev, unsigned int timeout_ms,
			  struct blksnap_device *device,
			  struct blksnap_error *err)
{
	const struct timespec pause = { .tv_nsec = SETTLE_POLL_NS };
	unsigned int left = timeout_ms / 10;

	for (;;) {
		int ret = blksnap_device_get(session, dev, device, err);

		if (ret || device->state != BLKSNAP_DEVICE_STATE_SETTLING ||
		    !left--)
			return ret;
		nanosleep(&pause, NULL);
	}
}

int blksnap_device_list(struct blksnap_session *session,
			struct blksnap_device **devices, size_t *count,
			struct blksnap_error *err)
{
	return session_dump(session, BLKSNAP_CMD_DEVICE_GET, NULL, &attr_device,
			    (void **)devices, count, err);
}
