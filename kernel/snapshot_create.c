// SPDX-License-Identifier: GPL-2.0
/*
 * Making a snapshot: everything is opened, checked and allocated here, so
 * that the instant allocates nothing; and taking it apart again.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include <uapi/linux/blksnap_genl.h>

#include "snapshot_priv.h"

#define FREEZE_LIMIT_MS 60000

static void member_release(struct snapshot_member *m)
{
	struct tracker *t = m->tracker;

	cow_destroy(m->cow);
	image_put(m->image);
	compat_bdev_close(&m->origin);
	if (!t)
		return;
	tracker_unclaim(t, m->taken);
	tracker_put(t);
}

static int member_init(struct snapshot *s, unsigned int index, dev_t dev, bool attach,
		       struct refusal *r)
{
	struct snapshot_member *m = &s->member[index];
	struct tracker *t;
	int ret;

	m->snap = s;
again:
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
	if (ret == -ENODEV && attach && !tracker_is_gone(t)) {
		/* Another snapshot ended just now, and detached it. */
		tracker_put(t);
		goto again;
	}
	if (ret) {
		/* Not ours: member_release() must not touch it. */
		if (m->attached)
			tracker_detach(t, BLKSNAP_DEL_REASON_REQUEST, NULL);
		tracker_put(t);
		return refuse(r, ret, REFUSE_DEVICE, index,
			      ret == -EBUSY ? "the device is in a snapshot already" :
					      "the device is gone");
	}
	m->tracker = t;
	m->dev = dev;
	snprintf(m->name, sizeof(m->name), "%pg", tracker_bdev(t));
	ret = compat_bdev_open(&m->origin, dev, false, NULL);
	if (ret)
		return refuse(r, ret, REFUSE_DEVICE, index,
			      ret == -EPERM ? "the caller's device cgroup forbids this device" :
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

	cow = cow_create(m->origin.bdev, m->capacity, m->snap->area, tracker_dev_stats(m->tracker));
	if (IS_ERR(cow))
		return PTR_ERR(cow);
	WRITE_ONCE(m->cow, cow);
	m->image = image_create(cow, m->capacity, !bdev_is_partition(m->origin.bdev),
				&snapshot_image_ops, m);
	if (IS_ERR(m->image)) {
		int ret = PTR_ERR(m->image);

		m->image = NULL;
		return ret;
	}
	return 0;
}

/* All of it; no work is queued, and nobody finds it. */
void snapshot_free(struct snapshot *s)
{
	struct area *area;
	unsigned int i;

	/* One that was never taken has no fault yet; none may come from here on. */
	if (s->area)
		area_retire(s->area);
	cancel_delayed_work_sync(&s->event_work);
	cancel_delayed_work_sync(&s->remind_work);
	mutex_lock(&s->lock);
	s->dissolving = true;
	mutex_unlock(&s->lock);
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
	WRITE_ONCE(s->state, BLKSNAP_SNAPSHOT_STATE_CREATED);
	if (spec->has_uuid)
		s->uuid = spec->uuid;
	else
		generate_random_uuid(s->uuid.b);
	if (spec->name)
		strscpy(s->name, spec->name, sizeof(s->name));
	s->owner = spec->owner;
	s->socket_owner = spec->socket_owner;
	s->cookie = spec->cookie;
	s->has_cookie = spec->has_cookie;
	s->take_at_once = spec->take || spec->draft;
	atomic_inc(&snapshots_alive);
	return s;
}

/*
 * Paths change hands; on failure they are the spec's again. What was named before,
 * at the create of a snapshot that is taken later, is let go.
 */
int snapshot_take_freezes(struct snapshot *s, const struct snapshot_freeze *freezes,
			  unsigned int nr)
{
	struct freeze_item *items;
	unsigned int i;

	if (!nr)
		return 0;
	items = kvcalloc(nr, sizeof(*items), GFP_KERNEL);
	if (!items)
		return -ENOMEM;
	if (freeze_prepare(items, nr)) {
		freeze_put(items, nr);
		return -ENOMEM;
	}
	freeze_put(s->freezes, s->nr_freezes);
	s->freezes = items;
	s->nr_freezes = nr;
	for (i = 0; i < nr; i++) {
		s->freezes[i].dev = freezes[i].dev;
		s->freezes[i].path = freezes[i].path;
		s->freezes[i].member = freezes[i].member;
	}
	return 0;
}

