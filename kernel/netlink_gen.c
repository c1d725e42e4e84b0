// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	genl-proto/specs/blksnap.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/blksnap_genl.h>

/* Common nested types */
const struct nla_policy blksnap_devref_nl_policy[BLKSNAP_A_DEVREF_MINOR + 1] = {
	[BLKSNAP_A_DEVREF_MAJOR] = NLA_POLICY_MAX(NLA_U32, 4095),
	[BLKSNAP_A_DEVREF_MINOR] = { .type = NLA_U32, },
};

const struct nla_policy blksnap_extent_nl_policy[BLKSNAP_A_EXTENT_COUNT + 1] = {
	[BLKSNAP_A_EXTENT_START] = { .type = NLA_U64, },
	[BLKSNAP_A_EXTENT_COUNT] = { .type = NLA_U64, },
};

const struct nla_policy blksnap_freeze_nl_policy[BLKSNAP_A_FREEZE_MEMBER + 1] = {
	[BLKSNAP_A_FREEZE_DEV] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
	[BLKSNAP_A_FREEZE_PATH] = { .type = NLA_NUL_STRING, .len = BLKSNAP_PATH_MAX, },
	[BLKSNAP_A_FREEZE_MEMBER] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
};

const struct nla_policy blksnap_range_nl_policy[BLKSNAP_A_RANGE_COUNT + 1] = {
	[BLKSNAP_A_RANGE_MAJOR] = NLA_POLICY_MAX(NLA_U32, 4095),
	[BLKSNAP_A_RANGE_MINOR] = { .type = NLA_U32, },
	[BLKSNAP_A_RANGE_START] = { .type = NLA_U64, },
	[BLKSNAP_A_RANGE_COUNT] = { .type = NLA_U64, },
};

/* BLKSNAP_CMD_DEVICE_ATTACH - do */
static const struct nla_policy blksnap_device_attach_nl_policy[BLKSNAP_A_DEVICE_CBT_CELL + 1] = {
	[BLKSNAP_A_DEVICE_DEV] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
	[BLKSNAP_A_DEVICE_CBT_CELL] = { .type = NLA_U32, },
};

/* BLKSNAP_CMD_DEVICE_DETACH - do */
static const struct nla_policy blksnap_device_detach_nl_policy[BLKSNAP_A_DEVICE_DEV + 1] = {
	[BLKSNAP_A_DEVICE_DEV] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
};

/* BLKSNAP_CMD_DEVICE_GET - do */
static const struct nla_policy blksnap_device_get_do_nl_policy[BLKSNAP_A_DEVICE_DEV + 1] = {
	[BLKSNAP_A_DEVICE_DEV] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
};

/* BLKSNAP_CMD_DEVICE_GET - dump */
static const struct nla_policy blksnap_device_get_dump_nl_policy[BLKSNAP_A_DEVICE_DEV + 1] = {
	[BLKSNAP_A_DEVICE_DEV] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
};

/* BLKSNAP_CMD_SNAPSHOT_CREATE - do */
static const struct nla_policy blksnap_snapshot_create_nl_policy[BLKSNAP_A_SNAPSHOT_DRAFT + 1] = {
	[BLKSNAP_A_SNAPSHOT_UUID] = NLA_POLICY_EXACT_LEN(16),
	[BLKSNAP_A_SNAPSHOT_NAME] = { .type = NLA_NUL_STRING, .len = BLKSNAP_NAME_MAX, },
	[BLKSNAP_A_SNAPSHOT_LOW] = { .type = NLA_U64, },
	[BLKSNAP_A_SNAPSHOT_CLEAR] = { .type = NLA_U64, },
	[BLKSNAP_A_SNAPSHOT_GRACE_MS] = NLA_POLICY_MAX(NLA_U32, 30000),
	[BLKSNAP_A_SNAPSHOT_DEVICE] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
	[BLKSNAP_A_SNAPSHOT_RANGE] = NLA_POLICY_NESTED(blksnap_range_nl_policy),
	[BLKSNAP_A_SNAPSHOT_FREEZE] = NLA_POLICY_NESTED(blksnap_freeze_nl_policy),
	[BLKSNAP_A_SNAPSHOT_TAKE] = { .type = NLA_FLAG, },
	[BLKSNAP_A_SNAPSHOT_ATTACH] = { .type = NLA_FLAG, },
	[BLKSNAP_A_SNAPSHOT_SOCKET_OWNER] = { .type = NLA_FLAG, },
	[BLKSNAP_A_SNAPSHOT_REQUEST_COOKIE] = { .type = NLA_U64, },
	[BLKSNAP_A_SNAPSHOT_DRAFT] = { .type = NLA_FLAG, },
};

