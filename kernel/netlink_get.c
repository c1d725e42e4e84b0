// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that read. A dump fills one buffer after the other: it keeps a
 * cursor in cb->ctx, never a reference, and looks its object up again.
 *
 * On 6.1 what a dump's start() says is lost, and so is -EMSGSIZE with a part
 * filled: there is no start() here, and dumps return the length themselves.
 */
#include <linux/skbuff.h>
#include <linux/timekeeping.h>

#include "budget.h"
#include "events.h"
#include "netlink_parse.h"
#include "netlink_put.h"
#include "tracker.h"

/* The dump goes on as long as something was put. */
static int dumped(const struct sk_buff *skb, int err)
{
	return err && !skb->len ? err : skb->len;
}

/* Never 0, which would mean that nobody watches. */
static unsigned int dump_seq(u64 generation)
{
	return generation * 2 + 1;
}

static int no_memory(struct genl_info *info)
{
	NL_SET_ERR_MSG(info->extack, "not enough memory");
	return -ENOMEM;
}

/* ---- info ---------------------------------------------------------------- */

static int put_info(struct sk_buff *skb, const struct netlink_head *head,
		    void *obj)
{
	const struct events_state *st = obj;
	void *hdr = genlmsg_put(skb, head->portid, head->nlmsg_seq,
				&blksnap_nl_family, head->flags, head->cmd);

	if (!hdr)
		return -EMSGSIZE;
	if (netlink_put_u64(skb, BLKSNAP_A_INFO_INSTANCE, st->instance) ||
	    netlink_put_u64(skb, BLKSNAP_A_INFO_SEQ, st->seq) ||
	    (st->oldest &&
	     netlink_put_u64(skb, BLKSNAP_A_INFO_SEQ_OLDEST, st->oldest)) ||
	    netlink_put_u64(skb, BLKSNAP_A_INFO_FEATURES, 0) ||
	    nla_put_string(skb, BLKSNAP_A_INFO_VERSION, BLKSNAP_VERSION) ||
	    nla_put_u32(skb, BLKSNAP_A_INFO_RANGES_PER_REQUEST,
			SNAPSHOT_RANGES_MAX) ||
	    netlink_put_u64(skb, BLKSNAP_A_INFO_MEMORY_BUDGET,
			    budget_limit()) ||
	    netlink_put_u64(skb, BLKSNAP_A_INFO_MEMORY_USED, budget_used()) ||
	    netlink_put_u64(skb, BLKSNAP_A_INFO_TIME_NS,
			    ktime_get_boottime_ns())) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int blksnap_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	struct events_state st;

	if (!reply)
		return no_memory(info);
	events_state(&st);
	return netlink_reply(reply, info, put_info, &st);
}

/* ---- devices and their counters ------------------------------------------ */

static int get_tracker(struct genl_info *info, const struct nlattr *dev,
		       netlink_put_fn put)
{
	struct sk_buff *reply;
	struct tracker *t = netlink_find_tracker(dev, info->extack);
	int err;

	if (IS_ERR(t))
		return PTR_ERR(t);
	reply = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	err = reply ? netlink_reply(reply, info, put, t) : no_memory(info);
	tracker_put(t);
	return err;
}

int blksnap_nl_device_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return get_tracker(info, info->attrs[BLKSNAP_A_DEVICE_DEV],
			   netlink_put_device);
}

int blksnap_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return get_tracker(info, info->attrs[BLKSNAP_A_STATS_DEV],
			   netlink_put_stats);
}

struct object_ctx {
	u64 cursor;
	bool done;
};

static int dump_one_tracker(struct sk_buff *skb, struct netlink_callback *cb,
			    const struct nlattr *dev, u8 cmd,
			    netlink_put_fn put)
{
	struct object_ctx *ctx = (void *)cb->ctx;
	struct netlink_head head = netlink_head_dump(cb, cmd);
	struct tracker *t;
	int err;

	if (ctx->done)
		return 0;
	t = netlink_find_tracker(dev, cb->extack);
	if (IS_ERR(t))
		return PTR_ERR(t);
	err = netlink_put_whole(skb, put, &head, t);
	tracker_put(t);
	ctx->done = true;
	return dumped(skb, err);
}

