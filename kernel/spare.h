/* SPDX-License-Identifier: GPL-2.0 */
/*
 * spare: objects of a mempool that each CPU keeps for its next request, a tenth
 * of the price of the pool's. None is kept from a reserve that is not full.
 * The first word of an object is the list's while it is spare.
 *
 * Context: any but NMI; interrupts are off for a few instructions. Under KASAN
 * nothing is kept, so that it sees what is used after it was given back.
 */
#ifndef BLKSNAP_SPARE_H
#define BLKSNAP_SPARE_H

#include <linux/irqflags.h>
#include <linux/mempool.h>
#include <linux/percpu.h>
#include <linux/slab.h>

#define SPARE_MAX 64 /* of a CPU */

struct spare {
	void *first;
	unsigned int nr;
};

/* As mempool_alloc(); what is in it is of no use. */
static inline void *spare_get(struct spare __percpu *spares, mempool_t *pool, gfp_t gfp)
{
	struct spare *spare;
	unsigned long flags;
	void *obj;

	local_irq_save(flags);
	spare = this_cpu_ptr(spares);
	obj = spare->first;
	if (likely(obj)) {
		spare->first = *(void **)obj;
		spare->nr--;
	}
	local_irq_restore(flags);
	return likely(obj) ? obj : mempool_alloc(pool, gfp);
}

static inline void spare_put(struct spare __percpu *spares, mempool_t *pool, void *obj)
{
	struct spare *spare;
	unsigned long flags;

	/* A hint, as mempool_free() has it: the pool's own lock guards the number. */
	if (!IS_ENABLED(CONFIG_KASAN) &&
	    likely(data_race(READ_ONCE(pool->curr_nr)) >= pool->min_nr)) {
		local_irq_save(flags);
		spare = this_cpu_ptr(spares);
		if (spare->nr < SPARE_MAX) {
			*(void **)obj = spare->first;
			spare->first = obj;
			spare->nr++;
			obj = NULL;
		}
		local_irq_restore(flags);
	}
	if (obj)
		mempool_free(obj, pool);
}

/* When nobody uses @spares any more. */
static inline void spare_free(struct spare __percpu *spares, struct kmem_cache *cache)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct spare *spare = per_cpu_ptr(spares, cpu);

		while (spare->first) {
			void *obj = spare->first;

			spare->first = *(void **)obj;
			kmem_cache_free(cache, obj);
		}
		spare->nr = 0;
	}
}

#endif
