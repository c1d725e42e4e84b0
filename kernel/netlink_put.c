// SPDX-License-Identifier: GPL-2.0
#include "netlink_put.h"

#include <linux/skbuff.h>
#include <linux/timekeeping.h>

#include "events.h"
#include "snapshot.h"
#include "tracker.h"

/* A message of the largest set of devices is some 60 KiB. */
#define GROW_BYTES (16 << 10)
#define GROW_MAX (256 << 10)

/* Reads the event number: what is read of an object later reflects it. */
struct netlink_head netlink_head_do(const struct genl_info *info)
{
	return (struct netlink_head){
		.portid = info->snd_portid,
		.nlmsg_seq = info->snd_seq,
		.cmd = info->genlhdr->cmd,
		.seq = events_seq(),
		.cause = NETLINK_NONE,
		.reason = NETLINK_NONE,
	};
}

struct netlink_head netlink_head_dump(struct netlink_callback *cb, u8 cmd)
{
	return (struct netlink_head){
		.portid = NETLINK_CB(cb->skb).portid,
		.nlmsg_seq = cb->nlh->nlmsg_seq,
		.flags = NLM_F_MULTI,
		.cmd = cmd,
		.cb = cb,
		.seq = events_seq(),
		.cause = NETLINK_NONE,
		.reason = NETLINK_NONE,
	};
}

struct netlink_head netlink_head_event(u8 cmd, u64 seq, int cause, int reason)
{
	return (struct netlink_head){
		.cmd = cmd,
		.seq = seq,
		.cause = cause,
		.reason = reason,
	};
}

static void *put_head(struct sk_buff *skb, const struct netlink_head *head)
{
	void *hdr = genlmsg_put(skb, head->portid, head->nlmsg_seq,
				&blksnap_nl_family, head->flags, head->cmd);

	if (hdr && head->cb)
		genl_dump_check_consistent(head->cb, hdr);
	return hdr;
}

int netlink_put_dev(struct sk_buff *skb, int type, dev_t dev)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, BLKSNAP_A_DEVREF_MAJOR, MAJOR(dev)) ||
	    nla_put_u32(skb, BLKSNAP_A_DEVREF_MINOR, MINOR(dev))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* What is unknown or does not apply is left out. */
static int put_dev_if(struct sk_buff *skb, int type, dev_t dev)
{
	return dev ? netlink_put_dev(skb, type, dev) : 0;
}

static int put_u32_if(struct sk_buff *skb, int type, u32 v)
{
	return v ? nla_put_u32(skb, type, v) : 0;
}

static int put_u64_if(struct sk_buff *skb, int type, u64 v)
{
	return v ? netlink_put_u64(skb, type, v) : 0;
}

static int put_error_if(struct sk_buff *skb, int type, int err)
{
	return err ? nla_put_s32(skb, type, err) : 0;
}

static int put_string_if(struct sk_buff *skb, int type, const char *s)
{
	return *s ? nla_put_string(skb, type, s) : 0;
}

static int put_flag_if(struct sk_buff *skb, int type, bool v)
{
	return v ? nla_put_flag(skb, type) : 0;
}

static int put_why(struct sk_buff *skb, int type, int why)
{
	return why != NETLINK_NONE ? nla_put_u32(skb, type, why) : 0;
}

