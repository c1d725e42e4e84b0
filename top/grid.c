// SPDX-License-Identifier: GPL-2.0-or-later
/* A screen in memory; see grid.h. */
#include "grid.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void grid_init(struct grid *grid)
{
	memset(grid, 0, sizeof(*grid));
}

void grid_exit(struct grid *grid)
{
	free(grid->cells);
	grid_init(grid);
}

int grid_resize(struct grid *grid, int cols, int rows)
{
	size_t n = (size_t)cols * rows;
	struct cell *cells = NULL;
	size_t i;

	if (n) {
		cells = realloc(grid->cells, n * sizeof(*cells));
		if (!cells)
			return -ENOMEM;
	} else {
		free(grid->cells);
	}
	for (i = 0; i < n; i++)
		cells[i] = (struct cell){ .ch = ' ', .attr = ATTR_NORMAL };
	grid->cells = cells;
	grid->cols = cols;
	grid->rows = rows;
	return 0;
}

struct cell *grid_at(const struct grid *grid, int y, int x)
{
	if (y < 0 || y >= grid->rows || x < 0 || x >= grid->cols)
		return NULL;
	return &grid->cells[(size_t)y * grid->cols + x];
}

void grid_put(struct grid *grid, int y, int x, uint32_t ch, unsigned int attr)
{
	struct cell *cell = grid_at(grid, y, x);

	if (cell)
		*cell = (struct cell){ .ch = ch, .attr = (uint8_t)attr };
}

void grid_fill(struct grid *grid, int y, int x, int width, uint32_t ch,
	       unsigned int attr)
{
	int i;

	for (i = 0; i < width; i++)
		grid_put(grid, y, x + i, ch, attr);
}

/* Letters that are a column wide, stand alone and go from left to right. */
static bool is_letter(uint32_t ch)
{
	return (ch >= 0xa1 && ch < 0x300 && ch != 0xad) || (ch >= 0x370 && ch < 0x483) ||
	       (ch >= 0x48a && ch < 0x590) || (ch >= 0x1e00 && ch < 0x2000);
}

/*
 * The next character, a question mark for what must not reach a terminal or is
 * no letter known to be a column wide. Names come from outside.
 */
static uint32_t next_character(const struct grid *grid, const char **text)
{
	const unsigned char *c = (const unsigned char *)*text;
	int more = *c >= 0xc2 && *c < 0xe0 ? 1 : *c >= 0xe0 && *c < 0xf0 ? 2 : 0, i;
	uint32_t ch = *c & (more == 1 ? 0x1f : 0x0f);

	*text += 1;
	if (*c < 0x80)
		return *c >= ' ' && *c < 0x7f ? *c : '?';
	if (!grid->utf8 || !more)
		return '?';
	for (i = 1; i <= more; i++) {
		if ((c[i] & 0xc0) != 0x80)
			return '?';
		ch = ch << 6 | (c[i] & 0x3f);
	}
	*text += more;
	return is_letter(ch) ? ch : '?';
}

int grid_text_columns(const struct grid *grid, const char *text)
{
	int columns;

	for (columns = 0; *text; columns++)
		next_character(grid, &text);
	return columns;
}

int grid_text(struct grid *grid, int y, int x, int width, unsigned int attr,
	      const char *text)
{
	int i;

	for (i = 0; i < width && *text; i++)
		grid_put(grid, y, x + i, next_character(grid, &text), attr);
	return x + i;
}

void grid_text_right(struct grid *grid, int y, int x, int width,
		     unsigned int attr, const char *text)
{
	int length = grid_text_columns(grid, text);

	if (length < width) {
		x += width - length;
		width = length;
	}
	grid_text(grid, y, x, width, attr, text);
}

int grid_printf(struct grid *grid, int y, int x, int width, unsigned int attr,
		const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return grid_text(grid, y, x, width, attr, text);
}

void grid_mark_row(struct grid *grid, int y, int x, int width)
{
	int i;

	for (i = 0; i < width; i++) {
		struct cell *cell = grid_at(grid, y, x + i);

		if (cell)
			cell->attr |= ATTR_SELECTED;
	}
}

static void put_utf8(uint32_t ch, FILE *out)
{
	if (ch < 0x80) {
		putc(ch, out);
	} else if (ch < 0x800) {
		putc(0xc0 | ch >> 6, out);
		putc(0x80 | (ch & 0x3f), out);
	} else {
		putc(0xe0 | (ch >> 12 & 0x0f), out);
		putc(0x80 | (ch >> 6 & 0x3f), out);
		putc(0x80 | (ch & 0x3f), out);
	}
}

void grid_print_row(const struct grid *grid, int y, FILE *out)
{
	int end = grid->cols, x;

	while (end > 0 && grid_at(grid, y, end - 1)->ch == ' ')
		end--;
	for (x = 0; x < end; x++)
		put_utf8(grid_at(grid, y, x)->ch, out);
}
