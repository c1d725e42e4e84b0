// SPDX-License-Identifier: GPL-2.0
#include "snapshot.h"

#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <uapi/linux/blksnap_genl.h>

#include "snapshot_priv.h"

#define FREEZE_LIMIT_MS 60000
#define LEVEL_GAP_MS 100	/* between two changes of level told */

struct workqueue_struct *snapshot_wq;

static DEFINE_MUTEX(snapshots_lock);	/* the next three */
static LIST_HEAD(snapshots);		/* by rising id */
static u32 snapshots_last_id;
static unsigned int snapshots_changes = 1;
static atomic_t snapshots_alive;
static const struct snapshot_notify *notify;

void snapshot_set_notify(const struct snapshot_notify *ops)
{
	WRITE_ONCE(notify, ops);
}

static void snapshot_tell_new(struct snapshot *s)
{
	const struct snapshot_notify *ops = READ_ONCE(notify);

	if (ops)
		ops->new(s);
}

void snapshot_tell_change(struct snapshot *s, u32 cause)
{
	const struct snapshot_notify *ops = READ_ONCE(notify);

	if (ops)
		ops->change(s, cause);
}

static void snapshot_tell_level(struct snapshot *s, u32 cause)
{
	const struct snapshot_notify *ops = READ_ONCE(notify);

	if (ops)
		ops->level(s, cause);
}

static void snapshot_tell_del(struct snapshot *s, u32 reason)
{
	const struct snapshot_notify *ops = READ_ONCE(notify);

	if (ops)
		ops->del(s, reason);
}

void snapshot_set_error(struct snapshot *s, int error, u32 phase, dev_t dev)
{
	mutex_lock(&s->lock);
	if (!s->error) {
		s->error = error;
		s->phase = phase;
		s->error_dev = dev;
	}
	mutex_unlock(&s->lock);
}

void snapshot_set_state(struct snapshot *s, u32 state)
{
	mutex_lock(&s->lock);
	s->state = state;
	mutex_unlock(&s->lock);
}

/* ---- levels and faults ---- */

static void snapshot_level_told(struct snapshot *s, u32 level, u32 cause)
{
	mutex_lock(&s->lock);
	s->level = level;
	mutex_unlock(&s->lock);
	snapshot_tell_level(s, cause);
}

/* Low is told before overflow even if the area jumped over it. */
static void snapshot_broke(struct snapshot *s, const struct area_fault *fault)
{
	bool full = fault->error == -ENOSPC;
	unsigned int i;

	if (full && s->level == BLKSNAP_AREA_LEVEL_OK)
		snapshot_level_told(s, BLKSNAP_AREA_LEVEL_LOW,
				    BLKSNAP_CHANGE_CAUSE_LEVEL);
	mutex_lock(&s->lock);
	s->state = full ? BLKSNAP_SNAPSHOT_STATE_OVERFLOW :
			  BLKSNAP_SNAPSHOT_STATE_FAILED;
	s->error = fault->error;
	s->phase = fault->phase;
	s->error_dev = fault->dev;
	s->error_sector = fault->sector;
	s->has_error_sector = fault->has_sector;
	if (full)
		s->level = BLKSNAP_AREA_LEVEL_OVERFLOW;
	for (i = 0; i < s->nr_members; i++)
		if (fault->dev && s->member[i].dev == fault->dev)
			s->member[i].error = fault->error;
	mutex_unlock(&s->lock);
	if (!full)
		pr_err_ratelimited("blksnap: snapshot %u failed with error %d on device %u:%u\n",
				   s->id, fault->error, MAJOR(fault->dev),
				   MINOR(fault->dev));
	/* One event: state and level are both in it. */
	if (full)
		snapshot_tell_level(s, BLKSNAP_CHANGE_CAUSE_STATE);
	else
		snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_STATE);
}