static int dump_trackers(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct nlattr *dev, u8 cmd, netlink_put_fn put)
{
	struct object_ctx *ctx = (void *)cb->ctx;
	int err = 0;

	BUILD_BUG_ON(sizeof(*ctx) > sizeof(cb->ctx));
	if (dev)
		return dump_one_tracker(skb, cb, dev, cmd, put);
	cb->seq = dump_seq(tracker_generation());
	while (!err) {
		struct netlink_head head = netlink_head_dump(cb, cmd);
		u64 cursor = ctx->cursor;
		struct tracker *t = tracker_next(&cursor);

		if (!t)
			break;
		err = netlink_put_whole(skb, put, &head, t);
		tracker_put(t);
		if (!err)
			ctx->cursor = cursor;
	}
	return dumped(skb, err);
}

int blksnap_nl_device_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	return dump_trackers(skb, cb,
			     netlink_dump_attrs(cb)[BLKSNAP_A_DEVICE_DEV],
			     BLKSNAP_CMD_DEVICE_GET, netlink_put_device);
}

int blksnap_nl_stats_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return dump_trackers(skb, cb,
			     netlink_dump_attrs(cb)[BLKSNAP_A_STATS_DEV],
			     BLKSNAP_CMD_STATS_GET, netlink_put_stats);
}

/* ---- snapshots ----------------------------------------------------------- */

int blksnap_nl_snapshot_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	struct snapshot *s;
	int err;

	s = netlink_find_snapshot(info->attrs[BLKSNAP_A_SNAPSHOT_ID],
				  info->attrs[BLKSNAP_A_SNAPSHOT_UUID],
				  info->extack);
	if (IS_ERR(s))
		return PTR_ERR(s);
	reply = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	err = reply ? netlink_reply(reply, info, netlink_put_snapshot, s) :
		      no_memory(info);
	snapshot_put(s);
	return err;
}

static int dump_one_snapshot(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct nlattr *id, const struct nlattr *uuid)
{
	struct netlink_head head =
		netlink_head_dump(cb, BLKSNAP_CMD_SNAPSHOT_GET);
	struct object_ctx *ctx = (void *)cb->ctx;
	struct snapshot *s;
	int err;

	if (ctx->done)
		return 0;
	s = netlink_find_snapshot(id, uuid, cb->extack);
	if (IS_ERR(s))
		return PTR_ERR(s);
	err = netlink_put_whole(skb, netlink_put_snapshot, &head, s);
	snapshot_put(s);
	ctx->done = true;
	return dumped(skb, err);
}

int blksnap_nl_snapshot_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	struct nlattr **attrs = netlink_dump_attrs(cb);
	struct object_ctx *ctx = (void *)cb->ctx;
	int err = 0;

	BUILD_BUG_ON(sizeof(*ctx) > sizeof(cb->ctx));
	if (attrs[BLKSNAP_A_SNAPSHOT_ID] || attrs[BLKSNAP_A_SNAPSHOT_UUID])
		return dump_one_snapshot(skb, cb, attrs[BLKSNAP_A_SNAPSHOT_ID],
					 attrs[BLKSNAP_A_SNAPSHOT_UUID]);
	cb->seq = dump_seq(snapshot_generation());
	while (!err) {
		struct netlink_head head =
			netlink_head_dump(cb, BLKSNAP_CMD_SNAPSHOT_GET);
		u32 cursor = ctx->cursor;
		struct snapshot *s = snapshot_next(&cursor);

		if (!s)
			break;
		err = netlink_put_whole(skb, netlink_put_snapshot, &head, s);
		snapshot_put(s);
		if (!err)
			ctx->cursor = cursor;
	}
	return dumped(skb, err);
}

/* ---- area ---------------------------------------------------------------- */

struct area_ctx {
	u32 index;
	bool done;
};

