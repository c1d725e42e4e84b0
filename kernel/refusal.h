/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why a request was refused, in a form that knows no netlink: the core fills
 * it, the netlink room turns it into an extended ACK. The errno is the
 * function's return value.
 */
#ifndef BLKSNAP_REFUSAL_H
#define BLKSNAP_REFUSAL_H

#include <linux/types.h>

enum refusal_what {
	REFUSE_REQUEST, /* the request as a whole */
	REFUSE_DEVICE, /* its index-th device */
	REFUSE_RANGE, /* its index-th range */
	REFUSE_FREEZE, /* its index-th freeze */
	REFUSE_NAME,
	REFUSE_UUID,
	REFUSE_LOW,
	REFUSE_CLEAR,
	REFUSE_CELL,
	REFUSE_EXTENT, /* its index-th extent */
};

/**
 * struct refusal - the sentence and what it is about
 * @msg: constant sentence without a full stop, or NULL
 * @what: the kind of attribute at fault
 * @index: which one of that kind, from 0
 */
struct refusal {
	const char *msg;
	enum refusal_what what;
	unsigned int index;
};

/* Fill @r (may be NULL) and return @err. */
static inline int refuse(struct refusal *r, int err, enum refusal_what what, unsigned int index,
			 const char *msg)
{
	if (r) {
		r->msg = msg;
		r->what = what;
		r->index = index;
	}
	return err;
}

#endif /* BLKSNAP_REFUSAL_H */
