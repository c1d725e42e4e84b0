// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that change something. Each checks the permission, parses, makes
 * its reply's buffer so that nothing but the core can fail after the core has
 * acted, calls the core once, and answers with the object.
 */
#include <linux/mm.h>
#include <linux/skbuff.h>

#include "netlink_owner.h"
#include "netlink_parse.h"
#include "netlink_put.h"
#include "tracker.h"

static struct sk_buff *new_reply(struct genl_info *info)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		NL_SET_ERR_MSG(info->extack, "not enough memory");
	return skb;
}

/* ---- devices ------------------------------------------------------------- */

int blksnap_nl_device_attach_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *cell = info->attrs[BLKSNAP_A_DEVICE_CBT_CELL];
	struct refusal r = {};
	struct sk_buff *reply;
	struct tracker *t;
	dev_t dev;
	bool new;
	int err;

	err = netlink_need_admin(skb, info->extack) ?:
	      netlink_need_dev(info->attrs[BLKSNAP_A_DEVICE_DEV], &dev,
			       info->extack);
	if (err)
		return err;
	reply = new_reply(info);
	if (!reply)
		return -ENOMEM;
	t = tracker_attach(dev, cell ? nla_get_u32(cell) : 0, true, &new, &r);
	if (IS_ERR(t)) {
		nlmsg_free(reply);
		return netlink_refused_device(info, PTR_ERR(t), &r);
	}
	err = netlink_reply(reply, info, netlink_put_device, t);
	tracker_put(t);
	return err;
}

int blksnap_nl_device_detach_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct refusal r = {};
	struct sk_buff *reply;
	struct tracker *t;
	int err;

	err = netlink_need_admin(skb, info->extack);
	if (err)
		return err;
	t = netlink_find_tracker(info->attrs[BLKSNAP_A_DEVICE_DEV],
				 info->extack);
	if (IS_ERR(t))
		return PTR_ERR(t);
	err = -ENOMEM;
	reply = new_reply(info);
	if (!reply)
		goto put;
	err = tracker_detach(t, BLKSNAP_DEL_REASON_REQUEST, &r);
	if (err) {
		nlmsg_free(reply);
		netlink_refused_device(info, err, &r);
		goto put;
	}
	err = netlink_reply(reply, info, netlink_put_device, t);
put:
	tracker_put(t);
	return err;
}

/* One at least; the caller frees the items. */
static int need_extents(struct genl_info *info, struct netlink_list *extents)
{
	int err = netlink_parse_extents(info, extents);

	if (err || extents->nr)
		return err;
	NL_SET_ERR_MSG(info->extack, "this needs at least one extent");
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, BLKSNAP_A_DEVICE_EXTENT);
	return -EINVAL;
}

int blksnap_nl_cbt_mark_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct netlink_extent *e;
	struct netlink_list extents;
	struct refusal r = {};
	struct tracker *t;
	unsigned int i;
	int err;

	err = netlink_need_admin(skb, info->extack);
	if (err)
		return err;
	t = netlink_find_tracker(info->attrs[BLKSNAP_A_DEVICE_DEV],
				 info->extack);
	if (IS_ERR(t))
		return PTR_ERR(t);
	err = need_extents(info, &extents);
	if (err)
		goto put;
	/* Those marked before a bad one stay so: too much is no harm. */
	e = extents.items;
	for (i = 0; i < extents.nr && !err; i++) {
		err = tracker_cbt_mark(t, e[i].start, e[i].count);
		if (err == -ERANGE)
			refuse(&r, err, REFUSE_EXTENT, i,
			       "this extent is beyond the end of the device");
	}
	if (err)
		netlink_refused_device(info, err, &r);
	kvfree(extents.items);
put:
	tracker_put(t);
	return err;
}

/* So much that nobody else's request waits for long. */
#define RELEASE_SECTORS_MAX (16ULL << (30 - SECTOR_SHIFT))

static const char *release_refusal(int err)
{
	switch (err) {
	case -ENOENT:
		return "the device is in no snapshot that has been taken";
	case -ESTALE:
		return "the device is in another snapshot";
	case -ERANGE:
		return "this extent is beyond the end of the image";
	case -EIO:
		return "the snapshot has failed";
	default:
		return "not enough memory";
	}
}

