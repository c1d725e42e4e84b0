// SPDX-License-Identifier: GPL-2.0
#include "netlink_parse.h"

#include <linux/ctype.h>
#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/namei.h>
#include <linux/slab.h>

#include "tracker.h"

/* Of one request; a marker of more sends several. */
#define EXTENTS_MAX 4096

int netlink_need_admin(struct sk_buff *skb, struct netlink_ext_ack *extack)
{
	if (netlink_capable(skb, CAP_SYS_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "this needs CAP_SYS_ADMIN in the initial user namespace");
	return -EPERM;
}

static int parse_major_minor(const struct nlattr *nest,
			     const struct nlattr *major,
			     const struct nlattr *minor, dev_t *dev,
			     struct netlink_ext_ack *extack)
{
	if (!major || !minor) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "a device needs major and minor");
		return -EINVAL;
	}
	if (nla_get_u32(minor) > MINORMASK) {
		NL_SET_ERR_MSG_ATTR(extack, minor,
				    "there is no such minor number");
		return -EINVAL;
	}
	*dev = MKDEV(nla_get_u32(major), nla_get_u32(minor));
	if (!*dev) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "device 0:0 is none");
		return -EINVAL;
	}
	return 0;
}

int netlink_parse_dev(const struct nlattr *attr, dev_t *dev,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[BLKSNAP_A_DEVREF_MAX + 1];
	int err;

	err = nla_parse_nested(tb, BLKSNAP_A_DEVREF_MAX, attr,
			       blksnap_devref_nl_policy, extack);
	if (err)
		return err;
	return parse_major_minor(attr, tb[BLKSNAP_A_DEVREF_MAJOR],
				 tb[BLKSNAP_A_DEVREF_MINOR], dev, extack);
}

int netlink_need_dev(const struct nlattr *attr, dev_t *dev,
		     struct netlink_ext_ack *extack)
{
	BUILD_BUG_ON((int)BLKSNAP_A_DEVICE_DEV != (int)BLKSNAP_A_STATS_DEV);
	if (attr)
		return netlink_parse_dev(attr, dev, extack);
	NL_SET_ERR_MSG(extack, "a device is named by dev");
	NL_SET_ERR_ATTR_MISS(extack, NULL, BLKSNAP_A_DEVICE_DEV);
	return -EINVAL;
}

int netlink_parse_name(const struct nlattr *attr, const char **name,
		       struct netlink_ext_ack *extack)
{
	const char *s;

	*name = NULL;
	if (!attr)
		return 0;
	s = nla_data(attr);
	if (!*s || *s == '-' || *s == '.')
		goto bad;
	for (*name = s; *s; s++)
		if (!isascii(*s) || (!isalnum(*s) && !strchr("._-+", *s)))
			goto bad;
	return 0;
bad:
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a name is letters, digits and \"._-+\", and does not begin with \"-\" or \".\"");
	return -EINVAL;
}

/* ---- lists --------------------------------------------------------------- */

typedef int (*parse_item)(const struct nlattr *attr, void *item,
			  struct netlink_ext_ack *extack);

static const struct nlattr *nth_attr(const struct nlmsghdr *nlh, int type,
				     unsigned int index)
{
	const struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem)
		if (nla_type(attr) == type && !index--)
			return attr;
	return NULL;
}

static unsigned int count_attrs(const struct nlmsghdr *nlh, int type)
{
	const struct nlattr *attr;
	unsigned int nr = 0;
	int rem;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem)
		nr += nla_type(attr) == type;
	return nr;
}

/* On failure the list has the items before the bad one. */
static int parse_list(struct genl_info *info, int type, unsigned int max,
		      size_t size, parse_item parse, struct netlink_list *list)
{
	unsigned int nr = count_attrs(info->nlhdr, type);
	const struct nlattr *attr;
	int err, rem;

	list->nr = 0;
	list->items = NULL;
	if (!nr)
		return 0;
	if (nr > max) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    nth_attr(info->nlhdr, type, max),
				    "too many of these in one request");
		return -E2BIG;
	}
	list->items = kvcalloc(nr, size, GFP_KERNEL);
	if (!list->items) {
		NL_SET_ERR_MSG(info->extack, "not enough memory");
		return -ENOMEM;
	}
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != type)
			continue;
		err = parse(attr, list->items + list->nr * size, info->extack);
		if (err)
			return err;
		list->nr++;
	}
	return 0;
}

static int parse_flat_list(struct genl_info *info, int type, unsigned int max,
			   size_t size, parse_item parse,
			   struct netlink_list *list)
{
	int err = parse_list(info, type, max, size, parse, list);

