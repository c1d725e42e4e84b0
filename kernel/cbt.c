// SPDX-License-Identifier: GPL-2.0
#include "cbt.h"

#include <linux/atomic.h>
#include <linux/blk_types.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uuid.h>

#include "logic/cbt_cell.h"

#define LEAF_CELLS (PAGE_SIZE / sizeof(u32))

/* Cells, or leaves that are one, that a search looks at in one piece. */
#define CBT_LOOKS 65536

/*
 * An entry is 0 (nothing written), the address of a leaf, or a tagged cell
 * that stands for all cells of the leaf.
 */
#define ENTRY_TAG 1UL

struct cbt {
	u32 cell_shift; /* log2 sectors */
	u32 number; /* running interval; changed while drained */
	sector_t sectors;
	u64 nr_cells;
	unsigned long nr_leaves;
	u8 generation[16];
	atomic_long_t leaves_allocated;
	unsigned long leaf[];
};

static bool entry_is_cell(unsigned long entry)
{
	return entry & ENTRY_TAG;
}

static u32 entry_cell(unsigned long entry)
{
	return (u64)entry >> 1;
}

struct cbt *cbt_create(sector_t sectors, u32 cell_bytes)
{
	u32 shift = ilog2(cell_bytes) - SECTOR_SHIFT;
	u64 cells = (sectors + (1ULL << shift) - 1) >> shift;
	unsigned long leaves = DIV_ROUND_UP_ULL(cells, LEAF_CELLS);
	struct cbt *cbt;

	BUILD_BUG_ON(sizeof(unsigned long) < sizeof(u64)); /* tagged cells */
	cbt = kvzalloc(struct_size(cbt, leaf, leaves), GFP_KERNEL);
	if (!cbt)
		return ERR_PTR(-ENOMEM);
	cbt->cell_shift = shift;
	cbt->number = 1;
	cbt->sectors = sectors;
	cbt->nr_cells = cells;
	cbt->nr_leaves = leaves;
	generate_random_uuid(cbt->generation);
	return cbt;
}

void cbt_destroy(struct cbt *cbt)
{
	unsigned long i;

	if (!cbt)
		return;
	for (i = 0; i < cbt->nr_leaves; i++) {
		if (!entry_is_cell(cbt->leaf[i]))
			free_page(cbt->leaf[i]);
		if (!(i % 1024))
			cond_resched();
	}
	kvfree(cbt);
}

/* The entry of leaf @i, made if it was empty. May be a tagged cell. */
static unsigned long cbt_leaf(struct cbt *cbt, unsigned long i)
{
	unsigned long entry = smp_load_acquire(&cbt->leaf[i]);
	unsigned long page, old;

	if (entry)
		return entry;
	page = get_zeroed_page(GFP_NOWAIT | __GFP_NOWARN);
	entry = page ?: ENTRY_TAG;
	old = cmpxchg(&cbt->leaf[i], 0, entry);
	if (old) {
		free_page(page);
		return old;
	}
	if (page)
		atomic_long_inc(&cbt->leaves_allocated);
	return entry;
}

static void cbt_mark_region(struct cbt *cbt, unsigned long i, u32 number)
{
	unsigned long old = READ_ONCE(cbt->leaf[i]), new, seen;

	for (;;) {
		new = (unsigned long)cbt_cell_marked(entry_cell(old), number) << 1 | ENTRY_TAG;
		if (new == old)
			return;
		seen = cmpxchg(&cbt->leaf[i], old, new);
		if (seen == old)
			return;
		old = seen;
	}
}

