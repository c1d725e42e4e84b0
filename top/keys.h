/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keys do: one table gives the actions, the keys they have unless others
 * were asked for, the line at the bottom of the screen and the help page. Pure;
 * input.c makes keys of what the terminal sends.
 */
#ifndef TOP_KEYS_H
#define TOP_KEYS_H

#include <stddef.h>

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
	KEY_ESCAPE,
	KEY_POINT, /* the mouse; see input_point() */
	KEY_FUNCTION, /* F1 is the next one, and so on */
	KEY_END_OF_KEYS = KEY_FUNCTION + 13,
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
	ACTION_COLUMNS,
	ACTION_PIN,
	ACTION_COUNT,
};

#define KEYS_PER_ACTION 4
#define KEYS_TEXT_SIZE 48

/**
 * struct key_info - an action
 * @action: which
 * @name: what settings call it
 * @keys: keys that do it unless others were asked for; KEY_NONE ends
 * @help: what it does
 * @brief: name on the key line, NULL: not there
 * @partner: action whose key stands beside it on the key line
 */
struct key_info {
	enum action action;
	const char *name;
	int keys[KEYS_PER_ACTION];
	const char *help;
	const char *brief;
	enum action partner;
};

/**
 * struct keymap - the keys in use
 * @keys: of each action; KEY_NONE ends
 */
struct keymap {
	int keys[ACTION_COUNT][KEYS_PER_ACTION];
};

/**
 * keys_at() - a line of the table, in the order of the help page
 * @index: from 0
 *
 * Return: the line, or NULL after the last one.
 */
const struct key_info *keys_at(int index);

/**
 * keymap_init() - the usual keys
 * @map: filled
 */
void keymap_init(struct keymap *map);

/**
 * keymap_set() - give an action other keys
 * @map: changed
 * @text: the action's name and its keys, as "pause z F8 Ctrl-P"; it loses those
 *	it had, and another action loses those it gets. "none" is no key
 * @why: set to a sentence on failure
 * @size: room there
 *
 * Return: 0, or -EINVAL; then @map is as it was.
 */
int keymap_set(struct keymap *map, const char *text, char *why, size_t size);

/**
 * keymap_action() - what a key does
 * @map: the keys in use
 * @key: a character, or an enum key
 *
 * Return: the action, ACTION_NONE if it does nothing.
 */
enum action keymap_action(const struct keymap *map, int key);

/**
 * keymap_names() - the keys of an action, as on the help page
 * @map: the keys in use
 * @action: which
 * @text: set, as "z p Space F8"; "" if it has none
 *
 * Return: @text.
 */
char *keymap_names(const struct keymap *map, enum action action, char text[KEYS_TEXT_SIZE]);

/**
 * keymap_first() - the first key of an action
 * @map: the keys in use
 * @action: which
 * @text: set; "" if it has none
 *
 * Return: @text.
 */
char *keymap_first(const struct keymap *map, enum action action, char text[KEYS_TEXT_SIZE]);

/**
 * keymap_brief() - the key of an action, as on the key line
 * @map: the keys in use
 * @info: the action
 * @text: set, as "z", or with its partner's as "<>"; "" if it has none
 *
 * Return: @text.
 */
char *keymap_brief(const struct keymap *map, const struct key_info *info,
		   char text[KEYS_TEXT_SIZE]);

#endif
