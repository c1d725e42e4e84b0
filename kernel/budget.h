/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module-wide memory budget of copied blocks and held writes, in bytes.
 * A taker that is refused may register to be woken when something is given
 * back. Everything here is lock-free or takes one spinlock; any context.
 */
#ifndef BLKSNAP_BUDGET_H
#define BLKSNAP_BUDGET_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct budget_waiter {
	struct list_head node; /* guarded by the budget's lock */
	struct workqueue_struct *wq;
	struct work_struct *work;
};

int budget_init(void);

/** budget_take() - true if @bytes were free and are the caller's now. */
bool budget_take(size_t bytes);
/** budget_force() - take beyond the limit: reserves, small in sum. */
void budget_force(size_t bytes);
/** budget_give() - give back; wakes all that wait. */
void budget_give(size_t bytes);
/** budget_return() - give back what was not used; wakes nobody. */
void budget_return(size_t bytes);
/** budget_tell() - wake all that wait. */
void budget_tell(void);

/** budget_wait() - queue w->work on w->wq once, at the next give. */
void budget_wait(struct budget_waiter *w);
/** budget_cancel() - no longer waiting. */
void budget_cancel(struct budget_waiter *w);

u64 budget_limit(void);
u64 budget_used(void);

#endif /* BLKSNAP_BUDGET_H */