/* BLKSNAP_CMD_SNAPSHOT_TAKE - do */
static const struct nla_policy blksnap_snapshot_take_nl_policy[BLKSNAP_A_SNAPSHOT_FREEZE + 1] = {
	[BLKSNAP_A_SNAPSHOT_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[BLKSNAP_A_SNAPSHOT_UUID] = NLA_POLICY_EXACT_LEN(16),
	[BLKSNAP_A_SNAPSHOT_FREEZE] = NLA_POLICY_NESTED(blksnap_freeze_nl_policy),
};

/* BLKSNAP_CMD_SNAPSHOT_DESTROY - do */
static const struct nla_policy blksnap_snapshot_destroy_nl_policy[BLKSNAP_A_SNAPSHOT_FORCE + 1] = {
	[BLKSNAP_A_SNAPSHOT_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[BLKSNAP_A_SNAPSHOT_UUID] = NLA_POLICY_EXACT_LEN(16),
	[BLKSNAP_A_SNAPSHOT_FORCE] = { .type = NLA_FLAG, },
};

/* BLKSNAP_CMD_SNAPSHOT_SET - do */
static const struct nla_policy blksnap_snapshot_set_nl_policy[BLKSNAP_A_SNAPSHOT_GRACE_MS + 1] = {
	[BLKSNAP_A_SNAPSHOT_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[BLKSNAP_A_SNAPSHOT_UUID] = NLA_POLICY_EXACT_LEN(16),
	[BLKSNAP_A_SNAPSHOT_NAME] = { .type = NLA_NUL_STRING, .len = BLKSNAP_NAME_MAX, },
	[BLKSNAP_A_SNAPSHOT_LOW] = { .type = NLA_U64, },
	[BLKSNAP_A_SNAPSHOT_CLEAR] = { .type = NLA_U64, },
	[BLKSNAP_A_SNAPSHOT_GRACE_MS] = NLA_POLICY_MAX(NLA_U32, 30000),
};

/* BLKSNAP_CMD_SNAPSHOT_GET - do */
static const struct nla_policy blksnap_snapshot_get_do_nl_policy[BLKSNAP_A_SNAPSHOT_UUID + 1] = {
	[BLKSNAP_A_SNAPSHOT_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[BLKSNAP_A_SNAPSHOT_UUID] = NLA_POLICY_EXACT_LEN(16),
};

/* BLKSNAP_CMD_SNAPSHOT_GET - dump */
static const struct nla_policy blksnap_snapshot_get_dump_nl_policy[BLKSNAP_A_SNAPSHOT_UUID + 1] = {
	[BLKSNAP_A_SNAPSHOT_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[BLKSNAP_A_SNAPSHOT_UUID] = NLA_POLICY_EXACT_LEN(16),
};

/* BLKSNAP_CMD_AREA_APPEND - do */
static const struct nla_policy blksnap_area_append_nl_policy[BLKSNAP_A_SNAPSHOT_RANGE + 1] = {
	[BLKSNAP_A_SNAPSHOT_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[BLKSNAP_A_SNAPSHOT_UUID] = NLA_POLICY_EXACT_LEN(16),
	[BLKSNAP_A_SNAPSHOT_RANGE] = NLA_POLICY_NESTED(blksnap_range_nl_policy),
};

/* BLKSNAP_CMD_AREA_REMOVE - do */
static const struct nla_policy blksnap_area_remove_nl_policy[BLKSNAP_A_SNAPSHOT_RANGE + 1] = {
	[BLKSNAP_A_SNAPSHOT_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[BLKSNAP_A_SNAPSHOT_UUID] = NLA_POLICY_EXACT_LEN(16),
	[BLKSNAP_A_SNAPSHOT_RANGE] = NLA_POLICY_NESTED(blksnap_range_nl_policy),
};

/* BLKSNAP_CMD_AREA_GET - dump */
static const struct nla_policy blksnap_area_get_nl_policy[BLKSNAP_A_AREA_UUID + 1] = {
	[BLKSNAP_A_AREA_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[BLKSNAP_A_AREA_UUID] = NLA_POLICY_EXACT_LEN(16),
};

/* BLKSNAP_CMD_CBT_GET - dump */
static const struct nla_policy blksnap_cbt_get_nl_policy[BLKSNAP_A_DEVICE_CURSOR + 1] = {
	[BLKSNAP_A_DEVICE_DEV] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
	[BLKSNAP_A_DEVICE_CBT_GENERATION] = NLA_POLICY_EXACT_LEN(16),
	[BLKSNAP_A_DEVICE_CBT_SINCE] = { .type = NLA_U32, },
	[BLKSNAP_A_DEVICE_CURSOR] = { .type = NLA_U64, },
};

/* BLKSNAP_CMD_CBT_MARK - do */
static const struct nla_policy blksnap_cbt_mark_nl_policy[BLKSNAP_A_DEVICE_EXTENT + 1] = {
	[BLKSNAP_A_DEVICE_DEV] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
	[BLKSNAP_A_DEVICE_EXTENT] = NLA_POLICY_NESTED(blksnap_extent_nl_policy),
};

/* BLKSNAP_CMD_STATS_GET - do */
static const struct nla_policy blksnap_stats_get_do_nl_policy[BLKSNAP_A_STATS_DEV + 1] = {
	[BLKSNAP_A_STATS_DEV] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
};

/* BLKSNAP_CMD_STATS_GET - dump */
static const struct nla_policy blksnap_stats_get_dump_nl_policy[BLKSNAP_A_STATS_DEV + 1] = {
	[BLKSNAP_A_STATS_DEV] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
};

/* BLKSNAP_CMD_EVENT_REPLAY - dump */
static const struct nla_policy blksnap_event_replay_nl_policy[BLKSNAP_A_EVENT_SINCE + 1] = {
	[BLKSNAP_A_EVENT_SINCE] = { .type = NLA_U64, },
};

/* BLKSNAP_CMD_IMAGE_RELEASE - do */
static const struct nla_policy blksnap_image_release_nl_policy[BLKSNAP_A_DEVICE_EXTENT + 1] = {
	[BLKSNAP_A_DEVICE_DEV] = NLA_POLICY_NESTED(blksnap_devref_nl_policy),
	[BLKSNAP_A_DEVICE_SNAPSHOT_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[BLKSNAP_A_DEVICE_EXTENT] = NLA_POLICY_NESTED(blksnap_extent_nl_policy),
};

/* Ops table for blksnap */
static const struct genl_split_ops blksnap_nl_ops[] = {
	{
		.cmd	= BLKSNAP_CMD_INFO_GET,
		.doit	= blksnap_nl_info_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_DEVICE_ATTACH,
		.doit		= blksnap_nl_device_attach_doit,
		.policy		= blksnap_device_attach_nl_policy,
		.maxattr	= BLKSNAP_A_DEVICE_CBT_CELL,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_DEVICE_DETACH,
		.doit		= blksnap_nl_device_detach_doit,
		.policy		= blksnap_device_detach_nl_policy,
		.maxattr	= BLKSNAP_A_DEVICE_DEV,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_DEVICE_GET,
		.doit		= blksnap_nl_device_get_doit,
		.policy		= blksnap_device_get_do_nl_policy,
		.maxattr	= BLKSNAP_A_DEVICE_DEV,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_DEVICE_GET,
		.dumpit		= blksnap_nl_device_get_dumpit,
		.policy		= blksnap_device_get_dump_nl_policy,
		.maxattr	= BLKSNAP_A_DEVICE_DEV,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BLKSNAP_CMD_SNAPSHOT_CREATE,
		.doit		= blksnap_nl_snapshot_create_doit,
		.policy		= blksnap_snapshot_create_nl_policy,
		.maxattr	= BLKSNAP_A_SNAPSHOT_DRAFT,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_SNAPSHOT_TAKE,
		.doit		= blksnap_nl_snapshot_take_doit,
		.policy		= blksnap_snapshot_take_nl_policy,
		.maxattr	= BLKSNAP_A_SNAPSHOT_FREEZE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_SNAPSHOT_DESTROY,
		.doit		= blksnap_nl_snapshot_destroy_doit,
		.policy		= blksnap_snapshot_destroy_nl_policy,
		.maxattr	= BLKSNAP_A_SNAPSHOT_FORCE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_SNAPSHOT_SET,
		.doit		= blksnap_nl_snapshot_set_doit,
		.policy		= blksnap_snapshot_set_nl_policy,
		.maxattr	= BLKSNAP_A_SNAPSHOT_GRACE_MS,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_SNAPSHOT_GET,
		.doit		= blksnap_nl_snapshot_get_doit,
		.policy		= blksnap_snapshot_get_do_nl_policy,
		.maxattr	= BLKSNAP_A_SNAPSHOT_UUID,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_SNAPSHOT_GET,
		.dumpit		= blksnap_nl_snapshot_get_dumpit,
		.policy		= blksnap_snapshot_get_dump_nl_policy,
		.maxattr	= BLKSNAP_A_SNAPSHOT_UUID,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BLKSNAP_CMD_AREA_APPEND,
		.doit		= blksnap_nl_area_append_doit,
		.policy		= blksnap_area_append_nl_policy,
		.maxattr	= BLKSNAP_A_SNAPSHOT_RANGE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_AREA_REMOVE,
		.doit		= blksnap_nl_area_remove_doit,
		.policy		= blksnap_area_remove_nl_policy,
		.maxattr	= BLKSNAP_A_SNAPSHOT_RANGE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_AREA_GET,
		.dumpit		= blksnap_nl_area_get_dumpit,
		.policy		= blksnap_area_get_nl_policy,
		.maxattr	= BLKSNAP_A_AREA_UUID,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BLKSNAP_CMD_CBT_GET,
		.dumpit		= blksnap_nl_cbt_get_dumpit,
		.policy		= blksnap_cbt_get_nl_policy,
		.maxattr	= BLKSNAP_A_DEVICE_CURSOR,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BLKSNAP_CMD_CBT_MARK,
		.doit		= blksnap_nl_cbt_mark_doit,
		.policy		= blksnap_cbt_mark_nl_policy,
		.maxattr	= BLKSNAP_A_DEVICE_EXTENT,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_STATS_GET,
		.doit		= blksnap_nl_stats_get_doit,
		.policy		= blksnap_stats_get_do_nl_policy,
		.maxattr	= BLKSNAP_A_STATS_DEV,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BLKSNAP_CMD_STATS_GET,
		.dumpit		= blksnap_nl_stats_get_dumpit,
		.policy		= blksnap_stats_get_dump_nl_policy,
		.maxattr	= BLKSNAP_A_STATS_DEV,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BLKSNAP_CMD_EVENT_REPLAY,
		.dumpit		= blksnap_nl_event_replay_dumpit,
		.policy		= blksnap_event_replay_nl_policy,
		.maxattr	= BLKSNAP_A_EVENT_SINCE,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BLKSNAP_CMD_IMAGE_RELEASE,
		.doit		= blksnap_nl_image_release_doit,
		.policy		= blksnap_image_release_nl_policy,
		.maxattr	= BLKSNAP_A_DEVICE_EXTENT,
		.flags		= GENL_CMD_CAP_DO,
	},
};

static const struct genl_multicast_group blksnap_nl_mcgrps[] = {
	[BLKSNAP_NLGRP_EVENTS] = { "events", },
};

struct genl_family blksnap_nl_family __ro_after_init = {
	.name		= BLKSNAP_FAMILY_NAME,
	.version	= BLKSNAP_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= blksnap_nl_ops,
	.n_split_ops	= ARRAY_SIZE(blksnap_nl_ops),
	.mcgrps		= blksnap_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(blksnap_nl_mcgrps),
};
