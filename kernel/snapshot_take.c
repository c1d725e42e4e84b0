// SPDX-License-Identifier: GPL-2.0
/*
 * The instant. On a workqueue: wait until the members are settled; freeze
 * file systems in the order given; close the gates, top of the stack first,
 * and drain each level before the next one is closed (the writes of an upper
 * device end in lower ones); switch all; open all; thaw; publish the images.
 *
 * While gates are closed nothing is allocated, logged or copied from user
 * space. A failure before the switch undoes all and leaves every origin as it
 * was; nothing stays frozen or held in any case.
 */
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>

#include <uapi/linux/blksnap_genl.h>

#include "snapshot_priv.h"

#define SETTLE_LIMIT_MS 60000
#define GATE_LIMIT_MS 2000

static int take_wait_settled(struct snapshot *s)
{
	unsigned int i;
	int ret;

	for (i = 0; i < s->nr_members; i++) {
		struct tracker *t = s->member[i].tracker;

		ret = READ_ONCE(s->cancel);
		if (!ret)
			ret = tracker_wait_settled(t, SETTLE_LIMIT_MS);
		if (ret) {
			snapshot_set_error(s, ret, BLKSNAP_SNAPSHOT_PHASE_SYNC, s->member[i].dev);
			return ret;
		}
	}
	return 0;
}

/*
 * Where a take came to its end. Noted under the lock only when all is thawed:
 * whoever has that may wait for what is frozen.
 */
struct take_end {
	u32 phase;
	dev_t dev;
};

static int take_freeze(struct snapshot *s, struct take_end *end)
{
	unsigned int failed = 0;
	int ret;

	s->frozen_at = ktime_get();
	ret = freeze_all(s->freezes, s->nr_freezes, &s->cancel, &failed);
	end->phase = BLKSNAP_SNAPSHOT_PHASE_FREEZE;
	end->dev = s->nr_freezes ? s->freezes[failed].dev : 0;
	return ret;
}

/*
 * Members from @i on that may be drained together: a disk with a request
 * queue is at the bottom of its stack, so neighbours of that kind are one
 * level. Others are taken one by one.
 */
static unsigned int take_level(struct snapshot *s, unsigned int i)
{
	unsigned int nr = 0;

	while (i + nr < s->nr_members && queue_is_mq(bdev_get_queue(s->member[i + nr].origin.bdev)))
		nr++;
	return max(nr, 1U);
}

/* @closed: how many members' gates have been, from the first one on. */
static int take_close_gates(struct snapshot *s, unsigned int *closed)
{
	ktime_t deadline = ktime_add_ms(ktime_get(), GATE_LIMIT_MS);
	unsigned int i, j, nr;

	*closed = 0;
	for (i = 0; i < s->nr_members; i += nr) {
		nr = take_level(s, i);
		for (j = i; j < i + nr; j++)
			tracker_gate_close(s->member[j].tracker);
		*closed = i + nr;
		synchronize_rcu_expedited();
		for (j = i; j < i + nr; j++) {
			int ret = tracker_drain(s->member[j].tracker, deadline);

			if (ret) {
				s->member[j].error = ret;
				return ret;
			}
		}
	}
	/*
	 * A device that has grown has begun a generation of the larger size: an image
	 * of the smaller one must not be a number of it. Nor of a map that is worth
	 * nothing, whatever its size.
	 */
	for (i = 0; i < s->nr_members; i++)
		if (!tracker_has_size(s->member[i].tracker, s->member[i].capacity))
			return s->member[i].error = -ESTALE;
	/* Too late from here on: who comes to end the take finds that it did not. */
	return cmpxchg(&s->cancel, 0, TAKE_IS_PAST);
}

static void take_open_gates(struct snapshot *s, unsigned int closed)
{
	unsigned int i;

	for (i = 0; i < closed; i++)
		tracker_gate_open(s->member[i].tracker);
}

/* No write of any member is in flight or can start. */
static void take_switch(struct snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_members; i++) {
		struct snapshot_member *m = &s->member[i];

		m->number = tracker_switch(m->tracker, m->cow, m->generation);
		m->switched = true;
	}
	s->taken_ns = ktime_get_boottime_ns();
	s->taken_real_ns = ktime_get_real_ns();
	/* They either see the switch or are seen: tracker_sleeps(), tracker_lose(). */
	smp_mb();
	if (tracker_asleep())
		area_fail(s->area, -EHOSTDOWN, BLKSNAP_SNAPSHOT_PHASE_COPY, s->member[0].dev, 0,
			  false);
	for (i = 0; i < s->nr_members; i++)
		if (tracker_lost(s->member[i].tracker))
			area_fail(s->area, -ENODEV, BLKSNAP_SNAPSHOT_PHASE_COPY, s->member[i].dev,
				  0, false);
}

static int take_instant(struct snapshot *s, struct take_end *end)
{
	ktime_t closed = ktime_get();
	unsigned int i, nr;
	int ret;

	ret = take_close_gates(s, &nr);
	if (!ret)
		take_switch(s);
	take_open_gates(s, nr);
	s->gate_ns = ktime_to_ns(ktime_sub(ktime_get(), closed));
	for (i = 0; i < s->nr_members; i++)
		if (s->member[i].error)
			break;
	end->phase = BLKSNAP_SNAPSHOT_PHASE_GATE;
	end->dev = i < s->nr_members ? s->member[i].dev : 0;
	return ret;
}

