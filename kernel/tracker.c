// SPDX-License-Identifier: GPL-2.0
#include "tracker.h"

#include <linux/bio.h>
#include <linux/blk-integrity.h>
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <uapi/linux/blksnap_genl.h>

#include "area.h"
#include "compat.h"
#include "cow.h"
#include "notice.h"
#include "tracker_priv.h"

static uint watch_ms = 1000;
module_param(watch_ms, uint, 0644);
MODULE_PARM_DESC(
	watch_ms,
	"milliseconds between looks for devices that have gone or have another size; most are noticed at once (default 1000)");

/* Serialises attach, detach and the watch, their notifications included. */
static DEFINE_MUTEX(attach_mutex);
static DEFINE_MUTEX(trackers_lock);
static LIST_HEAD(trackers);
static u64 trackers_order;
static unsigned int trackers_changes = 1;
static atomic_t trackers_alive; /* memory, not list entries */
static const struct tracker_notify *notify;
/*
 * Settling opens a gate that reclaim may wait for: with a rescuer. It waits
 * for devices, as the end of a tracker does, so neither is on the other's
 * queue, nor on that of the writes let go.
 */
static struct workqueue_struct *tracker_settle_wq;
static struct workqueue_struct *tracker_free_wq;

static void tracker_watch(struct work_struct *work);
static DECLARE_DELAYED_WORK(watch_work, tracker_watch);

/*
 * What is noticed has not happened yet, so there are as many looks, each four
 * times as late as the one before: 20 ms to 5 s.
 */
#define WATCH_LOOKS 5
#define WATCH_SOON msecs_to_jiffies(20)
static unsigned int watch_looks;
static unsigned long watch_due; /* jiffies */

static void tracker_watch_later(void)
{
	unsigned int looks = READ_ONCE(watch_looks);
	unsigned long delay = msecs_to_jiffies(max(READ_ONCE(watch_ms), 10U));

	if (looks) {
		WRITE_ONCE(watch_looks, looks - 1);
		delay = min(delay, WATCH_SOON << 2 * (WATCH_LOOKS - looks));
	}
	WRITE_ONCE(watch_due, jiffies + delay);
	queue_delayed_work(compat_unbound_wq, &watch_work, delay);
}

/* Inside the function that is about to do it, see notice_init(). */
static void tracker_noticed(void)
{
	WRITE_ONCE(watch_looks, WATCH_LOOKS - 1);
	/* Never later than it was due: notices may follow each other for ever. */
	if (delayed_work_pending(&watch_work) &&
	    !time_after(READ_ONCE(watch_due), jiffies + WATCH_SOON))
		return;
	WRITE_ONCE(watch_due, jiffies + WATCH_SOON);
	mod_delayed_work(compat_unbound_wq, &watch_work, WATCH_SOON);
}

static void tracker_tell_new(struct tracker *t)
{
	if (notify)
		notify->new (t);
}

static void tracker_tell_change(struct tracker *t, u32 cause)
{
	if (notify)
		notify->change(t, cause);
}

static void tracker_tell_del(struct tracker *t, u32 reason)
{
	if (notify)
		notify->del(t, reason);
}

void tracker_set_notify(const struct tracker_notify *ops)
{
	mutex_lock(&attach_mutex);
	WRITE_ONCE(notify, ops);
	mutex_unlock(&attach_mutex);
}

/* ---- life ---- */

static void tracker_free_work(struct work_struct *work)
{
	struct tracker *t = container_of(work, struct tracker, free_work);

	/* It may wait for a device that does not answer: here nobody minds. */
	cancel_work_sync(&t->settle_work);
	/* Nobody finds it; the bios that were counted end when they end. */
	while (inflight_sum(&t->inflight))
		msleep(20);
	/* Completion handlers may still be in their last steps. */
	synchronize_rcu();
	/* Not cancelled: it may have bios of a gate just opened to let go. */
	destroy_workqueue(t->wq);
	cbt_destroy(rcu_dereference_protected(t->cbt, true));
	inflight_exit(&t->inflight);
	free_percpu(t->stats);
	put_device(&t->bdev->bd_device);
	put_device(disk_to_dev(t->disk));
	kfree(t);
	atomic_dec(&trackers_alive);
	module_put(THIS_MODULE); /* tracker_exit() flushes this work */
}

void tracker_put(struct tracker *t)
{
	if (t && refcount_dec_and_test(&t->refs))
		queue_work(tracker_free_wq, &t->free_work);
}

