// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * changes: see changes.h. Knows no kernel.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "changes.h"

bool changes_parse(const char *text, enum changes_format *format)
{
	static const char *const words[] = { "ranges", "json", "bitmap", "ddrescue" };
	enum changes_format i;

	for (i = CHANGES_RANGES; i <= CHANGES_DDRESCUE; i++)
		if (!strcmp(text, words[i])) {
			*format = i;
			return true;
		}
	return false;
}

void changes_begin(struct changes *c)
{
	c->done_sectors = 0;
	c->byte = 0;
	if (c->format == CHANGES_DDRESCUE)
		fputs("# Mapfile. Changed blocks, by blksnap\n"
		      "# current_pos  current_status  current_pass\n"
		      "0x00000000     ?               1\n"
		      "#      pos        size  status\n",
		      c->out);
}

static void changes_map_line(struct changes *c, uint64_t end, char status)
{
	if (end <= c->done_sectors)
		return;
	fprintf(c->out, "0x%08" PRIX64 "  0x%08" PRIX64 "  %c\n",
		c->done_sectors * BLKSNAP_SECTOR_BYTES,
		(end - c->done_sectors) * BLKSNAP_SECTOR_BYTES, status);
	c->done_sectors = end;
}

static uint64_t changes_up(uint64_t value, uint64_t unit)
{
	return value / unit + (value % unit != 0);
}

/* Blocks from the one reached up to @end, all with the same bit. */
static void changes_bits(struct changes *c, uint64_t end, bool set)
{
	uint64_t at = c->done_sectors; /* counts blocks here */

	for (; at < end; at++) {
		c->byte |= (unsigned int)set << (at % 8);
		if (at % 8 == 7) {
			fputc((int)c->byte, c->out);
			c->byte = 0;
		}
	}
	c->done_sectors = at;
}

int changes_add(struct changes *c, const struct blksnap_extent *extent)
{
	uint64_t end = extent->start_sectors + extent->count_sectors;

	switch (c->format) {
	case CHANGES_RANGES:
		fprintf(c->out, "%" PRIu64 "\t%" PRIu64 "\n",
			extent->start_sectors * BLKSNAP_SECTOR_BYTES,
			extent->count_sectors * BLKSNAP_SECTOR_BYTES);
		break;
	case CHANGES_DDRESCUE:
		changes_map_line(c, extent->start_sectors, '+');
		changes_map_line(c, end, '?');
		break;
	case CHANGES_BITMAP:
		changes_bits(c, extent->start_sectors / c->block_sectors, false);
		changes_bits(c, changes_up(end, c->block_sectors), true);
		break;
	case CHANGES_JSON:
		break;
	}
	return ferror(c->out) ? -EPIPE : 0;
}

int changes_end(struct changes *c)
{
	uint64_t blocks;

	if (c->format == CHANGES_DDRESCUE) {
		changes_map_line(c, c->total_sectors, '+');
	} else if (c->format == CHANGES_BITMAP) {
		blocks = changes_up(c->total_sectors, c->block_sectors);
		changes_bits(c, blocks, false);
		if (c->done_sectors % 8)
			fputc((int)c->byte, c->out);
	}
	return ferror(c->out) ? -EPIPE : 0;
}
