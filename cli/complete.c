// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * complete: see complete.h.
 *
 * What fits a place is told by its name in the table: DEV is a block device (of
 * detach, show, info ...: a tracked one), NAME a snapshot, IMAGE one of its images,
 * OBJECT a snapshot or a tracked device, RANGE what the area of the snapshot before
 * it has, COLUMN,... columns, EXPR an expression about them (of wait and check:
 * about objects), HOOK a hook, SCHEMA a schema, FILE a file, "a|b" one of these
 * words; whatever else is free text.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complete.h"
#include "condition.h"
#include "hooks.h"
#include "out.h"
#include "rows.h"
#include "schema.h"

/**
 * struct complete - a word that is completed
 * @cli: run
 * @command: whose word, or NULL
 * @first: its first argument, or NULL
 * @word: all of the word
 * @typed: the part of it that is completed, up to its end
 * @len: bytes of that
 * @quiet: takes what fails: a shell that completes is told nothing
 */
struct complete {
	struct cli *cli;
	const struct command *command;
	const char *first;
	const char *word;
	const char *typed;
	size_t len;
	struct blksnap_error quiet;
};

/* A line is one candidate, and harmless, whatever somebody has given as a name. */
static void complete_put(const char *text, size_t len)
{
	for (; len && *text; text++, len--)
		putchar(iscntrl((unsigned char)*text) ? '?' : *text);
}

static void complete_offer(struct complete *c, const char *word, const char *about)
{
	if (strncmp(word, c->typed, c->len))
		return;
	complete_put(c->word, (size_t)(c->typed - c->word));
	complete_put(word, SIZE_MAX);
	putchar('\t');
	complete_put(about ? about : "", SIZE_MAX);
	putchar('\n');
}

/* So many bytes more of the word stay as they are. */
static void complete_keep(struct complete *c, size_t bytes)
{
	c->typed += bytes;
	c->len -= bytes;
}

static bool complete_connect(struct complete *c)
{
	c->cli->caught = &c->quiet;
	return !cli_connect(c->cli);
}

static void complete_snapshots(struct complete *c)
{
	struct blksnap_snapshot *all;
	char about[80];
	size_t count, i;

	if (!complete_connect(c) ||
	    blksnap_snapshot_list(c->cli->session, &all, &count, NULL))
		return;
	for (i = 0; i < count; i++) {
		snprintf(about, sizeof(about), "%s, %zu device%s",
			 blksnap_snapshot_state_word(all[i].state),
			 all[i].n_members, all[i].n_members == 1 ? "" : "s");
		complete_offer(c, all[i].name, about);
	}
	blksnap_snapshots_free(all, count);
}

/* By their paths, where one is begun: names are easier to tell apart. */
static void complete_images(struct complete *c)
{
	struct blksnap_snapshot *all;
	char path[OUT_PATH_MAX];
	size_t count, i, j;

	if (c->typed[0] != '/' || !complete_connect(c) ||
	    blksnap_snapshot_list(c->cli->session, &all, &count, NULL))
		return;
	for (i = 0; i < count; i++)
		for (j = 0; j < all[i].n_members; j++)
			if (BLKSNAP_HAS(&all[i].members[j], MEMBER_IMAGE_NAME))
				complete_offer(c, out_path(all[i].members[j].image_name,
							   path),
					       all[i].name);
	blksnap_snapshots_free(all, count);
}

static void complete_device(struct complete *c, const char *name, const char *about)
{
	char path[OUT_PATH_MAX];

	if (c->typed[0] == '/' || !c->typed[0])
		complete_offer(c, out_path(name, path), about);
	else
		complete_offer(c, name, about);
}

static void complete_tracked(struct complete *c)
{
	struct blksnap_device *all;
	size_t count, i;

	if (!complete_connect(c) ||
	    blksnap_device_list(c->cli->session, &all, &count, NULL))
		return;
	for (i = 0; i < count; i++)
		complete_device(c, all[i].name, blksnap_device_state_word(all[i].state));
	free(all);
}