static int release_extents(struct tracker *t, u32 snapshot_id,
			   const struct netlink_list *extents, u64 *released,
			   struct refusal *r)
{
	const struct netlink_extent *e = extents->items;
	u64 left = RELEASE_SECTORS_MAX;
	unsigned int i;
	int err;

	for (i = 0; i < extents->nr; i++) {
		if (e[i].count > left)
			return refuse(r, -ERANGE, REFUSE_EXTENT, i,
				      "more than 16 GiB in one request");
		left -= e[i].count;
	}
	for (i = 0; i < extents->nr; i++) {
		err = tracker_image_release(t, snapshot_id, e[i].start,
					    e[i].count, released);
		if (err)
			return refuse(r, err,
				      err == -ERANGE ? REFUSE_EXTENT : REFUSE_REQUEST,
				      i, release_refusal(err));
	}
	return 0;
}

int blksnap_nl_image_release_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *id = info->attrs[BLKSNAP_A_DEVICE_SNAPSHOT_ID];
	struct netlink_released answer = {};
	struct netlink_list extents;
	struct sk_buff *reply;
	struct refusal r = {};
	struct tracker *t;
	int err;

	err = netlink_need_admin(skb, info->extack);
	if (err)
		return err;
	t = netlink_find_tracker(info->attrs[BLKSNAP_A_DEVICE_DEV],
				 info->extack);
	if (IS_ERR(t))
		return PTR_ERR(t);
	if (!id) {
		NL_SET_ERR_MSG(info->extack, "this needs a snapshot-id");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL,
				     BLKSNAP_A_DEVICE_SNAPSHOT_ID);
		err = -EINVAL;
		goto put;
	}
	err = need_extents(info, &extents);
	if (err)
		goto put;
	err = -ENOMEM;
	reply = new_reply(info);
	if (!reply)
		goto free;
	answer.dev = tracker_bdev(t)->bd_dev;
	answer.snapshot_id = nla_get_u32(id);
	err = release_extents(t, answer.snapshot_id, &extents, &answer.sectors,
			      &r);
	if (err) {
		nlmsg_free(reply);
		netlink_refused_device(info, err, &r);
		goto free;
	}
	err = netlink_reply(reply, info, netlink_put_released, &answer);
free:
	kvfree(extents.items);
put:
	tracker_put(t);
	return err;
}

/* ---- snapshots ----------------------------------------------------------- */

static struct snapshot *find_snapshot(struct genl_info *info)
{
	return netlink_find_snapshot(info->attrs[BLKSNAP_A_SNAPSHOT_ID],
				     info->attrs[BLKSNAP_A_SNAPSHOT_UUID],
				     info->extack);
}

static u64 get_u64_or_0(const struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

/* -1 if it is not given. */
static int parse_sectors(struct genl_info *info, int type, s64 *sectors)
{
	const struct nlattr *attr = info->attrs[type];

	*sectors = attr ? nla_get_u64(attr) : -1;
	if (attr && *sectors < 0) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "more sectors than there can be");
		return -ERANGE;
	}
	return 0;
}

/* The attributes of a create that are no lists. */
static int parse_spec(struct genl_info *info, struct snapshot_spec *spec)
{
	struct nlattr **a = info->attrs;
	s64 low, clear;
	int err;

	err = netlink_parse_name(a[BLKSNAP_A_SNAPSHOT_NAME], &spec->name,
				 info->extack) ?:
	      parse_sectors(info, BLKSNAP_A_SNAPSHOT_LOW, &low) ?:
	      parse_sectors(info, BLKSNAP_A_SNAPSHOT_CLEAR, &clear);
	if (err)
		return err;
	if (a[BLKSNAP_A_SNAPSHOT_UUID]) {
		import_uuid(&spec->uuid, nla_data(a[BLKSNAP_A_SNAPSHOT_UUID]));
		spec->has_uuid = true;
	}
	spec->low = max(low, 0LL);
	spec->clear = max(clear, 0LL);
	if (a[BLKSNAP_A_SNAPSHOT_GRACE_MS])
		spec->grace_ms = nla_get_u32(a[BLKSNAP_A_SNAPSHOT_GRACE_MS]);
	spec->take = a[BLKSNAP_A_SNAPSHOT_TAKE];
	spec->attach = a[BLKSNAP_A_SNAPSHOT_ATTACH];
	spec->draft = a[BLKSNAP_A_SNAPSHOT_DRAFT];
	spec->socket_owner = a[BLKSNAP_A_SNAPSHOT_SOCKET_OWNER];
	spec->has_cookie = a[BLKSNAP_A_SNAPSHOT_REQUEST_COOKIE];
	spec->cookie = get_u64_or_0(a[BLKSNAP_A_SNAPSHOT_REQUEST_COOKIE]);
	return 0;
}

