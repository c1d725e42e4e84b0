// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the library makes of a message: the first byte says which kind, the
 * rest is the message's attributes, or those of an acknowledgement after a
 * request.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "error.h"

static const struct attr_set *const sets[] = {
	&attr_info,	&attr_devref, &attr_device, &attr_member, &attr_snapshot, &attr_extent,
	&attr_range_info, &attr_stats, &attr_event, &attr_area,	  &attr_extents,
};

#define N_SETS (sizeof(sets) / sizeof(sets[0]))

static void decode(const struct attr_set *set, const uint8_t *data, size_t size)
{
	void *obj = malloc(set->size);

	/* After a failure there is nothing to free. */
	if (obj && attr_decode(set, data, size, obj) == 0)
		attr_clear(set, obj);
	free(obj);
}

/* The second byte is the command, the third how much of the rest is the request. */
static void acknowledge(const uint8_t *data, size_t size)
{
	struct attr_buf request = { 0 };
	struct blksnap_error err;
	size_t part;

	if (size < 2)
		return;
	part = data[1] < size - 2 ? data[1] : size - 2;
	attr_put(&request, 1, data + 2, part);
	error_from_ack(&err, data[0], &request, 22, 20, data + 2 + part, size - 2 - part);
	if (memchr(err.message, 0, sizeof(err.message)) == NULL ||
	    memchr(err.attribute, 0, sizeof(err.attribute)) == NULL)
		abort();
	attr_buf_free(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy;
	size_t kind;

	if (!size)
		return 0;
	/* Of its own length, so that one byte too far is seen. */
	copy = malloc(size);
	if (!copy)
		return 0;
	memcpy(copy, data, size);
	kind = copy[0] % (N_SETS + 1);
	if (kind < N_SETS)
		decode(sets[kind], copy + 1, size - 1);
	else
		acknowledge(copy + 1, size - 1);
	free(copy);
	return 0;
}