/* Whatever changed in the area: tell it, in order. */
static void snapshot_event(struct work_struct *work)
{
	struct snapshot *s = container_of(to_delayed_work(work),
					  struct snapshot, event_work);
	struct area_info info;
	u32 level;

	if (READ_ONCE(s->state) != BLKSNAP_SNAPSHOT_STATE_TAKEN)
		return;
	area_info(s->area, &info);
	if (info.fault.error) {
		snapshot_broke(s, &info.fault);
		return;
	}
	if (test_and_clear_bit(0, &s->area_errors)) {
		pr_err_ratelimited("blksnap: snapshot %u: a read of the difference area failed\n",
				   s->id);
		snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_AREA_READ_ERROR);
	}
	level = info.low ? BLKSNAP_AREA_LEVEL_LOW : BLKSNAP_AREA_LEVEL_OK;
	if (level == s->level)
		return;
	snapshot_level_told(s, level, BLKSNAP_CHANGE_CAUSE_LEVEL);
	if (info.low)
		queue_delayed_work(snapshot_wq, &s->remind_work, HZ);
	/* It may have moved again; not oftener than this. */
	queue_delayed_work(snapshot_wq, &s->event_work,
			   msecs_to_jiffies(LEVEL_GAP_MS));
}

static void snapshot_remind(struct work_struct *work)
{
	struct snapshot *s = container_of(to_delayed_work(work),
					  struct snapshot, remind_work);

	if (READ_ONCE(s->state) != BLKSNAP_SNAPSHOT_STATE_TAKEN ||
	    READ_ONCE(s->level) != BLKSNAP_AREA_LEVEL_LOW)
		return;
	snapshot_tell_level(s, BLKSNAP_CHANGE_CAUSE_REMINDER);
	queue_delayed_work(snapshot_wq, &s->remind_work, HZ);
}

