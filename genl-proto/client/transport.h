/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * transport: the seam between the library and netlink.
 *
 * Above it are commands and attribute streams, below it either a libnl socket
 * (transport_nl.c) or, in tests, recorded messages. A transport is one socket:
 * a session has one for requests, and each subscription one for events, because
 * events between the replies of a request break sequence checking.
 */
#ifndef BLKSNAP_CLIENT_TRANSPORT_H
#define BLKSNAP_CLIENT_TRANSPORT_H

#include "attr.h"

enum transport_kind {
	TRANSPORT_MESSAGE, /* of the family */
	TRANSPORT_GONE,	   /* the family was unregistered */
	TRANSPORT_BACK,	   /* the family was registered */
};

/**
 * struct transport_msg - what came
 * @kind: what it is
 * @cmd: MESSAGE: BLKSNAP_CMD_*
 * @attrs: MESSAGE: attribute stream, lives until the callback returns
 * @len: bytes of @attrs
 */
struct transport_msg {
	enum transport_kind kind;
	uint8_t cmd;
	const void *attrs;
	size_t len;
};

/* Return: 0, or -errno, which the caller of request() gets. */
typedef int (*transport_fn)(const struct transport_msg *msg, void *arg);

struct transport;

/**
 * struct transport_ops - one kind of transport
 * @request: send a command, hand each reply to @fn (may be NULL), return when
 *	the kernel has acknowledged it or the dump is complete. Return: 0; 1 if a
 *	dump was complete but inconsistent; -ENOPROTOOPT if the family is not
 *	there; -errno with @err filled
 * @join: have the family's events delivered. Return: 0, -ENOPROTOOPT, -errno
 * @receive: hand what has come to @fn, without waiting. Return: 1 if something
 *	came; 0 if nothing has; -ENOBUFS if messages were dropped; what @fn
 *	returned
 * @fd: descriptor to poll
 * @close: free it
 */
struct transport_ops {
	int (*request)(struct transport *t, uint8_t cmd, bool dump,
		       const struct attr_buf *request, transport_fn fn,
		       void *arg, struct blksnap_error *err);
	int (*join)(struct transport *t, struct blksnap_error *err);
	int (*receive)(struct transport *t, transport_fn fn, void *arg);
	int (*fd)(const struct transport *t);
	void (*close)(struct transport *t);
};

struct transport {
	const struct transport_ops *ops;
};

/**
 * typedef transport_make - opens a transport
 * @arg: as given to session_open()
 * @events: for events (non-blocking), otherwise for requests
 * @transport: result
 * @err: why it failed
 *
 * Return: 0 or -errno. That the family is absent is no failure.
 */
typedef int (*transport_make)(void *arg, bool events,
			      struct transport **transport,
			      struct blksnap_error *err);

/* transport_make on libnl; @arg is not used */
int transport_nl_make(void *arg, bool events, struct transport **transport,
		      struct blksnap_error *err);

#endif /* BLKSNAP_CLIENT_TRANSPORT_H */
