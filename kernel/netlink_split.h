/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before the generated tables, in netlink_tables.c alone. Where the kernel has
 * no split operations the tables are compiled as a look-alike of the family,
 * with another name; netlink_merge.h makes the real one of it.
 */
#include "netlink_compat.h"

#if !BLKSNAP_HAVE_SPLIT_OPS

struct genl_split_ops {
	int (*doit)(struct sk_buff *skb, struct genl_info *info);
	int (*dumpit)(struct sk_buff *skb, struct netlink_callback *cb);
	/* The older kernel's is not const there, and does not write either. */
	const struct nla_policy *policy;
	unsigned int maxattr;
	u8 cmd;
	u8 flags;
};

struct netlink_tables {
	char name[GENL_NAMSIZ];
	unsigned int version;
	bool netnsok;
	bool parallel_ops;
	struct module *module;
	const struct genl_split_ops *split_ops;
	unsigned int n_split_ops;
	const struct genl_multicast_group *mcgrps;
	unsigned int n_mcgrps;
};

#define genl_family netlink_tables
#define blksnap_nl_family netlink_generated
extern struct netlink_tables netlink_generated;

#endif
