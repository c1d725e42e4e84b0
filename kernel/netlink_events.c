// SPDX-License-Identifier: GPL-2.0
#include "netlink_events.h"

#include <linux/skbuff.h>

#include "events.h"
#include "netlink_parse.h"
#include "netlink_put.h"
#include "snapshot.h"
#include "tracker.h"

/* ---- sending ------------------------------------------------------------- */

/* What events_emit() carries to build(). */
struct event {
	u8 cmd;
	netlink_put_fn put;
	void *obj;
	int cause;
	int reason;
};

static struct sk_buff *build(const void *what, u64 seq)
{
	const struct event *ev = what;
	struct netlink_head head = netlink_head_event(ev->cmd, seq, ev->cause,
						      ev->reason);
	struct sk_buff *skb;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_NOIO | __GFP_NOWARN);
	if (!skb)
		return NULL;
	if (netlink_put_whole(skb, ev->put, &head, ev->obj)) {
		nlmsg_free(skb);
		return NULL;
	}
	return skb;
}

/*
 * Without listeners this fails, and nobody minds. A listener whose buffer is
 * full, or whose copy cannot be allocated, gets ENOBUFS from netlink itself.
 */
static void send(struct sk_buff *skb)
{
	genlmsg_multicast(&blksnap_nl_family, skb, 0, BLKSNAP_NLGRP_EVENTS,
			  GFP_NOIO);
}

static void lost(void)
{
	genl_set_err(&blksnap_nl_family, &init_net, 0, BLKSNAP_NLGRP_EVENTS,
		     -ENOBUFS);
}

static const struct events_sink sink = {
	.build = build,
	.send = send,
	.lost = lost,
};

static void emit(u8 cmd, netlink_put_fn put, void *obj, int cause, int reason)
{
	const struct event ev = {
		.cmd = cmd,
		.put = put,
		.obj = obj,
		.cause = cause,
		.reason = reason,
	};

	events_emit(&ev);
}

/* ---- what the core tells ------------------------------------------------- */

static void on_device_new(struct tracker *t)
{
	emit(BLKSNAP_CMD_DEVICE_NEW_NTF, netlink_put_device, t, NETLINK_NONE,
	     NETLINK_NONE);
}

static void on_device_change(struct tracker *t, u32 cause)
{
	emit(BLKSNAP_CMD_DEVICE_CHANGE_NTF, netlink_put_device, t, cause,
	     NETLINK_NONE);
}

static void on_device_del(struct tracker *t, u32 reason)
{
	emit(BLKSNAP_CMD_DEVICE_DEL_NTF, netlink_put_device, t, NETLINK_NONE,
	     reason);
}

static const struct tracker_notify device_notify = {
	.new = on_device_new,
	.change = on_device_change,
	.del = on_device_del,
};

static void on_snapshot_new(struct snapshot *s)
{
	emit(BLKSNAP_CMD_SNAPSHOT_NEW_NTF, netlink_put_snapshot, s,
	     NETLINK_NONE, NETLINK_NONE);
}

static void on_snapshot_change(struct snapshot *s, u32 cause)
{
	emit(BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF, netlink_put_snapshot, s, cause,
	     NETLINK_NONE);
}

static void on_snapshot_level(struct snapshot *s, u32 cause)
{
	emit(BLKSNAP_CMD_AREA_LEVEL_NTF, netlink_put_snapshot, s, cause,
	     NETLINK_NONE);
}

static void on_snapshot_del(struct snapshot *s, u32 reason)
{
	emit(BLKSNAP_CMD_SNAPSHOT_DEL_NTF, netlink_put_snapshot, s,
	     NETLINK_NONE, reason);
}

static const struct snapshot_notify snapshot_notify = {
	.new = on_snapshot_new,
	.change = on_snapshot_change,
	.level = on_snapshot_level,
	.del = on_snapshot_del,
};

void netlink_events_init(void)
{
	events_init();
	events_set_sink(&sink);
	tracker_set_notify(&device_notify);
	snapshot_set_notify(&snapshot_notify);
}

void netlink_events_stop(void)
{
	events_set_sink(NULL);
}

void netlink_events_exit(void)
{
	snapshot_set_notify(NULL);
	tracker_set_notify(NULL);
	events_exit();
}

/* ---- replay -------------------------------------------------------------- */

struct replay_ctx {
	u64 next;	/* event to go on with, 0 before the first message */
	u64 until;	/* last event when the replay began */
};

struct replay_copy {
	struct sk_buff *skb;
	struct netlink_callback *cb;
};

/* One kept message, as it was but for whom it goes to. */
static int copy_event(void *arg, const void *msg, size_t len)
{
	const struct nlmsghdr *from = msg;
	const struct replay_copy *to = arg;
	struct nlmsghdr *nlh;

	do {
		nlh = nlmsg_put(to->skb, NETLINK_CB(to->cb->skb).portid,
				to->cb->nlh->nlmsg_seq, from->nlmsg_type,
				nlmsg_len(from), NLM_F_MULTI);
	} while (!nlh && !to->skb->len && !netlink_grow(to->skb, len));
	if (!nlh)
		return -EMSGSIZE;
	memcpy(nlmsg_data(nlh), nlmsg_data(from), nlmsg_len(from));
	nl_dump_check_consistent(to->cb, nlh);
	return 0;
}

static int put_replay_head(struct sk_buff *skb, struct netlink_callback *cb,
			   u64 lost, const struct events_state *st)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &blksnap_nl_family,
				NLM_F_MULTI, BLKSNAP_CMD_EVENT_REPLAY);

	if (!hdr)
		return -EMSGSIZE;
	if (netlink_put_u64(skb, BLKSNAP_A_EVENT_LOST, lost) ||
	    netlink_put_u64(skb, BLKSNAP_A_EVENT_INSTANCE, st->instance) ||
	    netlink_put_u64(skb, BLKSNAP_A_EVENT_SEQ, st->seq)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genl_dump_check_consistent(cb, hdr);
	genlmsg_end(skb, hdr);
	return 0;
}

/*
 * Events that were given up after the first message had counted the lost ones
 * are a gap in the numbers, and a dump that was not consistent.
 */
int blksnap_nl_event_replay_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	const struct nlattr *since = netlink_dump_attrs(cb)[BLKSNAP_A_EVENT_SINCE];
	struct replay_ctx *ctx = (void *)cb->ctx;
	struct replay_copy to = { .skb = skb, .cb = cb };
	struct events_state st;
	int err;

	BUILD_BUG_ON(sizeof(*ctx) > sizeof(cb->ctx));
	cb->seq = 1;
	if (!ctx->next) {
		u64 from = since ? nla_get_u64(since) : 0;
		u64 lost = events_lost(from, &st);

		err = put_replay_head(skb, cb, lost, &st);
		if (err)
			return err;
		ctx->until = st.seq;
		ctx->next = from < st.seq ? from + 1 : st.seq + 1;
	} else {
		events_state(&st);
		if (ctx->next <= ctx->until && st.oldest > ctx->next)
			cb->seq = 2;
	}
	err = events_walk(&ctx->next, ctx->until, copy_event, &to);
	return err && !skb->len ? err : skb->len;
}