static noinline void cbt_mark_cells(struct cbt *cbt, u64 cell, u64 last, u32 number)
{
	last = min(last, cbt->nr_cells - 1);
	while (cell <= last) {
		unsigned long i = cell / LEAF_CELLS;
		u64 leaf_last = min_t(u64, last, (i + 1) * LEAF_CELLS - 1);
		unsigned long entry = cbt_leaf(cbt, i);

		if (entry_is_cell(entry)) {
			cbt_mark_region(cbt, i, number);
			cell = leaf_last + 1;
			continue;
		}
		for (; cell <= leaf_last; cell++) {
			u32 *p = (u32 *)entry + cell % LEAF_CELLS;
			u32 old = READ_ONCE(*p), new;

			do {
				new = cbt_cell_marked(old, number);
			} while (new != old && !try_cmpxchg(p, &old, new));
		}
	}
}

void cbt_mark(struct cbt *cbt, sector_t first, sector_t count)
{
	u64 cell = first >> cbt->cell_shift;
	u64 last = (first + count - 1) >> cbt->cell_shift;
	u32 number = READ_ONCE(cbt->number);

	/* Most writes are within a cell that another one has marked. */
	if (likely(cell == last && cell < cbt->nr_cells)) {
		unsigned long entry = smp_load_acquire(&cbt->leaf[cell / LEAF_CELLS]);

		if (likely(entry && !entry_is_cell(entry))) {
			u32 old = READ_ONCE(((u32 *)entry)[cell % LEAF_CELLS]);

			if (likely(cbt_cell_marked(old, number) == old))
				return;
		}
	}
	cbt_mark_cells(cbt, cell, last, number);
}

u32 cbt_advance(struct cbt *cbt)
{
	u32 ended = cbt->number;

	WRITE_ONCE(cbt->number, ended + 1);
	return ended;
}

bool cbt_exhausted(const struct cbt *cbt)
{
	return cbt->number >= CBT_NUMBER_MAX;
}

u32 cbt_number(const struct cbt *cbt)
{
	return READ_ONCE(cbt->number);
}

const u8 *cbt_generation(const struct cbt *cbt)
{
	return cbt->generation;
}

sector_t cbt_sectors(const struct cbt *cbt)
{
	return cbt->sectors;
}

u32 cbt_cell_bytes(const struct cbt *cbt)
{
	return 1U << (cbt->cell_shift + SECTOR_SHIFT);
}

u64 cbt_memory(const struct cbt *cbt)
{
	return struct_size(cbt, leaf, cbt->nr_leaves) +
	       PAGE_SIZE * atomic_long_read(&cbt->leaves_allocated);
}

/* Does @cell count, and up to which cell is the answer the same for sure? */
static bool cbt_changed(const struct cbt *cbt, u64 cell, u32 since, u32 limit, u64 *same)
{
	unsigned long i = cell / LEAF_CELLS;
	unsigned long entry = smp_load_acquire(&cbt->leaf[i]);

	*same = cell;
	if (!entry || entry_is_cell(entry)) {
		*same = min_t(u64, cbt->nr_cells, (i + 1) * LEAF_CELLS) - 1;
		return entry && cbt_cell_last(entry_cell(entry), limit) > since;
	}
	return cbt_cell_last(READ_ONCE(((u32 *)entry)[cell % LEAF_CELLS]), limit) > since;
}

int cbt_next(const struct cbt *cbt, struct cbt_search *search)
{
	u64 cell = search->cursor >> cbt->cell_shift, same;
	unsigned int looks = 0;

	/* In the last cell, but behind the device: that cell has been told. */
	if (!search->inside && search->cursor >= cbt->sectors)
		return 0;
	for (; cell < cbt->nr_cells; cell = same + 1) {
		if (looks++ == CBT_LOOKS) {
			search->cursor = cell << cbt->cell_shift;
			return -EAGAIN;
		}
		if (cbt_changed(cbt, cell, search->since, search->limit, &same) == search->inside)
			continue;
		if (search->inside)
			break;
		search->start = cell << cbt->cell_shift;
		search->inside = true;
	}
	if (!search->inside)
		return 0;
	search->count = min_t(sector_t, cell << cbt->cell_shift, cbt->sectors) - search->start;
	return 1;
}
