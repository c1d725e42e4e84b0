// SPDX-License-Identifier: GPL-2.0
/*
 * What happens to a snapshot from below: its area's level and fault, and what
 * area and image ask of it. The bio path only queues work; the work tells.
 */
#include <linux/bitops.h>
#include <linux/ktime.h>

#include <uapi/linux/blksnap_genl.h>

#include "snapshot_priv.h"

#define LEVEL_GAP_MS 100 /* between two changes of level told */
#define READ_GAP_MS 100 /* between two failed reads of the area told */

static void snapshot_level_told(struct snapshot *s, u32 level, u32 cause)
{
	mutex_lock(&s->lock);
	WRITE_ONCE(s->level, level);
	mutex_unlock(&s->lock);
	snapshot_tell_level(s, cause);
	s->level_next_ns = ktime_get_ns() + (u64)LEVEL_GAP_MS * NSEC_PER_MSEC;
}

/* Low is told before overflow even if the area jumped over it. */
static void snapshot_broke(struct snapshot *s, const struct area_fault *fault)
{
	bool full = fault->error == -ENOSPC;
	unsigned int i;

	if (full && s->level == BLKSNAP_AREA_LEVEL_OK)
		snapshot_level_told(s, BLKSNAP_AREA_LEVEL_LOW, BLKSNAP_CHANGE_CAUSE_LEVEL);
	mutex_lock(&s->lock);
	if (s->state != BLKSNAP_SNAPSHOT_STATE_TAKEN) {
		/* A destroy was quicker, and has the state now. */
		mutex_unlock(&s->lock);
		return;
	}
	WRITE_ONCE(s->state,
		   full ? BLKSNAP_SNAPSHOT_STATE_OVERFLOW : BLKSNAP_SNAPSHOT_STATE_FAILED);
	s->error = fault->error;
	s->phase = fault->phase;
	s->error_dev = fault->dev;
	s->error_sector = fault->sector;
	s->has_error_sector = fault->has_sector;
	if (full)
		WRITE_ONCE(s->level, BLKSNAP_AREA_LEVEL_OVERFLOW);
	for (i = 0; i < s->nr_members; i++)
		if (fault->dev && s->member[i].dev == fault->dev)
			s->member[i].error = fault->error;
	mutex_unlock(&s->lock);
	if (!full)
		pr_err_ratelimited("blksnap: snapshot %u failed with error %d on device %u:%u\n",
				   s->id, fault->error, MAJOR(fault->dev), MINOR(fault->dev));
	/* One event: state and level are both in it. */
	if (full)
		snapshot_tell_level(s, BLKSNAP_CHANGE_CAUSE_STATE);
	else
		snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_STATE);
}

/* Until then nothing of this is told; once it has come, this work runs again. */
static bool snapshot_event_waits(struct snapshot *s, u64 until_ns)
{
	u64 now = ktime_get_ns();

	if (now >= until_ns)
		return false;
	queue_delayed_work(snapshot_wq, &s->event_work, nsecs_to_jiffies(until_ns - now) + 1);
	return true;
}

/* However many fail meanwhile, they are one event, told while the snapshot is whole. */
static void snapshot_reads_failed(struct snapshot *s)
{
	if (!test_bit(0, &s->area_errors) || snapshot_event_waits(s, s->read_next_ns))
		return;
	clear_bit(0, &s->area_errors);
	pr_err_ratelimited("blksnap: snapshot %u: a read of the difference area failed\n", s->id);
	snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_AREA_READ_ERROR);
	s->read_next_ns = ktime_get_ns() + (u64)READ_GAP_MS * NSEC_PER_MSEC;
}

/* A second by the clock: ticks may come late, and then many at once. */
static void snapshot_remind_later(struct snapshot *s)
{
	WRITE_ONCE(s->remind_ns, ktime_get_ns() + NSEC_PER_SEC);
	mod_delayed_work(snapshot_wq, &s->remind_work, HZ);
}

