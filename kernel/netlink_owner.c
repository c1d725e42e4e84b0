// SPDX-License-Identifier: GPL-2.0
#include "netlink_owner.h"

#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "snapshot.h"

/* Lives until its socket is closed, then until the work is done. */
struct owner {
	struct list_head node;		/* guarded by owners_lock */
	struct work_struct work;
	u32 portid;
	u64 token;	/* never given again, as a port is */
};

static LIST_HEAD(owners);
static DEFINE_SPINLOCK(owners_lock);
static u64 owners_last;		/* token */
static struct workqueue_struct *owners_wq;

static void owner_gone(struct work_struct *work)
{
	struct owner *o = container_of(work, struct owner, work);

	snapshot_owner_gone(o->token);
	kfree(o);
}

static struct owner *lookup(u32 portid)
{
	struct owner *o;

	lockdep_assert_held(&owners_lock);
	list_for_each_entry(o, &owners, node)
		if (o->portid == portid)
			return o;
	return NULL;
}

int netlink_owner_add(u32 portid, u64 *token)
{
	struct owner *o = kzalloc(sizeof(*o), GFP_KERNEL);
	struct owner *known;

	if (!o)
		return -ENOMEM;
	INIT_WORK(&o->work, owner_gone);
	o->portid = portid;
	spin_lock(&owners_lock);
	known = lookup(portid);
	if (!known) {
		o->token = ++owners_last;
		list_add(&o->node, &owners);
	}
	*token = known ? known->token : o->token;
	spin_unlock(&owners_lock);
	if (known)
		kfree(o);
	return 0;
}

/*
 * Process context, but it is any program's close() or exit(): a wait for a
 * snapshot's locks is not for it.
 */
static int notified(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct netlink_notify *n = data;
	struct owner *o;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC ||
	    !net_eq(n->net, &init_net))
		return NOTIFY_DONE;
	spin_lock(&owners_lock);
	o = lookup(n->portid);
	if (o) {
		list_del(&o->node);
		queue_work(owners_wq, &o->work);
	}
	spin_unlock(&owners_lock);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = notified,
};

int netlink_owner_init(void)
{
	int err;

	owners_wq = alloc_workqueue("blksnap-owner", WQ_UNBOUND, 0);
	if (!owners_wq)
		return -ENOMEM;
	err = netlink_register_notifier(&notifier);
	if (err)
		destroy_workqueue(owners_wq);
	return err;
}

void netlink_owner_exit(void)
{
	struct owner *o, *next;

	netlink_unregister_notifier(&notifier);
	destroy_workqueue(owners_wq);
	list_for_each_entry_safe(o, next, &owners, node)
		kfree(o);
	INIT_LIST_HEAD(&owners);
}
