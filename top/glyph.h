/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signs that pictures are made of, in ASCII and in Unicode. Pure.
 */
#ifndef TOP_GLYPH_H
#define TOP_GLYPH_H

#include <stdbool.h>
#include <stdint.h>

#include "grid.h"
#include "history.h"

#define GLYPH_SPARK_TOP 7 /* heights above nothing */

/**
 * struct glyphs - signs of a character set
 * @spark: heights of a sparkline, from nothing to the top
 * @bar: parts of a bar's cell, from empty to full
 * @bar_steps: index of the full one
 * @bar_open: left end of a bar
 * @bar_close: right end of a bar
 * @rule: horizontal line
 * @branch: two signs before a device that has others below it
 * @corner: two signs before the last one
 * @separator: between two fields of a line
 * @upright: goes past a line of the tree, and is the axis of a graph
 * @column: parts of a graph's cell, from empty to full
 * @column_steps: index of the full one
 */
struct glyphs {
	uint32_t spark[GLYPH_SPARK_TOP + 1];
	uint32_t bar[9];
	int bar_steps;
	uint32_t bar_open;
	uint32_t bar_close;
	uint32_t rule;
	uint32_t branch[2];
	uint32_t corner[2];
	uint32_t separator;
	uint32_t upright;
	uint32_t column[9];
	int column_steps;
};

/**
 * glyphs_of() - the signs of a character set
 * @utf8: more than ASCII can be shown
 */
const struct glyphs *glyphs_of(bool utf8);

/**
 * glyph_spark() - draw a sparkline
 * @grid: where
 * @y: row
 * @x: first column
 * @width: number of columns; a second or more each, so that they make a minute
 * @glyphs: signs
 * @history: what to draw
 * @now_ns: the present
 * @attr: meaning
 */
void glyph_spark(struct grid *grid, int y, int x, int width,
		 const struct glyphs *glyphs, const struct history *history,
		 uint64_t now_ns, unsigned int attr);

/**
 * glyph_spark_span_s() - how far back the left end of a sparkline is
 * @width: its cells
 */
unsigned int glyph_spark_span_s(int width);

/**
 * glyph_bar() - draw a fill bar
 * @grid: where
 * @y: row
 * @x: first column
 * @width: number of columns, with both ends
 * @glyphs: signs
 * @permille: fill; looks full only at 1000
 * @attr: meaning
 */
void glyph_bar(struct grid *grid, int y, int x, int width,
	       const struct glyphs *glyphs, unsigned int permille,
	       unsigned int attr);

#endif