/* Context: any. A fault must not wait for the gap between levels. */
static void snapshot_area_changed(void *owner)
{
	struct snapshot *s = owner;

	if (area_error(s->area))
		mod_delayed_work(snapshot_wq, &s->event_work, 0);
	else
		queue_delayed_work(snapshot_wq, &s->event_work, 0);
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

static bool snapshot_tracked(struct gendisk *disk, sector_t start,
			     sector_t count)
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

static const struct area_ops snapshot_area_ops = {
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

static const struct image_ops snapshot_image_ops = {
	.show_snapshot = snapshot_show_name,
	.show_origin = snapshot_show_origin,
	.area_error = snapshot_image_area_error,
};

/* ---- create ---- */

static void member_release(struct snapshot_member *m)
{
	struct tracker *t = m->tracker;

	cow_destroy(m->cow);
	image_put(m->image);
	compat_bdev_close(&m->origin);
	if (!t)
		return;
	tracker_unclaim(t);
	if ((m->attached && !tracker_keep(t)) || tracker_is_gone(t))
		tracker_detach(t, tracker_is_gone(t) ?
					  BLKSNAP_DEL_REASON_DEVICE_GONE :
					  BLKSNAP_DEL_REASON_REQUEST,
			       NULL);
	else if (m->taken)
		tracker_changed(t, BLKSNAP_CHANGE_CAUSE_IMAGE);
	tracker_put(t);
}

static int member_init(struct snapshot *s, unsigned int index, dev_t dev,
		       bool attach, struct refusal *r)
{
	struct snapshot_member *m = &s->member[index];
	struct tracker *t;
	int ret;

	m->snap = s;
	if (attach) {
		t = tracker_attach(dev, 0, false, &m->attached, r);
		if (IS_ERR(t)) {
			if (r && r->what == REFUSE_DEVICE)
				r->index = index;
			return PTR_ERR(t);
		}
	} else {
		t = tracker_lookup(dev);
		if (!t)
			return refuse(r, -ENODEV, REFUSE_DEVICE, index,
				      "the device is not attached");
	}
	ret = tracker_claim(t, s->id);
	if (ret) {
		/* Not ours: member_release() must not touch it. */
		if (m->attached)
			tracker_detach(t, BLKSNAP_DEL_REASON_REQUEST, NULL);
		tracker_put(t);
		return refuse(r, ret, REFUSE_DEVICE, index,
			      ret == -EBUSY ?
				      "the device is in a snapshot already" :
				      "the device is gone");
	}
	m->tracker = t;
	m->dev = dev;
	snprintf(m->name, sizeof(m->name), "%pg", tracker_bdev(t));
	ret = compat_bdev_open(&m->origin, dev, false, NULL);
	if (ret)
		return refuse(r, ret, REFUSE_DEVICE, index,
			      "the device cannot be opened");
	if (m->origin.bdev != tracker_bdev(t))
		return refuse(r, -ENODEV, REFUSE_DEVICE, index,
			      "the device is another one than was attached");
	m->capacity = tracker_capacity(t);
	return 0;
}

/* The engine and the image, so that the instant allocates nothing. */
static int member_prepare(struct snapshot_member *m)
{
	struct cow *cow;

	cow = cow_create(m->origin.bdev, m->capacity, m->snap->area,
			 tracker_dev_stats(m->tracker));
	if (IS_ERR(cow))
		return PTR_ERR(cow);
	WRITE_ONCE(m->cow, cow);
	m->image = image_create(cow, m->capacity,
				!bdev_is_partition(m->origin.bdev),
				&snapshot_image_ops, m);
	if (IS_ERR(m->image)) {
		int ret = PTR_ERR(m->image);

		m->image = NULL;
		return ret;
	}
	return 0;
}

/* All of it; no work is queued, and nobody finds it. */
static void snapshot_free(struct snapshot *s)
{
	struct area *area;
	unsigned int i;

	cancel_delayed_work_sync(&s->event_work);
	cancel_delayed_work_sync(&s->remind_work);
	for (i = s->nr_members; i--;)
		member_release(&s->member[i]);
	mutex_lock(&s->lock);
	area = s->area;
	s->area = NULL;
	mutex_unlock(&s->lock);
	area_destroy(area);
	freeze_put(s->freezes, s->nr_freezes);
	s->freezes = NULL;
}

void snapshot_put(struct snapshot *s)
{
	if (s && refcount_dec_and_test(&s->refs)) {
		kvfree(s);
		atomic_dec(&snapshots_alive);
	}
}

static void snapshot_destroy_work(struct work_struct *work);

static struct snapshot *snapshot_alloc(const struct snapshot_spec *spec)
{
	struct snapshot *s;

	s = kvzalloc(struct_size(s, member, spec->nr_devs), GFP_KERNEL);
	if (!s)
		return NULL;
	refcount_set(&s->refs, 1);
	mutex_init(&s->change);
	mutex_init(&s->lock);
	INIT_LIST_HEAD(&s->all);
	INIT_WORK(&s->take_work, snapshot_take_work);
	INIT_WORK(&s->destroy_work, snapshot_destroy_work);
	INIT_DELAYED_WORK(&s->timeout_work, snapshot_timeout_work);
	INIT_DELAYED_WORK(&s->event_work, snapshot_event);
	INIT_DELAYED_WORK(&s->remind_work, snapshot_remind);
	s->state = BLKSNAP_SNAPSHOT_STATE_CREATED;
	if (spec->has_uuid)
		s->uuid = spec->uuid;
	else
		generate_random_uuid(s->uuid.b);
	if (spec->name)
		strscpy(s->name, spec->name, sizeof(s->name));
	s->owner_portid = spec->owner_portid;
	s->cookie = spec->cookie;
	s->has_cookie = spec->has_cookie;
	s->take_at_once = spec->take;
	atomic_inc(&snapshots_alive);
	return s;
}

/* Paths change hands; on failure they are the spec's again. */
static int snapshot_take_freezes(struct snapshot *s,
				 const struct snapshot_freeze *freezes,
				 unsigned int nr)
{
	unsigned int i;

	if (!nr)
		return 0;
	s->freezes = kvcalloc(nr, sizeof(*s->freezes), GFP_KERNEL);
	if (!s->freezes)
		return -ENOMEM;
	s->nr_freezes = nr;
	for (i = 0; i < nr; i++) {
		s->freezes[i].dev = freezes[i].dev;
		s->freezes[i].path = freezes[i].path;
		s->freezes[i].member = freezes[i].member;
	}
	return 0;
}

static void spec_put_freezes(struct snapshot_freeze *freezes, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!freezes[i].dev)
			path_put(&freezes[i].path);
}

static void snapshot_apply_levels(struct snapshot *s)
{
	area_set_levels(s->area, DIV_ROUND_UP_ULL(s->low, UNIT_SECTORS),
			DIV_ROUND_UP_ULL(s->clear, UNIT_SECTORS), s->grace_ms);
}

static struct snapshot *snapshot_find_name(const char *name)
{
	struct snapshot *s;

	lockdep_assert_held(&snapshots_lock);
	list_for_each_entry(s, &snapshots, all)
		if (s->name[0] && !strcmp(s->name, name))
			return s;
	return NULL;
}

static struct snapshot *snapshot_find_uuid(const uuid_t *uuid)
{
	struct snapshot *s;

	lockdep_assert_held(&snapshots_lock);
	list_for_each_entry(s, &snapshots, all)
		if (uuid_equal(&s->uuid, uuid))
			return s;
	return NULL;
}

/* Number it; a name and a UUID are somebody's from here on. */
static int snapshot_enter(struct snapshot *s, struct refusal *r)
{
	int ret = 0;

	mutex_lock(&snapshots_lock);
	if (s->name[0] && snapshot_find_name(s->name)) {
		ret = refuse(r, -EEXIST, REFUSE_NAME, 0,
			     "a snapshot has this name already");
	} else if (snapshot_find_uuid(&s->uuid)) {
		ret = refuse(r, -EEXIST, REFUSE_UUID, 0,
			     "a snapshot has this UUID already");
	} else {
		s->id = ++snapshots_last_id;
		list_add_tail(&s->all, &snapshots);
	}
	mutex_unlock(&snapshots_lock);
	return ret;
}

static void snapshot_leave(struct snapshot *s)
{
	mutex_lock(&snapshots_lock);
	list_del_init(&s->all);
	snapshots_changes++;
	mutex_unlock(&snapshots_lock);
}

static int spec_check(const struct snapshot_spec *spec, struct refusal *r)
{
	unsigned int i, j;

	if (!spec->nr_devs)
		return refuse(r, -EINVAL, REFUSE_REQUEST, 0,
			      "a snapshot needs a device");
	if (spec->nr_devs > SNAPSHOT_MEMBERS_MAX)
		return refuse(r, -E2BIG, REFUSE_REQUEST, 0,
			      "too many devices in one snapshot");
	if (spec->nr_ranges > SNAPSHOT_RANGES_MAX)
		return refuse(r, -E2BIG, REFUSE_REQUEST, 0,
			      "too many ranges in one request");
	if (spec->take && !spec->nr_ranges)
		return refuse(r, -EINVAL, REFUSE_REQUEST, 0,
			      "a snapshot needs an area");
	for (i = 0; i < spec->nr_devs; i++)
		for (j = 0; j < i; j++)
			if (spec->devs[i] == spec->devs[j])
				return refuse(r, -EINVAL, REFUSE_DEVICE, i,
					      "the device is named twice");
	if (spec->clear && spec->clear < spec->low)
		return refuse(r, -EINVAL, REFUSE_LOW, 0,
			      "the clear threshold is below the low one");
	return 0;
}

static struct area_range *ranges_of(const struct snapshot_range *ranges,
				    unsigned int nr)
{
	struct area_range *out = kvcalloc(nr, sizeof(*out), GFP_KERNEL);
	unsigned int i;

	for (i = 0; out && i < nr; i++)
		out[i] = (struct area_range){
			.dev = ranges[i].dev,
			.start = ranges[i].start,
			.count = ranges[i].count,
		};
	return out;
}

typedef int (*area_change_t)(struct area *area, const struct area_range *ranges,
			     unsigned int nr, struct refusal *r);

/* Caller holds s->change. */
static int snapshot_change_area(struct snapshot *s, area_change_t change,
				const struct snapshot_range *ranges,
				unsigned int nr, struct refusal *r)
{
	struct area_range *list;
	int ret;

	lockdep_assert_held(&s->change);
	if (nr > SNAPSHOT_RANGES_MAX)
		return refuse(r, -E2BIG, REFUSE_REQUEST, 0,
			      "too many ranges in one request");
	if (!nr)
		return refuse(r, -EINVAL, REFUSE_REQUEST, 0,
			      "the request names no range");
	switch (READ_ONCE(s->state)) {
	case BLKSNAP_SNAPSHOT_STATE_DESTROYING:
		return refuse(r, -ENOENT, REFUSE_REQUEST, 0,
			      "the snapshot is being destroyed already");
	case BLKSNAP_SNAPSHOT_STATE_OVERFLOW:
	case BLKSNAP_SNAPSHOT_STATE_FAILED:
		return refuse(r, -ESTALE, REFUSE_REQUEST, 0,
			      "the snapshot has failed, its area is of no use any more");
	}
	list = ranges_of(ranges, nr);
	if (!list)
		return -ENOMEM;
	ret = change(s->area, list, nr, r);
	kvfree(list);
	return ret;
}

static int snapshot_fill(struct snapshot *s, const struct snapshot_spec *spec,
			 struct refusal *r)
{
	unsigned int i;
	int ret;

	s->area = area_create(&snapshot_area_ops, s);
	if (IS_ERR(s->area)) {
		ret = PTR_ERR(s->area);
		s->area = NULL;
		return ret;
	}
	/* All members first: an area must lie on none of them. */
	for (i = 0; i < spec->nr_devs; i++) {
		s->nr_members = i + 1;
		ret = member_init(s, i, spec->devs[i], spec->attach, r);
		if (ret)
			return ret;
	}
	if (spec->nr_ranges) {
		ret = snapshot_change_area(s, area_append, spec->ranges,
					   spec->nr_ranges, r);
		if (ret)
			return ret;
	}
	for (i = 0; i < s->nr_members; i++) {
		ret = member_prepare(&s->member[i]);
		if (ret)
			return ret;
	}
	s->low = spec->low;
	s->clear = spec->clear ?: 2 * spec->low;
	s->grace_ms = spec->grace_ms;
	snapshot_apply_levels(s);
	return 0;
}

static void snapshot_start_take(struct snapshot *s)
{
	mutex_lock(&s->lock);
	s->busy = true;
	mutex_unlock(&s->lock);
	refcount_inc(&s->refs); /* the work's */
	queue_delayed_work(snapshot_wq, &s->timeout_work,
			   msecs_to_jiffies(FREEZE_LIMIT_MS));
	queue_work(snapshot_wq, &s->take_work);
}

struct snapshot *snapshot_create(struct snapshot_spec *spec, struct refusal *r)
{
	struct snapshot *s;
	int ret;

	ret = spec_check(spec, r);
	if (ret)
		goto err_freezes;
	ret = -ENOMEM;
	s = snapshot_alloc(spec);
	if (!s)
		goto err_freezes;
	ret = snapshot_take_freezes(s, spec->freezes, spec->nr_freezes);
	if (ret) {
		snapshot_put(s);
		goto err_freezes;
	}
	/* From here on the freezes are freed with the snapshot. */
	mutex_lock(&s->change);
	ret = snapshot_enter(s, r);
	if (ret)
		goto err_unlock;
	ret = snapshot_fill(s, spec, r);
	if (ret)
		goto err_leave;
	if (spec->take)
		s->state = BLKSNAP_SNAPSHOT_STATE_TAKING;
	refcount_inc(&s->refs); /* the caller's; the first is the table's */
	mutex_lock(&snapshots_lock);
	s->whole = true;
	snapshots_changes++;
	mutex_unlock(&snapshots_lock);
	mutex_unlock(&s->change);
	snapshot_tell_new(s);
	if (spec->take)
		snapshot_start_take(s);
	return s;

err_leave:
	snapshot_leave(s);
err_unlock:
	mutex_unlock(&s->change);
	snapshot_free(s);
	snapshot_put(s);
	return ERR_PTR(ret);

err_freezes:
	spec_put_freezes(spec->freezes, spec->nr_freezes);
	return ERR_PTR(ret);
}

int snapshot_take(struct snapshot *s, struct snapshot_freeze *freezes,
		  unsigned int nr_freezes, struct refusal *r)
{
	struct area_info info;
	int ret = 0;

	mutex_lock(&s->change);
	mutex_lock(&s->lock);
	if (s->state != BLKSNAP_SNAPSHOT_STATE_CREATED) {
		ret = refuse(r, -EBUSY, REFUSE_REQUEST, 0,
			     "the snapshot has been taken already");
		goto unlock;
	}
	area_info(s->area, &info);
	if (!info.total) {
		ret = refuse(r, -EINVAL, REFUSE_REQUEST, 0,
			     "a snapshot needs an area");
		goto unlock;
	}
	ret = snapshot_take_freezes(s, freezes, nr_freezes);
	if (ret)
		goto unlock;
	s->error = 0;
	s->phase = BLKSNAP_SNAPSHOT_PHASE_NONE;
	s->state = BLKSNAP_SNAPSHOT_STATE_TAKING;
unlock:
	mutex_unlock(&s->lock);
	mutex_unlock(&s->change);
	if (ret) {
		spec_put_freezes(freezes, nr_freezes);
		return ret;
	}
	snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_STATE);
	snapshot_start_take(s);
	return 0;
}

