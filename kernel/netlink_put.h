/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The core's objects as messages. Replies, dumps and notifications of one
 * object have one attribute list, and are made by one function.
 */
#ifndef BLKSNAP_NETLINK_PUT_H
#define BLKSNAP_NETLINK_PUT_H

#include "netlink_compat.h"

/* No cause, or no reason, in struct netlink_head. */
#define NETLINK_NONE (-1)

/**
 * struct netlink_head - what a message has beside its object
 * @portid: receiver, 0 for the group
 * @nlmsg_seq: of the request, 0 for the group
 * @flags: NLM_F_MULTI in a dump
 * @cmd: command of the message
 * @cb: the dump whose consistency is watched, or NULL
 * @seq: the event it is, or the last event that the object reflects
 * @cause: enum blksnap_change_cause, or NETLINK_NONE
 * @reason: enum blksnap_del_reason, or NETLINK_NONE
 */
struct netlink_head {
	u32 portid;
	u32 nlmsg_seq;
	int flags;
	u8 cmd;
	struct netlink_callback *cb;
	u64 seq;
	int cause;
	int reason;
};

/** netlink_head_do() - of the reply to a request. Read before the object is. */
struct netlink_head netlink_head_do(const struct genl_info *info);
/** netlink_head_dump() - of a message of a dump. Read before the object is. */
struct netlink_head netlink_head_dump(struct netlink_callback *cb, u8 cmd);
/** netlink_head_event() - of event number @seq. */
struct netlink_head netlink_head_event(u8 cmd, u64 seq, int cause, int reason);

/**
 * typedef netlink_put_fn - put one message about @obj
 *
 * Return: 0, or -EMSGSIZE: it does not fit and nothing was put.
 */
typedef int (*netlink_put_fn)(struct sk_buff *skb,
			      const struct netlink_head *head, void *obj);

/* @obj is a struct tracker, without or with its counters, or a snapshot. */
int netlink_put_device(struct sk_buff *skb, const struct netlink_head *head,
		       void *obj);
/** struct netlink_released - what image-release answers */
struct netlink_released {
	dev_t dev;
	u32 snapshot_id;
	u64 sectors;
};
int netlink_put_released(struct sk_buff *skb, const struct netlink_head *head,
			 void *obj);
int netlink_put_stats(struct sk_buff *skb, const struct netlink_head *head,
		      void *obj);
int netlink_put_snapshot(struct sk_buff *skb, const struct netlink_head *head,
			 void *obj);

/**
 * netlink_put_whole() - put a message, and enlarge an empty buffer for it
 *
 * A set of many devices is a message longer than a buffer usually is.
 *
 * Context: process, may sleep (in a memalloc_noio section: GFP_NOIO).
 * Return: 0, -EMSGSIZE: it does not fit beside what is there, -ENOMEM.
 */
int netlink_put_whole(struct sk_buff *skb, netlink_put_fn put,
		      const struct netlink_head *head, void *obj);

/** netlink_grow() - more room in a buffer. Return: 0 or -ENOMEM. */
int netlink_grow(struct sk_buff *skb, size_t bytes);

/**
 * netlink_reply() - answer a request with an object
 * @skb: made before the core was called, so that nothing is left to fail once
 *	it has acted; taken over
 *
 * Return: 0 or -errno.
 */
int netlink_reply(struct sk_buff *skb, struct genl_info *info,
		  netlink_put_fn put, void *obj);

/* One attribute each; 0 or -EMSGSIZE. u64 goes without a padding attribute. */
static inline int netlink_put_u64(struct sk_buff *skb, int type, u64 v)
{
	return nla_put(skb, type, sizeof(v), &v);
}
int netlink_put_dev(struct sk_buff *skb, int type, dev_t dev);

#endif /* BLKSNAP_NETLINK_PUT_H */
