// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * transport_nl: a generic netlink socket on libnl-3.
 *
 * The only file that knows libnl. What libnl 3.7 does not do is done here:
 * extended acknowledgements, the errno in a dump's NLMSG_DONE (ignored by libnl,
 * so that a failed dump looks like a short good one), receive buffers (connect
 * sets 32 KiB), and the difference between an overrun and lack of memory.
 *
 * Lock order: none. One thread uses a transport at a time.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "error.h"
#include "transport.h"

#define NL_REQUEST_RCVBUF (1 << 20)
#define NL_EVENTS_RCVBUF (4 << 20)
#define NL_PAGE 32768 /* the most a dump puts into one datagram */
#define NL_ANSWER_SECONDS 90
#define NL_HEAD_LEN (NLMSG_HDRLEN + GENL_HDRLEN)
#define NL_SNDBUF_MAX (1 << 20)

struct transport_nl {
	struct transport transport;
	struct nl_sock *sock;
	int family; /* 0: to be looked up */
	int group;  /* joined event group, or 0 */
	bool broken; /* a request was left half-way: connect anew */
	bool events;
};

struct nl_call {
	uint8_t cmd;
	const struct attr_buf *request;
	transport_fn fn;
	void *arg;
	struct blksnap_error *err;
	bool done;
	bool interrupted;
	int result;
};

static struct transport_nl *tnl_of(struct transport *t)
{
	return (struct transport_nl *)t;
}

/* ----------------------------------------------------------- the socket */

static void tnl_buffer(struct nl_sock *sock, int bytes)
{
	int fd = nl_socket_get_fd(sock);
	socklen_t len = sizeof(int);
	int got = 0;

	nl_socket_set_buffer_size(sock, bytes, NL_SNDBUF_MAX);
	/* rmem_max may have cut it; an administrator may go past that. */
	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &got, &len) == 0 && got < bytes)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
}

static struct nl_sock *tnl_connect_new(bool events)
{
	struct timeval limit = { .tv_sec = NL_ANSWER_SECONDS };
	struct nl_sock *sock = nl_socket_alloc();
	int fd, one = 1;

	if (!sock)
		return NULL;
	if (genl_connect(sock)) {
		nl_socket_free(sock);
		return NULL;
	}
	fd = nl_socket_get_fd(sock);
	tnl_buffer(sock, events ? NL_EVENTS_RCVBUF : NL_REQUEST_RCVBUF);
	nl_socket_set_msg_buf_size(sock, NL_PAGE);
	nl_socket_disable_msg_peek(sock);
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	if (events) {
		nl_socket_disable_seq_check(sock);
		nl_socket_set_nonblocking(sock);
	} else {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	}
	return sock;
}

static int tnl_lookup(struct transport_nl *nl, struct blksnap_error *err)
{
	int family = genl_ctrl_resolve(nl->sock, BLKSNAP_FAMILY_NAME);

	nl->family = family > 0 ? family : 0;
	if (family <= 0)
		nl->broken = true; /* an answer may be on its way still */
	return family > 0 ? 0 : error_absent(err);
}

/* ------------------------------------------------------------- requests */

static int tnl_on_valid(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *head = nlmsg_hdr(msg);
	struct genlmsghdr *genl = nlmsg_data(head);
	struct nl_call *call = arg;
	struct transport_msg got = { .kind = TRANSPORT_MESSAGE };
	int ret;

	if (head->nlmsg_len < NL_HEAD_LEN || !call->fn || call->result)
		return NL_OK;
	got.cmd = genl->cmd;
	got.attrs = (const char *)genl + GENL_HDRLEN;
	got.len = head->nlmsg_len - NL_HEAD_LEN;
	ret = call->fn(&got, call->arg);
	if (ret < 0)
		call->result = ret; /* the rest is read, and dropped */
	return NL_OK;
}

static void tnl_finish(struct nl_call *call, int error, const void *tlvs,
		       size_t len)
{
	call->done = true;
	if (error < 0 && call->result == 0)
		call->result = error_from_ack(call->err, call->cmd, call->request,
					      -error, NL_HEAD_LEN, tlvs, len);
}

/* @head is the NLMSG_ERROR message @ack is in. */
static void tnl_on_ack_message(struct nl_call *call, struct nlmsghdr *head,
			       const struct nlmsgerr *ack)
{
	size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(*ack));

	if (!(head->nlmsg_flags & NLM_F_CAPPED) &&
	    ack->msg.nlmsg_len >= NLMSG_HDRLEN && ack->error)
		skip += NLMSG_ALIGN(ack->msg.nlmsg_len - NLMSG_HDRLEN);
	if (!(head->nlmsg_flags & NLM_F_ACK_TLVS) || head->nlmsg_len < skip)
		skip = head->nlmsg_len;
	tnl_finish(call, ack->error, (const char *)head + skip,
		   head->nlmsg_len - skip);
}

static int tnl_on_error(struct sockaddr_nl *who, struct nlmsgerr *ack, void *arg)
{
	struct nlmsghdr *head = (void *)((char *)ack - NLMSG_HDRLEN);

	tnl_on_ack_message(arg, head, ack);
	return NL_STOP;
}