#define SETTLE_PAUSE_MS 1000 /* between two tries */

bool tracker_leaving(const struct tracker *t)
{
	return READ_ONCE(t->gone) || list_empty(&t->all);
}

/*
 * Wait for the writes that were submitted before the filter met them: first for
 * the tasks that may be on their way to the queue with one; then, with the gate
 * closed, the request queue is frozen once, and what a bio-based disk accounts
 * as in flight is waited for. A slow device may need several tries; in between
 * writes go on. What is parked above the queue cannot be seen: by I/O throttling,
 * or by a stacked device's task that sleeps before it passes on what it has split.
 * Context: a queue with a rescuer, where nobody waits for it but the end of the
 * tracker's memory; it may wait for a device that does not answer.
 */
static void tracker_settle(struct work_struct *work)
{
	struct tracker *t = container_of(work, struct tracker, settle_work);
	unsigned int nr, round, ms;

	mutex_lock(&trackers_lock);
	nr = t->settle_nr;
	mutex_unlock(&trackers_lock);
	/*
	 * Twice: a task that waits in the queue may have the rest of a write that was
	 * split on its list, which meets the queue only after the first time.
	 */
	for (round = 0; round < 2; round++) {
		tracker_settle_tasks(t);
		if (tracker_leaving(t))
			return;
		while (!tracker_settle_try(t)) {
			for (ms = 0; ms < SETTLE_PAUSE_MS && !tracker_leaving(t); ms += 50)
				msleep(50);
			if (tracker_leaving(t))
				return;
		}
	}
	mutex_lock(&trackers_lock);
	if (t->settle_nr != nr) {
		/* The device grew meanwhile: this work is to run again. */
		mutex_unlock(&trackers_lock);
		return;
	}
	WRITE_ONCE(t->settled, true);
	mutex_unlock(&trackers_lock);
	/* A detach does not wait for this, which leaves the gate open in any case. */
	wake_up_all(&t->settle_wait);
	mutex_lock(&attach_mutex);
	if (!list_empty(&t->all))
		tracker_tell_change(t, BLKSNAP_CHANGE_CAUSE_STATE);
	mutex_unlock(&attach_mutex);
}

static const char *tracker_refusal(struct block_device *bdev)
{
	struct gendisk *disk = bdev->bd_disk;

	if (disk->fops->owner == THIS_MODULE)
		return "the device is the image of a snapshot";
	if (compat_disk_is_dax(disk))
		return "the device has DAX, whose writes cannot be seen";
	if (bdev_is_zoned(bdev))
		return "the device is zoned";
	if (compat_has_crypto(disk))
		return "the device has inline encryption";
	if (blk_get_integrity(disk))
		return "the device has an integrity profile";
	if (bdev_logical_block_size(bdev) > UNIT_SIZE)
		return "the device has blocks of more than 4 KiB";
	if (compat_has_rw_page(disk))
		return "the device takes pages past the block layer, which cannot be seen";
	return NULL;
}

static struct tracker *tracker_find(dev_t dev)
{
	struct tracker *t;

	lockdep_assert_held(&trackers_lock);
	list_for_each_entry(t, &trackers, all)
		if (t->dev == dev)
			return t;
	return NULL;
}

/* A tracker of @bdev that nobody finds yet. */
static struct tracker *tracker_create(struct block_device *bdev, u32 cell)
{
	struct tracker *t = kzalloc(sizeof(*t), GFP_KERNEL);
	struct cbt *cbt;