static void complete_devices(struct complete *c)
{
	struct blksnap_dev dev;
	char size[OUT_SIZE_MAX];
	const char *name;
	uint64_t sectors;
	size_t i;

	c->cli->caught = &c->quiet;
	if (cli_stack(c->cli))
		return;
	for (i = 0; blksnap_stack_device(c->cli->stack, i, &dev); i++) {
		name = blksnap_stack_name(c->cli->stack, dev);
		sectors = blksnap_stack_sectors(c->cli->stack, dev);
		if (name && sectors && strncmp(name, "blksnap", 7))
			complete_device(c, name, out_sectors(true, sectors, size));
	}
}

static void complete_hooks(struct complete *c)
{
	struct hooks hooks = { 0 };
	size_t i, named;

	c->cli->caught = &c->quiet;
	if (!hooks_find(c->cli, &hooks, &named))
		for (i = 0; i < hooks.count; i++)
			complete_offer(c, hooks.list[i].name, "hook");
	hooks_close(&hooks);
}

/* "64M", but never rounded: what it stands for is to be found. */
static const char *complete_size(uint64_t sectors, char text[OUT_SIZE_MAX])
{
	static const char units[] = "KMGT";
	uint64_t number = sectors / 2;
	size_t unit = 0;

	if (sectors % 2) {
		snprintf(text, OUT_SIZE_MAX, "%" PRIu64 "s", sectors);
		return text;
	}
	for (; number && !(number % 1024) && units[unit + 1]; unit++)
		number /= 1024;
	snprintf(text, OUT_SIZE_MAX, number ? "%" PRIu64 "%c" : "%" PRIu64, number, units[unit]);
	return text;
}

/* Of an area: each device that it has, and each range. */
static void complete_ranges(struct complete *c)
{
	char text[OUT_PATH_MAX + 2 * OUT_SIZE_MAX], start[OUT_SIZE_MAX], length[OUT_SIZE_MAX];
	struct blksnap_range_info *ranges;
	struct blksnap_snapshot s;
	size_t count, i, j;

	if (!complete_connect(c) || !c->first || cli_snapshot(c->cli, c->first, &s))
		return;
	if (blksnap_area_list(c->cli->session, s.id, &ranges, &count, NULL))
		count = 0;
	for (i = 0; i < count; i++) {
		for (j = 0; j < i && strcmp(ranges[j].name, ranges[i].name);)
			j++;
		if (!ranges[i].name[0])
			continue;
		if (j == i)
			complete_device(c, ranges[i].name, "all that the area has of it");
		snprintf(text, sizeof(text), "%s:%s+%s", ranges[i].name,
			 complete_size(ranges[i].start_sectors, start),
			 complete_size(ranges[i].count_sectors, length));
		complete_device(c, text, ranges[i].used_sectors ? "in use" : "unused");
	}
	if (count)
		free(ranges);
	blksnap_snapshot_clear(&s);
}

static void complete_schemas(struct complete *c)
{
	json_t *names = schema_names(), *name;
	size_t i;

	json_array_foreach(names, i, name)
		complete_offer(c, json_string_value(name), "");
	json_decref(names);
}

/* Is it in a list, which ends where the word that is completed begins? */
static bool complete_listed(const struct complete *c, const char *list, const char *name)
{
	size_t len;

	for (; list < c->typed; list += len + 1) {
		list += *list == '-';
		len = strcspn(list, ",");
		if (strlen(name) == len && !strncmp(list, name, len))
			return true;
	}
	return false;
}

/* The last one of a list of columns. */
static void complete_columns(struct complete *c, bool sort)
{
	const char *list = c->typed, *comma = strrchr(list, ',');
	const struct rows_column *columns;
	size_t count, i;

	if (!c->command || !c->command->columns)
		return;
	columns = c->command->columns(&count);
	complete_keep(c, comma ? (size_t)(comma + 1 - list) : 0);
	if (sort && c->typed[0] == '-')
		complete_keep(c, 1);
	for (i = 0; i < count; i++)
		if (!complete_listed(c, list, columns[i].field.name))
			complete_offer(c, columns[i].field.name, columns[i].field.help);
	if (sort || comma)
		return;
	complete_offer(c, "help", "list the columns");
	complete_offer(c, "all", "all of them");
}

