// SPDX-License-Identifier: GPL-2.0
#include "snapshot.h"

#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <uapi/linux/blksnap_genl.h>

#include "snapshot_priv.h"

struct workqueue_struct *snapshot_wq;
/* What thaws in time: memory may be short because of what is frozen. */
struct workqueue_struct *snapshot_limit_wq;

static DEFINE_MUTEX(snapshots_lock); /* the next three */
static LIST_HEAD(snapshots); /* by rising id */
static u32 snapshots_last_id;
static unsigned int snapshots_changes = 1;
atomic_t snapshots_alive;
static const struct snapshot_notify *notify;

void snapshot_set_notify(const struct snapshot_notify *ops)
{
	WRITE_ONCE(notify, ops);
}

void snapshot_tell_new(struct snapshot *s)
{
	const struct snapshot_notify *ops = READ_ONCE(notify);

	if (ops)
		ops->new (s);
}

void snapshot_tell_change(struct snapshot *s, u32 cause)
{
	const struct snapshot_notify *ops = READ_ONCE(notify);

	if (ops)
		ops->change(s, cause);
}

void snapshot_tell_level(struct snapshot *s, u32 cause)
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
int snapshot_enter(struct snapshot *s, struct refusal *r)
{
	int ret = 0;

	mutex_lock(&snapshots_lock);
	if (s->name[0] && snapshot_find_name(s->name)) {
		ret = refuse(r, -EEXIST, REFUSE_NAME, 0, "a snapshot has this name already");
	} else if (snapshot_find_uuid(&s->uuid)) {
		ret = refuse(r, -EEXIST, REFUSE_UUID, 0, "a snapshot has this UUID already");
	} else {
		s->id = ++snapshots_last_id;
		list_add_tail(&s->all, &snapshots);
	}
	mutex_unlock(&snapshots_lock);
	return ret;
}

void snapshot_found(struct snapshot *s)
{
	mutex_lock(&snapshots_lock);
	s->whole = true;
	WRITE_ONCE(snapshots_changes, snapshots_changes + 1);
	mutex_unlock(&snapshots_lock);
}

