/* SPDX-License-Identifier: GPL-2.0 */
/*
 * After the generated tables, in netlink_tables.c alone: the family that is
 * registered. The older kernel has one entry for the do and the dump of a
 * command, with one policy; the protocol keeps both requests alike.
 */
#if BLKSNAP_HAVE_SPLIT_OPS

int __init netlink_merge(void)
{
	return 0;
}

#else

#undef genl_family
#undef blksnap_nl_family

static struct genl_ops merged_ops[ARRAY_SIZE(blksnap_nl_ops)] __ro_after_init;

struct genl_family blksnap_nl_family __ro_after_init = {
	.ops = merged_ops,
};

static int __init merge_op(const struct genl_split_ops *split)
{
	struct genl_family *f = &blksnap_nl_family;
	struct genl_ops *op = merged_ops;

	while (op < merged_ops + f->n_ops && op->cmd != split->cmd)
		op++;
	if (op == merged_ops + f->n_ops) {
		op->cmd = split->cmd;
		op->policy = split->policy;
		op->maxattr = split->maxattr;
		f->n_ops++;
	}
	/* The second of two: what it takes is what the first one takes. */
	if (op->maxattr != split->maxattr ||
	    (op->maxattr && memcmp(op->policy, split->policy,
				   (op->maxattr + 1) * sizeof(*op->policy))))
		return -EINVAL;
	if (split->flags & GENL_CMD_CAP_DO)
		op->doit = split->doit;
	else
		op->dumpit = split->dumpit;
	return 0;
}

int __init netlink_merge(void)
{
	const struct netlink_tables *from = &netlink_generated;
	struct genl_family *f = &blksnap_nl_family;
	unsigned int i;

	strscpy(f->name, from->name, sizeof(f->name));
	f->version = from->version;
	f->netnsok = from->netnsok;
	f->parallel_ops = from->parallel_ops;
	f->module = from->module;
	f->mcgrps = from->mcgrps;
	f->n_mcgrps = from->n_mcgrps;
	for (i = 0; i < from->n_split_ops; i++) {
		int ret = merge_op(&from->split_ops[i]);

		if (ret)
			return ret;
	}
	return 0;
}

#endif
