// SPDX-License-Identifier: GPL-2.0
/*
 * races - what a module compiled with -fsanitize=thread calls: finds accesses
 * of two processors to one place, at the same time, of which one writes and at
 * least one is not marked (READ_ONCE, WRITE_ONCE, acquire, release).
 *
 * The idea is that of the kernel's KCSAN, which stock kernels do not have: now
 * and then an access is held for some microseconds with its address in view of
 * all others; one that meets it there is reported, and so is a value that
 * changes meanwhile by a hand unseen (the kernel's own, or an atomic operation).
 * What is not found proves nothing; what is found is a race.
 *
 * Nothing of the kernel is instrumented, no barrier is modelled, and atomic
 * operations (atomic_t, bits, locks) are seen by what they change alone.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched/task_stack.h>
#include <linux/spinlock.h>

#define WRITE 1
#define MARKED 2

static unsigned int skip = 400;
module_param(skip, uint, 0644);
MODULE_PARM_DESC(skip, "accesses of a processor between two that are held");
static unsigned int hold_us = 80;
module_param(hold_us, uint, 0644);
MODULE_PARM_DESC(hold_us, "how long one is held; a quarter of it with interrupts off");

/* An access that is held; one at a time a processor. */
struct watch {
	unsigned long addr; /* 0: none; set last, cleared first */
	unsigned long size;
	unsigned int kind;
	unsigned long met; /* where it was met, 0 if not yet */
	unsigned int met_kind;
	int left; /* accesses of this processor before the next is held */
};
static DEFINE_PER_CPU_SHARED_ALIGNED(struct watch, watches);

/* Pairs that were reported: once each. */
#define PAIRS 64
static unsigned long pairs[PAIRS][2]; /* guarded by pairs_lock */
static DEFINE_RAW_SPINLOCK(pairs_lock);
static atomic_long_t held = ATOMIC_LONG_INIT(0);

/* While this module looks whether it finds one. */
static bool trying, tried;

static notrace bool is_new(unsigned long a, unsigned long b)
{
	unsigned long flags;
	unsigned int i;
	bool new = false;

	raw_spin_lock_irqsave(&pairs_lock, flags);
	for (i = 0; i < PAIRS && pairs[i][0]; i++) {
		if ((pairs[i][0] == a && pairs[i][1] == b) ||
		    (pairs[i][0] == b && pairs[i][1] == a))
			goto out;
	}
	if (i < PAIRS) {
		pairs[i][0] = a;
		pairs[i][1] = b;
		new = true;
	}
out:
	raw_spin_unlock_irqrestore(&pairs_lock, flags);
	return new;
}

static const char *word(unsigned int kind)
{
	static const char *const words[] = { "reads", "writes", "reads, marked,",
					     "writes, marked," };

	return words[kind];
}

static notrace u64 value_at(unsigned long addr, unsigned long size)
{
	switch (size) {
	case 1:
		return READ_ONCE(*(u8 *)addr);
	case 2:
		return READ_ONCE(*(u16 *)addr);
	case 4:
		return READ_ONCE(*(u32 *)addr);
	case 8:
		return READ_ONCE(*(u64 *)addr);
	default:
		return 0;
	}
}

/* Does this access meet one that is held? */
static notrace void meet(unsigned long addr, unsigned long size, unsigned int kind,
			 unsigned long from)
{
	struct watch *watch;
	unsigned long at;
	int cpu;

	for_each_online_cpu(cpu) {
		watch = per_cpu_ptr(&watches, cpu);
		at = smp_load_acquire(&watch->addr);
		if (likely(!at) || at + READ_ONCE(watch->size) <= addr || addr + size <= at)
			continue;
		if (!((kind | READ_ONCE(watch->kind)) & WRITE) ||
		    (kind & READ_ONCE(watch->kind) & MARKED) || READ_ONCE(watch->met))
			continue;
		if (READ_ONCE(watch->addr) != at || cpu == raw_smp_processor_id())
			continue;
		WRITE_ONCE(watch->met_kind, kind);
		WRITE_ONCE(watch->met, from);
	}
}