/* What an expression goes on with: a field, or a word that one can be. */
static void complete_expression(struct complete *c, const struct expr_field *fields,
				size_t count, size_t n_names)
{
	static const char *const bools[] = { "yes", "no", NULL };
	const char *const *words;
	const struct expr_field *field;
	size_t last, i;

	if (!expr_open(c->typed, fields, count, &last, &field))
		return;
	complete_keep(c, last);
	/* other names are for those who know them */
	for (i = 0; !field && i < (c->len ? count : n_names); i++)
		complete_offer(c, fields[i].name, fields[i].help);
	words = !field ? NULL : field->kind == EXPR_BOOL ? bools : field->words;
	for (; words && *words; words++)
		complete_offer(c, *words, "");
}

static void complete_select(struct complete *c)
{
	const struct rows_column *columns;
	const struct expr_field *objects;
	struct expr_field *fields;
	size_t count;

	if (!c->command || !c->command->columns) {
		objects = condition_table(&count);
		complete_expression(c, objects, count, count);
		return;
	}
	columns = c->command->columns(&count);
	fields = calloc(2 * count, sizeof(*fields));
	if (fields)
		complete_expression(c, fields, rows_fields(columns, count, fields, NULL), count);
	free(fields);
}

/* Does the command want a device that is tracked already? */
static bool complete_wants_tracked(const struct complete *c)
{
	static const char *const any[] = { "attach", "create", "plan", "run" };
	const struct command *command = c->command;
	const char *verb;
	size_t i;

	if (!command)
		return false;
	verb = command->verb ? command->verb : command->object;
	for (i = 0; i < sizeof(any) / sizeof(*any); i++)
		if (!strcmp(verb, any[i]))
			return false;
	return true;
}

static bool complete_is(const char *place, size_t len, const char *name)
{
	return strlen(name) == len && !strncmp(place, name, len);
}

/* @place of @len characters is a name as in the table. */
static void complete_place(struct complete *c, const char *place, size_t len)
{
	char words[128], *word, *rest;
	bool words_alone = strcspn(place, "ABCDEFGHIJKLMNOPQRSTUVWXYZ[") >= len;

	if (complete_is(place, len, "NAME")) {
		complete_snapshots(c);
	} else if (complete_is(place, len, "NAME|IMAGE")) {
		complete_snapshots(c);
		complete_images(c);
	} else if (complete_is(place, len, "OBJECT")) {
		complete_snapshots(c);
		complete_tracked(c);
	} else if (complete_is(place, len, "DEV")) {
		if (complete_wants_tracked(c))
			complete_tracked(c);
		else
			complete_devices(c);
	} else if (complete_is(place, len, "HOOK")) {
		complete_hooks(c);
	} else if (complete_is(place, len, "SPEC")) {
		complete_devices(c);
		complete_offer(c, "file:", "a file: file:PATH,size=SIZE");
		complete_offer(c, "zram:", "compressed memory: zram:SIZE");
	} else if (complete_is(place, len, "RANGE")) {
		complete_ranges(c);
	} else if (complete_is(place, len, "SCHEMA")) {
		complete_schemas(c);
	} else if (complete_is(place, len, "EXPR")) {
		complete_select(c);
	} else if (complete_is(place, len, "COLUMN,...")) {
		complete_columns(c, false);
	} else if (complete_is(place, len, "[-]COLUMN,...")) {
		complete_columns(c, true);
	} else if (complete_is(place, len, "FILE") || complete_is(place, len, "FILE|-") ||
		   complete_is(place, len, "DIR")) {
		puts(COMPLETE_FILES);
	} else if (words_alone && len < sizeof(words)) {
		memcpy(words, place, len);
		words[len] = 0;
		for (word = strtok_r(words, "|", &rest); word;
		     word = strtok_r(NULL, "|", &rest))
			complete_offer(c, word, "");
	}
}

/* The place of argument @index in a synopsis, or NULL. */
static const char *complete_argument(const char *synopsis, int index, size_t *len)
{
	const char *at = synopsis, *last = NULL;
	bool repeats = false;

	for (;;) {
		at += strspn(at, " []");
		if (!*at)
			break;
		if (!strncmp(at, "--", 2)) { /* an option and its value */
			at += strcspn(at, " ");
			at += strspn(at, " ");
			at += strcspn(at, " ");
			continue;
		}
		*len = strcspn(at, " ].");
		last = at;
		at += *len;
		repeats = !strncmp(at, "...", 3);
		at += strspn(at, ".");
		if (!index--)
			return last;
	}
	return repeats ? last : NULL;
}