	if (err) {
		kvfree(list->items);
		*list = (struct netlink_list){};
	}
	return err;
}

static int parse_device(const struct nlattr *attr, void *item,
			struct netlink_ext_ack *extack)
{
	return netlink_parse_dev(attr, item, extack);
}

int netlink_parse_devs(struct genl_info *info, struct netlink_list *list)
{
	return parse_flat_list(info, BLKSNAP_A_SNAPSHOT_DEVICE,
			       SNAPSHOT_MEMBERS_MAX, sizeof(dev_t),
			       parse_device, list);
}

static int parse_range_to_end(const struct nlattr *attr, void *item,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[BLKSNAP_A_RANGE_MAX + 1];
	struct snapshot_range *r = item;
	int err;

	err = nla_parse_nested(tb, BLKSNAP_A_RANGE_MAX, attr,
			       blksnap_range_nl_policy, extack);
	if (err)
		return err;
	err = parse_major_minor(attr, tb[BLKSNAP_A_RANGE_MAJOR],
				tb[BLKSNAP_A_RANGE_MINOR], &r->dev, extack);
	if (err)
		return err;
	if (!tb[BLKSNAP_A_RANGE_START]) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a range needs start");
		return -EINVAL;
	}
	r->start = nla_get_u64(tb[BLKSNAP_A_RANGE_START]);
	if (!tb[BLKSNAP_A_RANGE_COUNT])
		return 0;
	r->count = nla_get_u64(tb[BLKSNAP_A_RANGE_COUNT]);
	if (!r->count) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a range of no sectors");
		return -EINVAL;
	}
	return 0;
}

static int parse_range(const struct nlattr *attr, void *item,
		       struct netlink_ext_ack *extack)
{
	struct snapshot_range *r = item;
	int err = parse_range_to_end(attr, item, extack);

	if (!err && !r->count) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a range needs count here");
		err = -EINVAL;
	}
	return err;
}

int netlink_parse_ranges(struct genl_info *info, bool to_end,
			 struct netlink_list *list)
{
	return parse_flat_list(info, BLKSNAP_A_SNAPSHOT_RANGE,
			       SNAPSHOT_RANGES_MAX,
			       sizeof(struct snapshot_range),
			       to_end ? parse_range_to_end : parse_range, list);
}

static int parse_extent(const struct nlattr *attr, void *item,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[BLKSNAP_A_EXTENT_MAX + 1];
	struct netlink_extent *e = item;
	int err;

	err = nla_parse_nested(tb, BLKSNAP_A_EXTENT_MAX, attr,
			       blksnap_extent_nl_policy, extack);
	if (err)
		return err;
	if (!tb[BLKSNAP_A_EXTENT_START] || !tb[BLKSNAP_A_EXTENT_COUNT]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an extent needs start and count");
		return -EINVAL;
	}
	e->start = nla_get_u64(tb[BLKSNAP_A_EXTENT_START]);
	e->count = nla_get_u64(tb[BLKSNAP_A_EXTENT_COUNT]);
	if (!e->count) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "an extent of no sectors");
		return -EINVAL;
	}
	return 0;
}

int netlink_parse_extents(struct genl_info *info, struct netlink_list *list)
{
	return parse_flat_list(info, BLKSNAP_A_DEVICE_EXTENT, EXTENTS_MAX,
			       sizeof(struct netlink_extent), parse_extent,
			       list);
}

static int parse_freeze(const struct nlattr *attr, void *item,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[BLKSNAP_A_FREEZE_MAX + 1];
	struct snapshot_freeze *f = item;
	int err;

	err = nla_parse_nested(tb, BLKSNAP_A_FREEZE_MAX, attr,
			       blksnap_freeze_nl_policy, extack);
	if (err)
		return err;
	if (!tb[BLKSNAP_A_FREEZE_DEV] == !tb[BLKSNAP_A_FREEZE_PATH]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a freeze needs either dev or path");
		return -EINVAL;
	}
	if (tb[BLKSNAP_A_FREEZE_MEMBER]) {
		err = netlink_parse_dev(tb[BLKSNAP_A_FREEZE_MEMBER],
					&f->member, extack);
		if (err)
			return err;
	}
	if (tb[BLKSNAP_A_FREEZE_DEV])
		return netlink_parse_dev(tb[BLKSNAP_A_FREEZE_DEV], &f->dev,
					 extack);
	err = kern_path(nla_data(tb[BLKSNAP_A_FREEZE_PATH]), LOOKUP_FOLLOW,
			&f->path);
	if (err)
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "this path to freeze cannot be found");
	return err;
}

