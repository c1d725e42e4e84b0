/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A screen in memory: cells of one character and one meaning.
 *
 * Everything is drawn into a grid; the view pushes it to the terminal, the
 * batch mode prints it, a test reads it. Attributes say what a cell means, not
 * which colour it has. Whatever lies outside is clipped here, so that nobody
 * who draws needs to care.
 */
#ifndef TOP_GRID_H
#define TOP_GRID_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum attr {
	ATTR_NORMAL,
	ATTR_DIM,		/* idle, stale, or only a frame */
	ATTR_TITLE,		/* who and where */
	ATTR_HEAD,		/* column titles */
	ATTR_GOOD,
	ATTR_WARN,
	ATTR_CRIT,
	ATTR_FAIL,
	ATTR_SPARK,
	ATTR_KEY,		/* a key in the key line */
	ATTR_ALERT,		/* a line that must be seen: STALE, PAUSED */
	ATTR_COUNT,
	ATTR_SELECTED = 0x80,	/* added to one of the above */
};

struct cell {
	uint32_t ch;		/* code point; every one is a column wide */
	uint8_t attr;
};

struct grid {
	int cols;
	int rows;
	struct cell *cells;
	bool utf8; /* letters of other scripts are shown, not replaced */
};

/**
 * grid_text_columns() - how wide a text is
 * @grid: the screen it is for
 * @text: as for grid_text()
 */
int grid_text_columns(const struct grid *grid, const char *text);

/**
 * grid_init() - an empty screen of no size
 * @grid: the screen, freed with grid_exit()
 */
void grid_init(struct grid *grid);

/**
 * grid_exit() - free the cells
 * @grid: the screen, which is empty afterwards
 */
void grid_exit(struct grid *grid);

/**
 * grid_resize() - another size, all cells blank
 * @grid: the screen
 * @cols: columns, at least 0
 * @rows: rows, at least 0
 *
 * Return: 0 or -ENOMEM, in which case it is as before.
 */
int grid_resize(struct grid *grid, int cols, int rows);

/**
 * grid_at() - one cell
 * @grid: the screen
 * @y: row
 * @x: column
 *
 * Return: the cell, or NULL outside.
 */
struct cell *grid_at(const struct grid *grid, int y, int x);

/**
 * grid_put() - set one cell
 * @grid: the screen
 * @y: row
 * @x: column
 * @ch: code point
 * @attr: meaning
 */
void grid_put(struct grid *grid, int y, int x, uint32_t ch, unsigned int attr);

/**
 * grid_fill() - set a stretch of cells
 * @grid: the screen
 * @y: row
 * @x: first column
 * @width: number of columns
 * @ch: code point
 * @attr: meaning
 */
void grid_fill(struct grid *grid, int y, int x, int width, uint32_t ch,
	       unsigned int attr);

/**
 * grid_text() - write text, left-aligned
 * @grid: the screen
 * @y: row
 * @x: first column
 * @width: what is longer is cut here
 * @attr: meaning
 * @text: what is not ASCII becomes '?', so that a strange name can neither move
 *	the cursor nor shift a column; on a screen that has UTF-8, letters that
 *	are certainly one column wide are shown
 *
 * Return: the column after the text.
 */
int grid_text(struct grid *grid, int y, int x, int width, unsigned int attr,
	      const char *text);

/**
 * grid_text_right() - write text, right-aligned
 * @grid: the screen
 * @y: row
 * @x: first column
 * @width: where it ends
 * @attr: meaning
 * @text: ASCII
 */
void grid_text_right(struct grid *grid, int y, int x, int width,
		     unsigned int attr, const char *text);

/**
 * grid_printf() - write formatted text, left-aligned
 * @grid: the screen
 * @y: row
 * @x: first column
 * @width: what is longer is cut here
 * @attr: meaning
 * @format: as printf
 *
 * Return: the column after the text.
 */
int grid_printf(struct grid *grid, int y, int x, int width, unsigned int attr,
		const char *format, ...) __attribute__((format(printf, 6, 7)));

/**
 * grid_mark_row() - add ATTR_SELECTED to a row
 * @grid: the screen
 * @y: row
 * @x: first column
 * @width: number of columns
 */
void grid_mark_row(struct grid *grid, int y, int x, int width);

/**
 * grid_print_row() - one row as UTF-8, without the blanks at its end
 * @grid: the screen
 * @y: row
 * @out: where to
 */
void grid_print_row(const struct grid *grid, int y, FILE *out);

#endif
