// SPDX-License-Identifier: GPL-2.0
/*
 * Hibernation. What is in memory when the hibernation image is made comes
 * back; what was written to disks after that, or by another system meanwhile,
 * has been seen by nobody. So maps of copies and of changes are worth nothing
 * afterwards: snapshots fail, and change tracking begins a new generation.
 *
 * Context: process, in the task that hibernates; before user space is frozen
 * and after it runs again. Suspend to memory loses nothing and is not heeded.
 */
#include <linux/errno.h>
#include <linux/suspend.h>

#include "tracker_priv.h"

/* From before snapshots fail until the new generations: user space may run in it. */
static bool asleep;

bool tracker_asleep(void)
{
	return READ_ONCE(asleep);
}

static int tracker_sleeps(struct notifier_block *nb, unsigned long event, void *unused)
{
	switch (event) {
	case PM_HIBERNATION_PREPARE:
		WRITE_ONCE(asleep, true);
		/* Whose switch is not seen in the following sees this: take_switch(). */
		smp_mb();
		tracker_fail_all(-EHOSTDOWN);
		break;
	case PM_POST_HIBERNATION:
		tracker_fail_all(-EHOSTDOWN);
		tracker_renew_all();
		WRITE_ONCE(asleep, false);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block tracker_sleep = { .notifier_call = tracker_sleeps };

int tracker_sleep_init(void)
{
	return register_pm_notifier(&tracker_sleep);
}

void tracker_sleep_exit(void)
{
	unregister_pm_notifier(&tracker_sleep);
}