	if (!t)
		return ERR_PTR(-ENOMEM);
	/* One each: a queue's rescuer takes all its works, and one that hangs keeps the others. */
	t->wq = alloc_workqueue("blksnap_gate", WQ_MEM_RECLAIM | WQ_UNBOUND | WQ_HIGHPRI, 1);
	if (!t->wq)
		goto err_free;
	t->stats = alloc_percpu(struct dev_stats);
	if (!t->stats || inflight_init(&t->inflight))
		goto err_stats;
	t->capacity = bdev_nr_sectors(bdev);
	cbt = cbt_create(t->capacity, cell);
	if (IS_ERR(cbt))
		goto err_inflight;
	RCU_INIT_POINTER(t->cbt, cbt);
	refcount_set(&t->refs, 1);
	spin_lock_init(&t->gate_lock);
	bio_list_init(&t->gated);
	bio_list_init(&t->punted);
	INIT_WORK(&t->release_work, tracker_release);
	INIT_WORK(&t->settle_work, tracker_settle);
	INIT_WORK(&t->free_work, tracker_free_work);
	init_waitqueue_head(&t->settle_wait);
	t->dev = bdev->bd_dev;
	t->bdev = bdev;
	t->disk = bdev->bd_disk;
	t->epoch = ktime_get_boottime_ns();
	t->node.ops = &tracker_filter_ops;
	t->node.disk = t->disk;
	t->node.start = bdev->bd_start_sect;
	t->node.count = t->capacity;
	get_device(disk_to_dev(t->disk));
	get_device(&bdev->bd_device);
	atomic_inc(&trackers_alive);
	__module_get(THIS_MODULE);
	return t;

err_inflight:
	inflight_exit(&t->inflight);
err_stats:
	free_percpu(t->stats);
	destroy_workqueue(t->wq);
err_free:
	kfree(t);
	return ERR_PTR(-ENOMEM);
}

static int tracker_check(struct block_device *bdev, struct refusal *r)
{
	const char *msg = tracker_refusal(bdev);

	if (msg)
		return refuse(r, -EOPNOTSUPP, REFUSE_DEVICE, 0, msg);
	if (bdev_read_only(bdev))
		return refuse(r, -EROFS, REFUSE_DEVICE, 0, "the device is read-only");
	if (!bdev_nr_sectors(bdev))
		return refuse(r, -ENXIO, REFUSE_DEVICE, 0, "the device has no size");
	return 0;
}

/* Under the areas' lock, see area_exclude(). */
static void tracker_enter(void *arg)
{
	struct tracker *t = arg;

	refcount_inc(&t->refs); /* the list's */
	mutex_lock(&trackers_lock);
	t->order = ++trackers_order;
	WRITE_ONCE(trackers_changes, trackers_changes + 1);
	list_add_tail(&t->all, &trackers);
	mutex_unlock(&trackers_lock);
}

static struct tracker *tracker_attach_new(struct block_device *bdev, u32 cell, bool keep,
					  struct refusal *r)
{
	struct tracker *t;
	int ret;

	lockdep_assert_held(&attach_mutex);
	ret = tracker_check(bdev, r);
	if (ret)
		return ERR_PTR(ret);
	t = tracker_create(bdev, cell);
	if (IS_ERR(t))
		return t;
	t->keep = keep;

	ret = filter_add(&t->node);
	if (ret) {
		ret = ret == -EBUSY ?
			      refuse(r, ret, REFUSE_REQUEST, 0,
				     "submit_bio_noacct is redirected by another module or live patch, or kernel.ftrace_enabled is 0") :
			      refuse(r, ret, REFUSE_REQUEST, 0, "the kernel refused the hook");
		goto err_put;
	}
	ret = filter_probe(bdev);
	if (ret) {
		refuse(r, ret, REFUSE_REQUEST, 0, "the hook does not see the device's bios");
		goto err_remove;
	}
	if (!area_exclude(t->disk, t->node.start, t->capacity, tracker_enter, t)) {
		ret = refuse(r, -EBUSY, REFUSE_DEVICE, 0, "a difference area lies on the device");
		goto err_remove;
	}
	tracker_tell_new(t);
	queue_work(tracker_settle_wq, &t->settle_work);
	return t;

err_remove:
	filter_remove(&t->node);
err_put:
	tracker_put(t);
	return ERR_PTR(ret);
}

/* NULL if the device is not attached. */
static struct tracker *tracker_attached(dev_t dev, u32 cell, bool keep, struct refusal *r)
{
	struct tracker *t = tracker_lookup(dev);

	lockdep_assert_held(&attach_mutex);
	if (!t)
		return NULL;
	if (cell && cell != cbt_cell_bytes(rcu_dereference_protected(
				    t->cbt, lockdep_is_held(&attach_mutex)))) {
		tracker_put(t);
		return ERR_PTR(refuse(r, -EINVAL, REFUSE_CELL, 0,
				      "the device is attached with another cell size"));
	}
	if (keep)
		WRITE_ONCE(t->keep, true);
	return t;
}

struct tracker *tracker_attach(dev_t dev, u32 cell, bool keep, bool *new, struct refusal *r)
{
	struct compat_bdev open;
	struct tracker *t;
	int ret;