static notrace void hold(struct watch *watch, unsigned long addr, unsigned long size,
			 unsigned int kind, unsigned long from)
{
	u64 before, after;

	WRITE_ONCE(watch->met, 0);
	WRITE_ONCE(watch->size, size);
	WRITE_ONCE(watch->kind, kind);
	before = value_at(addr, size);
	smp_store_release(&watch->addr, addr);
	udelay(irqs_disabled() || in_interrupt() ? hold_us / 4 : hold_us);
	after = value_at(addr, size);
	smp_store_release(&watch->addr, 0);
	atomic_long_inc(&held);
	if (READ_ONCE(trying)) {
		if (READ_ONCE(watch->met))
			WRITE_ONCE(tried, true);
	} else if (READ_ONCE(watch->met)) {
		if (is_new(from, watch->met)) {
			pr_warn("BUG: race: %pS %s %lu bytes, and %pS %s there at the same time\n",
				(void *)from, word(kind), size, (void *)watch->met,
				word(watch->met_kind));
			dump_stack();
		}
	} else if (before != after && !(kind & MARKED) && is_new(from, 1)) {
		pr_warn("BUG: race: %pS %s %lu bytes, which change meanwhile from %llx to %llx\n",
			(void *)from, word(kind), size, before, after);
		dump_stack();
	}
}

static notrace void access(unsigned long addr, unsigned long size, unsigned int kind,
			   unsigned long from)
{
	struct watch *watch;

	if (unlikely(in_nmi() || addr < PAGE_SIZE))
		return;
	meet(addr, size, kind, from);
	preempt_disable_notrace();
	watch = this_cpu_ptr(&watches);
	if (--watch->left < 0 && !watch->addr && size <= 8 && !object_is_on_stack((void *)addr)) {
		/* an uneven stride, lest it fall into step with a loop */
		watch->left = skip + (from >> 4) % 61;
		hold(watch, addr, size, kind, from);
	}
	preempt_enable_notrace();
}

#define ACCESS(name, size, kind)                                         \
	void notrace __tsan_##name(void *addr);                          \
	void notrace __tsan_##name(void *addr)                           \
	{                                                                \
		access((unsigned long)addr, size, kind, _RET_IP_);       \
	}                                                                \
	EXPORT_SYMBOL_GPL(__tsan_##name)

#define ACCESSES(size)                                          \
	ACCESS(read##size, size, 0);                            \
	ACCESS(write##size, size, WRITE);                       \
	ACCESS(unaligned_read##size, size, 0);                  \
	ACCESS(unaligned_write##size, size, WRITE);             \
	ACCESS(volatile_read##size, size, MARKED);              \
	ACCESS(volatile_write##size, size, WRITE | MARKED);     \
	ACCESS(unaligned_volatile_read##size, size, MARKED);    \
	ACCESS(unaligned_volatile_write##size, size, WRITE | MARKED)

ACCESSES(1);
ACCESSES(2);
ACCESSES(4);
ACCESSES(8);
ACCESSES(16);

#define RANGE(name, kind)                                                \
	void notrace __tsan_##name##_range(void *addr, size_t size);     \
	void notrace __tsan_##name##_range(void *addr, size_t size)      \
	{                                                                \
		access((unsigned long)addr, size, kind, _RET_IP_);       \
	}                                                                \
	EXPORT_SYMBOL_GPL(__tsan_##name##_range)

RANGE(read, 0);
RANGE(write, WRITE);

void __tsan_init(void);
void __tsan_init(void)
{
}
EXPORT_SYMBOL_GPL(__tsan_init);

static u32 place; /* raced for */

static int race(void *arg)
{
	while (!kthread_should_stop()) {
		if (arg)
			__tsan_write4(&place);
		else
			__tsan_read4(&place);
		cond_resched();
	}
	return 0;
}

/* Who finds no race that is there is not to be asked for others. */
static int __init races_init(void)
{
	struct task_struct *reader, *writer;
	unsigned int n;

	if (num_online_cpus() < 2)
		return -EINVAL;
	WRITE_ONCE(trying, true);
	reader = kthread_run(race, NULL, "race-reader");
	writer = kthread_run(race, &place, "race-writer");
	for (n = 0; n < 600 && !READ_ONCE(tried); n++)
		msleep(100);
	if (!IS_ERR(reader))
		kthread_stop(reader);
	if (!IS_ERR(writer))
		kthread_stop(writer);
	WRITE_ONCE(trying, false);
	return READ_ONCE(tried) ? 0 : -ENXIO;
}

static void __exit races_exit(void)
{
	pr_info("races: %ld accesses were held\n", atomic_long_read(&held));
}

static int held_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%ld\n", atomic_long_read(&held));
}

static const struct kernel_param_ops held_ops = { .get = held_get };
module_param_cb(held, &held_ops, NULL, 0444);
MODULE_PARM_DESC(held, "how many were held");

module_init(races_init);
module_exit(races_exit);
MODULE_DESCRIPTION("Finds races of a module compiled with -fsanitize=thread");
MODULE_LICENSE("GPL");
