// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * raw: a subscriber on a plain netlink socket, as somebody writes one who has
 * the UAPI header and the reference of the protocol alone. It shares no code
 * with the client library.
 *
 * One socket listens, another asks: info-get says where the events are, dumps
 * of device-get and snapshot-get what there is; a jump of the numbers, or ENOBUFS, is made good
 * by event-replay, and where that says that some are lost, by a new dump.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "subscriber.h"

#define ATTRS 64
#define TRIES 1000

/* The attributes of a message by number, of a repeated one the last. */
struct attrs {
	const struct nlattr *a[ATTRS];
};

struct raw {
	struct subscriber *s;
	int events, ask;
	uint16_t family;
	uint32_t group;
	/* an answer is taken apart while events wait in the other */
	char buf[64 << 10], answer[64 << 10];
};

typedef void (*on_message)(struct raw *r, uint8_t cmd, const struct attrs *at, void *arg);

/* ---- messages ---- */

static void parse(const void *data, size_t len, struct attrs *at)
{
	const char *p = data;

	memset(at, 0, sizeof(*at));
	while (len >= NLA_HDRLEN) {
		const struct nlattr *a = (const void *)p;
		size_t step = NLA_ALIGN(a->nla_len);

		if (a->nla_len < NLA_HDRLEN || a->nla_len > len)
			return;
		if ((a->nla_type & NLA_TYPE_MASK) < ATTRS)
			at->a[a->nla_type & NLA_TYPE_MASK] = a;
		if (step >= len)
			return;
		p += step;
		len -= step;
	}
}

/* The next message of a datagram, or NULL at its end. */
static const struct nlmsghdr *next_message(const char **p, size_t *len)
{
	const struct nlmsghdr *h = (const void *)*p;
	size_t step;

	if (*len < NLMSG_HDRLEN || h->nlmsg_len < NLMSG_HDRLEN || h->nlmsg_len > *len)
		return NULL;
	step = NLMSG_ALIGN(h->nlmsg_len);
	if (step > *len)
		step = *len;
	*p += step;
	*len -= step;
	return h;
}

static const void *payload(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

static size_t payload_len(const struct nlattr *a)
{
	return a->nla_len - (size_t)NLA_HDRLEN;
}

/* A number of 4 or 8 bytes, aligned or not; 0 without the attribute. */
static uint64_t number(const struct attrs *at, unsigned int type)
{
	const struct nlattr *a = at->a[type];
	uint64_t n64 = 0;
	uint32_t n32 = 0;

	if (a && payload_len(a) == sizeof(n64))
		memcpy(&n64, payload(a), sizeof(n64));
	else if (a && payload_len(a) == sizeof(n32))
		memcpy(&n32, payload(a), sizeof(n32));
	return n64 + n32;
}

static struct object object_of(const struct attrs *at)
{
	const struct nlattr *name = at->a[BLKSNAP_A_SNAPSHOT_NAME];
	struct object o = {
		.id = (uint32_t)number(at, BLKSNAP_A_SNAPSHOT_ID),
		.seq = number(at, BLKSNAP_A_SNAPSHOT_SEQ),
		.time_ns = number(at, BLKSNAP_A_SNAPSHOT_TIME_NS),
		.state = (uint32_t)number(at, BLKSNAP_A_SNAPSHOT_STATE),
		.level = (uint32_t)number(at, BLKSNAP_A_SNAPSHOT_LEVEL),
	};

	if (name && payload_len(name) <= sizeof(o.name))
		memcpy(o.name, payload(name), payload_len(name));
	o.name[sizeof(o.name) - 1] = '\0';
	return o;
}

static struct object object_of_device(const struct attrs *at)
{
	const struct nlattr *name = at->a[BLKSNAP_A_DEVICE_NAME],
			    *dev = at->a[BLKSNAP_A_DEVICE_DEV];
	struct attrs ref = { { NULL } };
	struct object o = {
		.seq = number(at, BLKSNAP_A_DEVICE_SEQ),
		.state = (uint32_t)number(at, BLKSNAP_A_DEVICE_STATE),
	};

	if (dev)
		parse(payload(dev), payload_len(dev), &ref);
	o.dev = object_dev((uint32_t)number(&ref, BLKSNAP_A_DEVREF_MAJOR),
			   (uint32_t)number(&ref, BLKSNAP_A_DEVREF_MINOR));
	if (name && payload_len(name) <= sizeof(o.name))
		memcpy(o.name, payload(name), payload_len(name));
	o.name[sizeof(o.name) - 1] = '\0';
	return o;
}

/* ---- asking ---- */

static int open_socket(void)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&self, sizeof(self))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Sends a request with at most one attribute. */
static int ask(struct raw *r, uint16_t family, uint8_t cmd, uint16_t flags, uint16_t type,
	       const void *value, size_t len)
{
	struct {
		struct nlmsghdr nl;
		struct genlmsghdr genl;
		struct nlattr attr;
		char value[64];
	} req = {
		.nl = { .nlmsg_type = family, .nlmsg_flags = NLM_F_REQUEST | flags },
		.genl = { .cmd = cmd, .version = 1 },
		.attr = { .nla_len = (uint16_t)(NLA_HDRLEN + len), .nla_type = type },
	};

	req.nl.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	if (type) {
		memcpy(req.value, value, len);
		req.nl.nlmsg_len += (uint32_t)(NLA_HDRLEN + NLA_ALIGN(len));
	}
	return send(r->ask, &req, req.nl.nlmsg_len, 0) < 0 ? -errno : 0;
}