	*new = false;
	if (cell && (!is_power_of_2(cell) || cell < CBT_CELL_MIN || cell > CBT_CELL_MAX))
		return ERR_PTR(refuse(r, -EINVAL, REFUSE_CELL, 0,
				      "a cell is a power of two from 4 KiB to 1 MiB"));

	mutex_lock(&attach_mutex);
	t = tracker_attached(dev, cell, keep, r);
	mutex_unlock(&attach_mutex);
	if (t)
		return t;
	/* Outside: a device that does not answer must not hold up the others. */
	ret = compat_bdev_open(&open, dev, false, NULL);
	if (ret)
		return ERR_PTR(refuse(r, ret == -ENXIO ? -ENODEV : ret, REFUSE_DEVICE, 0,
				      ret == -EPERM ?
					      "the caller's device cgroup forbids this device" :
					      "there is no such block device"));
	mutex_lock(&attach_mutex);
	t = tracker_attached(dev, cell, keep, r);
	if (!t) {
		t = tracker_attach_new(open.bdev, cell ?: CBT_CELL_DEFAULT, keep, r);
		*new = !IS_ERR(t);
	}
	mutex_unlock(&attach_mutex);
	compat_bdev_close(&open);
	return t;
}

static int tracker_detach_locked(struct tracker *t, u32 reason, struct refusal *r)
{
	int ret = 0;

	lockdep_assert_held(&attach_mutex);
	mutex_lock(&trackers_lock);
	if (list_empty(&t->all)) {
		ret = refuse(r, -ENODEV, REFUSE_DEVICE, 0, "the device is not attached");
	} else if (t->snapshot_id) {
		ret = refuse(r, -EBUSY, REFUSE_DEVICE, 0, "the device is in a snapshot");
	} else {
		list_del_init(&t->all);
		WRITE_ONCE(trackers_changes, trackers_changes + 1);
	}
	mutex_unlock(&trackers_lock);
	if (ret)
		return ret;

	/* If it runs it waits for the device, and tells nobody afterwards. */
	cancel_work(&t->settle_work);
	filter_remove(&t->node);
	/* What settling holds goes now; nothing comes any more. */
	tracker_gate_remove(t);
	wake_up_all(&t->settle_wait);
	tracker_tell_del(t, reason);
	tracker_put(t); /* the list's */
	return 0;
}

int tracker_detach(struct tracker *t, u32 reason, struct refusal *r)
{
	int ret;

	mutex_lock(&attach_mutex);
	ret = tracker_detach_locked(t, reason, r);
	mutex_unlock(&attach_mutex);
	return ret;
}

struct tracker *tracker_lookup(dev_t dev)
{
	struct tracker *t;

	mutex_lock(&trackers_lock);
	t = tracker_find(dev);
	if (t)
		refcount_inc(&t->refs);
	mutex_unlock(&trackers_lock);
	return t;
}

struct tracker *tracker_next(u64 *cursor)
{
	struct tracker *t, *found = NULL;

	mutex_lock(&trackers_lock);
	list_for_each_entry(t, &trackers, all) {
		if (t->order > *cursor) {
			found = t;
			refcount_inc(&t->refs);
			*cursor = t->order;
			break;
		}
	}
	mutex_unlock(&trackers_lock);
	return found;
}

unsigned int tracker_generation(void)
{
	return READ_ONCE(trackers_changes);
}

/* ---- the watch ---- */

static bool tracker_device_gone(struct tracker *t)
{
	bool gone;

	if (!disk_live(t->disk) || test_bit(GD_DEAD, &t->disk->state))
		return true;
	if (!bdev_is_partition(t->bdev))
		return false;
	rcu_read_lock();
	gone = xa_load(&t->disk->part_tbl, compat_partno(t->bdev)) != t->bdev;
	rcu_read_unlock();
	return gone;
}

static void tracker_fail_cow(struct tracker *t, int error)
{
	struct cow *cow;

	rcu_read_lock();
	cow = rcu_dereference(t->cow);
	if (cow)
		area_fail(cow_area(cow), error, BLKSNAP_SNAPSHOT_PHASE_COPY, t->dev, 0, false);
	rcu_read_unlock();
}

/* After @t says that it is lost: a take that this does not see, sees that. */
static void tracker_lose(struct tracker *t)
{
	smp_mb();
	tracker_fail_cow(t, -ENODEV);
}

/*
 * A new map of a new generation; all that the old one knew is forgotten. Not
 * while the gate is closed, which is for seconds at most: a take looks at the
 * map before it switches.
 */
