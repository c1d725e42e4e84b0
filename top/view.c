// SPDX-License-Identifier: GPL-2.0-or-later
/* The terminal as an output; see view.h. */
#define _XOPEN_SOURCE_EXTENDED 1
#include "view.h"

#include <curses.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

/* Pairs of colours: a meaning, and a meaning in the selected line. */
#define PAIRS (2 * ATTR_COUNT)
#define BLOCK 0x2588

static enum theme in_use;
static int colours; /* that may be used */
static SCREEN *screen;
static struct grid shown; /* what curses was told last */

static void view_init_colours(enum theme theme)
{
	short background = -1;
	int i;

	if (start_color() != ERR && has_colors())
		colours = COLORS;
	in_use = look_theme(theme, colours, getenv("COLORFGBG"));
	if (in_use == THEME_MONO)
		return;
	if (use_default_colors() == ERR)
		background = COLOR_BLACK;
	for (i = 1; i < PAIRS; i++) {
		const struct cell cell = {
			' ', (uint8_t)(i < ATTR_COUNT ? i : (i - ATTR_COUNT) | ATTR_SELECTED)
		};
		struct look look = look_of(in_use, colours, &cell);

		/* What a selected cell is not, as dim, it is in a block. */
		if (i >= ATTR_COUNT)
			look.colour =
				look_of(in_use, colours, &(struct cell){ BLOCK, cell.attr }).colour;
		if (look.colour < 0 && background >= 0)
			look.colour = COLOR_WHITE;
		init_pair(i, look.colour, look.background < 0 ? background : look.background);
	}
}

static short pair_of(const struct look *look)
{
	if (in_use == THEME_MONO)
		return 0;
	return (short)(look->background < 0 ? look->meaning : ATTR_COUNT + look->meaning);
}

int view_open(bool colour, enum theme theme, bool mouse, char *why, size_t size)
{
	const char *term = getenv("TERM");
	bool can_move;
	int err;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		snprintf(why, size, "standard input and output are no terminal; -b prints plain text");
		return -ENOTTY;
	}
	if (setupterm(NULL, STDOUT_FILENO, &err) == ERR) {
		snprintf(why, size, "terminal type \"%s\" is not known; -b prints plain text",
			 term ? term : "");
		return -ENOTTY;
	}
	/* Without moving the cursor there is no screen. */
	can_move = cursor_address && cursor_address != (char *)-1;
	del_curterm(cur_term);
	if (!can_move) {
		snprintf(why, size, "terminal type \"%s\" cannot place the cursor; -b prints plain text",
			 term ? term : "");
		return -ENOTTY;
	}
	screen = newterm(NULL, stdout, stdin);
	if (!screen) {
		snprintf(why, size, "the terminal cannot be used; -b prints plain text");
		return -ENOTTY;
	}
	colours = 0;
	in_use = THEME_MONO;
	if (colour && theme != THEME_MONO)
		view_init_colours(theme);
	if (mouse) {
		mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED,
			  NULL);
		mouseinterval(0);
	}
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	return 0;
}

void view_close(void)
{
	if (!screen)
		return;
	endwin();
	delscreen(screen);
	screen = NULL;
	grid_exit(&shown);
}

void view_size(int *cols, int *rows)
{
	struct winsize size = { 0 };

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col && size.ws_row &&
	    (size.ws_col != COLS || size.ws_row != LINES)) {
		resizeterm(size.ws_row, size.ws_col);
		grid_exit(&shown);
	}
	*cols = COLS;
	*rows = LINES;
}

static attr_t attributes(const struct look *look)
{
	return (look->flags & LOOK_BOLD ? A_BOLD : 0) | (look->flags & LOOK_DIM ? A_DIM : 0) |
	       (look->flags & LOOK_UNDERLINE ? A_UNDERLINE : 0) |
	       (look->flags & LOOK_REVERSE ? A_REVERSE : 0);
}

static void view_put(int y, int x, const struct cell *cell)
{
	wchar_t text[2] = { (wchar_t)cell->ch, L'\0' };
	struct look look = look_of(in_use, colours, cell);
	cchar_t c;

	setcchar(&c, text, attributes(&look), pair_of(&look), NULL);
	mvadd_wch(y, x, &c);
}

/* Most cells are as they were: curses need not look at them. */
void view_show(const struct grid *grid)
{
	bool fresh = grid->cols != shown.cols || grid->rows != shown.rows;
	int y, x;

	if (fresh && grid_resize(&shown, grid->cols, grid->rows))
		grid_exit(&shown);
	for (y = 0; y < grid->rows; y++)
		for (x = 0; x < grid->cols; x++) {
			const struct cell *cell = grid_at(grid, y, x);
			struct cell *last = grid_at(&shown, y, x);

			if (last && !fresh && last->ch == cell->ch && last->attr == cell->attr)
				continue;
			view_put(y, x, cell);
			if (last)
				*last = *cell;
		}
	refresh();
}

void view_bell(void)
{
	beep();
}

/* Whatever a name has in it, the sequence ends where it is meant to. */
static void put_clean(const char *text)
{
	for (; *text; text++)
		putchar(*text >= ' ' && *text < 0x7f ? *text : '?');
}

void view_notify(const char *severity, const char *object, const char *text)
{
	/* Not through curses: it moves no cursor and draws nothing. */
	fputs("\033]9;blksnap ", stdout);
	put_clean(severity);
	fputs(*object ? ": " : "", stdout);
	put_clean(object);
	fputs(": ", stdout);
	put_clean(text);
	fputs("\a", stdout);
	fflush(stdout);
}

void view_forget(void)
{
	clearok(curscr, TRUE);
}
