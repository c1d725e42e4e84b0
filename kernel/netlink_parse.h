/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests as the core's types, and the core's refusals as extended ACKs.
 * Every function that returns an errno here has said why in the extack.
 *
 * The generated policies have checked types and lengths before; a list is an
 * attribute that occurs several times at the top level of a request.
 */
#ifndef BLKSNAP_NETLINK_PARSE_H
#define BLKSNAP_NETLINK_PARSE_H

#include "netlink_compat.h"
#include "snapshot.h"

/* A list that was parsed; @items is the caller's to kvfree(). */
struct netlink_list {
	unsigned int nr;
	void *items;
};

/**
 * netlink_need_admin() - may the sender change state?
 *
 * GENL_ADMIN_PERM would ask for CAP_NET_ADMIN: a network container must not
 * be able to touch disks.
 *
 * Return: 0 or -EPERM.
 */
int netlink_need_admin(struct sk_buff *skb, struct netlink_ext_ack *extack);

/** netlink_parse_dev() - a devref nest. Return: 0 or -EINVAL. */
int netlink_parse_dev(const struct nlattr *attr, dev_t *dev,
		      struct netlink_ext_ack *extack);

/** netlink_need_dev() - the same of the `dev` of a request, NULL if missing. */
int netlink_need_dev(const struct nlattr *attr, dev_t *dev,
		     struct netlink_ext_ack *extack);

/** netlink_parse_name() - NULL without @attr. Return: 0 or -EINVAL. */
int netlink_parse_name(const struct nlattr *attr, const char **name,
		       struct netlink_ext_ack *extack);

/**
 * netlink_parse_devs() - all `device` of a request, as dev_t
 *
 * Context: process, may sleep. Return: 0, -EINVAL, -E2BIG, -ENOMEM; then the
 * list is empty. The same for the lists below.
 */
int netlink_parse_devs(struct genl_info *info, struct netlink_list *list);
/**
 * netlink_parse_ranges() - all `range`, as struct snapshot_range
 * @to_end: a range without `count` goes up to the end of its device
 */
int netlink_parse_ranges(struct genl_info *info, bool to_end,
			 struct netlink_list *list);
/**
 * netlink_parse_freezes() - all `freeze`, as struct snapshot_freeze
 *
 * Paths are looked up in the sender's mount namespace; each is referenced
 * until snapshot_create() or snapshot_take() has it, or netlink_put_freezes().
 */
int netlink_parse_freezes(struct genl_info *info, struct netlink_list *list);
/** netlink_put_freezes() - drop the paths of a list that the core did not get. */
void netlink_put_freezes(struct netlink_list *list);
/** netlink_parse_extents() - all `extent`, as struct netlink_extent. */
int netlink_parse_extents(struct genl_info *info, struct netlink_list *list);

struct netlink_extent {
	sector_t start;
	sector_t count;
};

/**
 * netlink_find_snapshot() - by id, by uuid, or by both if they agree
 * @id: attribute or NULL
 * @uuid: attribute or NULL
 *
 * Return: the snapshot with a reference, or ERR_PTR: -EINVAL neither was
 * given, -ENOENT there is none.
 */
struct snapshot *netlink_find_snapshot(const struct nlattr *id,
				       const struct nlattr *uuid,
				       struct netlink_ext_ack *extack);

/**
 * netlink_find_tracker() - the tracker of a `dev`
 * @attr: attribute or NULL
 *
 * Return: the tracker with a reference, or ERR_PTR: -EINVAL none was given,
 * -ENODEV it is not attached.
 */
struct tracker *netlink_find_tracker(const struct nlattr *attr,
				     struct netlink_ext_ack *extack);

/**
 * netlink_refused_snapshot() - say why the core refused a snapshot command
 * @err: what it returned
 * @r: what it filled in, if anything
 *
 * Return: @err.
 */
int netlink_refused_snapshot(struct genl_info *info, int err,
			     const struct refusal *r);
/** netlink_refused_device() - the same of a device command. */
int netlink_refused_device(struct genl_info *info, int err,
			   const struct refusal *r);

#endif /* BLKSNAP_NETLINK_PARSE_H */