/*
 * The answer: one message, or those of a dump.
 * Return: 0, -EINTR for a dump that changed under the way, another -errno.
 */
static int answer(struct raw *r, bool dump, on_message fn, void *arg)
{
	bool changed = false;

	for (;;) {
		ssize_t n = recv(r->ask, r->answer, sizeof(r->answer), MSG_TRUNC);
		const struct nlmsghdr *h;
		const char *p = r->answer;
		size_t len = (size_t)n;

		if (n < 0)
			return -errno;
		if (len > sizeof(r->answer))
			return -EMSGSIZE;
		while ((h = next_message(&p, &len))) {
			struct attrs at;

			changed |= (h->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
			if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE) {
				int err = *(const int *)NLMSG_DATA(h);

				return err ? err : changed ? -EINTR : 0;
			}
			if (h->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
				return -EBADMSG;
			parse((char *)NLMSG_DATA(h) + GENL_HDRLEN,
			      h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, &at);
			fn(r, ((const struct genlmsghdr *)NLMSG_DATA(h))->cmd, &at, arg);
			if (!dump)
				return 0;
		}
	}
}

static void on_family(struct raw *r, uint8_t cmd, const struct attrs *at, void *arg)
{
	const struct nlattr *groups = at->a[CTRL_ATTR_MCAST_GROUPS],
			    *id = at->a[CTRL_ATTR_FAMILY_ID];
	struct attrs list, group;
	unsigned int i;

	if (!groups || !id)
		return;
	memcpy(&r->family, payload(id), sizeof(r->family));
	parse(payload(groups), payload_len(groups), &list);
	for (i = 0; i < ATTRS; i++) {
		const struct nlattr *name;

		if (!list.a[i])
			continue;
		parse(payload(list.a[i]), payload_len(list.a[i]), &group);
		name = group.a[CTRL_ATTR_MCAST_GRP_NAME];
		if (name && !strcmp(payload(name), BLKSNAP_MCGRP_EVENTS))
			r->group = (uint32_t)number(&group, CTRL_ATTR_MCAST_GRP_ID);
	}
}

static void on_info(struct raw *r, uint8_t cmd, const struct attrs *at, void *arg)
{
	*(uint64_t *)arg = number(at, BLKSNAP_A_INFO_SEQ);
}

static void on_snapshot(struct raw *r, uint8_t cmd, const struct attrs *at, void *arg)
{
	struct object o = object_of(at);

	subscriber_put(r->s, &o);
}

static void on_device(struct raw *r, uint8_t cmd, const struct attrs *at, void *arg)
{
	struct object o = object_of_device(at);

	subscriber_put(r->s, &o);
}

static int read_list(struct raw *r, uint8_t cmd, on_message fn)
{
	int err = ask(r, r->family, cmd, NLM_F_DUMP, 0, NULL, 0);

	return err ? err : answer(r, true, fn, NULL);
}

/* What there is, as of a number; events up to that one are not waited for. */
static int read_state(struct raw *r)
{
	uint64_t seq = 0;
	int err, tries = 0;

	do {
		err = ask(r, r->family, BLKSNAP_CMD_INFO_GET, 0, 0, NULL, 0);
		if (!err)
			err = answer(r, false, on_info, &seq);
		if (err)
			return err;
		subscriber_forget(r->s);
		err = read_list(r, BLKSNAP_CMD_DEVICE_GET, on_device);
		if (!err)
			err = read_list(r, BLKSNAP_CMD_SNAPSHOT_GET, on_snapshot);
	} while (err == -EINTR && tries++ < TRIES);
	if (!err)
		subscriber_sync(r->s, seq);
	return err;
}

/* ---- events ---- */

struct replay {
	bool lost; /* some are: the rest is of no use */
};

static uint64_t seq_of(uint8_t cmd, const struct attrs *at)
{
	switch (cmd) {
	case BLKSNAP_CMD_DEVICE_NEW_NTF:
	case BLKSNAP_CMD_DEVICE_CHANGE_NTF:
	case BLKSNAP_CMD_DEVICE_DEL_NTF:
		return number(at, BLKSNAP_A_DEVICE_SEQ);
	case BLKSNAP_CMD_SNAPSHOT_NEW_NTF:
	case BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF:
	case BLKSNAP_CMD_SNAPSHOT_DEL_NTF:
	case BLKSNAP_CMD_AREA_LEVEL_NTF:
		return number(at, BLKSNAP_A_SNAPSHOT_SEQ);
	}
	return 0;
}

static void apply(struct raw *r, uint8_t cmd, const struct attrs *at, bool late)
{
	bool of_device = cmd == BLKSNAP_CMD_DEVICE_NEW_NTF ||
			 cmd == BLKSNAP_CMD_DEVICE_CHANGE_NTF || cmd == BLKSNAP_CMD_DEVICE_DEL_NTF;
	struct object o = of_device ? object_of_device(at) : object_of(at);

	subscriber_event(r->s, seq_of(cmd, at), &o,
			 cmd == BLKSNAP_CMD_SNAPSHOT_DEL_NTF || cmd == BLKSNAP_CMD_DEVICE_DEL_NTF,
			 late);
}

static void on_replayed(struct raw *r, uint8_t cmd, const struct attrs *at, void *arg)
{
	struct replay *replay = arg;

	if (cmd == BLKSNAP_CMD_EVENT_REPLAY) {
		uint64_t lost = number(at, BLKSNAP_A_EVENT_LOST);

		replay->lost |= lost > 0;
		if (lost)
			subscriber_lost(r->s, lost);
	} else if (!replay->lost && seq_of(cmd, at) == r->s->last + 1) {
		apply(r, cmd, at, true);
	}
	/* else one that was given up under the way: asked for again, and told then */
}

/* What this socket has missed. */
static int make_good(struct raw *r)
{
	struct replay replay = { false };
	int err, tries = 0;

	do {
		err = ask(r, r->family, BLKSNAP_CMD_EVENT_REPLAY, NLM_F_DUMP, BLKSNAP_A_EVENT_SINCE,
			  &r->s->last, sizeof(r->s->last));
		if (!err)
			err = answer(r, true, on_replayed, &replay);
	} while (err == -EINTR && !replay.lost && tries++ < TRIES);
	if (replay.lost)
		return read_state(r);
	return err;
}

static int on_datagram(struct raw *r, size_t len)
{
	const struct nlmsghdr *h;
	const char *p = r->buf;
	int err = 0;

	while (!err && (h = next_message(&p, &len))) {
		const struct genlmsghdr *genl = NLMSG_DATA(h);
		struct attrs at;
		uint64_t seq;

		if (h->nlmsg_type != r->family || h->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
			continue;
		parse((const char *)genl + GENL_HDRLEN, h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
		      &at);
		seq = seq_of(genl->cmd, &at);
		if (seq > r->s->last + 1)
			err = make_good(r);
		if (!err && seq == r->s->last + 1)
			apply(r, genl->cmd, &at, false);
	}
	return err;
}

/* Everything that waits. After ENOBUFS what is older comes first, then nothing. */
static int read_events(struct raw *r)
{
	bool overrun = false;
	int err = 0;

	while (!err) {
		ssize_t n = recv(r->events, r->buf, sizeof(r->buf), MSG_DONTWAIT | MSG_TRUNC);

		if (n < 0 && errno == ENOBUFS)
			overrun = true;
		else if (n < 0)
			break;
		else
			err = (size_t)n > sizeof(r->buf) ? -EMSGSIZE : on_datagram(r, (size_t)n);
	}
	if (!err && errno != EAGAIN && errno != EINTR)
		err = -errno;
	return !err && overrun ? make_good(r) : err;
}

static int begin(struct raw *r)
{
	const char name[] = BLKSNAP_FAMILY_NAME;
	int err;

	r->events = open_socket();
	r->ask = open_socket();
	if (r->events < 0 || r->ask < 0)
		return -errno;
	err = ask(r, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, CTRL_ATTR_FAMILY_NAME, name,
		  sizeof(name));
	if (!err)
		err = answer(r, false, on_family, NULL);
	if (err || !r->group)
		return err ? err : -ENOENT;
	if (setsockopt(r->events, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &r->group, sizeof(r->group)))
		return -errno;
	return read_state(r);
}

static int follow(struct raw *r)
{
	struct pollfd fd = { .fd = r->events, .events = POLLIN };
	struct subscriber *s = r->s;
	int bytes = SMALL_BUFFER, err = 0;

	if (s->kind == SMALL || s->kind == STANDS_STILL)
		setsockopt(r->events, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	while (s->kind == STANDS_STILL && !over)
		usleep(10000);
	while (!err && (!over || s->last < final_seq))
		if (poll(&fd, 1, 100) > 0)
			err = read_events(r);
	return err;
}

void *raw_subscribe(void *arg)
{
	struct raw *r = calloc(1, sizeof(*r));
	struct subscriber *s = arg;
	int err;

	while (s->kind == JOINS_LATE && !halfway)
		usleep(1000);
	if (!r)
		return NULL;
	r->s = s;
	err = begin(r);
	if (!err)
		err = follow(r);
	if (err)
		snprintf(s->wrong, sizeof(s->wrong), "raw: %s", strerror(-err));
	close(r->events);
	close(r->ask);
	free(r);
	return NULL;
}