void netlink_put_freezes(struct netlink_list *list)
{
	struct snapshot_freeze *f = list->items;
	unsigned int i;

	for (i = 0; i < list->nr; i++)
		if (!f[i].dev)
			path_put(&f[i].path);
	list->nr = 0;
}

int netlink_parse_freezes(struct genl_info *info, struct netlink_list *list)
{
	/* A member has a few file systems above it at most. */
	int err = parse_list(info, BLKSNAP_A_SNAPSHOT_FREEZE,
			     4 * SNAPSHOT_MEMBERS_MAX,
			     sizeof(struct snapshot_freeze), parse_freeze,
			     list);

	if (err) {
		netlink_put_freezes(list);
		kvfree(list->items);
		list->items = NULL;
	}
	return err;
}

/* ---- objects ------------------------------------------------------------- */

struct snapshot *netlink_find_snapshot(const struct nlattr *id,
				       const struct nlattr *uuid,
				       struct netlink_ext_ack *extack)
{
	const struct nlattr *by = id ?: uuid;
	struct snapshot_info info;
	struct snapshot *s;
	uuid_t u;

	if (!by) {
		NL_SET_ERR_MSG(extack, "a snapshot is named by id or uuid");
		return ERR_PTR(-EINVAL);
	}
	if (uuid)
		import_uuid(&u, nla_data(uuid));
	s = id ? snapshot_lookup_id(nla_get_u32(id)) : snapshot_lookup_uuid(&u);
	if (s && id && uuid) {
		by = uuid;
		snapshot_info(s, &info);
		if (!uuid_equal(&info.uuid, &u)) {
			snapshot_put(s);
			s = NULL;
		}
	}
	if (!s) {
		NL_SET_ERR_MSG_ATTR(extack, by, "there is no such snapshot");
		return ERR_PTR(-ENOENT);
	}
	return s;
}

struct tracker *netlink_find_tracker(const struct nlattr *attr,
				     struct netlink_ext_ack *extack)
{
	struct tracker *t;
	dev_t dev;
	int err;

	err = netlink_need_dev(attr, &dev, extack);
	if (err)
		return ERR_PTR(err);
	t = tracker_lookup(dev);
	if (!t) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "this device is not attached");
		return ERR_PTR(-ENODEV);
	}
	return t;
}

/* ---- refusals ------------------------------------------------------------ */

/* What is at fault, as an attribute of the two sets; 0 is none. */
static const u8 refusal_attrs[][2] = {
	[REFUSE_REQUEST] = { 0, 0 },
	[REFUSE_DEVICE] = { BLKSNAP_A_SNAPSHOT_DEVICE, BLKSNAP_A_DEVICE_DEV },
	[REFUSE_RANGE] = { BLKSNAP_A_SNAPSHOT_RANGE, 0 },
	[REFUSE_FREEZE] = { BLKSNAP_A_SNAPSHOT_FREEZE, 0 },
	[REFUSE_NAME] = { BLKSNAP_A_SNAPSHOT_NAME, 0 },
	[REFUSE_UUID] = { BLKSNAP_A_SNAPSHOT_UUID, 0 },
	[REFUSE_LOW] = { BLKSNAP_A_SNAPSHOT_LOW, 0 },
	[REFUSE_CLEAR] = { BLKSNAP_A_SNAPSHOT_CLEAR, 0 },
	[REFUSE_CELL] = { 0, BLKSNAP_A_DEVICE_CBT_CELL },
	[REFUSE_EXTENT] = { 0, BLKSNAP_A_DEVICE_EXTENT },
};

/* A sentence for where the core had none to give. */
static const char *sentence(int err)
{
	switch (err) {
	case -ENOMEM:
		return "not enough memory";
	case -ENODEV:
		return "the device is gone";
	case -EBUSY:
		return "in use";
	case -EINTR:
		return "interrupted";
	default:
		return "the request failed";
	}
}

static int refused(struct genl_info *info, int err, const struct refusal *r,
		   unsigned int set)
{
	struct netlink_ext_ack *extack = info->extack;
	int type = 0;

	if (!extack)
		return err;
	/* Not NL_SET_ERR_MSG(): that copies a literal; this is one elsewhere. */
	extack->_msg = r->msg ?: sentence(err);
	if (r->msg && r->what < ARRAY_SIZE(refusal_attrs))
		type = refusal_attrs[r->what][set];
	if (type)
		NL_SET_BAD_ATTR(extack, nth_attr(info->nlhdr, type, r->index));
	return err;
}

int netlink_refused_snapshot(struct genl_info *info, int err,
			     const struct refusal *r)
{
	return refused(info, err, r, 0);
}

int netlink_refused_device(struct genl_info *info, int err,
			   const struct refusal *r)
{
	return refused(info, err, r, 1);
}
