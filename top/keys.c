// SPDX-License-Identifier: GPL-2.0-or-later
/* What keys do; see keys.h. */
#include "keys.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CTRL(letter) ((letter)&0x1f)
#define F(number) (KEY_FUNCTION + (number))
#define F_MAX 12

static const struct key_info table[] = {
	{ ACTION_HELP, "help", { '?', F(1) }, "this page", "help", ACTION_NONE },
	{ ACTION_QUIT, "quit", { 'q', F(10) }, "quit; on a page: back", "quit", ACTION_NONE },
	{ ACTION_UP, "up", { KEY_LINE_UP, 'k' }, "the line above", NULL, ACTION_NONE },
	{ ACTION_DOWN, "down", { KEY_LINE_DOWN, 'j' }, "the line below", NULL, ACTION_NONE },
	{ ACTION_PAGE_UP, "page-up", { KEY_SCREEN_UP, CTRL('B') }, "a screen up", NULL, ACTION_NONE },
	{ ACTION_PAGE_DOWN, "page-down", { KEY_SCREEN_DOWN, CTRL('F') }, "a screen down", NULL, ACTION_NONE },
	{ ACTION_FIRST, "first", { KEY_FIRST }, "first line", NULL, ACTION_NONE },
	{ ACTION_LAST, "last", { KEY_LAST, 'G' }, "last line", NULL, ACTION_NONE },
	{ ACTION_OPEN, "open", { KEY_RETURN }, "all of the selected object", "detail", ACTION_NONE },
	{ ACTION_SEARCH, "search", { '/', F(3) }, "search a name", "search", ACTION_NONE },
	{ ACTION_NEXT, "next", { 'n' }, "next one found", NULL, ACTION_NONE },
	{ ACTION_PREVIOUS, "previous", { 'N' }, "previous one found", NULL, ACTION_NONE },
	{ ACTION_FILTER, "filter", { '\\', 'f', F(4) }, "filter by an expression", "filter", ACTION_NONE },
	{ ACTION_TREE, "tree", { 't', F(5) }, "tree, with images, folded, flat", "tree", ACTION_NONE },
	{ ACTION_FOLD, "fold", { KEY_LEFT_SIDE, 'h' }, "hide the devices of a snapshot", NULL, ACTION_NONE },
	{ ACTION_UNFOLD, "unfold", { KEY_RIGHT_SIDE, 'L' }, "show them", NULL, ACTION_NONE },
	{ ACTION_SORT_RIGHT, "sort-right", { '>', F(6) }, "sort by the next column", NULL, ACTION_NONE },
	{ ACTION_SORT_LEFT, "sort-left", { '<' }, "sort by the previous column", "sort", ACTION_SORT_RIGHT },
	{ ACTION_INVERT, "invert", { 'I' }, "sort the other way round", NULL, ACTION_NONE },
	{ ACTION_PIN, "pin", { 'P' }, "keep it on top, or no longer", NULL, ACTION_NONE },
	{ ACTION_COLUMNS, "columns", { 'c' }, "choose columns, and their order", "columns", ACTION_NONE },
	{ ACTION_UNITS, "units", { 'u', F(7) }, "IEC, SI or all digits", "units", ACTION_NONE },
	{ ACTION_PAUSE, "pause", { 'z', 'p', ' ', F(8) }, "hold the picture; go on", "pause", ACTION_NONE },
	{ ACTION_EARLIER, "earlier", { '[' }, "hold; the sample before", "time", ACTION_LATER },
	{ ACTION_LATER, "later", { ']' }, "the sample after", NULL, ACTION_NONE },
	{ ACTION_MINUTE_EARLIER, "minute-earlier", { '{' }, "a minute earlier", NULL, ACTION_NONE },
	{ ACTION_MINUTE_LATER, "minute-later", { '}' }, "a minute later", NULL, ACTION_NONE },
	{ ACTION_SLOWER, "slower", { '+', '=' }, "longer delay", "delay", ACTION_FASTER },
	{ ACTION_FASTER, "faster", { '-' }, "shorter delay", NULL, ACTION_NONE },
	{ ACTION_GRAPH, "graph", { 'g' }, "big graph; again: another figure", "graph", ACTION_NONE },
	{ ACTION_LATENCY, "latency", { 'l' }, "how long writes were held", "latency", ACTION_NONE },
	{ ACTION_EVENTS, "events", { 'e' }, "show or hide the events", "events", ACTION_NONE },
	{ ACTION_EVENT_LIST, "event-list", { 'E' }, "all events, and to their objects", NULL, ACTION_NONE },
	{ ACTION_SEVERITY, "severity", { 'v' }, "events from which severity on", NULL, ACTION_NONE },
	{ ACTION_ACTIONS, "actions", { 'a' }, "extend, destroy, ...; asks first", "actions", ACTION_NONE },
	{ ACTION_EXPORT, "export", { 'x', F(9) }, "table, or this object, to a file", "export", ACTION_NONE },
	{ ACTION_SAVE, "save", { 'w', F(2) }, "keep this view for the next time", "save", ACTION_NONE },
	{ ACTION_REDRAW, "redraw", { CTRL('L') }, "draw the screen anew", NULL, ACTION_NONE },
	{ ACTION_BACK, "back", { KEY_ESCAPE, KEY_ERASE }, "back; end of a pause", NULL, ACTION_NONE },
};

