// SPDX-License-Identifier: GPL-2.0
#include "freeze.h"

#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/namei.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include <uapi/linux/blksnap_genl.h>

/* Writes its super block, and so may wait for its disk. */
static void thaw_one(struct work_struct *work)
{
	struct freeze_item *item = container_of(work, struct freeze_item, thaw);
	/* Reclaim must not write to another one, whose thaw may come after this. */
	unsigned int noio = memalloc_noio_save();

	if (item->dev) {
		compat_thaw_bdev(item->open.bdev);
		compat_bdev_close(&item->open);
	} else {
		compat_thaw_super(item->path.dentry->d_sb);
	}
	memalloc_noio_restore(noio);
}

/* A queue's rescuer takes all its works, and one whose disk hangs would keep the others. */
int freeze_prepare(struct freeze_item *items, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		items[i].wq = alloc_workqueue("blksnap_thaw", WQ_MEM_RECLAIM | WQ_UNBOUND, 1);
		if (!items[i].wq)
			return -ENOMEM;
	}
	return 0;
}

static int freeze_one(struct freeze_item *item)
{
	int ret;

	if (item->dev) {
		ret = compat_bdev_open(&item->open, item->dev, false, NULL);
		if (ret)
			return ret;
		ret = compat_freeze_bdev(item->open.bdev);
		if (ret)
			compat_bdev_close(&item->open);
	} else {
		ret = compat_freeze_super(item->path.dentry->d_sb);
	}
	if (ret == -EBUSY) {
		item->result = BLKSNAP_FREEZE_RESULT_BY_USER;
		return 0;
	}
	if (!ret) {
		INIT_WORK(&item->thaw, thaw_one);
		item->result = BLKSNAP_FREEZE_RESULT_FROZEN;
		/* What is needed to thaw it is seen with this. */
		smp_mb__before_atomic();
		set_bit(0, &item->frozen);
	}
	return ret;
}

int freeze_all(struct freeze_item *items, unsigned int nr, const int *cancel, unsigned int *failed)
{
	unsigned int i;
	int ret;

	might_sleep();
	for (i = 0; i < nr; i++) {
		*failed = i;
		ret = READ_ONCE(*cancel);
		if (!ret)
			ret = freeze_one(&items[i]);
		if (ret)
			return ret;
	}
	return READ_ONCE(*cancel);
}

void thaw_begin(struct freeze_item *items, unsigned int nr)
{
	while (nr--)
		if (test_and_clear_bit(0, &items[nr].frozen))
			queue_work(items[nr].wq, &items[nr].thaw);
}

void thaw_all(struct freeze_item *items, unsigned int nr)
{
	might_sleep();
	thaw_begin(items, nr);
	while (nr--)
		if (items[nr].result == BLKSNAP_FREEZE_RESULT_FROZEN)
			flush_work(&items[nr].thaw);
}

void freeze_put(struct freeze_item *items, unsigned int nr)
{
	unsigned int i;

	if (!items)
		return;
	for (i = 0; i < nr; i++) {
		if (items[i].wq)
			destroy_workqueue(items[i].wq);
		if (!items[i].dev)
			path_put(&items[i].path);
	}
	kvfree(items);
}