int netlink_put_device(struct sk_buff *skb, const struct netlink_head *head,
		       void *obj)
{
	struct tracker_info i;
	void *hdr = put_head(skb, head);

	if (!hdr)
		return -EMSGSIZE;
	tracker_info(obj, &i);
	if (netlink_put_dev(skb, BLKSNAP_A_DEVICE_DEV, i.dev) ||
	    put_string_if(skb, BLKSNAP_A_DEVICE_NAME, i.name) ||
	    nla_put_u32(skb, BLKSNAP_A_DEVICE_STATE, i.state) ||
	    netlink_put_u64(skb, BLKSNAP_A_DEVICE_CAPACITY, i.capacity) ||
	    put_u32_if(skb, BLKSNAP_A_DEVICE_SNAPSHOT_ID, i.snapshot_id) ||
	    put_dev_if(skb, BLKSNAP_A_DEVICE_IMAGE, i.image) ||
	    put_flag_if(skb, BLKSNAP_A_DEVICE_KEEP, i.keep) ||
	    nla_put_u32(skb, BLKSNAP_A_DEVICE_CBT_CELL, i.cbt_cell) ||
	    nla_put(skb, BLKSNAP_A_DEVICE_CBT_GENERATION,
		    sizeof(i.cbt_generation), i.cbt_generation) ||
	    nla_put_u32(skb, BLKSNAP_A_DEVICE_CBT_NUMBER, i.cbt_number) ||
	    netlink_put_u64(skb, BLKSNAP_A_DEVICE_CBT_MEMORY, i.cbt_memory) ||
	    nla_put_u32(skb, BLKSNAP_A_DEVICE_UNIT, i.unit) ||
	    put_error_if(skb, BLKSNAP_A_DEVICE_ERROR, i.error) ||
	    put_why(skb, BLKSNAP_A_DEVICE_CAUSE, head->cause) ||
	    put_why(skb, BLKSNAP_A_DEVICE_REASON, head->reason) ||
	    netlink_put_u64(skb, BLKSNAP_A_DEVICE_SEQ, head->seq) ||
	    netlink_put_u64(skb, BLKSNAP_A_DEVICE_TIME_NS,
			    ktime_get_boottime_ns())) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int netlink_put_released(struct sk_buff *skb, const struct netlink_head *head,
			 void *obj)
{
	const struct netlink_released *r = obj;
	void *hdr = put_head(skb, head);

	if (!hdr)
		return -EMSGSIZE;
	if (netlink_put_dev(skb, BLKSNAP_A_DEVICE_DEV, r->dev) ||
	    nla_put_u32(skb, BLKSNAP_A_DEVICE_SNAPSHOT_ID, r->snapshot_id) ||
	    netlink_put_u64(skb, BLKSNAP_A_DEVICE_RELEASED_SECTORS,
			    r->sectors)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int put_counters(struct sk_buff *skb, const struct tracker_stats *st)
{
	static const struct {
		u16 type;
		u16 offset;
	} counters[] = {
#define COUNTER(attr, field) \
	{ BLKSNAP_A_STATS_##attr, offsetof(struct tracker_stats, field) }
		COUNTER(WRITES, sum.writes),
		COUNTER(WRITE_SECTORS, sum.write_sectors),
		COUNTER(INFLIGHT, inflight),
		COUNTER(COW_UNITS, sum.cow_units),
		COUNTER(COW_SECTORS, sum.cow_sectors),
		COUNTER(COW_AHEAD_SECTORS, sum.cow_ahead_sectors),
		COUNTER(STORE_SECTORS, sum.store_sectors),
		COUNTER(HELD, sum.held),
		COUNTER(HELD_NS, sum.held_ns),
		COUNTER(IMAGE_READS, sum.image_reads),
		COUNTER(IMAGE_READ_SECTORS, sum.image_read_sectors),
		COUNTER(IMAGE_AREA_SECTORS, sum.image_area_sectors),
		COUNTER(IMAGE_RETRY_SECTORS, sum.image_retry_sectors),
		COUNTER(DISCARD_DROPPED_SECTORS, sum.discard_dropped_sectors),
		COUNTER(ERRORS, sum.errors),
		COUNTER(MEMORY, memory),
		COUNTER(METADATA, metadata),
#undef COUNTER
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(counters); i++) {
		const u64 *v = (const void *)st + counters[i].offset;

		if (netlink_put_u64(skb, counters[i].type, *v))
			return -EMSGSIZE;
	}
	return 0;
}

int netlink_put_stats(struct sk_buff *skb, const struct netlink_head *head,
		      void *obj)
{
	struct tracker_stats st;
	struct tracker_info i;
	void *hdr = put_head(skb, head);

	BUILD_BUG_ON(STATS_HOLD_BUCKETS != BLKSNAP_HOLD_BUCKETS);
	if (!hdr)
		return -EMSGSIZE;
	tracker_info(obj, &i);
	tracker_stats(obj, &st);
	if (netlink_put_dev(skb, BLKSNAP_A_STATS_DEV, i.dev) ||
	    put_string_if(skb, BLKSNAP_A_STATS_NAME, i.name) ||
	    put_u32_if(skb, BLKSNAP_A_STATS_SNAPSHOT_ID, i.snapshot_id) ||
	    netlink_put_u64(skb, BLKSNAP_A_STATS_TIME_NS,
			    ktime_get_boottime_ns()) ||
	    netlink_put_u64(skb, BLKSNAP_A_STATS_EPOCH, i.epoch) ||
	    put_counters(skb, &st) ||
	    nla_put(skb, BLKSNAP_A_STATS_HELD_HIST, sizeof(st.sum.held_hist),
		    st.sum.held_hist) ||
	    nla_put_u32(skb, BLKSNAP_A_STATS_HELD_NOW, st.held_now)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int put_member(struct sk_buff *skb,
		      const struct snapshot_member_info *m)
{
	struct nlattr *nest = nla_nest_start(skb, BLKSNAP_A_SNAPSHOT_MEMBER);

	if (!nest)
		return -EMSGSIZE;
	if (netlink_put_dev(skb, BLKSNAP_A_MEMBER_DEV, m->dev) ||
	    put_string_if(skb, BLKSNAP_A_MEMBER_NAME, m->name) ||
	    put_dev_if(skb, BLKSNAP_A_MEMBER_IMAGE, m->image) ||
	    (m->image && put_string_if(skb, BLKSNAP_A_MEMBER_IMAGE_NAME,
				       m->image_name)) ||
	    (m->image && nla_put_u32(skb, BLKSNAP_A_MEMBER_IMAGE_OPENERS,
				     m->image_openers)) ||
	    put_flag_if(skb, BLKSNAP_A_MEMBER_IMAGE_HELD, m->image_held) ||
	    netlink_put_u64(skb, BLKSNAP_A_MEMBER_CAPACITY, m->capacity) ||
	    put_error_if(skb, BLKSNAP_A_MEMBER_ERROR, m->error))
		return -EMSGSIZE;
	if (m->taken &&
	    (nla_put_u32(skb, BLKSNAP_A_MEMBER_FREEZE_RESULT,
			 m->freeze_result) ||
	     nla_put(skb, BLKSNAP_A_MEMBER_CBT_GENERATION,
		     sizeof(m->cbt_generation), m->cbt_generation) ||
	     nla_put_u32(skb, BLKSNAP_A_MEMBER_CBT_NUMBER, m->cbt_number) ||
	     netlink_put_u64(skb, BLKSNAP_A_MEMBER_AREA_USED, m->area_used)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_members(struct sk_buff *skb, struct snapshot *s)
{
	struct snapshot_member_info m;
	unsigned int i;

	for (i = 0; snapshot_member(s, i, &m); i++)
		if (put_member(skb, &m))
			return -EMSGSIZE;
	return 0;
}

/* What there is only after a failure, or after a take. */
static int put_outcome(struct sk_buff *skb, const struct snapshot_info *i)
{
	if (i->error &&
	    (nla_put_s32(skb, BLKSNAP_A_SNAPSHOT_ERROR, i->error) ||
	     nla_put_u32(skb, BLKSNAP_A_SNAPSHOT_PHASE, i->phase) ||
	     put_dev_if(skb, BLKSNAP_A_SNAPSHOT_ERROR_DEV, i->error_dev)))
		return -EMSGSIZE;
	if (i->has_error_sector &&
	    netlink_put_u64(skb, BLKSNAP_A_SNAPSHOT_ERROR_SECTOR,
			    i->error_sector))
		return -EMSGSIZE;
	if (i->taken_ns &&
	    (netlink_put_u64(skb, BLKSNAP_A_SNAPSHOT_TAKEN_NS, i->taken_ns) ||
	     put_u64_if(skb, BLKSNAP_A_SNAPSHOT_TAKEN_REAL_NS,
			i->taken_real_ns) ||
	     netlink_put_u64(skb, BLKSNAP_A_SNAPSHOT_GATE_NS, i->gate_ns) ||
	     netlink_put_u64(skb, BLKSNAP_A_SNAPSHOT_FREEZE_NS,
			     i->freeze_ns)))
		return -EMSGSIZE;
	return 0;
}

int netlink_put_snapshot(struct sk_buff *skb, const struct netlink_head *head,
			 void *obj)
{
	struct snapshot_info i;
	void *hdr = put_head(skb, head);

	if (!hdr)
		return -EMSGSIZE;
	snapshot_info(obj, &i);
	if (nla_put_u32(skb, BLKSNAP_A_SNAPSHOT_ID, i.id) ||
	    nla_put(skb, BLKSNAP_A_SNAPSHOT_UUID, sizeof(i.uuid), &i.uuid) ||
	    put_string_if(skb, BLKSNAP_A_SNAPSHOT_NAME, i.name) ||
	    nla_put_u32(skb, BLKSNAP_A_SNAPSHOT_STATE, i.state) ||
	    nla_put_u32(skb, BLKSNAP_A_SNAPSHOT_LEVEL, i.level) ||
	    netlink_put_u64(skb, BLKSNAP_A_SNAPSHOT_AREA_TOTAL,
			    i.area_total) ||
	    netlink_put_u64(skb, BLKSNAP_A_SNAPSHOT_AREA_USED, i.area_used) ||
	    netlink_put_u64(skb, BLKSNAP_A_SNAPSHOT_LOW, i.low) ||
	    netlink_put_u64(skb, BLKSNAP_A_SNAPSHOT_CLEAR, i.clear) ||
	    nla_put_u32(skb, BLKSNAP_A_SNAPSHOT_GRACE_MS, i.grace_ms) ||
	    (i.has_cookie &&
	     netlink_put_u64(skb, BLKSNAP_A_SNAPSHOT_REQUEST_COOKIE,
			     i.cookie)) ||
	    put_outcome(skb, &i) ||
	    put_why(skb, BLKSNAP_A_SNAPSHOT_CAUSE, head->cause) ||
	    put_why(skb, BLKSNAP_A_SNAPSHOT_REASON, head->reason) ||
	    netlink_put_u64(skb, BLKSNAP_A_SNAPSHOT_SEQ, head->seq) ||
	    netlink_put_u64(skb, BLKSNAP_A_SNAPSHOT_TIME_NS,
			    ktime_get_boottime_ns()) ||
	    put_members(skb, obj)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int netlink_grow(struct sk_buff *skb, size_t bytes)
{
	if (skb_tailroom(skb) + bytes > GROW_MAX)
		return -ENOMEM;
	return pskb_expand_head(skb, 0, bytes, GFP_KERNEL | __GFP_NOWARN);
}

int netlink_put_whole(struct sk_buff *skb, netlink_put_fn put,
		      const struct netlink_head *head, void *obj)
{
	int err = put(skb, head, obj);

	while (err == -EMSGSIZE && !skb->len) {
		err = netlink_grow(skb, GROW_BYTES);
		if (!err)
			err = put(skb, head, obj);
	}
	return err;
}

int netlink_reply(struct sk_buff *skb, struct genl_info *info,
		  netlink_put_fn put, void *obj)
{
	struct netlink_head head = netlink_head_do(info);
	int err = netlink_put_whole(skb, put, &head, obj);

	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}
