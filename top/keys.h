/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keys do: one table gives the action, the line at the bottom of the
 * screen and the help page. Pure; input.c makes keys of what the terminal
 * sends.
 */
#ifndef TOP_KEYS_H
#define TOP_KEYS_H

/* Keys that are no characters. */
enum key {
	KEY_NONE = 0,
	KEY_LINE_UP = 0x110000, /* above every code point */
	KEY_LINE_DOWN,
	KEY_LEFT_SIDE,
	KEY_RIGHT_SIDE,
	KEY_SCREEN_UP,
	KEY_SCREEN_DOWN,
	KEY_FIRST,
	KEY_LAST,
	KEY_RETURN,
	KEY_ERASE,
	KEY_HELPPAGE,
	KEY_KEEP,
	KEY_FIND_NAME,
	KEY_FILTER,
	KEY_TREE,
	KEY_SORT,
	KEY_UNITS,
	KEY_PAUSE,
	KEY_EXPORT,
	KEY_QUIT,
	KEY_ESCAPE,
	KEY_POINT, /* the mouse; see input_point() */
};

enum action {
	ACTION_NONE,
	ACTION_QUIT,
	ACTION_UP,
	ACTION_DOWN,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_FIRST,
	ACTION_LAST,
	ACTION_FOLD,
	ACTION_UNFOLD,
	ACTION_OPEN,
	ACTION_TREE,
	ACTION_SORT_LEFT,
	ACTION_SORT_RIGHT,
	ACTION_INVERT,
	ACTION_FILTER,
	ACTION_SEARCH,
	ACTION_NEXT,
	ACTION_PREVIOUS,
	ACTION_PAUSE,
	ACTION_EARLIER,
	ACTION_LATER,
	ACTION_MINUTE_EARLIER,
	ACTION_MINUTE_LATER,
	ACTION_FASTER,
	ACTION_SLOWER,
	ACTION_UNITS,
	ACTION_GRAPH,
	ACTION_LATENCY,
	ACTION_EVENTS,
	ACTION_EVENT_LIST,
	ACTION_SEVERITY,
	ACTION_EXPORT,
	ACTION_ACTIONS,
	ACTION_SAVE,
	ACTION_HELP,
	ACTION_BACK,
	ACTION_REDRAW,
};

#define KEYS_PER_ACTION 4

/**
 * struct key_info - what an action's keys are
 * @action: the action
 * @keys: keys that do it; KEY_NONE ends
 * @names: how they are called on the help page
 * @help: what it does
 * @brief: name on the key line, NULL: not there
 * @brief_key: key on the key line
 */
struct key_info {
	enum action action;
	int keys[KEYS_PER_ACTION];
	const char *names;
	const char *help;
	const char *brief;
	const char *brief_key;
};

/**
 * keys_at() - a line of the table, in the order of the help page
 * @index: from 0
 *
 * Return: the line, or NULL after the last one.
 */
const struct key_info *keys_at(int index);

/**
 * keys_action() - what a key does
 * @key: a character, or an enum key
 *
 * Return: the action, ACTION_NONE if it does nothing.
 */
enum action keys_action(int key);

#endif
