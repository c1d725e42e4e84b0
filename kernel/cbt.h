/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The change map of one device: for each cell of sectors, in which of the
 * intervals between takes it was written last. Marking is lock-free and does
 * not sleep. Leaves of cells come with the first write; one that cannot be
 * had makes its whole region one cell, so never less is told than is true.
 *
 * Numbers compare only within a generation. A map never changes its
 * generation: a new one is another map, exchanged by the tracker.
 */
#ifndef BLKSNAP_CBT_H
#define BLKSNAP_CBT_H

#include <linux/types.h>

#define CBT_CELL_DEFAULT 65536
#define CBT_CELL_MIN 4096
#define CBT_CELL_MAX (1 << 20)

struct cbt;

/**
 * cbt_create() - an empty map of a new generation, at interval 1
 * @sectors: size of the device
 * @cell_bytes: power of two, CBT_CELL_MIN..CBT_CELL_MAX
 *
 * Return: the map or ERR_PTR(-ENOMEM). Free it with cbt_destroy().
 */
struct cbt *cbt_create(sector_t sectors, u32 cell_bytes);
void cbt_destroy(struct cbt *cbt);

/** cbt_mark() - sectors are about to be written. Any process context. */
void cbt_mark(struct cbt *cbt, sector_t first, sector_t count);

/** cbt_advance() - begin the next interval; returns the one that ended. */
u32 cbt_advance(struct cbt *cbt);

/** cbt_exhausted() - is the next cbt_advance() impossible? */
bool cbt_exhausted(const struct cbt *cbt);

u32 cbt_number(const struct cbt *cbt);
const u8 *cbt_generation(const struct cbt *cbt);
u32 cbt_cell_bytes(const struct cbt *cbt);
sector_t cbt_sectors(const struct cbt *cbt);
u64 cbt_memory(const struct cbt *cbt);

/**
 * struct cbt_search - a search for what was written in an interval in (since, limit]
 * @cursor: sector to go on from
 * @start: first sector of what was found, cell-aligned
 * @count: its length in sectors, clipped to the device
 * @inside: cells before @cursor belong to the extent; false to begin with
 */
struct cbt_search {
	u32 since;
	u32 limit;
	sector_t cursor;
	sector_t start;
	sector_t count;
	bool inside;
};

/**
 * cbt_next() - go on with a search, for a bounded number of cells
 *
 * Context: any, under RCU; does not sleep. The caller yields between calls.
 * Return: 1 found, 0 no more, -EAGAIN not known yet: call again, with this map
 * or, should it be another one by now, not at all.
 */
int cbt_next(const struct cbt *cbt, struct cbt_search *search);

#endif /* BLKSNAP_CBT_H */
