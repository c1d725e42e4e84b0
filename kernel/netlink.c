// SPDX-License-Identifier: GPL-2.0
#include "netlink.h"

#include <linux/module.h>

#include "netlink_compat.h"
#include "netlink_events.h"
#include "netlink_owner.h"

int __init netlink_init(void)
{
	int err = netlink_merge();

	if (err)
		return err;
	/*
	 * Block devices belong to no network namespace; the first one stands
	 * for the host.
	 */
	blksnap_nl_family.netnsok = false;
	err = netlink_owner_init();
	if (err)
		return err;
	/* Before the first request: what it changes is told. */
	netlink_events_init();
	err = genl_register_family(&blksnap_nl_family);
	if (err)
		goto err_events;
	return 0;

err_events:
	netlink_events_exit();
	netlink_owner_exit();
	return err;
}

void netlink_exit(void)
{
	/* A group that is not registered must not be sent to. */
	netlink_events_stop();
	genl_unregister_family(&blksnap_nl_family);
	netlink_owner_exit();
	netlink_events_exit();
}

MODULE_ALIAS_GENL_FAMILY(BLKSNAP_FAMILY_NAME);