static int put_range(struct sk_buff *skb, const struct snapshot_range_info *r)
{
	struct nlattr *nest = nla_nest_start(skb, BLKSNAP_A_AREA_RANGE);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, BLKSNAP_A_RANGE_INFO_MAJOR, MAJOR(r->dev)) ||
	    nla_put_u32(skb, BLKSNAP_A_RANGE_INFO_MINOR, MINOR(r->dev)) ||
	    netlink_put_u64(skb, BLKSNAP_A_RANGE_INFO_START, r->start) ||
	    netlink_put_u64(skb, BLKSNAP_A_RANGE_INFO_COUNT, r->count) ||
	    netlink_put_u64(skb, BLKSNAP_A_RANGE_INFO_USED, r->used) ||
	    (*r->name &&
	     nla_put_string(skb, BLKSNAP_A_RANGE_INFO_NAME, r->name))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* One message with as many ranges as fit; the first also without any. */
static int put_ranges(struct sk_buff *skb, struct netlink_callback *cb,
		      struct snapshot *s)
{
	struct netlink_head head = netlink_head_dump(cb, BLKSNAP_CMD_AREA_GET);
	struct area_ctx *ctx = (void *)cb->ctx;
	struct snapshot_range_info r;
	bool more = snapshot_range(s, ctx->index, &r);
	u32 first = ctx->index;
	void *hdr;

	if (!more && ctx->index) {
		ctx->done = true;
		return 0;
	}
	hdr = genlmsg_put(skb, head.portid, head.nlmsg_seq, &blksnap_nl_family,
			  head.flags, head.cmd);
	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	if (nla_put_u32(skb, BLKSNAP_A_AREA_ID, snapshot_id(s)) ||
	    netlink_put_u64(skb, BLKSNAP_A_AREA_SEQ, head.seq))
		goto full;
	while (more && !put_range(skb, &r))
		more = snapshot_range(s, ++ctx->index, &r);
	if (more && ctx->index == first)
		goto full;
	genlmsg_end(skb, hdr);
	ctx->done = !more;
	return 0;
full:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

int blksnap_nl_area_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb)
{
	struct nlattr **attrs = netlink_dump_attrs(cb);
	struct area_ctx *ctx = (void *)cb->ctx;
	struct snapshot_info info;
	struct snapshot *s;
	int err;

	BUILD_BUG_ON(sizeof(*ctx) > sizeof(cb->ctx));
	if (ctx->done)
		return 0;
	s = netlink_find_snapshot(attrs[BLKSNAP_A_AREA_ID],
				  attrs[BLKSNAP_A_AREA_UUID], cb->extack);
	if (IS_ERR(s))
		return PTR_ERR(s);
	/* Ranges that are removed shift the others. */
	snapshot_info(s, &info);
	cb->seq = dump_seq(info.area_changes);
	err = put_ranges(skb, cb, s);
	snapshot_put(s);
	return dumped(skb, err);
}

/* ---- changed extents ----------------------------------------------------- */

struct cbt_ctx {
	u64 cursor;
	u32 number;
	u8 generation[16];
	bool begun;
	bool done;
};

/* On the first call: fix what the whole dump refers to. */
static int begin_cbt(struct netlink_callback *cb, struct tracker *t)
{
	struct nlattr **attrs = netlink_dump_attrs(cb);
	const struct nlattr *generation = attrs[BLKSNAP_A_DEVICE_CBT_GENERATION];
	const struct nlattr *since = attrs[BLKSNAP_A_DEVICE_CBT_SINCE];
	const struct nlattr *cursor = attrs[BLKSNAP_A_DEVICE_CURSOR];
	struct cbt_ctx *ctx = (void *)cb->ctx;
	int err;

	if (since && !generation) {
		NL_SET_ERR_MSG_ATTR(cb->extack, since,
				    "cbt-since means nothing without its cbt-generation");
		return -EINVAL;
	}
	err = tracker_cbt_begin(t, generation ? nla_data(generation) : NULL,
				since ? nla_get_u32(since) : 0, ctx->generation,
				&ctx->number);
	if (err == -ERANGE) {
		NL_SET_ERR_MSG_ATTR(cb->extack, since,
				    "this generation has no such snapshot yet: take all as changed");
		return -ESTALE;
	}
	if (err) {
		NL_SET_ERR_MSG_ATTR(cb->extack, generation,
				    "tracking has started a new generation: take all as changed");
		return err;
	}
	ctx->cursor = cursor ? nla_get_u64(cursor) : 0;
	ctx->begun = true;
	return 0;
}