static int tnl_on_ack(struct nl_msg *msg, void *arg)
{
	struct nl_call *call = arg;

	call->done = true;
	return NL_STOP;
}

static int tnl_on_finish(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *head = nlmsg_hdr(msg);
	size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(int));
	int error = 0;

	if (head->nlmsg_len >= NLMSG_HDRLEN + sizeof(error))
		memcpy(&error, nlmsg_data(head), sizeof(error));
	if (head->nlmsg_len < skip)
		skip = head->nlmsg_len;
	tnl_finish(arg, error, (const char *)head + skip, head->nlmsg_len - skip);
	return NL_STOP;
}

static int tnl_on_interrupted(struct nl_msg *msg, void *arg)
{
	struct nl_call *call = arg;

	call->interrupted = true;
	return NL_OK;
}

static struct nl_cb *tnl_call_cb(struct nl_call *call)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return NULL;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, tnl_on_valid, call);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, tnl_on_ack, call);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, tnl_on_finish, call);
	nl_cb_set(cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, tnl_on_interrupted, call);
	nl_cb_err(cb, NL_CB_CUSTOM, tnl_on_error, call);
	return cb;
}

static int tnl_send(struct transport_nl *nl, bool dump, struct nl_call *call)
{
	const struct attr_buf *request = call->request;
	int flags = dump ? NLM_F_DUMP : NLM_F_ACK;
	struct nl_msg *msg;
	void *to;
	int ret;

	msg = nlmsg_alloc_size(NL_HEAD_LEN + request->len + NLMSG_ALIGNTO);
	if (!msg)
		return -ENOMEM;
	if (!genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0, flags,
			 call->cmd, BLKSNAP_FAMILY_VERSION) ||
	    !(to = nlmsg_reserve(msg, request->len, 0))) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	if (request->len)
		memcpy(to, request->data, request->len);
	ret = nl_send_auto(nl->sock, msg);
	nlmsg_free(msg);
	return ret < 0 ? -EIO : 0;
}

static int tnl_exchange(struct transport_nl *nl, bool dump, struct nl_call *call)
{
	struct nl_cb *cb = tnl_call_cb(call);
	int ret;

	if (!cb)
		return error_set(call->err, ENOMEM, NULL);
	ret = tnl_send(nl, dump, call);
	if (ret) {
		/* What was not sent has had its number, and none answers it. */
		nl->broken = true;
		nl_cb_put(cb);
		return error_set(call->err, -ret, "cannot send to the kernel: %s",
				 strerror(-ret));
	}
	while (!call->done) {
		ret = nl_recvmsgs(nl->sock, cb);
		if (ret >= 0 || call->done)
			continue;
		nl->broken = true;
		nl_cb_put(cb);
		if (ret == -NLE_AGAIN)
			return error_set(call->err, ETIMEDOUT,
					 "the kernel did not answer within %d s",
					 NL_ANSWER_SECONDS);
		return error_set(call->err, EIO, "netlink: %s", nl_geterror(ret));
	}
	nl_cb_put(cb);
	return call->result ? call->result : call->interrupted;
}

static int tnl_reconnect(struct transport_nl *nl, struct blksnap_error *err)
{
	struct nl_sock *sock = tnl_connect_new(nl->events);

	if (!sock)
		return error_set(err, errno ? errno : ENOMEM,
				 "cannot open a netlink socket");
	nl_socket_free(nl->sock);
	nl->sock = sock;
	nl->broken = false;
	nl->family = 0;
	return 0;
}

/*
 * After a reload the family has another number, and the old one answers ENOENT
 * without a sentence. Return: true if the request is worth another try.
 */
static bool tnl_moved(struct transport_nl *nl, const struct nl_call *call, int ret)
{
	int old = nl->family;

	if (ret != -ENOENT || (call->err && call->err->from_kernel))
		return false;
	return tnl_lookup(nl, NULL) || nl->family != old;
}

static int tnl_request(struct transport *t, uint8_t cmd, bool dump,
		       const struct attr_buf *request, transport_fn fn, void *arg,
		       struct blksnap_error *err)
{
	static const struct attr_buf none;
	struct transport_nl *nl = tnl_of(t);
	struct blksnap_error own;
	struct nl_call call;
	int ret, tries;

	if (!err)
		err = &own;
	error_clear(err);
	if (!request)
		request = &none;
	if (request->error)
		return error_set(err, -request->error, NULL);

	for (tries = 0;; tries++) {
		if (nl->broken) {
			ret = tnl_reconnect(nl, err);
			if (ret)
				return ret;
		}
		if (!nl->family) {
			ret = tnl_lookup(nl, err);
			if (ret)
				return ret;
		}
		call = (struct nl_call){
			.cmd = cmd, .request = request, .fn = fn,
			.arg = arg, .err = err,
		};
		ret = tnl_exchange(nl, dump, &call);
		if (tries || !tnl_moved(nl, &call, ret))
			return ret;
		error_clear(err);
	}
}

