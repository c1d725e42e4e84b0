/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	genl-proto/specs/blksnap.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_BLKSNAP_GEN_H
#define _LINUX_BLKSNAP_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/blksnap_genl.h>

/* Common nested types */
extern const struct nla_policy blksnap_devref_nl_policy[BLKSNAP_A_DEVREF_MINOR + 1];
extern const struct nla_policy blksnap_extent_nl_policy[BLKSNAP_A_EXTENT_COUNT + 1];
extern const struct nla_policy blksnap_freeze_nl_policy[BLKSNAP_A_FREEZE_MEMBER + 1];
extern const struct nla_policy blksnap_range_nl_policy[BLKSNAP_A_RANGE_COUNT + 1];

int blksnap_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int blksnap_nl_device_attach_doit(struct sk_buff *skb, struct genl_info *info);
int blksnap_nl_device_detach_doit(struct sk_buff *skb, struct genl_info *info);
int blksnap_nl_device_get_doit(struct sk_buff *skb, struct genl_info *info);
int blksnap_nl_device_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int blksnap_nl_snapshot_create_doit(struct sk_buff *skb,
				    struct genl_info *info);
int blksnap_nl_snapshot_take_doit(struct sk_buff *skb, struct genl_info *info);
int blksnap_nl_snapshot_destroy_doit(struct sk_buff *skb,
				     struct genl_info *info);
int blksnap_nl_snapshot_set_doit(struct sk_buff *skb, struct genl_info *info);
int blksnap_nl_snapshot_get_doit(struct sk_buff *skb, struct genl_info *info);
int blksnap_nl_snapshot_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int blksnap_nl_area_append_doit(struct sk_buff *skb, struct genl_info *info);
int blksnap_nl_area_remove_doit(struct sk_buff *skb, struct genl_info *info);
int blksnap_nl_area_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int blksnap_nl_cbt_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int blksnap_nl_cbt_mark_doit(struct sk_buff *skb, struct genl_info *info);
int blksnap_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int blksnap_nl_stats_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int blksnap_nl_event_replay_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int blksnap_nl_image_release_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	BLKSNAP_NLGRP_EVENTS,
};

extern struct genl_family blksnap_nl_family;

#endif /* _LINUX_BLKSNAP_GEN_H */