/* ---- destroy ---- */

/*
 * The fault first: from then on writes pass and images give EIO, so that no
 * image can show what was let through. Then nobody finds the engines; then
 * nobody uses them.
 */
static void snapshot_destroy_work(struct work_struct *work)
{
	struct snapshot *s = container_of(work, struct snapshot, destroy_work);
	unsigned int i;

	/* An append or a take that was quicker. */
	mutex_lock(&s->change);
	mutex_unlock(&s->change);

	area_fail(s->area, -ESHUTDOWN, BLKSNAP_SNAPSHOT_PHASE_NONE, 0, 0,
		  false);
	for (i = 0; i < s->nr_members; i++)
		if (s->member[i].switched)
			tracker_unswitch(s->member[i].tracker);
	for (i = 0; i < s->nr_members; i++)
		image_remove(s->member[i].image);
	for (i = 0; i < s->nr_members; i++)
		cow_drain(s->member[i].cow);
	area_shutdown(s->area);
	snapshot_free(s);
	snapshot_leave(s);
	snapshot_tell_del(s, s->reason);
	snapshot_put(s); /* the table's */
}

void snapshot_begin_destroy(struct snapshot *s, u32 reason)
{
	mutex_lock(&s->lock);
	s->state = BLKSNAP_SNAPSHOT_STATE_DESTROYING;
	s->reason = reason;
	mutex_unlock(&s->lock);
	snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_STATE);
	queue_work(snapshot_wq, &s->destroy_work);
}