static int tracker_cbt_reset(struct tracker *t, sector_t sectors)
{
	struct cbt *old = rcu_dereference_protected(t->cbt, true);
	struct cbt *cbt = cbt_create(sectors, cbt_cell_bytes(old));

	if (IS_ERR(cbt))
		return PTR_ERR(cbt);
	spin_lock_irq(&t->gate_lock);
	while (t->gate_closed) {
		spin_unlock_irq(&t->gate_lock);
		msleep(5);
		spin_lock_irq(&t->gate_lock);
	}
	rcu_assign_pointer(t->cbt, cbt);
	spin_unlock_irq(&t->gate_lock);
	synchronize_rcu();
	cbt_destroy(old);
	return 0;
}

/*
 * Writes beyond the old end have not been met, and some may be on their way: as
 * when it was attached. Settling is to be queued after this.
 */
static void tracker_unsettle(struct tracker *t)
{
	mutex_lock(&trackers_lock);
	t->settle_nr++;
	WRITE_ONCE(t->settled, false);
	mutex_unlock(&trackers_lock);
}

/*
 * A size of 0 is one to which a device has become smaller: what comes back may be
 * something else of the size that it had.
 */
static void tracker_check_size(struct tracker *t)
{
	sector_t now = bdev_nr_sectors(t->bdev);
	bool grown = now > READ_ONCE(t->node.count);
	int ret;

	if (now == t->capacity && !t->renew)
		return;
	/* Until there is a new map, also if it has the old size again by then. */
	WRITE_ONCE(t->renew, true);
	if (now < t->capacity) {
		WRITE_ONCE(t->lost, true);
		tracker_lose(t);
	}
	/* First, so that whoever sees the new size waits for it. */
	WRITE_ONCE(t->node.count, now);
	if (grown)
		tracker_unsettle(t);
	/* Without a size, or memory, it is looked at again next time. */
	ret = now ? tracker_cbt_reset(t, now) : -ENODEV;
	/* It closes the gate, for which a new map waits. */
	if (grown)
		queue_work(tracker_settle_wq, &t->settle_work);
	if (ret)
		return;
	WRITE_ONCE(t->lost, false);
	/* Whoever finds the map good finds the new one, and nothing lost. */
	smp_store_release(&t->renew, false);
	WRITE_ONCE(t->capacity, now);
	tracker_tell_change(t, BLKSNAP_CHANGE_CAUSE_CBT_RESET);
}

static void tracker_check_gone(struct tracker *t)
{
	bool in_snapshot;

	if (t->gone || !tracker_device_gone(t))
		return;
	mutex_lock(&trackers_lock);
	WRITE_ONCE(t->gone, true);
	WRITE_ONCE(t->error, -ENODEV);
	in_snapshot = t->snapshot_id;
	mutex_unlock(&trackers_lock);
	wake_up_all(&t->settle_wait);
	tracker_lose(t);
	if (in_snapshot)
		tracker_tell_change(t, BLKSNAP_CHANGE_CAUSE_STATE);
	else
		tracker_detach_locked(t, BLKSNAP_DEL_REASON_DEVICE_GONE, NULL);
}

/*
 * Devices that went away or have another size, areas' too: now and then, and
 * soon after anything of the kind was noticed.
 */
static void tracker_look(void)
{
	struct tracker *t;
	u64 cursor = 0;

	lockdep_assert_held(&attach_mutex);
	while ((t = tracker_next(&cursor))) {
		tracker_check_gone(t);
		if (!t->gone)
			tracker_check_size(t);
		tracker_put(t);
	}
}

static void tracker_watch(struct work_struct *work)
{
	mutex_lock(&attach_mutex);
	tracker_look();
	mutex_unlock(&attach_mutex);
	area_watch();
	tracker_watch_later();
}

void tracker_fail_all(int error)
{
	struct tracker *t;
	u64 cursor = 0;

	while ((t = tracker_next(&cursor))) {
		tracker_fail_cow(t, error);
		tracker_put(t);
	}
}

void tracker_renew_all(void)
{
	struct tracker *t;
	u64 cursor = 0;

	mutex_lock(&attach_mutex);
	while ((t = tracker_next(&cursor))) {
		WRITE_ONCE(t->renew, true);
		tracker_put(t);
	}
	tracker_look();
	mutex_unlock(&attach_mutex);
}

