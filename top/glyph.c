// SPDX-License-Identifier: GPL-2.0-or-later
/* The signs that pictures are made of; see glyph.h. */
#include "glyph.h"

static const struct glyphs ascii = {
	.spark = { '_', '.', ':', '-', '=', '+', '*', '#' },
	.bar = { '.', '#' },
	.bar_steps = 1,
	.bar_open = '[',
	.bar_close = ']',
	.rule = '-',
	.branch = { '|', '-' },
	.corner = { '`', '-' },
	.separator = '|',
	.upright = '|',
	.column = { ' ', '.', ':', '|', '#' },
	.column_steps = 4,
};

/* Blocks, not braille: they are in the fonts of bare consoles too. */
static const struct glyphs unicode = {
	.spark = { 0x2581, 0x2582, 0x2583, 0x2584, 0x2585, 0x2586, 0x2587, 0x2588 },
	.bar = { 0x2591, 0x258f, 0x258e, 0x258d, 0x258c, 0x258b, 0x258a, 0x2589, 0x2588 },
	.bar_steps = 8,
	.bar_open = 0x2595,
	.bar_close = 0x258f,
	.rule = 0x2500,
	.branch = { 0x251c, 0x2500 },
	.corner = { 0x2514, 0x2500 },
	.separator = 0x2502,
	.upright = 0x2502,
	.column = { ' ', 0x2581, 0x2582, 0x2583, 0x2584, 0x2585, 0x2586, 0x2587, 0x2588 },
	.column_steps = 8,
};

const struct glyphs *glyphs_of(bool utf8)
{
	return utf8 ? &unicode : &ascii;
}

/* Whole seconds a cell, so that all of them are of the same length. */
static uint64_t spark_step_ns(int width)
{
	return (uint64_t)((60 + width - 1) / width) * HISTORY_BIN_NS;
}

unsigned int glyph_spark_span_s(int width)
{
	if (width > HISTORY_BINS - 1)
		width = HISTORY_BINS - 1;
	return width > 0 ? (unsigned int)(spark_step_ns(width) * width / HISTORY_BIN_NS) : 0;
}

void glyph_spark(struct grid *grid, int y, int x, int width,
		 const struct glyphs *glyphs, const struct history *history,
		 uint64_t now_ns, unsigned int attr)
{
	int levels[HISTORY_BINS];
	uint64_t step_ns;
	int i;

	if (width > HISTORY_BINS - 1)
		width = HISTORY_BINS - 1;
	if (width <= 0)
		return;
	step_ns = spark_step_ns(width);
	/*
	 * Cells begin at multiples of their length, so that what is past keeps
	 * its shape while it moves to the left.
	 */
	now_ns = (now_ns + step_ns - 1) / step_ns * step_ns;
	history_levels(history, now_ns, step_ns * width, levels, width, GLYPH_SPARK_TOP);
	for (i = 0; i < width; i++)
		grid_put(grid, y, x + i, levels[i] < 0 ? ' ' : glyphs->spark[levels[i]],
			 levels[i] > 0 ? attr : levels[i] < 0 ? ATTR_NORMAL : ATTR_DIM);
}

void glyph_bar(struct grid *grid, int y, int x, int width,
	       const struct glyphs *glyphs, unsigned int permille,
	       unsigned int attr)
{
	int cells = width - 2, steps, i;

	if (cells < 1)
		return;
	if (permille > 1000)
		permille = 1000;
	steps = (int)(permille * cells * glyphs->bar_steps / 1000);
	grid_put(grid, y, x, glyphs->bar_open, ATTR_DIM);
	for (i = 0; i < cells; i++) {
		int part = steps - i * glyphs->bar_steps;

		if (part > glyphs->bar_steps)
			part = glyphs->bar_steps;
		if (part < 0)
			part = 0;
		grid_put(grid, y, x + 1 + i, glyphs->bar[part], part ? attr : ATTR_DIM);
	}
	grid_put(grid, y, x + 1 + cells, glyphs->bar_close, ATTR_DIM);
}