/* --------------------------------------------------------------- events */

struct nl_receive {
	struct transport_nl *nl;
	transport_fn fn;
	void *arg;
	int result;
};

static int tnl_on_control(struct nl_receive *rx, struct nlmsghdr *head)
{
	struct nlattr *attrs[CTRL_ATTR_MAX + 1];
	struct genlmsghdr *genl = nlmsg_data(head);
	struct transport_msg got = { .kind = TRANSPORT_GONE };

	if (genl->cmd != CTRL_CMD_NEWFAMILY && genl->cmd != CTRL_CMD_DELFAMILY)
		return 0;
	if (genlmsg_parse(head, 0, attrs, CTRL_ATTR_MAX, NULL) ||
	    !attrs[CTRL_ATTR_FAMILY_NAME] ||
	    nla_strcmp(attrs[CTRL_ATTR_FAMILY_NAME], BLKSNAP_FAMILY_NAME))
		return 0;
	rx->nl->group = 0; /* the membership went with the old family */
	if (genl->cmd == CTRL_CMD_NEWFAMILY)
		got.kind = TRANSPORT_BACK;
	return rx->fn(&got, rx->arg);
}

static int tnl_on_event(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *head = nlmsg_hdr(msg);
	struct genlmsghdr *genl = nlmsg_data(head);
	struct nl_receive *rx = arg;
	struct transport_msg got = { .kind = TRANSPORT_MESSAGE };
	int ret;

	if (head->nlmsg_len < NL_HEAD_LEN || rx->result)
		return NL_OK;
	if (head->nlmsg_type == GENL_ID_CTRL) {
		ret = tnl_on_control(rx, head);
	} else {
		got.cmd = genl->cmd;
		got.attrs = (const char *)genl + GENL_HDRLEN;
		got.len = head->nlmsg_len - NL_HEAD_LEN;
		ret = rx->fn(&got, rx->arg);
	}
	if (ret < 0)
		rx->result = ret;
	return NL_OK;
}

static int tnl_on_seq(struct nl_msg *msg, void *arg)
{
	return NL_OK;
}

static int tnl_receive(struct transport *t, transport_fn fn, void *arg)
{
	struct transport_nl *nl = tnl_of(t);
	struct nl_receive rx = { .nl = nl, .fn = fn, .arg = arg };
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int ret;

	if (!cb)
		return -ENOMEM;
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, tnl_on_seq, NULL);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, tnl_on_event, &rx);
	errno = 0;
	ret = nl_recvmsgs(nl->sock, cb);
	nl_cb_put(cb);
	if (rx.result)
		return rx.result;
	if (ret == -NLE_AGAIN)
		return 0;
	/* libnl tells an overrun as lack of memory; both lose a message. */
	if (ret == -NLE_NOMEM || errno == ENOBUFS)
		return -ENOBUFS;
	return ret < 0 ? -EIO : 1;
}

static int tnl_join(struct transport *t, struct blksnap_error *err)
{
	struct transport_nl *nl = tnl_of(t);
	struct nl_sock *asker = tnl_connect_new(false);
	int group;

	if (!asker)
		return error_set(err, errno ? errno : ENOMEM,
				 "cannot open a netlink socket");
	group = genl_ctrl_resolve_grp(asker, BLKSNAP_FAMILY_NAME,
				      BLKSNAP_MCGRP_EVENTS);
	nl_socket_free(asker);
	if (group <= 0)
		return error_absent(err);
	if (group == nl->group)
		return 0;
	if (nl_socket_add_membership(nl->sock, group))
		return error_set(err, errno ? errno : EIO,
				 "cannot join the event group");
	nl->group = group;
	return 0;
}

static int tnl_fd(const struct transport *t)
{
	return nl_socket_get_fd(((const struct transport_nl *)t)->sock);
}

static void tnl_close(struct transport *t)
{
	nl_socket_free(tnl_of(t)->sock);
	free(t);
}

static const struct transport_ops tnl_ops = {
	.request = tnl_request,
	.join = tnl_join,
	.receive = tnl_receive,
	.fd = tnl_fd,
	.close = tnl_close,
};

int transport_nl_make(void *arg, bool events, struct transport **transport,
		      struct blksnap_error *err)
{
	struct transport_nl *nl = calloc(1, sizeof(*nl));
	struct nl_sock *asker;
	int group;

	if (!nl)
		return error_set(err, ENOMEM, NULL);
	nl->transport.ops = &tnl_ops;
	nl->events = events;
	errno = 0;
	nl->sock = tnl_connect_new(events);
	if (!nl->sock) {
		free(nl);
		return error_set(err, errno ? errno : ENOMEM,
				 "cannot open a netlink socket");
	}
	if (events) {
		/* The controller says when the family comes and goes. */
		asker = tnl_connect_new(false);
		group = asker ? genl_ctrl_resolve_grp(asker, "nlctrl", "notify") :
				-1;
		if (asker)
			nl_socket_free(asker);
		if (group > 0)
			nl_socket_add_membership(nl->sock, group);
	}
	*transport = &nl->transport;
	return 0;
}
