// SPDX-License-Identifier: GPL-2.0-or-later
/* Which columns are wanted, and in which order; see columns.h. */
#include "columns.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *word;
	const char *list; /* NULL: all */
} sets[] = {
	{ "all", NULL },
	{ "space", "state,fill,used,total,ttfull" },
	{ "speed", "state,cow,last-min,img,p99,write,held" },
};

#define SETS (sizeof(sets) / sizeof(sets[0]))

void columns_init(struct columns *columns)
{
	int place;

	memset(columns, 0, sizeof(*columns));
	for (place = 0; place < COLUMN_COUNT; place++)
		columns->at[place] = column_at(place);
}

/* Those of a list first, in its order; the rest behind them, hidden. */
static int columns_of_list(struct columns *columns, const char *list, char *why, size_t size)
{
	struct columns made = { .at = { COLUMN_NAME } };
	bool seen[COLUMN_COUNT] = { [COLUMN_NAME] = true };
	char text[COLUMNS_TEXT_SIZE + 40], *rest = NULL, *word;
	int count = 1, place;

	snprintf(text, sizeof(text), "%s", list);
	for (word = strtok_r(text, ", ", &rest); word; word = strtok_r(NULL, ", ", &rest)) {
		int column = column_find(word);

		if (column < 0) {
			snprintf(why, size, "there is no column \"%.20s\"", word);
			return -EINVAL;
		}
		if (!seen[column])
			made.at[count++] = column;
		seen[column] = true;
	}
	for (place = 0; place < COLUMN_COUNT; place++)
		if (!seen[column_at(place)]) {
			made.hidden[column_at(place)] = true;
			made.at[count++] = column_at(place);
		}
	*columns = made;
	return 0;
}

int columns_parse(struct columns *columns, const char *text, char *why, size_t size)
{
	size_t i;

	if (!text[strspn(text, ", ")]) {
		snprintf(why, size, "the names are missing");
		return -EINVAL;
	}
	for (i = 0; i < SETS; i++) {
		if (strcasecmp(text, sets[i].word))
			continue;
		if (sets[i].list)
			return columns_of_list(columns, sets[i].list, why, size);
		columns_init(columns);
		return 0;
	}
	return columns_of_list(columns, text, why, size);
}

static bool is_usual(const struct columns *columns)
{
	int place;

	for (place = 0; place < COLUMN_COUNT; place++)
		if (columns->at[place] != column_at(place) || columns->hidden[place])
			return false;
	return true;
}

char *columns_print(const struct columns *columns, char text[COLUMNS_TEXT_SIZE])
{
	char name[COLUMN_NAME_SIZE];
	size_t used = 0;
	int place;

	text[0] = '\0';
	if (is_usual(columns))
		return strcpy(text, sets[0].word);
	for (place = 0; place < COLUMN_COUNT; place++)
		if (!columns->hidden[columns->at[place]])
			used += (size_t)snprintf(text + used, COLUMNS_TEXT_SIZE - used, "%s%s",
						 used ? "," : "",
						 column_name(columns->at[place], name));
	return text;
}

void columns_toggle(struct columns *columns, int place)
{
	if (place > 0 && place < COLUMN_COUNT)
		columns->hidden[columns->at[place]] = !columns->hidden[columns->at[place]];
}

int columns_move(struct columns *columns, int place, int step)
{
	int to = place + step;
	enum column column;

	if (place <= 0 || place >= COLUMN_COUNT || to <= 0 || to >= COLUMN_COUNT)
		return place;
	column = columns->at[place];
	columns->at[place] = columns->at[to];
	columns->at[to] = column;
	return to;
}
