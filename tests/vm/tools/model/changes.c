// SPDX-License-Identifier: GPL-2.0-or-later
/* The model of change tracking: in which intervals was a cell written? */
#include <stdlib.h>
#include <string.h>

#include "model.h"

void changes_begin(struct changes *c, const uint8_t *generation, uint32_t running,
		   uint32_t cell_bytes, uint32_t sectors)
{
	changes_end(c);
	c->on = true;
	memcpy(c->generation, generation, sizeof(c->generation));
	c->running = running;
	c->cell_sectors = cell_bytes / SECTOR;
	c->cells = (sectors + c->cell_sectors - 1) / c->cell_sectors;
}

void changes_end(struct changes *c)
{
	unsigned int i;

	for (i = 0; i < MAX_INTERVALS; i++)
		free(c->hist[i]);
	memset(c, 0, sizeof(*c));
}

void changes_note(struct changes *c, uint32_t interval, uint32_t first, uint32_t count,
		  enum surely how)
{
	uint32_t cell, last;

	if (!c->on || how == NO || !count)
		return;
	if (interval >= MAX_INTERVALS)
		fail("more than %u intervals", MAX_INTERVALS);
	if (!c->hist[interval])
		c->hist[interval] = calloc(c->cells, 1);
	last = (first + count - 1) / c->cell_sectors;
	for (cell = first / c->cell_sectors; cell <= last; cell++)
		if (c->hist[interval][cell] < how)
			c->hist[interval][cell] = how;
}

struct told {
	struct origin *origin;
	uint8_t *cell;
};

static int told_extent(const struct blksnap_extent *extent, void *arg)
{
	struct told *told = arg;
	const struct changes *c = &told->origin->changes;
	uint64_t first = extent->start_sectors, end = first + extent->count_sectors, cell;

	if (end > told->origin->sectors || !extent->count_sectors)
		fail("%s: an extent of changes beyond the end", told->origin->path);
	for (cell = first / c->cell_sectors; cell * c->cell_sectors < end; cell++)
		told->cell[cell] = 1;
	return 0;
}

void changes_check(struct origin *o)
{
	struct changes *c = &o->changes;
	uint32_t limit = o->snap ? c->running - 1 : c->running, i, cell;
	struct told told = { .origin = o, .cell = calloc(c->cells, 1) };
	struct blksnap_error err = { 0 };
	struct blksnap_cbt since = { .number = below(limit + !!o->snap) }, upto;
	int ret;

	if (chance(40) && limit)
		since.number = limit - 1;
	memcpy(since.generation, c->generation, sizeof(since.generation));
	ret = blksnap_cbt_extents(session, o->dev, &since, told_extent, &told, &upto, &err);
	if (ret)
		fail("%s: changes since %u of %u: %s", o->path, since.number, limit, err.message);
	if (upto.number != limit || memcmp(upto.generation, c->generation, sizeof(c->generation)))
		fail("%s: changes go up to %u, wanted %u", o->path, upto.number, limit);
	for (cell = 0; cell < c->cells; cell++) {
		enum surely want = NO;

		for (i = since.number + 1; i <= limit; i++)
			if (c->hist[i] && c->hist[i][cell] > want)
				want = c->hist[i][cell];
		if (want == YES && !told.cell[cell])
			fail("%s: cell %u was written in (%u, %u] and is not told", o->path, cell,
			     since.number, limit);
		if (want == NO && told.cell[cell])
			fail("%s: cell %u was not written in (%u, %u] and is told", o->path, cell,
			     since.number, limit);
	}
	counts.queries++;
	/* An unknown generation must never be answered. */
	since.generation[3] ^= 1;
	ret = blksnap_cbt_extents(session, o->dev, &since, told_extent, &told, &upto, &err);
	if (!ret || err.exit != BLKSNAP_EXIT_INVALID)
		fail("%s: another generation was answered (%d)", o->path, ret);
	free(told.cell);
}

void changes_mark(struct origin *o)
{
	struct blksnap_extent extent;
	struct blksnap_error err = { 0 };

	extent.start_sectors = below(o->sectors);
	extent.count_sectors = 1 + below(o->sectors - extent.start_sectors);
	if (extent.count_sectors > 300)
		extent.count_sectors = 1 + below(300);
	if (blksnap_cbt_mark(session, o->dev, &extent, 1, &err))
		fail("%s: mark: %s", o->path, err.message);
	changes_note(&o->changes, o->changes.running, extent.start_sectors, extent.count_sectors,
		     YES);
	extent.start_sectors = o->sectors - 1;
	extent.count_sectors = 2;
	if (!blksnap_cbt_mark(session, o->dev, &extent, 1, &err))
		fail("%s: a mark beyond the end was taken", o->path);
	counts.refusals++;
}