/* No new openers. Caller holds s->lock and the images exist. */
static int snapshot_block_images(struct snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_members; i++) {
		int ret = image_block(s->member[i].image);

		if (ret) {
			while (i--)
				image_unblock(s->member[i].image);
			return ret;
		}
	}
	return 0;
}

int snapshot_destroy(struct snapshot *s, bool force, u32 reason,
		     struct refusal *r)
{
	int ret = 0;

	mutex_lock(&s->lock);
	switch (s->busy ? BLKSNAP_SNAPSHOT_STATE_TAKING : s->state) {
	case BLKSNAP_SNAPSHOT_STATE_TAKING:
		ret = refuse(r, -EBUSY, REFUSE_REQUEST, 0,
			     "the snapshot is being taken");
		break;
	case BLKSNAP_SNAPSHOT_STATE_DESTROYING:
		ret = refuse(r, -ENOENT, REFUSE_REQUEST, 0,
			     "the snapshot is being destroyed already");
		break;
	default:
		if (!force && snapshot_block_images(s))
			ret = refuse(r, -EBUSY, REFUSE_REQUEST, 0,
				     "an image of the snapshot is open");
		else
			s->state = BLKSNAP_SNAPSHOT_STATE_DESTROYING;
	}
	mutex_unlock(&s->lock);
	if (!ret)
		snapshot_begin_destroy(s, reason);
	return ret;
}