void snapshot_leave(struct snapshot *s)
{
	mutex_lock(&snapshots_lock);
	list_del_init(&s->all);
	WRITE_ONCE(snapshots_changes, snapshots_changes + 1);
	mutex_unlock(&snapshots_lock);
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

int snapshot_take(struct snapshot *s, struct snapshot_freeze *freezes, unsigned int nr_freezes,
		  u64 owner, struct refusal *r)
{
	struct area_info info;
	unsigned int i;
	int ret = 0;

	mutex_lock(&s->change);
	mutex_lock(&s->lock);
	if (s->state != BLKSNAP_SNAPSHOT_STATE_CREATED) {
		ret = refuse(r, -EBUSY, REFUSE_REQUEST, 0, "the snapshot has been taken already");
		goto unlock;
	}
	area_info(s->area, &info);
	if (!info.total) {
		ret = refuse(r, -EINVAL, REFUSE_REQUEST, 0, "a snapshot needs an area");
		goto unlock;
	}
	ret = snapshot_take_freezes(s, freezes, nr_freezes);
	if (ret)
		goto unlock;
	/* What an earlier try ended with. */
	s->error = 0;
	s->phase = BLKSNAP_SNAPSHOT_PHASE_NONE;
	s->error_dev = 0;
	for (i = 0; i < s->nr_members; i++)
		s->member[i].error = 0;
	WRITE_ONCE(s->state, BLKSNAP_SNAPSHOT_STATE_TAKING);
	s->busy = true;
	if (!s->socket_owner)
		s->owner = owner;
unlock:
	mutex_unlock(&s->lock);
	mutex_unlock(&s->change);
	if (ret) {
		snapshot_put_freezes(freezes, nr_freezes);
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
void snapshot_destroy_work(struct work_struct *work)
{
	struct snapshot *s = container_of(work, struct snapshot, destroy_work);
	unsigned int i;

	/* An append or a take that was quicker. */
	mutex_lock(&s->change);
	mutex_unlock(&s->change);

	area_fail(s->area, -ESHUTDOWN, BLKSNAP_SNAPSHOT_PHASE_NONE, 0, 0, false);
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
	WRITE_ONCE(s->state, BLKSNAP_SNAPSHOT_STATE_DESTROYING);
	s->reason = reason;
	mutex_unlock(&s->lock);
	snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_STATE);
	queue_work(snapshot_wq, &s->destroy_work);
}

/* No new openers. Caller holds s->lock and the images exist. */
static int snapshot_block_images(struct snapshot *s, bool *held)
{
	unsigned int i;

	for (i = 0; i < s->nr_members; i++) {
		int ret = image_block(s->member[i].image);

		if (ret) {
			*held = image_use(s->member[i].image).held;
			while (i--)
				image_unblock(s->member[i].image);
			return ret;
		}
	}
	return 0;
}

int snapshot_destroy(struct snapshot *s, bool force, u32 reason, struct refusal *r)
{
	bool busy = false, held;
	int ret = 0;

	/* The end of a take and the last event wait until this one is told. */
	mutex_lock(&s->change);
	mutex_lock(&s->lock);
	if (s->state == BLKSNAP_SNAPSHOT_STATE_DESTROYING) {
		ret = refuse(r, -ENOENT, REFUSE_REQUEST, 0,
			     "the snapshot is being destroyed already");
	} else if (s->busy) {
		/* The take sees it, at the latest when it has ended. */
		busy = true;
		cmpxchg(&s->cancel, 0, -ECANCELED);
	} else if (!force && snapshot_block_images(s, &held)) {
		ret = refuse(r, -EBUSY, REFUSE_REQUEST, 0,
			     held ? "an image of the snapshot is mounted, or another device is made of it" :
				    "an image of the snapshot is open");
	}
	if (!ret) {
		WRITE_ONCE(s->state, BLKSNAP_SNAPSHOT_STATE_DESTROYING);
		s->reason = reason;
	}
	mutex_unlock(&s->lock);
	if (busy)
		snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_STATE);
	else if (!ret)
		snapshot_begin_destroy(s, reason);
	mutex_unlock(&s->change);
	return ret;
}

void snapshot_owner_gone(u64 gone)
{
	struct snapshot *s;
	u32 cursor = 0;

	while ((s = snapshot_next(&cursor))) {
		bool mine, owner;

		mutex_lock(&s->lock);
		mine = s->owner == gone;
		owner = mine && (s->socket_owner ||
				 (s->take_at_once && s->state == BLKSNAP_SNAPSHOT_STATE_CREATED));
		/* What is past the instant is kept, unless it was tied. */
		if (mine && s->busy)
			cmpxchg(&s->cancel, 0, -ECANCELED);
		mutex_unlock(&s->lock);
		if (owner)
			snapshot_destroy(s, true, BLKSNAP_DEL_REASON_OWNER_EXIT, NULL);
		snapshot_put(s);
	}
}

/* ---- changes while it lives ---- */

/* udev makes links of the name. A destroy waits for s->change, and then removes them. */
void snapshot_images_renamed(struct snapshot *s)
{
	unsigned int i;

	lockdep_assert_held(&s->change);
	for (i = 0; i < s->nr_members; i++)
		if (READ_ONCE(s->member[i].published))
			image_renamed(s->member[i].image);
}

int snapshot_set(struct snapshot *s, const char *name, s64 low, s64 clear, s32 grace_ms,
		 struct refusal *r)
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
		ret = refuse(r, -EEXIST, REFUSE_NAME, 0, "a snapshot has this name already");
	} else if (clear > 0 && clear < (low >= 0 ? low : s->low)) {
		ret = refuse(r, -EINVAL, REFUSE_CLEAR, 0, "the clear threshold is below the low one");
	} else {
		if (name) {
			strscpy(s->name, name, sizeof(s->name));
			/* Some images may be there already: the take sees to it. */
			s->renamed = s->busy;
		}
		if (low >= 0) {
			s->low = low;
			s->clear = 2 * low;
		}
		if (clear >= 0)
			s->clear = clear ?: 2 * s->low;
		if (grace_ms >= 0)
			s->grace_ms = grace_ms;
		snapshot_apply_levels(s);
	}
	mutex_unlock(&s->lock);
	mutex_unlock(&snapshots_lock);
	if (!ret && name && !s->renamed)
		snapshot_images_renamed(s);
	if (!ret)
		snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_SETTINGS);
	mutex_unlock(&s->change);
	return ret;
}

void snapshot_apply_levels(struct snapshot *s)
{
	area_set_levels(s->area, DIV_ROUND_UP_ULL(s->low, UNIT_SECTORS),
			DIV_ROUND_UP_ULL(s->clear, UNIT_SECTORS), s->grace_ms);
}

struct area_range *snapshot_area_ranges(const struct snapshot_range *ranges, unsigned int nr)
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