void snapshot_put_freezes(struct snapshot_freeze *freezes, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!freezes[i].dev)
			path_put(&freezes[i].path);
}

static int spec_check(const struct snapshot_spec *spec, struct refusal *r)
{
	unsigned int i, j;

	if (!spec->nr_devs)
		return refuse(r, -EINVAL, REFUSE_REQUEST, 0, "a snapshot needs a device");
	if (spec->nr_devs > SNAPSHOT_MEMBERS_MAX)
		return refuse(r, -E2BIG, REFUSE_REQUEST, 0, "too many devices in one snapshot");
	if (spec->nr_ranges > SNAPSHOT_RANGES_MAX)
		return refuse(r, -E2BIG, REFUSE_REQUEST, 0, "too many ranges in one request");
	if (spec->take && !spec->nr_ranges)
		return refuse(r, -EINVAL, REFUSE_REQUEST, 0, "a snapshot needs an area");
	for (i = 0; i < spec->nr_devs; i++)
		for (j = 0; j < i; j++)
			if (spec->devs[i] == spec->devs[j])
				return refuse(r, -EINVAL, REFUSE_DEVICE, i,
					      "the device is named twice");
	if (spec->clear && spec->clear < spec->low)
		return refuse(r, -EINVAL, REFUSE_CLEAR, 0,
			      "the clear threshold is below the low one");
	return 0;
}

/*
 * Does member @index lie on sectors of an earlier one? A write that both would
 * meet could be counted by one and held at the gate of the other, and the
 * first would never drain.
 */
static bool member_overlaps(struct snapshot *s, unsigned int index)
{
	struct block_device *bdev = s->member[index].origin.bdev;
	unsigned int i;

	for (i = 0; i < index; i++)
		if (tracker_overlaps(s->member[i].tracker, bdev->bd_disk, bdev->bd_start_sect,
				     s->member[index].capacity))
			return true;
	return false;
}

/* Nobody else can find it yet, and so wait for the devices. */
static int snapshot_fill_area(struct snapshot *s, const struct snapshot_spec *spec,
			      struct refusal *r)
{
	struct area_range *ranges = snapshot_area_ranges(spec->ranges, spec->nr_ranges);
	LIST_HEAD(devs);
	int ret;

	if (!ranges)
		return -ENOMEM;
	ret = area_devs_open(&devs, ranges, spec->nr_ranges, r);
	if (!ret)
		ret = area_append(s->area, &devs, ranges, spec->nr_ranges, r);
	area_devs_close(&devs);
	kvfree(ranges);
	return ret;
}

static int snapshot_fill(struct snapshot *s, const struct snapshot_spec *spec, struct refusal *r)
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
		if (member_overlaps(s, i))
			return refuse(r, -EINVAL, REFUSE_DEVICE, i,
				      "the device overlaps another one of the set");
	}
	if (spec->nr_ranges) {
		ret = snapshot_fill_area(s, spec, r);
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

void snapshot_start_take(struct snapshot *s)
{
	refcount_inc(&s->refs); /* the work's */
	queue_delayed_work(snapshot_limit_wq, &s->timeout_work, msecs_to_jiffies(FREEZE_LIMIT_MS));
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
	/* Before it can be found: a destroy must see that a take runs. */
	if (spec->take) {
		WRITE_ONCE(s->state, BLKSNAP_SNAPSHOT_STATE_TAKING);
		s->busy = true;
	}
	refcount_inc(&s->refs); /* the caller's; the first is the table's */
	snapshot_found(s);
	/* Inside: nothing may be told of it before this, least of all its end. */
	snapshot_tell_new(s);
	mutex_unlock(&s->change);
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
	snapshot_put_freezes(spec->freezes, spec->nr_freezes);
	return ERR_PTR(ret);
}
