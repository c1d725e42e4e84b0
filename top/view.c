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

/*
 * What meanings look like. The words are always there: colours only add, and so
 * do bold, reverse and dim, which are all there is without colours.
 */
struct look {
	short colour256;
	short colour8;
	attr_t attr;
};

static const struct look dark[ATTR_COUNT] = {
	[ATTR_NORMAL] = { -1, -1, A_NORMAL },
	[ATTR_DIM] = { 244, -1, A_NORMAL },
	[ATTR_TITLE] = { -1, -1, A_BOLD },
	[ATTR_HEAD] = { -1, -1, A_REVERSE },
	[ATTR_GOOD] = { 35, COLOR_GREEN, A_NORMAL },
	[ATTR_WARN] = { 214, COLOR_YELLOW, A_BOLD },
	[ATTR_CRIT] = { 205, COLOR_MAGENTA, A_BOLD },
	[ATTR_FAIL] = { 196, COLOR_RED, A_BOLD | A_REVERSE },
	[ATTR_SPARK] = { 38, COLOR_CYAN, A_NORMAL },
	[ATTR_KEY] = { -1, -1, A_REVERSE },
	[ATTR_ALERT] = { -1, -1, A_BOLD | A_REVERSE },
};

static const struct look light[ATTR_COUNT] = {
	[ATTR_NORMAL] = { -1, -1, A_NORMAL },
	[ATTR_DIM] = { 245, -1, A_NORMAL },
	[ATTR_TITLE] = { -1, -1, A_BOLD },
	[ATTR_HEAD] = { -1, -1, A_REVERSE },
	[ATTR_GOOD] = { 22, COLOR_GREEN, A_NORMAL },
	[ATTR_WARN] = { 130, COLOR_BLUE, A_BOLD },
	[ATTR_CRIT] = { 126, COLOR_MAGENTA, A_BOLD },
	[ATTR_FAIL] = { 124, COLOR_RED, A_BOLD | A_REVERSE },
	[ATTR_SPARK] = { 25, COLOR_BLUE, A_NORMAL },
	[ATTR_KEY] = { -1, -1, A_REVERSE },
	[ATTR_ALERT] = { -1, -1, A_BOLD | A_REVERSE },
};

/* Okabe and Ito's colours: blue, orange, vermilion, never red against green. */
static const struct look safe[ATTR_COUNT] = {
	[ATTR_NORMAL] = { -1, -1, A_NORMAL },
	[ATTR_DIM] = { 244, -1, A_NORMAL },
	[ATTR_TITLE] = { -1, -1, A_BOLD },
	[ATTR_HEAD] = { -1, -1, A_REVERSE },
	[ATTR_GOOD] = { 74, COLOR_CYAN, A_NORMAL },
	[ATTR_WARN] = { 220, COLOR_YELLOW, A_BOLD },
	[ATTR_CRIT] = { 202, COLOR_WHITE, A_BOLD | A_UNDERLINE },
	[ATTR_FAIL] = { 202, COLOR_WHITE, A_BOLD | A_REVERSE },
	[ATTR_SPARK] = { 32, COLOR_BLUE, A_NORMAL },
	[ATTR_KEY] = { -1, -1, A_REVERSE },
	[ATTR_ALERT] = { -1, -1, A_BOLD | A_REVERSE },
};

static const attr_t mono[ATTR_COUNT] = {
	[ATTR_DIM] = A_DIM,
	[ATTR_TITLE] = A_BOLD,
	[ATTR_HEAD] = A_REVERSE,
	[ATTR_WARN] = A_BOLD,
	[ATTR_CRIT] = A_BOLD | A_UNDERLINE,
	[ATTR_FAIL] = A_BOLD | A_REVERSE,
	[ATTR_KEY] = A_REVERSE,
	[ATTR_ALERT] = A_BOLD | A_REVERSE,
};

static const struct look *looks = dark;
static bool colours;
static SCREEN *screen;

/* What some terminals say of themselves: "15;0" is white on black. */
static bool is_light(void)
{
	const char *said = getenv("COLORFGBG"), *last = said ? strrchr(said, ';') : NULL;

	return last && (!strcmp(last, ";7") || !strcmp(last, ";15"));
}

static void view_init_colours(enum theme theme)
{
	short background = -1;
	int i;

	if (start_color() == ERR || !has_colors() || COLORS < 8) {
		colours = false;
		return;
	}
	looks = theme == THEME_LIGHT || (theme == THEME_AUTO && is_light()) ? light :
		theme == THEME_SAFE					    ? safe :
									      dark;
	if (use_default_colors() == ERR)
		background = COLOR_BLACK;
	for (i = 1; i < ATTR_COUNT; i++) {
		short colour = COLORS >= 256 ? looks[i].colour256 : looks[i].colour8;

		if (colour < 0 && background >= 0)
			colour = COLOR_WHITE;
		init_pair(i, colour, background);
	}
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
	colours = colour && theme != THEME_MONO;
	if (colours)
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
}

void view_size(int *cols, int *rows)
{
	struct winsize size = { 0 };

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col && size.ws_row &&
	    (size.ws_col != COLS || size.ws_row != LINES))
		resizeterm(size.ws_row, size.ws_col);
	*cols = COLS;
	*rows = LINES;
}

/* A part of a block, reversed, would show the opposite of what it means. */
static bool is_block(uint32_t ch)
{
	return ch >= 0x2580 && ch <= 0x259f;
}

static attr_t look_of(const struct cell *cell, short *pair)
{
	uint8_t meaning = cell->attr & ~ATTR_SELECTED;
	attr_t look;

	*pair = colours ? meaning : 0;
	look = colours ? looks[meaning].attr : mono[meaning];
	if (is_block(cell->ch))
		return look & ~A_REVERSE;
	if (cell->attr & ATTR_SELECTED) {
		/* Selected twice would be hidden again: what is reversed is underlined. */
		if (look & A_REVERSE)
			look |= A_UNDERLINE;
		else
			look |= A_REVERSE;
		/* Dim and reversed at once cannot be read on many terminals. */
		look &= ~A_DIM;
		if (meaning == ATTR_DIM)
			*pair = 0;
	}
	return look;
}

void view_show(const struct grid *grid)
{
	int y, x;

	for (y = 0; y < grid->rows; y++)
		for (x = 0; x < grid->cols; x++) {
			const struct cell *cell = grid_at(grid, y, x);
			wchar_t text[2] = { (wchar_t)cell->ch, L'\0' };
			attr_t look;
			cchar_t c;
			short pair;

			look = look_of(cell, &pair);
			setcchar(&c, text, look, pair, NULL);
			mvadd_wch(y, x, &c);
		}
	refresh();
}

void view_bell(void)
{
	beep();
}

void view_forget(void)
{
	clearok(curscr, TRUE);
}
