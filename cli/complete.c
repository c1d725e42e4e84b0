// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * complete: see complete.h.
 *
 * What fits a place is told by its name in the table: DEV is a block device (of
 * detach, show, info ...: a tracked one), NAME a snapshot, IMAGE one of its images,
 * OBJECT a snapshot or a tracked device, HOOK a hook, FILE a file,
 * "a|b" one of these words; whatever else is free text.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complete.h"
#include "hooks.h"
#include "out.h"

struct complete {
	struct cli *cli;
	const struct command *command;
	const char *typed;
	size_t len;
};

/* A line is one candidate, and harmless, whatever somebody has given as a name. */
static void complete_put(const char *text)
{
	for (; *text; text++)
		putchar(iscntrl((unsigned char)*text) ? '?' : *text);
}

static void complete_offer(struct complete *c, const char *word, const char *about)
{
	if (strncmp(word, c->typed, c->len))
		return;
	complete_put(word);
	putchar('\t');
	complete_put(about ? about : "");
	putchar('\n');
}

static bool complete_connect(struct complete *c)
{
	struct blksnap_error err;

	c->cli->caught = &err; /* a shell that completes is told nothing */
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
	struct blksnap_error err;
	struct blksnap_dev dev;
	char size[OUT_SIZE_MAX];
	const char *name;
	uint64_t sectors;
	size_t i;

	c->cli->caught = &err;
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
	struct blksnap_error err;
	struct hooks hooks = { 0 };
	size_t i, named;

	c->cli->caught = &err;
	if (!hooks_find(c->cli, &hooks, &named))
		for (i = 0; i < hooks.count; i++)
			complete_offer(c, hooks.list[i].name, "hook");
	hooks_close(&hooks);
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
complete_find(const struct command_option *list, const char *word)
{
	for (; list && list->name; list++)
		if ((!strncmp(word, "--", 2) && !strcmp(word + 2, list->name)) ||
		    (word[0] == '-' && word[1] && word[1] == list->letter && !word[2]))
			return list;
	return NULL;
}

/* The option a word is, if it still wants a value. */
static const struct command_option *complete_open(const struct complete *c,
						  const char *word)
{
	const struct command_option *o = NULL;

	if (word[0] != '-')
		return NULL;
	if (c->command)
		o = complete_find(c->command->options, word);
	if (!o)
		o = complete_find(command_global, word);
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
	} else {
		place = complete_argument(c->command->synopsis, arguments, &len);
		if (place)
			complete_place(c, place, len);
	}
}

void complete_words(struct cli *cli, char **words, int n)
{
	struct complete c = { .cli = cli, .typed = n ? words[n - 1] : "" };
	const struct command_option *open = NULL;
	const char *object = NULL;
	int i, arguments = 0;

	c.len = strlen(c.typed);
	for (i = 0; i + 1 < n; i++) {
		if (open) {
			open = NULL;
		} else if (words[i][0] == '-' && words[i][1]) {
			open = complete_open(&c, words[i]);
		} else if (!object) {
			object = words[i];
			c.command = command_find(object, NULL);
		} else if (!c.command) {
			c.command = command_find(object, words[i]);
			if (!c.command)
				return; /* no such verb */
		} else {
			arguments++;
		}
	}
	if (object && !command_is_object(object))
		return;
	complete_here(&c, object, arguments, open);
	cli->caught = NULL;
}