void snapshot_owner_gone(u32 portid)
{
	struct snapshot *s;
	u32 cursor = 0;

	while ((s = snapshot_next(&cursor))) {
		if (s->owner_portid == portid) {
			cmpxchg(&s->cancel, 0, -ECANCELED);
			snapshot_destroy(s, true,
					 BLKSNAP_DEL_REASON_OWNER_EXIT, NULL);
		}
		snapshot_put(s);
	}
}

/* ---- changes while it lives ---- */

int snapshot_set(struct snapshot *s, const char *name, s64 low, s64 clear,
		 s32 grace_ms, struct refusal *r)
{
	struct snapshot *other;
	int ret = 0;

	mutex_lock(&s->change);
	mutex_lock(&snapshots_lock);
	mutex_lock(&s->lock);
	other = name ? snapshot_find_name(name) : NULL;
	if (s->state == BLKSNAP_SNAPSHOT_STATE_DESTROYING) {
		ret = refuse(r, -ENOENT, REFUSE_REQUEST, 0,
			     "the snapshot is being destroyed already");
	} else if (other && other != s) {
		ret = refuse(r, -EEXIST, REFUSE_NAME, 0,
			     "a snapshot has this name already");
	} else if (clear > 0 && clear < (low >= 0 ? low : s->low)) {
		ret = refuse(r, -EINVAL, REFUSE_LOW, 0,
			     "the clear threshold is below the low one");
	} else {
		if (name)
			strscpy(s->name, name, sizeof(s->name));
		if (low >= 0) {
			s->low = low;
			s->clear = 2 * low;
		}
		if (clear >= 0)
			s->clear = clear;
		if (grace_ms >= 0)
			s->grace_ms = grace_ms;
		snapshot_apply_levels(s);
	}
	mutex_unlock(&s->lock);
	mutex_unlock(&snapshots_lock);
	mutex_unlock(&s->change);
	if (!ret)
		snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_SETTINGS);
	return ret;
}