static int take_publish(struct snapshot *s)
{
	unsigned long end;
	unsigned int i;
	int ret;

	for (i = 0; i < s->nr_members; i++) {
		struct snapshot_member *m = &s->member[i];

		ret = image_publish(m->image);
		if (ret) {
			snapshot_set_error(s, ret, BLKSNAP_SNAPSHOT_PHASE_IMAGE, m->dev);
			/* The images there are give EIO, and nothing more is copied. */
			area_fail(s->area, ret, BLKSNAP_SNAPSHOT_PHASE_IMAGE, m->dev, 0, false);
			return ret;
		}
		tracker_set_image(m->tracker, image_dev(m->image));
		mutex_lock(&s->lock);
		WRITE_ONCE(m->published, true);
		m->taken = true;
		mutex_unlock(&s->lock);
	}
	end = jiffies + HZ;
	for (i = 0; i < s->nr_members; i++)
		image_settle(s->member[i].image, end);
	return 0;
}

static void take_note_freezes(struct snapshot *s)
{
	unsigned int i, j;

	mutex_lock(&s->lock);
	for (i = 0; i < s->nr_members; i++)
		for (j = 0; j < s->nr_freezes; j++)
			if (s->freezes[j].member == s->member[i].dev)
				s->member[i].freeze_result = s->freezes[j].result;
	mutex_unlock(&s->lock);
}

/*
 * Frozen for too long: what is frozen by now is thawed, for the next one may
 * never be; the take ends when the kernel returns. It cannot come to its
 * instant any more: that is decided after the gates, by s->cancel.
 */
void snapshot_timeout_work(struct work_struct *work)
{
	struct snapshot *s = container_of(to_delayed_work(work), struct snapshot, timeout_work);
	bool told = false;

	if (cmpxchg(&s->cancel, 0, -ETIMEDOUT) == TAKE_IS_PAST)
		return;
	thaw_begin(s->freezes, s->nr_freezes);
	mutex_lock(&s->lock);
	if (s->state == BLKSNAP_SNAPSHOT_STATE_TAKING && !s->taken_ns) {
		s->error = -ETIMEDOUT;
		s->phase = BLKSNAP_SNAPSHOT_PHASE_FREEZE;
		WRITE_ONCE(s->state, BLKSNAP_SNAPSHOT_STATE_FAILED);
		told = true;
	}
	mutex_unlock(&s->lock);
	if (told)
		snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_STATE);
}

static int take_do(struct snapshot *s)
{
	struct take_end end;
	unsigned int noio;
	int ret;

	ret = take_wait_settled(s);
	if (ret)
		return ret;
	/* Reclaim must not write to what is frozen or held. */
	noio = memalloc_noio_save();
	ret = take_freeze(s, &end);
	if (!ret)
		ret = take_instant(s, &end);
	memalloc_noio_restore(noio);
	thaw_all(s->freezes, s->nr_freezes);
	if (ret)
		snapshot_set_error(s, ret, end.phase, end.dev);
	if (s->nr_freezes)
		s->freeze_ns = ktime_to_ns(ktime_sub(ktime_get(), s->frozen_at));
	take_note_freezes(s);
	return ret ?: take_publish(s);
}

/*
 * The outcome, decided under the lock: a destroy or a cancel that came before
 * is heeded, one that comes after finds the state.
 */
static bool take_settle(struct snapshot *s, int ret)
{
	bool destroy;

	mutex_lock(&s->lock);
	s->busy = false;
	if (!s->socket_owner)
		s->owner = 0;
	destroy = s->state == BLKSNAP_SNAPSHOT_STATE_DESTROYING;
	if (!destroy && ret && (s->take_at_once || ret == -ECANCELED)) {
		destroy = true;
		s->reason = BLKSNAP_DEL_REASON_TAKE_FAILED;
	} else if (!destroy) {
		WRITE_ONCE(s->state, !ret	 ? BLKSNAP_SNAPSHOT_STATE_TAKEN :
				     s->taken_ns ? BLKSNAP_SNAPSHOT_STATE_FAILED :
						   BLKSNAP_SNAPSHOT_STATE_CREATED);
		WRITE_ONCE(s->cancel, 0);
	}
	mutex_unlock(&s->lock);
	return destroy;
}

void snapshot_take_work(struct work_struct *work)
{
	struct snapshot *s = container_of(work, struct snapshot, take_work);
	unsigned int i;
	int ret;

	ret = take_do(s);
	cancel_delayed_work_sync(&s->timeout_work);
	freeze_put(s->freezes, s->nr_freezes);
	s->freezes = NULL;
	s->nr_freezes = 0;

	/* A destroy that finds the outcome waits until it is told. */
	mutex_lock(&s->change);
	if (take_settle(s, ret)) {
		snapshot_begin_destroy(s, s->reason);
		goto put;
	}
	if (s->renamed)
		snapshot_images_renamed(s);
	s->renamed = false;
	for (i = 0; !ret && i < s->nr_members; i++)
		tracker_changed(s->member[i].tracker, BLKSNAP_CHANGE_CAUSE_IMAGE);
	snapshot_tell_change(s, BLKSNAP_CHANGE_CAUSE_STATE);
	/* Levels and faults since the switch. */
	if (!ret)
		mod_delayed_work(snapshot_wq, &s->event_work, 0);
put:
	mutex_unlock(&s->change);
	snapshot_put(s);
}
