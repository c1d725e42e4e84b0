// SPDX-License-Identifier: GPL-2.0
/*
 * blksnap: block-device snapshots for backup. The rooms come up in the order
 * of their ranks and go down in reverse; see LAYERS.
 */
#include <linux/module.h>

#include "area.h"
#include "budget.h"
#include "cow.h"
#include "events.h"
#include "filter.h"
#include "image.h"
#include "inflight.h"
#include "netlink.h"
#include "snapshot.h"
#include "tracker.h"

static int __init blksnap_init(void)
{
	int ret;

	ret = budget_init();
	if (ret)
		return ret;
	ret = inflight_module_init();
	if (ret)
		return ret;
	ret = filter_init();
	if (ret)
		goto err_inflight;
	ret = area_module_init();
	if (ret)
		goto err_filter;
	ret = cow_module_init();
	if (ret)
		goto err_area;
	ret = image_module_init();
	if (ret)
		goto err_cow;
	ret = tracker_init();
	if (ret)
		goto err_image;
	ret = snapshot_init();
	if (ret)
		goto err_tracker;
	ret = netlink_init();
	if (ret)
		goto err_snapshot;
	return 0;

err_snapshot:
	snapshot_exit();
err_tracker:
	tracker_exit();
err_image:
	image_module_exit();
err_cow:
	cow_module_exit();
err_area:
	area_module_exit();
err_filter:
	filter_exit();
err_inflight:
	inflight_module_exit();
	return ret;
}

/* The hook goes before anything that a bio inside it may need. */
static void __exit blksnap_exit(void)
{
	netlink_exit();
	snapshot_exit();
	tracker_exit();
	filter_exit();
	image_module_exit();
	cow_module_exit();
	area_module_exit();
	inflight_module_exit();
}

module_init(blksnap_init);
module_exit(blksnap_exit);
MODULE_DESCRIPTION("Block-device snapshots for backup");
MODULE_LICENSE("GPL");
MODULE_VERSION(BLKSNAP_VERSION);