/* Whatever changed in the area: tell it, in order. */
void snapshot_event(struct work_struct *work)
{
	struct snapshot *s = container_of(to_delayed_work(work), struct snapshot, event_work);
	struct area_info info;
	u32 level;

	if (READ_ONCE(s->state) != BLKSNAP_SNAPSHOT_STATE_TAKEN)
		return;
	area_info(s->area, &info);
	if (info.fault.error) {
		snapshot_broke(s, &info.fault);
		return;
	}
	snapshot_reads_failed(s);
	level = info.low ? BLKSNAP_AREA_LEVEL_LOW : BLKSNAP_AREA_LEVEL_OK;
	/*
	 * Low, ok and low again between two that were told is low once more:
	 * whoever extended it the first time must hear that it was not enough.
	 */
	if (level == s->level && (!info.low || info.lows == s->lows_told))
		return;
	/* Not so often; by then it may have moved back. */
	if (snapshot_event_waits(s, s->level_next_ns))
		return;
	s->lows_told = info.lows;
	snapshot_level_told(s, level, BLKSNAP_CHANGE_CAUSE_LEVEL);
	/* One may be due from when it was low before. */
	if (info.low)
		snapshot_remind_later(s);
}

void snapshot_remind(struct work_struct *work)
{
	struct snapshot *s = container_of(to_delayed_work(work), struct snapshot, remind_work);
	s64 left = READ_ONCE(s->remind_ns) - ktime_get_ns();

	if (READ_ONCE(s->state) != BLKSNAP_SNAPSHOT_STATE_TAKEN ||
	    READ_ONCE(s->level) != BLKSNAP_AREA_LEVEL_LOW)
		return;
	if (left > 0) {
		queue_delayed_work(snapshot_wq, &s->remind_work, nsecs_to_jiffies(left) + 1);
		return;
	}
	snapshot_tell_level(s, BLKSNAP_CHANGE_CAUSE_REMINDER);
	snapshot_remind_later(s);
}

/*
 * Context: any. Nothing waits for the gap of something else: the work knows them,
 * and waits for them itself.
 */
static void snapshot_area_changed(void *owner)
{
	struct snapshot *s = owner;

	mod_delayed_work(snapshot_wq, &s->event_work, 0);
}

/* Context: any. */
static void snapshot_area_room(void *owner)
{
	struct snapshot *s = owner;
	unsigned int i;

	for (i = 0; i < s->nr_members; i++) {
		struct cow *cow = READ_ONCE(s->member[i].cow);

		if (cow)
			cow_kick(cow);
	}
}

static bool snapshot_tracked(struct gendisk *disk, sector_t start, sector_t count)
{
	struct tracker *t;
	bool found = false;
	u64 cursor = 0;

	while (!found && (t = tracker_next(&cursor))) {
		found = tracker_overlaps(t, disk, start, count);
		tracker_put(t);
	}
	return found;
}

const struct area_ops snapshot_area_ops = {
	.changed = snapshot_area_changed,
	.room = snapshot_area_room,
	.tracked = snapshot_tracked,
};

static int snapshot_show_name(void *owner, char *buf)
{
	struct snapshot_member *m = owner;
	int ret;

	mutex_lock(&m->snap->lock);
	if (m->snap->name[0])
		ret = sysfs_emit(buf, "%s\n", m->snap->name);
	else
		ret = sysfs_emit(buf, "%pUb\n", &m->snap->uuid);
	mutex_unlock(&m->snap->lock);
	return ret;
}

static int snapshot_show_origin(void *owner, char *buf)
{
	struct snapshot_member *m = owner;

	return sysfs_emit(buf, "%s\n", m->name);
}

/* That read gave EIO; the snapshot stays, but subscribers should know. */
static void snapshot_image_area_error(void *owner)
{
	struct snapshot_member *m = owner;

	set_bit(0, &m->snap->area_errors);
	queue_delayed_work(snapshot_wq, &m->snap->event_work, 0);
}

const struct image_ops snapshot_image_ops = {
	.show_snapshot = snapshot_show_name,
	.show_origin = snapshot_show_origin,
	.area_error = snapshot_image_area_error,
};