int snapshot_append(struct snapshot *s, const struct snapshot_range *ranges,
		    unsigned int nr, struct refusal *r)
{
	int ret;

	mutex_lock(&s->change);
	ret = snapshot_change_area(s, area_append, ranges, nr, r);
	mutex_unlock(&s->change);
	if (!ret)
		snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_EXTENDED);
	return ret;
}

int snapshot_remove_ranges(struct snapshot *s,
			   const struct snapshot_range *ranges,
			   unsigned int nr, struct refusal *r)
{
	int ret;

	mutex_lock(&s->change);
	ret = snapshot_change_area(s, area_remove, ranges, nr, r);
	mutex_unlock(&s->change);
	if (!ret)
		snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_SHRUNK);
	return ret;
}

/* ---- the table, and information ---- */

struct snapshot *snapshot_next(u32 *cursor)
{
	struct snapshot *s, *found = NULL;

	mutex_lock(&snapshots_lock);
	list_for_each_entry(s, &snapshots, all) {
		if (s->id > *cursor && s->whole) {
			refcount_inc(&s->refs);
			*cursor = s->id;
			found = s;
			break;
		}
	}
	mutex_unlock(&snapshots_lock);
	return found;
}

struct snapshot *snapshot_lookup_id(u32 id)
{
	u32 cursor = id - 1;
	struct snapshot *s = snapshot_next(&cursor);

