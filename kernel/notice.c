// SPDX-License-Identifier: GPL-2.0
#include "notice.h"

#include <linux/blkdev.h>
#include <linux/ftrace.h>

static void (*notice_changed)(void);

static void notrace notice_callback(unsigned long ip, unsigned long parent_ip,
				    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	notice_changed();
}

/* A helper, not the hook: sysctl kernel.ftrace_enabled=0 may silence it. */
static struct ftrace_ops notice_ftrace = {
	.func = notice_callback,
	.flags = FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_RECURSION,
};

int notice_init(void (*changed)(void))
{
	const unsigned long seen[] = {
		(unsigned long)del_gendisk,
		(unsigned long)bdev_disk_changed,
		(unsigned long)set_capacity,
		(unsigned long)set_capacity_and_notify,
	};
	unsigned int i;
	int ret = 0;

	notice_changed = changed;
	for (i = 0; i < ARRAY_SIZE(seen) && !ret; i++)
		ret = ftrace_set_filter_ip(&notice_ftrace, seen[i], 0, 0);
	if (!ret)
		ret = register_ftrace_function(&notice_ftrace);
	if (ret)
		ftrace_free_filter(&notice_ftrace);
	return ret;
}

void notice_exit(void)
{
	/* Waits for callbacks, for the operations are a module's. */
	unregister_ftrace_function(&notice_ftrace);
	ftrace_free_filter(&notice_ftrace);
}
