// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be done with an object; see actions.h. */
#include "actions.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum target {
	TARGET_SNAPSHOT,
	TARGET_AREA, /* a snapshot that more room is of use to */
	TARGET_TRACKED, /* a device in no snapshot */
};

static const struct {
	enum target target;
	char key;
	const char *what;
	const char *command; /* %s is the object */
	const char *ask;
} table[] = {
	{ TARGET_AREA, 'e', "extend its area", "blksnap area extend %s ",
	  "DEV, DEV:START+LENGTH, file:PATH,size=SIZE or zram:SIZE" },
	{ TARGET_SNAPSHOT, 'd', "destroy it; its images go", "blksnap snapshot destroy %s", NULL },
	{ TARGET_SNAPSHOT, 'f', "destroy it although an image is open",
	  "blksnap snapshot destroy %s --force", NULL },
	{ TARGET_TRACKED, 'd', "stop to track it", "blksnap device detach %s", NULL },
};

static bool fits(enum target target, const struct row *row)
{
	switch (target) {
	case TARGET_SNAPSHOT:
		return row->snap;
	case TARGET_AREA:
		return row->snap && row->snap->fact.state != SNAPSHOT_OVERFLOW &&
		       row->snap->fact.state != SNAPSHOT_FAILED;
	case TARGET_TRACKED:
		return row->dev && !row->image && !row->owner;
	}
	return false;
}

static bool is_plain(const char *name)
{
	return *name && *name != '-' && !strpbrk(name, " \t\n'\"\\$`&|;<>()*?[]{}~#!");
}

size_t actions_for(struct action_offer offer[ACTIONS_MAX], const struct row *row)
{
	char object[80];
	size_t n = 0, i;

	/* A name that would not be the same word again is given by its number. */
	if (row->snap)
		snprintf(object, sizeof(object),
			 is_plain(row->figures.name) ? "%s" : "'%s'", row->figures.name);
	else
		snprintf(object, sizeof(object), "/dev/%s", row->dev->fact.name);
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (!fits(table[i].target, row) || n == ACTIONS_MAX ||
		    strchr(row->figures.name, '\''))
			continue;
		offer[n].key = table[i].key;
		offer[n].what = table[i].what;
		offer[n].ask = table[i].ask;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(offer[n].command, sizeof(offer[n].command), table[i].command, object);
#pragma GCC diagnostic pop
		n++;
	}
	return n;
}

int actions_split(char **words, size_t max, char *line)
{
	char *from = line, *to = line;
	size_t n = 0;

	for (;;) {
		char quote = 0;

		from += strspn(from, " \t");
		if (!*from)
			break;
		if (n + 1 >= max)
			return -EINVAL;
		words[n++] = to;
		for (; *from && (quote || (*from != ' ' && *from != '\t')); from++) {
			if (quote ? *from == quote : (*from == '\'' || *from == '"'))
				quote = quote ? 0 : *from;
			else
				*to++ = *from;
		}
		if (quote)
			return -EINVAL;
		if (*from)
			from++;
		*to++ = '\0';
	}
	words[n] = NULL;
	return (int)n;
}
