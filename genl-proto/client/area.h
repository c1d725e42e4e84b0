/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * area: see area.c.
 */
#ifndef BLKSNAP_CLIENT_AREA_H
#define BLKSNAP_CLIENT_AREA_H

#include "attr.h"

/**
 * area_put_range() - append a range to a request
 * @request: request
 * @type: attribute of the nest
 * @range: range
 */
void area_put_range(struct attr_buf *request, uint16_t type,
		    const struct blksnap_range *range);

/**
 * area_limit() - most ranges that one request takes
 * @session: session
 * @limit: result
 * @err: why it failed
 *
 * Return: 0 or what blksnap_info_get() does.
 */
int area_limit(struct blksnap_session *session, size_t *limit,
	       struct blksnap_error *err);

#endif /* BLKSNAP_CLIENT_AREA_H */