/* ---- for the snapshot room ---- */

struct block_device *tracker_bdev(struct tracker *t)
{
	return t->bdev;
}

sector_t tracker_capacity(struct tracker *t)
{
	return READ_ONCE(t->capacity);
}

struct dev_stats __percpu *tracker_dev_stats(struct tracker *t)
{
	return t->stats;
}

int tracker_claim(struct tracker *t, u32 snapshot_id)
{
	int ret = 0;

	mutex_lock(&attach_mutex);
	mutex_lock(&trackers_lock);
	if (t->snapshot_id)
		ret = -EBUSY;
	else if (t->gone || list_empty(&t->all))
		ret = -ENODEV;
	else
		WRITE_ONCE(t->snapshot_id, snapshot_id);
	mutex_unlock(&trackers_lock);
	if (!ret && cbt_exhausted(rcu_dereference_protected(t->cbt, true))) {
		ret = tracker_cbt_reset(t, t->capacity);
		if (!ret)
			tracker_tell_change(t, BLKSNAP_CHANGE_CAUSE_CBT_RESET);
		else
			WRITE_ONCE(t->snapshot_id, 0);
	}
	mutex_unlock(&attach_mutex);
	return ret;
}

void tracker_unclaim(struct tracker *t, bool taken)
{
	mutex_lock(&attach_mutex);
	mutex_lock(&trackers_lock);
	WRITE_ONCE(t->snapshot_id, 0);
	WRITE_ONCE(t->image, 0);
	mutex_unlock(&trackers_lock);
	if (t->gone)
		tracker_detach_locked(t, BLKSNAP_DEL_REASON_DEVICE_GONE, NULL);
	else if (!t->keep)
		tracker_detach_locked(t, BLKSNAP_DEL_REASON_REQUEST, NULL);
	else if (taken)
		tracker_tell_change(t, BLKSNAP_CHANGE_CAUSE_IMAGE);
	mutex_unlock(&attach_mutex);
}

int tracker_wait_settled(struct tracker *t, unsigned int timeout_ms)
{
	if (!wait_event_timeout(t->settle_wait, READ_ONCE(t->settled) || READ_ONCE(t->gone),
				msecs_to_jiffies(timeout_ms)))
		return -ETIMEDOUT;
	return READ_ONCE(t->gone) ? -ENODEV : 0;
}

void tracker_set_image(struct tracker *t, dev_t image)
{
	WRITE_ONCE(t->image, image);
}

void tracker_changed(struct tracker *t, u32 cause)
{
	tracker_tell_change(t, cause);
}

bool tracker_is_gone(struct tracker *t)
{
	return READ_ONCE(t->gone);
}

bool tracker_overlaps(struct tracker *t, struct gendisk *disk, sector_t start, sector_t count)
{
	/* Also while it has no size for a while. */
	sector_t size = max(READ_ONCE(t->node.count), READ_ONCE(t->capacity));

	return t->disk == disk && start < t->node.start + size && t->node.start < start + count;
}

static void tracker_destroy_wqs(void)
{
	if (tracker_free_wq)
		destroy_workqueue(tracker_free_wq);
	if (tracker_settle_wq)
		destroy_workqueue(tracker_settle_wq);
}

int tracker_init(void)
{
	int ret;

	tracker_settle_wq = alloc_workqueue("blksnap_settle", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	tracker_free_wq = alloc_workqueue("blksnap_free", WQ_UNBOUND, 0);
	if (!tracker_settle_wq || !tracker_free_wq) {
		tracker_destroy_wqs();
		return -ENOMEM;
	}
	ret = notice_init(tracker_noticed);
	if (ret)
		goto err_wqs;
	ret = tracker_sleep_init();
	if (ret)
		goto err_notice;
	tracker_watch_later();
	return 0;

err_notice:
	notice_exit();
err_wqs:
	cancel_delayed_work_sync(&watch_work);
	tracker_destroy_wqs();
	return ret;
}

void tracker_exit(void)
{
	struct tracker *t;
	u64 cursor = 0;

	tracker_sleep_exit();
	notice_exit();
	cancel_delayed_work_sync(&watch_work);
	while ((t = tracker_next(&cursor))) {
		tracker_detach(t, BLKSNAP_DEL_REASON_REQUEST, NULL);
		tracker_put(t);
	}
	while (atomic_read(&trackers_alive))
		msleep(10);
	tracker_destroy_wqs();
}
