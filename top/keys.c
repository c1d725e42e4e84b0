// SPDX-License-Identifier: GPL-2.0-or-later
/* What keys do; see keys.h. */
#include "keys.h"

#include <stddef.h>

static const struct key_info table[] = {
	{ ACTION_QUIT, { 'q', KEY_QUIT }, "q F10", "quit", "quit", "q" },
	{ ACTION_UP, { 'k', KEY_LINE_UP }, "Up k", "select the line above", NULL, NULL },
	{ ACTION_DOWN, { 'j', KEY_LINE_DOWN }, "Down j", "select the line below", NULL, NULL },
	{ ACTION_PAGE_UP, { KEY_SCREEN_UP }, "PgUp", "a screen up", NULL, NULL },
	{ ACTION_PAGE_DOWN, { KEY_SCREEN_DOWN }, "PgDn", "a screen down", NULL, NULL },
	{ ACTION_FIRST, { KEY_FIRST }, "Home", "first line", NULL, NULL },
	{ ACTION_LAST, { KEY_LAST }, "End", "last line", NULL, NULL },
	{ ACTION_SORT_RIGHT, { '>', KEY_SORT }, "> F6", "sort by the next column",
	  "sort", "<>" },
	{ ACTION_SORT_LEFT, { '<' }, "<", "sort by the previous column", NULL, NULL },
	{ ACTION_INVERT, { 'I' }, "I", "sort the other way round", "invert", "I" },
	{ ACTION_PAUSE, { 'p', ' ', 'z', KEY_PAUSE }, "p Space", "hold the picture; go on",
	  "pause", "p" },
	{ ACTION_FASTER, { '-' }, "-", "shorter delay", NULL, NULL },
	{ ACTION_SLOWER, { '+', '=' }, "+", "longer delay", "delay", "+-" },
	{ ACTION_UNITS, { 'u', KEY_UNITS }, "u F7", "IEC, SI or all digits", "units", "u" },
	{ ACTION_EVENTS, { 'e' }, "e", "show or hide the events", "events", "e" },
	{ ACTION_REDRAW, { 'L' & 0x1f }, "Ctrl-L", "draw the screen anew", NULL, NULL },
	{ ACTION_HELP, { '?', 'h', KEY_HELPPAGE }, "? h F1", "this page", "help", "?" },
	{ ACTION_BACK, { KEY_ESCAPE }, "Esc", "back", NULL, NULL },
};

const struct key_info *keys_at(int index)
{
	if (index < 0 || index >= (int)(sizeof(table) / sizeof(table[0])))
		return NULL;
	return &table[index];
}

enum action keys_action(int key)
{
	const struct key_info *info;
	int i, k;

	if (key == KEY_NONE)
		return ACTION_NONE;
	for (i = 0; (info = keys_at(i)); i++)
		for (k = 0; k < KEYS_PER_ACTION && info->keys[k]; k++)
			if (info->keys[k] == key)
				return info->action;
	return ACTION_NONE;
}