static void complete_options(struct complete *c, const struct command_option *list)
{
	char text[64];

	for (; list->name; list++) {
		snprintf(text, sizeof(text), "--%s", list->name);
		complete_offer(c, text, list->help);
	}
}

static void complete_globals(struct complete *c)
{
	const struct command_option *o;
	char text[64];

	for (o = command_global; o->name; o++) {
		if (c->command && !command_accepts(c->command, o))
			continue;
		snprintf(text, sizeof(text), "--%s", o->name);
		complete_offer(c, text, o->help);
	}
}

static const struct command_option *
complete_find(const struct command_option *list, const char *word, size_t len)
{
	for (; list && list->name; list++)
		if ((!strncmp(word, "--", 2) && complete_is(word + 2, len - 2, list->name)) ||
		    (word[0] == '-' && len == 2 && word[1] == list->letter))
			return list;
	return NULL;
}

/* The option that the first @len bytes of a word are, if it wants a value. */
static const struct command_option *complete_open(const struct complete *c,
						  const char *word, size_t len)
{
	const struct command_option *o = NULL;

	if (word[0] != '-' || len < 2)
		return NULL;
	if (c->command)
		o = complete_find(c->command->options, word, len);
	if (!o)
		o = complete_find(command_global, word, len);
	return o && o->value ? o : NULL;
}

static void complete_objects(struct complete *c)
{
	const struct command *command;
	const char *before = "";
	size_t i;

	for (i = 0; i < command_count; i++) {
		command = &command_table[i];
		if (command->flags & COMMAND_HIDDEN || !strcmp(command->object, before))
			continue;
		before = command->object;
		complete_offer(c, before, command->verb ? "" : command->help);
	}
}

static void complete_verbs(struct complete *c, const char *object)
{
	size_t i;

	for (i = 0; i < command_count; i++)
		if (!strcmp(command_table[i].object, object) &&
		    command_table[i].verb && !(command_table[i].flags & COMMAND_HIDDEN))
			complete_offer(c, command_table[i].verb, command_table[i].help);
}

static void complete_here(struct complete *c, const char *object, int arguments,
			  const struct command_option *open)
{
	const char *place;
	size_t len = 0;

	if (open) {
		complete_place(c, open->value, strlen(open->value));
	} else if (c->typed[0] == '-') {
		if (c->command)
			complete_options(c, c->command->options);
		complete_globals(c);
	} else if (!object) {
		complete_objects(c);
	} else if (!c->command) {
		complete_verbs(c, object);
	} else if (!strcmp(c->command->object, "help")) {
		if (!arguments)
			complete_objects(c);
		else if (arguments == 1)
			complete_verbs(c, c->first);
	} else {
		place = complete_argument(c->command->synopsis, arguments, &len);
		if (place)
			complete_place(c, place, len);
	}
}

void complete_words(struct cli *cli, char **words, int n)
{
	struct complete c = { .cli = cli, .word = n ? words[n - 1] : "" };
	const struct command_option *open = NULL;
	const char *object = NULL;
	int i, arguments = 0;
	size_t name;

	c.typed = c.word;
	c.len = strlen(c.typed);
	for (i = 0; i + 1 < n; i++) {
		if (open) {
			open = NULL;
		} else if (words[i][0] == '-' && words[i][1]) {
			open = complete_open(&c, words[i], strlen(words[i]));
		} else if (!object) {
			object = words[i];
			c.command = command_find(object, NULL);
		} else if (!c.command) {
			c.command = command_find(object, words[i]);
			if (!c.command)
				return; /* no such verb */
		} else if (!arguments++) {
			c.first = words[i];
		}
	}
	name = strcspn(c.word, "=");
	if (!open && !strncmp(c.word, "--", 2) && c.word[name]) {
		open = complete_open(&c, c.word, name);
		if (!open)
			return;
		complete_keep(&c, name + 1);
	}
	if (object && !command_is_object(object))
		return;
	complete_here(&c, object, arguments, open);
	cli->caught = NULL;
}