#define ACTIONS (int)(sizeof(table) / sizeof(table[0]))

/* Keys that have a name instead of a character. */
static const struct {
	int key;
	const char *name;
} names[] = {
	{ ' ', "Space" },	   { CTRL('I'), "Tab" },	{ KEY_LINE_UP, "Up" },
	{ KEY_LINE_DOWN, "Down" }, { KEY_LEFT_SIDE, "Left" },	{ KEY_RIGHT_SIDE, "Right" },
	{ KEY_SCREEN_UP, "PgUp" }, { KEY_SCREEN_DOWN, "PgDn" }, { KEY_FIRST, "Home" },
	{ KEY_LAST, "End" },	   { KEY_RETURN, "Enter" },	{ KEY_ERASE, "Bksp" },
	{ KEY_ESCAPE, "Esc" },
};

#define NAMES (sizeof(names) / sizeof(names[0]))

const struct key_info *keys_at(int index)
{
	return index < 0 || index >= ACTIONS ? NULL : &table[index];
}

void keymap_init(struct keymap *map)
{
	int i;

	memset(map, 0, sizeof(*map));
	for (i = 0; i < ACTIONS; i++)
		memcpy(map->keys[table[i].action], table[i].keys, sizeof(table[i].keys));
}

enum action keymap_action(const struct keymap *map, int key)
{
	int action, k;

	if (key == KEY_NONE)
		return ACTION_NONE;
	for (action = 0; action < ACTION_COUNT; action++)
		for (k = 0; k < KEYS_PER_ACTION && map->keys[action][k]; k++)
			if (map->keys[action][k] == key)
				return action;
	return ACTION_NONE;
}

/* Ctrl-C and Ctrl-Z are the terminal's; Ctrl-H, -J and -M are other keys. */
static int control_of(const char *text)
{
	char letter;

	if (strncasecmp(text, "Ctrl-", 5) || strlen(text) != 6)
		return KEY_NONE;
	letter = text[5] & ~0x20;
	if (letter < 'A' || letter > 'Z' || strchr("CHJMQSZ", letter))
		return KEY_NONE;
	return CTRL(letter);
}

static int key_of(const char *text)
{
	char *end;
	long number;
	size_t i;

	if (text[0] > ' ' && text[0] < 0x7f && !text[1])
		return text[0];
	for (i = 0; i < NAMES; i++)
		if (!strcasecmp(text, names[i].name))
			return names[i].key;
	if (*text == 'F' && text[1] >= '1' && text[1] <= '9') {
		number = strtol(text + 1, &end, 10);
		return *end || number > F_MAX ? KEY_NONE : F((int)number);
	}
	return control_of(text);
}

