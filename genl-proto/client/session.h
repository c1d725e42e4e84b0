/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * session: one request transport and the ways to use it: a request with one
 * answer, and a dump collected into an array.
 */
#ifndef BLKSNAP_CLIENT_SESSION_H
#define BLKSNAP_CLIENT_SESSION_H

#include "attr.h"
#include "error.h"
#include "transport.h"

struct blksnap_session {
	struct transport *control;
	transport_make make;
	void *make_arg;
	bool changed; /* the last list, while it was read */
};

/**
 * session_open() - a session over any kind of transport
 * @make: opens its transports
 * @arg: for @make
 * @session: result, freed with blksnap_close()
 * @err: why it failed
 *
 * Return: 0, -ENOMEM, what @make returned.
 */
int session_open(transport_make make, void *arg,
		 struct blksnap_session **session, struct blksnap_error *err);

/**
 * session_request() - hand each answer to a function
 *
 * As transport_ops.request. Takes @request over: it is freed in any case.
 */
int session_request(struct blksnap_session *session, uint8_t cmd, bool dump,
		    struct attr_buf *request, transport_fn fn, void *arg,
		    struct blksnap_error *err);

/**
 * session_do() - a request with one answer
 * @session: session
 * @cmd: BLKSNAP_CMD_*
 * @request: its attributes, freed in any case; NULL for none
 * @set: table of the answer; NULL if there is none
 * @obj: decoded answer; the caller frees it with attr_clear(). NULL drops it
 * @err: why it failed
 *
 * Return: 0; -EBADMSG if the answer does not fit or is missing; -errno.
 */
int session_do(struct blksnap_session *session, uint8_t cmd,
	       struct attr_buf *request, const struct attr_set *set, void *obj,
	       struct blksnap_error *err);

/**
 * session_dump() - all answers of a dump in an array
 * @session: session
 * @cmd: BLKSNAP_CMD_*
 * @request: its attributes; not freed, as the dump may be repeated
 * @set: table of an answer
 * @items: result, of @count structs
 * @count: number of answers
 * @err: why it failed
 *
 * Repeats a dump during which objects came or went, a few times; after that
 * the last one is as good as any.
 *
 * Return: 0, -errno.
 */
int session_dump(struct blksnap_session *session, uint8_t cmd,
		 const struct attr_buf *request, const struct attr_set *set,
		 void **items, size_t *count, struct blksnap_error *err);

#endif /* BLKSNAP_CLIENT_SESSION_H */
