// SPDX-License-Identifier: GPL-2.0-or-later
/* What keys do; see keys.h. */
#include "keys.h"

#include <stddef.h>

static const struct key_info table[] = {
	{ ACTION_HELP, { '?', 'h', KEY_HELPPAGE }, "? h F1", "this page", "help", "?" },
	{ ACTION_QUIT, { 'q', KEY_QUIT }, "q F10", "quit; on a page: back", "quit", "q" },
	{ ACTION_UP, { 'k', KEY_LINE_UP }, "Up k", "the line above", NULL, NULL },
	{ ACTION_DOWN, { 'j', KEY_LINE_DOWN }, "Down j", "the line below", NULL, NULL },
	{ ACTION_PAGE_UP, { KEY_SCREEN_UP, 'B' & 0x1f }, "PgUp", "a screen up", NULL, NULL },
	{ ACTION_PAGE_DOWN, { KEY_SCREEN_DOWN, 'F' & 0x1f }, "PgDn", "a screen down", NULL, NULL },
	{ ACTION_FIRST, { KEY_FIRST }, "Home", "first line", NULL, NULL },
	{ ACTION_LAST, { KEY_LAST, 'G' }, "End G", "last line", NULL, NULL },
	{ ACTION_OPEN, { KEY_RETURN }, "Enter", "all of the selected object", "detail", "Enter" },
	{ ACTION_SEARCH, { '/', KEY_FIND_NAME }, "/ F3", "search a name", "search", "/" },
	{ ACTION_NEXT, { 'n' }, "n", "next one found", NULL, NULL },
	{ ACTION_PREVIOUS, { 'N' }, "N", "previous one found", NULL, NULL },
	{ ACTION_FILTER, { '\\', 'f', KEY_FILTER }, "\\ f F4", "filter by an expression", "filter", "\\" },
	{ ACTION_TREE, { 't', KEY_TREE }, "t F5", "tree, with images, folded, flat", "tree", "t" },
	{ ACTION_FOLD, { KEY_LEFT_SIDE }, "Left", "hide the devices of a snapshot", NULL, NULL },
	{ ACTION_UNFOLD, { KEY_RIGHT_SIDE }, "Right", "show them", NULL, NULL },
	{ ACTION_SORT_RIGHT, { '>', KEY_SORT }, "> F6", "sort by the next column", "sort", "<>" },
	{ ACTION_SORT_LEFT, { '<' }, "<", "sort by the previous column", NULL, NULL },
	{ ACTION_INVERT, { 'I' }, "I", "sort the other way round", NULL, NULL },
	{ ACTION_UNITS, { 'u', KEY_UNITS }, "u F7", "IEC, SI or all digits", "units", "u" },
	{ ACTION_PAUSE, { 'z', 'p', ' ', KEY_PAUSE }, "z p Space F8", "hold the picture; go on", "pause", "z" },
	{ ACTION_EARLIER, { '[' }, "[", "hold, and look at the sample before", "time", "[]" },
	{ ACTION_LATER, { ']' }, "]", "the sample after", NULL, NULL },
	{ ACTION_MINUTE_EARLIER, { '{' }, "{", "a minute earlier", NULL, NULL },
	{ ACTION_MINUTE_LATER, { '}' }, "}", "a minute later", NULL, NULL },
	{ ACTION_FASTER, { '-' }, "-", "shorter delay", NULL, NULL },
	{ ACTION_SLOWER, { '+', '=' }, "+ =", "longer delay", "delay", "+-" },
	{ ACTION_GRAPH, { 'g' }, "g", "big graph; again: of another figure", "graph", "g" },
	{ ACTION_LATENCY, { 'l' }, "l", "how long writes were held", "latency", "l" },
	{ ACTION_EVENTS, { 'e' }, "e", "show or hide the events", "events", "e" },
	{ ACTION_EVENT_LIST, { 'E' }, "E", "all events; Enter goes to the object", NULL, NULL },
	{ ACTION_SEVERITY, { 'v' }, "v", "events from which severity on", NULL, NULL },
	{ ACTION_ACTIONS, { 'a' }, "a", "extend, destroy, attach ...; asks first", "actions", "a" },
	{ ACTION_EXPORT, { 'x', KEY_EXPORT }, "x F9", "write the table to a file", "export", "x" },
	{ ACTION_SAVE, { 'w', KEY_KEEP }, "w F2", "keep these settings for the next time", NULL, NULL },
	{ ACTION_REDRAW, { 'L' & 0x1f }, "Ctrl-L", "draw the screen anew", NULL, NULL },
	{ ACTION_BACK, { KEY_ESCAPE, KEY_ERASE }, "Esc", "back", NULL, NULL },
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