static void keymap_take(struct keymap *map, int key)
{
	int action, k, to;

	for (action = 0; action < ACTION_COUNT; action++) {
		int *keys = map->keys[action];

		for (k = 0, to = 0; k < KEYS_PER_ACTION; k++)
			if (keys[k] && keys[k] != key)
				keys[to++] = keys[k];
		while (to < KEYS_PER_ACTION)
			keys[to++] = KEY_NONE;
	}
}

/* The keys of a list; none is one, too. Return: how many, or -EINVAL. */
static int parse_keys(char *list, int keys[KEYS_PER_ACTION], char *why, size_t size)
{
	char *rest = NULL, *word;
	int count = 0;

	for (word = strtok_r(list, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
		if (!strcmp(word, "none") && !count && !strtok_r(NULL, " \t", &rest))
			return 0;
		if (count == KEYS_PER_ACTION) {
			snprintf(why, size, "at most %d keys do the same", KEYS_PER_ACTION);
			return -EINVAL;
		}
		keys[count] = key_of(word);
		if (!keys[count++]) {
			snprintf(why, size, "there is no key \"%.20s\"", word);
			return -EINVAL;
		}
	}
	if (!count)
		snprintf(why, size, "the keys are missing; none is no key");
	return count ? count : -EINVAL;
}

int keymap_set(struct keymap *map, const char *text, char *why, size_t size)
{
	int keys[KEYS_PER_ACTION] = { 0 }, count, i;
	char line[160], *list;
	size_t length;

	text += strspn(text, " \t");
	length = strcspn(text, " \t");
	for (i = 0; i < ACTIONS; i++)
		if (strlen(table[i].name) == length && !strncmp(table[i].name, text, length))
			break;
	if (i == ACTIONS) {
		snprintf(why, size, "there is no action \"%.*s\"", (int)(length < 20 ? length : 20),
			 text);
		return -EINVAL;
	}
	snprintf(line, sizeof(line), "%s", text + length);
	list = line;
	count = parse_keys(list, keys, why, size);
	if (count < 0)
		return count;
	memset(map->keys[table[i].action], 0, sizeof(keys));
	for (count = 0; count < KEYS_PER_ACTION && keys[count]; count++)
		keymap_take(map, keys[count]);
	memcpy(map->keys[table[i].action], keys, sizeof(keys));
	return 0;
}

static void name_of(int key, char *text, size_t size)
{
	size_t i;

	for (i = 0; i < NAMES; i++)
		if (names[i].key == key) {
			snprintf(text, size, "%s", names[i].name);
			return;
		}
	if (key > KEY_FUNCTION && key <= F(F_MAX))
		snprintf(text, size, "F%d", key - KEY_FUNCTION);
	else if (key < ' ')
		snprintf(text, size, "Ctrl-%c", key + '@');
	else
		snprintf(text, size, "%c", key);
}

char *keymap_names(const struct keymap *map, enum action action, char text[KEYS_TEXT_SIZE])
{
	size_t used = 0;
	int k;

	text[0] = '\0';
	for (k = 0; k < KEYS_PER_ACTION && map->keys[action][k]; k++) {
		if (used)
			text[used++] = ' ';
		name_of(map->keys[action][k], text + used, KEYS_TEXT_SIZE - used);
		used += strlen(text + used);
	}
	return text;
}

char *keymap_first(const struct keymap *map, enum action action, char text[KEYS_TEXT_SIZE])
{
	text[0] = '\0';
	if (map->keys[action][0])
		name_of(map->keys[action][0], text, KEYS_TEXT_SIZE);
	return text;
}

char *keymap_brief(const struct keymap *map, const struct key_info *info,
		   char text[KEYS_TEXT_SIZE])
{
	keymap_first(map, info->action, text);
	if (text[0] && info->partner)
		keymap_first(map, info->partner, text + strlen(text));
	return text;
}
