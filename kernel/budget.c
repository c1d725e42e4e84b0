// SPDX-License-Identifier: GPL-2.0
#include "budget.h"

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/spinlock.h>

static ulong memory_budget;
module_param(memory_budget, ulong, 0644);
MODULE_PARM_DESC(
	memory_budget,
	"bytes for copied blocks and held writes (default: 64 MiB or 1/32 of RAM, whichever is less; at least 1 MiB)");

#define BUDGET_MIN (1UL << 20)
#define BUDGET_MAX (64UL << 20)

static atomic_long_t budget_bytes;
static DEFINE_SPINLOCK(budget_lock); /* guards budget_waiters */
static LIST_HEAD(budget_waiters);

int budget_init(void)
{
	if (!memory_budget)
		memory_budget = min(BUDGET_MAX, (totalram_pages() / 32) << PAGE_SHIFT);
	return 0;
}

u64 budget_limit(void)
{
	return max(READ_ONCE(memory_budget), BUDGET_MIN);
}

u64 budget_used(void)
{
	return max(atomic_long_read(&budget_bytes), 0L);
}

bool budget_take(size_t bytes)
{
	if (atomic_long_add_return(bytes, &budget_bytes) <= (long)budget_limit())
		return true;
	atomic_long_sub(bytes, &budget_bytes);
	return false;
}

void budget_force(size_t bytes)
{
	atomic_long_add(bytes, &budget_bytes);
}

void budget_return(size_t bytes)
{
	atomic_long_sub(bytes, &budget_bytes);
}

void budget_give(size_t bytes)
{
	budget_return(bytes);
	budget_tell();
}

void budget_tell(void)
{
	struct budget_waiter *w;
	unsigned long flags;

	/* Pairs with budget_wait(): either we see it or it sees the bytes. */
	smp_mb__after_atomic();
	if (list_empty(&budget_waiters))
		return;
	spin_lock_irqsave(&budget_lock, flags);
	while ((w = list_first_entry_or_null(&budget_waiters, struct budget_waiter, node))) {
		list_del_init(&w->node);
		queue_work(w->wq, w->work);
	}
	spin_unlock_irqrestore(&budget_lock, flags);
}

void budget_wait(struct budget_waiter *w)
{
	unsigned long flags;

	spin_lock_irqsave(&budget_lock, flags);
	if (list_empty(&w->node))
		list_add_tail(&w->node, &budget_waiters);
	spin_unlock_irqrestore(&budget_lock, flags);
	smp_mb();
}

void budget_cancel(struct budget_waiter *w)
{
	unsigned long flags;

	spin_lock_irqsave(&budget_lock, flags);
	list_del_init(&w->node);
	spin_unlock_irqrestore(&budget_lock, flags);
}
