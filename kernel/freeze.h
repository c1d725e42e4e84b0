/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Freezes file systems in the order given and thaws all at once, each in a work of
 * its own: one whose disk hangs keeps none of the others frozen. A file
 * system is named by its device, or by a path on it where the device does not
 * lead to the superblock (btrfs). One frozen by the user stays as it is. It
 * knows no snapshots.
 */
#ifndef BLKSNAP_FREEZE_H
#define BLKSNAP_FREEZE_H

#include <linux/path.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "compat.h"

struct freeze_item {
	dev_t dev; /* 0: by path */
	struct path path; /* a reference, dropped by freeze_put() */
	dev_t member; /* whose result this is; 0: nobody's */
	u32 result; /* enum blksnap_freeze_result */
	unsigned long frozen; /* bit 0: by us, to be thawed by who clears it */
	struct workqueue_struct *wq; /* of the next one alone, with a rescuer */
	struct work_struct thaw;
	struct compat_bdev open;
};

/**
 * freeze_prepare() - have what thawing will need
 *
 * Before who they are is filled in. Process context, sleeps. Return: 0 or -ENOMEM;
 * freeze_put() in any case.
 */
int freeze_prepare(struct freeze_item *items, unsigned int nr);

/**
 * freeze_all() - freeze, one after the other
 * @cancel: looked at between two; non-zero ends it with that error
 * @failed: set to the index of the one that could not be frozen
 *
 * Context: process, sleeps, as long as the file systems take. Return: 0, or
 * -errno; then those frozen so far still are, for thaw_all().
 */
int freeze_all(struct freeze_item *items, unsigned int nr, const int *cancel, unsigned int *failed);

/**
 * thaw_begin() - have thawed what freeze_all() has frozen
 *
 * Also while that is at it, @cancel being set: what it freezes after this is
 * for thaw_all(). Any context; waits for nothing.
 */
void thaw_begin(struct freeze_item *items, unsigned int nr);

/**
 * thaw_all() - the same, and wait for it, whoever began
 *
 * Context: process, sleeps, for the disks. By who has called freeze_all(), after
 * it.
 */
void thaw_all(struct freeze_item *items, unsigned int nr);

/** freeze_put() - drop the path references and free the array. Sleeps. */
void freeze_put(struct freeze_item *items, unsigned int nr);

#endif /* BLKSNAP_FREEZE_H */
