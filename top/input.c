// SPDX-License-Identifier: GPL-2.0-or-later
/* The terminal as an input; see input.h. */
#include "input.h"

#include <curses.h>

#include "keys.h"

#define ESCAPE 27

static const struct {
	int curses;
	int key;
} table[] = {
	{ KEY_UP, KEY_LINE_UP },
	{ KEY_DOWN, KEY_LINE_DOWN },
	{ KEY_LEFT, KEY_LEFT_SIDE },
	{ KEY_RIGHT, KEY_RIGHT_SIDE },
	{ KEY_PPAGE, KEY_SCREEN_UP },
	{ KEY_NPAGE, KEY_SCREEN_DOWN },
	{ KEY_HOME, KEY_FIRST },
	{ KEY_END, KEY_LAST },
	{ KEY_ENTER, KEY_RETURN },
	{ '\r', KEY_RETURN },
	{ '\n', KEY_RETURN },
	{ KEY_BACKSPACE, KEY_ERASE },
	{ 0x7f, KEY_ERASE },
	{ '\b', KEY_ERASE },
	{ ESCAPE, KEY_ESCAPE },
};

static int point_x, point_y;

/* The wheel is as good as the arrow keys. */
static int read_mouse(void)
{
	MEVENT event;

	if (getmouse(&event) == ERR)
		return KEY_NONE;
	if (event.bstate & BUTTON4_PRESSED)
		return KEY_LINE_UP;
	if (event.bstate & BUTTON5_PRESSED)
		return KEY_LINE_DOWN;
	point_x = event.x;
	point_y = event.y;
	return KEY_POINT;
}

void input_point(int *y, int *x)
{
	*y = point_y;
	*x = point_x;
}

int input_read(void)
{
	unsigned int i;
	int c;

	while ((c = getch()) != ERR) {
		if (c == KEY_MOUSE) {
			c = read_mouse();
			if (c != KEY_NONE)
				return c;
			continue;
		}
		for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
			if (table[i].curses == c)
				return table[i].key;
		if (c > KEY_F0 && c <= KEY_F(12))
			return KEY_FUNCTION + c - KEY_F0;
		if (c > 0 && c < 0x80)
			return c;
	}
	return KEY_NONE;
}