static int put_extent(struct sk_buff *skb, sector_t start, sector_t count)
{
	struct nlattr *nest = nla_nest_start(skb, BLKSNAP_A_DEVICE_EXTENT);

	if (!nest)
		return -EMSGSIZE;
	if (netlink_put_u64(skb, BLKSNAP_A_EXTENT_START, start) ||
	    netlink_put_u64(skb, BLKSNAP_A_EXTENT_COUNT, count)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* As many extents as fit; moves the cursor behind the last of them. */
static int put_extents(struct sk_buff *skb, struct netlink_callback *cb,
		       struct tracker *t)
{
	const struct nlattr *attr =
		netlink_dump_attrs(cb)[BLKSNAP_A_DEVICE_CBT_SINCE];
	u32 since = attr ? nla_get_u32(attr) : 0;
	struct cbt_ctx *ctx = (void *)cb->ctx;

	for (;;) {
		sector_t start, count;
		int ret = tracker_cbt_next(t, ctx->generation, since,
					   ctx->number, ctx->cursor, &start,
					   &count);

		if (ret == -ESTALE)
			NL_SET_ERR_MSG(cb->extack,
				       "tracking started a new generation meanwhile: take all as changed");
		if (ret < 0)
			return ret;
		if (!ret) {
			ctx->cursor = max_t(u64, ctx->cursor,
					    tracker_capacity(t));
			ctx->done = true;
			return 0;
		}
		if (put_extent(skb, start, count))
			return 0;
		ctx->cursor = start + count;
	}
}

static int put_cbt(struct sk_buff *skb, struct netlink_callback *cb,
		   struct tracker *t, dev_t dev)
{
	struct netlink_head head = netlink_head_dump(cb, BLKSNAP_CMD_CBT_GET);
	struct cbt_ctx *ctx = (void *)cb->ctx;
	struct nlattr *cursor;
	void *hdr;
	int err;

	hdr = genlmsg_put(skb, head.portid, head.nlmsg_seq, &blksnap_nl_family,
			  head.flags, head.cmd);
	if (!hdr)
		return -EMSGSIZE;
	err = -EMSGSIZE;
	if (netlink_put_dev(skb, BLKSNAP_A_DEVICE_DEV, dev) ||
	    nla_put(skb, BLKSNAP_A_DEVICE_CBT_GENERATION,
		    sizeof(ctx->generation), ctx->generation) ||
	    nla_put_u32(skb, BLKSNAP_A_DEVICE_CBT_NUMBER, ctx->number))
		goto cancel;
	/* Its value is known when the extents are in. */
	cursor = nla_reserve(skb, BLKSNAP_A_DEVICE_CURSOR, sizeof(u64));
	if (!cursor)
		goto cancel;
	err = put_extents(skb, cb, t);
	if (err)
		goto cancel;
	memcpy(nla_data(cursor), &ctx->cursor, sizeof(ctx->cursor));
	genlmsg_end(skb, hdr);
	return 0;
cancel:
	genlmsg_cancel(skb, hdr);
	return err;
}

int blksnap_nl_cbt_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct nlattr *attr = netlink_dump_attrs(cb)[BLKSNAP_A_DEVICE_DEV];
	struct cbt_ctx *ctx = (void *)cb->ctx;
	struct tracker_info info;
	struct tracker *t;
	int err;

	BUILD_BUG_ON(sizeof(*ctx) > sizeof(cb->ctx));
	/* Each time: another process may read the dump on. */
	err = netlink_need_admin(cb->skb, cb->extack);
	if (err || ctx->done)
		return err;
	t = netlink_find_tracker(attr, cb->extack);
	if (IS_ERR(t))
		return PTR_ERR(t);
	if (!ctx->begun)
		err = begin_cbt(cb, t);
	if (!err) {
		tracker_info(t, &info);
		err = put_cbt(skb, cb, t, info.dev);
	}
	tracker_put(t);
	return dumped(skb, err);
}