static int check_spec(struct genl_info *info, unsigned int nr_devs,
		      unsigned int nr_ranges, bool take)
{
	if (!nr_devs) {
		NL_SET_ERR_MSG(info->extack, "a snapshot needs a device");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL,
				     BLKSNAP_A_SNAPSHOT_DEVICE);
		return -EINVAL;
	}
	if (take && !nr_ranges) {
		NL_SET_ERR_MSG(info->extack, "a snapshot needs an area");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL,
				     BLKSNAP_A_SNAPSHOT_RANGE);
		return -EINVAL;
	}
	return 0;
}

/* Everything is parsed and room for the answer is there; takes over @reply. */
static int create(struct genl_info *info, struct snapshot_spec *spec,
		  struct sk_buff *reply)
{
	struct refusal r = {};
	struct snapshot *s = snapshot_create(spec, &r);
	int err;

	if (IS_ERR(s)) {
		nlmsg_free(reply);
		return netlink_refused_snapshot(info, PTR_ERR(s), &r);
	}
	err = netlink_reply(reply, info, netlink_put_snapshot, s);
	snapshot_put(s);
	return err;
}

int blksnap_nl_snapshot_create_doit(struct sk_buff *skb,
				    struct genl_info *info)
{
	struct netlink_list devs, ranges, freezes;
	struct snapshot_spec spec = {};
	struct sk_buff *reply;
	int err;

	err = netlink_need_admin(skb, info->extack) ?:
	      parse_spec(info, &spec) ?:
	      netlink_parse_devs(info, &devs);
	if (err)
		return err;
	err = netlink_parse_ranges(info, true, &ranges);
	if (err)
		goto free_devs;
	err = check_spec(info, devs.nr, ranges.nr, spec.take);
	if (err)
		goto free_ranges;
	err = netlink_parse_freezes(info, &freezes);
	if (err)
		goto free_ranges;
	err = -ENOMEM;
	if ((spec.take || spec.draft || spec.socket_owner) &&
	    netlink_owner_add(info->snd_portid, &spec.owner)) {
		NL_SET_ERR_MSG(info->extack, "not enough memory");
		goto free_freezes;
	}
	reply = new_reply(info);
	if (!reply)
		goto free_freezes;
	spec.nr_devs = devs.nr;
	spec.devs = devs.items;
	spec.nr_ranges = ranges.nr;
	spec.ranges = ranges.items;
	spec.nr_freezes = freezes.nr;
	spec.freezes = freezes.items;
	/* The core drops the paths, whatever becomes of the snapshot. */
	freezes.nr = 0;
	err = create(info, &spec, reply);
free_freezes:
	netlink_put_freezes(&freezes);
	kvfree(freezes.items);
free_ranges:
	kvfree(ranges.items);
free_devs:
	kvfree(devs.items);
	return err;
}

/*
 * What the commands about one snapshot have in common: @act is the call into
 * the core, and the snapshot is the answer.
 */
static int act_on_snapshot(struct sk_buff *skb, struct genl_info *info,
			   int (*act)(struct genl_info *info,
				      struct snapshot *s, void *arg,
				      struct refusal *r),
			   void *arg)
{
	struct refusal r = {};
	struct sk_buff *reply;
	struct snapshot *s = find_snapshot(info);
	int err;

	if (IS_ERR(s))
		return PTR_ERR(s);
	err = -ENOMEM;
	reply = new_reply(info);
	if (!reply)
		goto put;
	err = act(info, s, arg, &r);
	if (err) {
		nlmsg_free(reply);
		netlink_refused_snapshot(info, err, &r);
		goto put;
	}
	err = netlink_reply(reply, info, netlink_put_snapshot, s);
put:
	snapshot_put(s);
	return err;
}

