/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What generic netlink lacks on the older kernel: included before the
 * generated tables' header by every file of this room. netlink_split.h and
 * netlink_merge.h are the rest of it, around the generated tables.
 */
#ifndef BLKSNAP_NETLINK_COMPAT_H
#define BLKSNAP_NETLINK_COMPAT_H

#include "compat.h"

#include <net/genetlink.h>

#include "netlink_gen.h"

/* The attributes of the request a dump answers. */
#if BLKSNAP_HAVE_SPLIT_OPS
static inline struct nlattr **netlink_dump_attrs(struct netlink_callback *cb)
{
	return genl_info_dump(cb)->attrs;
}
#else
static inline struct nlattr **netlink_dump_attrs(struct netlink_callback *cb)
{
	return genl_dumpit_info(cb)->attrs;
}
#endif

/**
 * netlink_merge() - make the family of the generated tables registrable
 *
 * Context: before the family is registered. Return: 0, or -EINVAL where the
 * tables are such that an older kernel cannot have them.
 */
int netlink_merge(void);

#endif /* BLKSNAP_NETLINK_COMPAT_H */
