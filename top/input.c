// SPDX-License-Identifier: GPL-2.0-or-later
/* The terminal as an input; see input.h. */
#include "input.h"

#include <curses.h>

#include "keys.h"

#define ESCAPE 27

static const struct {
	int curses;
	enum key key;
} table[] = {
	{ KEY_UP, KEY_LINE_UP },
	{ KEY_DOWN, KEY_LINE_DOWN },
	{ KEY_PPAGE, KEY_SCREEN_UP },
	{ KEY_NPAGE, KEY_SCREEN_DOWN },
	{ KEY_HOME, KEY_FIRST },
	{ KEY_END, KEY_LAST },
	{ KEY_F(1), KEY_HELPPAGE },
	{ KEY_F(6), KEY_SORT },
	{ KEY_F(7), KEY_UNITS },
	{ KEY_F(8), KEY_PAUSE },
	{ KEY_F(10), KEY_QUIT },
	{ ESCAPE, KEY_ESCAPE },
};

int input_read(void)
{
	unsigned int i;
	int c;

	while ((c = getch()) != ERR) {
		for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
			if (table[i].curses == c)
				return table[i].key;
		if (c > 0 && c < 0x80)
			return c;
	}
	return KEY_NONE;
}