static int act_take(struct genl_info *info, struct snapshot *s, void *arg,
		    struct refusal *r)
{
	struct netlink_list *freezes = arg;
	unsigned int nr = freezes->nr;
	u64 owner;

	if (netlink_owner_add(info->snd_portid, &owner))
		return -ENOMEM;
	freezes->nr = 0;
	return snapshot_take(s, freezes->items, nr, owner, r);
}

int blksnap_nl_snapshot_take_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct netlink_list freezes;
	int err;

	err = netlink_need_admin(skb, info->extack) ?:
	      netlink_parse_freezes(info, &freezes);
	if (err)
		return err;
	err = act_on_snapshot(skb, info, act_take, &freezes);
	netlink_put_freezes(&freezes);
	kvfree(freezes.items);
	return err;
}

static int act_destroy(struct genl_info *info, struct snapshot *s, void *arg,
		       struct refusal *r)
{
	return snapshot_destroy(s, info->attrs[BLKSNAP_A_SNAPSHOT_FORCE],
				BLKSNAP_DEL_REASON_REQUEST, r);
}

int blksnap_nl_snapshot_destroy_doit(struct sk_buff *skb,
				     struct genl_info *info)
{
	int err = netlink_need_admin(skb, info->extack);

	return err ?: act_on_snapshot(skb, info, act_destroy, NULL);
}

/* What snapshot_set() is given; negative leaves a setting as it is. */
struct settings {
	const char *name;
	s64 low;
	s64 clear;
	s32 grace_ms;
};

static int act_set(struct genl_info *info, struct snapshot *s, void *arg,
		   struct refusal *r)
{
	const struct settings *to = arg;

	return snapshot_set(s, to->name, to->low, to->clear, to->grace_ms, r);
}

int blksnap_nl_snapshot_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *grace = info->attrs[BLKSNAP_A_SNAPSHOT_GRACE_MS];
	struct settings to;
	int err;

	err = netlink_need_admin(skb, info->extack) ?:
	      netlink_parse_name(info->attrs[BLKSNAP_A_SNAPSHOT_NAME],
				 &to.name, info->extack) ?:
	      parse_sectors(info, BLKSNAP_A_SNAPSHOT_LOW, &to.low) ?:
	      parse_sectors(info, BLKSNAP_A_SNAPSHOT_CLEAR, &to.clear);
	if (err)
		return err;
	to.grace_ms = grace ? nla_get_u32(grace) : -1;
	return act_on_snapshot(skb, info, act_set, &to);
}

/* ---- area ---------------------------------------------------------------- */

static int act_append(struct genl_info *info, struct snapshot *s, void *arg,
		      struct refusal *r)
{
	const struct netlink_list *ranges = arg;

	return snapshot_append(s, ranges->items, ranges->nr, r);
}

static int act_remove(struct genl_info *info, struct snapshot *s, void *arg,
		      struct refusal *r)
{
	const struct netlink_list *ranges = arg;

	return snapshot_remove_ranges(s, ranges->items, ranges->nr, r);
}

static int change_area(struct sk_buff *skb, struct genl_info *info,
		       bool append)
{
	struct netlink_list ranges;
	int err;

	err = netlink_need_admin(skb, info->extack) ?:
	      netlink_parse_ranges(info, append, &ranges);
	if (err)
		return err;
	if (ranges.nr) {
		err = act_on_snapshot(skb, info,
				      append ? act_append : act_remove,
				      &ranges);
	} else {
		NL_SET_ERR_MSG(info->extack, "this needs at least one range");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL,
				     BLKSNAP_A_SNAPSHOT_RANGE);
		err = -EINVAL;
	}
	kvfree(ranges.items);
	return err;
}

int blksnap_nl_area_append_doit(struct sk_buff *skb, struct genl_info *info)
{
	return change_area(skb, info, true);
}

int blksnap_nl_area_remove_doit(struct sk_buff *skb, struct genl_info *info)
{
	return change_area(skb, info, false);
}