static int snapshot_area_changes(struct snapshot *s, struct refusal *r)
{
	switch (READ_ONCE(s->state)) {
	case BLKSNAP_SNAPSHOT_STATE_DESTROYING:
		return refuse(r, -ENOENT, REFUSE_REQUEST, 0,
			      "the snapshot is being destroyed already");
	case BLKSNAP_SNAPSHOT_STATE_OVERFLOW:
	case BLKSNAP_SNAPSHOT_STATE_FAILED:
		return refuse(r, -ESTALE, REFUSE_REQUEST, 0,
			      "the snapshot has failed, its area is of no use any more");
	}
	return 0;
}

/* Nobody who holds s->change waits for a device: it may not answer. */
static int snapshot_change_area(struct snapshot *s, bool append,
				const struct snapshot_range *ranges, unsigned int nr,
				struct refusal *r)
{
	struct area_range *list;
	LIST_HEAD(devs);
	int ret;

	if (nr > SNAPSHOT_RANGES_MAX)
		return refuse(r, -E2BIG, REFUSE_REQUEST, 0, "too many ranges in one request");
	if (!nr)
		return refuse(r, -EINVAL, REFUSE_REQUEST, 0, "the request names no range");
	ret = snapshot_area_changes(s, r);
	if (ret)
		return ret;
	list = snapshot_area_ranges(ranges, nr);
	if (!list)
		return -ENOMEM;
	if (append)
		ret = area_devs_open(&devs, list, nr, r);
	if (!ret) {
		mutex_lock(&s->change);
		ret = snapshot_area_changes(s, r);
		if (!ret)
			ret = append ? area_append(s->area, &devs, list, nr, r) :
				       area_remove(s->area, &devs, list, nr, r);
		/* Inside: no change may be told after the end of the snapshot. */
		if (!ret)
			snapshot_tell_change(s, append ? BLKSNAP_CHANGE_CAUSE_EXTENDED :
							 BLKSNAP_CHANGE_CAUSE_SHRUNK);
		mutex_unlock(&s->change);
	}
	area_devs_close(&devs);
	kvfree(list);
	return ret;
}

int snapshot_append(struct snapshot *s, const struct snapshot_range *ranges, unsigned int nr,
		    struct refusal *r)
{
	return snapshot_change_area(s, true, ranges, nr, r);
}

int snapshot_remove_ranges(struct snapshot *s, const struct snapshot_range *ranges, unsigned int nr,
			   struct refusal *r)
{
	return snapshot_change_area(s, false, ranges, nr, r);
}

/* ---- the table, and information ---- */

void snapshot_put(struct snapshot *s)
{
	if (s && refcount_dec_and_test(&s->refs)) {
		kvfree(s);
		atomic_dec(&snapshots_alive);
	}
}

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
	info->area_changes = area.changes;
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

bool snapshot_member(struct snapshot *s, unsigned int index, struct snapshot_member_info *info)
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
	if (m->published && !s->dissolving) {
		struct image_use use = image_use(m->image);

		info->image = image_dev(m->image);
		info->image_openers = use.openers;
		info->image_held = use.held;
		strscpy(info->image_name, image_name(m->image), sizeof(info->image_name));
	}
	info->capacity = m->capacity;
	info->freeze_result = m->freeze_result;
	info->error = m->error;
	info->taken = m->taken;
	if (m->taken && !s->dissolving)
		info->area_used = cow_stored(m->cow) * UNIT_SECTORS;
	info->cbt_number = m->number;
	memcpy(info->cbt_generation, m->generation, 16);
	mutex_unlock(&s->lock);
	return true;
}

bool snapshot_range(struct snapshot *s, unsigned int index, struct snapshot_range_info *info)
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
	if (!snapshot_wq)
		return -ENOMEM;
	snapshot_limit_wq = alloc_workqueue("blksnap_take_limit", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!snapshot_limit_wq) {
		destroy_workqueue(snapshot_wq);
		return -ENOMEM;
	}
	return 0;
}

void snapshot_exit(void)
{
	while (atomic_read(&snapshots_alive)) {
		struct snapshot *s;
		u32 cursor = 0;

		while ((s = snapshot_next(&cursor))) {
			snapshot_destroy(s, true, BLKSNAP_DEL_REASON_REQUEST, NULL);
			snapshot_put(s);
		}
		msleep(20);
	}
	destroy_workqueue(snapshot_limit_wq);
	destroy_workqueue(snapshot_wq);
}