	if (s && s->id == id)
		return s;
	snapshot_put(s);
	return NULL;
}

struct snapshot *snapshot_lookup_uuid(const uuid_t *uuid)
{
	struct snapshot *s;

	mutex_lock(&snapshots_lock);
	s = snapshot_find_uuid(uuid);
	if (s && s->whole)
		refcount_inc(&s->refs);
	else
		s = NULL;
	mutex_unlock(&snapshots_lock);
	return s;
}

unsigned int snapshot_generation(void)
{
	return READ_ONCE(snapshots_changes);
}

u32 snapshot_id(struct snapshot *s)
{
	return s->id;
}

void snapshot_info(struct snapshot *s, struct snapshot_info *info)
{
	struct area_info area = {};

	memset(info, 0, sizeof(*info));
	mutex_lock(&s->lock);
	if (s->area)
		area_info(s->area, &area);
	info->id = s->id;
	info->uuid = s->uuid;
	strscpy(info->name, s->name, sizeof(info->name));
	info->state = s->state;
	info->error = s->error;
	info->phase = s->phase;
	info->error_dev = s->error_dev;
	info->error_sector = s->error_sector;
	info->has_error_sector = s->has_error_sector;
	info->level = s->level;
	info->area_total = area.total * UNIT_SECTORS;
	info->area_used = area.used * UNIT_SECTORS;
	info->low = s->low;
	info->clear = s->clear;
	info->grace_ms = s->grace_ms;
	if (s->state != BLKSNAP_SNAPSHOT_STATE_TAKING) {
		info->taken_ns = s->taken_ns;
		info->taken_real_ns = s->taken_real_ns;
		info->gate_ns = s->gate_ns;
		info->freeze_ns = s->freeze_ns;
	}
	info->cookie = s->cookie;
	info->has_cookie = s->has_cookie;
	info->nr_members = s->nr_members;
	mutex_unlock(&s->lock);
}

bool snapshot_member(struct snapshot *s, unsigned int index,
		     struct snapshot_member_info *info)
{
	struct snapshot_member *m;

	memset(info, 0, sizeof(*info));
	mutex_lock(&s->lock);
	if (index >= s->nr_members) {
		mutex_unlock(&s->lock);
		return false;
	}
	m = &s->member[index];
	info->dev = m->dev;
	strscpy(info->name, m->name, sizeof(info->name));
	if (m->published && s->area) {
		info->image = image_dev(m->image);
		strscpy(info->image_name, image_name(m->image),
			sizeof(info->image_name));
	}
	info->capacity = m->capacity;
	info->freeze_result = m->freeze_result;
	info->error = m->error;
	info->taken = m->taken;
	info->cbt_number = m->number;
	memcpy(info->cbt_generation, m->generation, 16);
	mutex_unlock(&s->lock);
	return true;
}

bool snapshot_range(struct snapshot *s, unsigned int index,
		    struct snapshot_range_info *info)
{
	struct area_range_info range;
	bool found = false;

	mutex_lock(&s->lock);
	if (s->area)
		found = area_range(s->area, index, &range);
	mutex_unlock(&s->lock);
	if (found) {
		info->dev = range.dev;
		strscpy(info->name, range.name, sizeof(info->name));
		info->start = range.start;
		info->count = range.count;
		info->used = range.used;
	}
	return found;
}

int snapshot_init(void)
{
	snapshot_wq = alloc_workqueue("blksnap_snapshot", WQ_UNBOUND, 0);
	return snapshot_wq ? 0 : -ENOMEM;
}

void snapshot_exit(void)
{
	while (atomic_read(&snapshots_alive)) {
		struct snapshot *s;
		u32 cursor = 0;

		while ((s = snapshot_next(&cursor))) {
			snapshot_destroy(s, true, BLKSNAP_DEL_REASON_REQUEST,
					 NULL);
			snapshot_put(s);
		}
		msleep(20);
	}
	destroy_workqueue(snapshot_wq);
}
