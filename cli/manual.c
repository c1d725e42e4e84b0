// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * manual: fills the templates of the manual pages (doc/man) from the table of
 * commands. Run by meson, not installed. A line of a template that is
 *
 *	@SYNOPSIS OBJECT	becomes the synopses of an object's commands
 *	@COMMANDS OBJECT	becomes their descriptions with their options
 *	@GLOBAL			becomes the options of all commands
 *	@EXITS			becomes the words of the exit statuses
 *
 * and whatever else is copied. OBJECT "-" is all commands that are one word.
 *
 * usage: blksnap-manual TEMPLATE >PAGE
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "help.h"

/* As roff wants it: no "-" that could be a hyphen, no "." or "'" that begins a line. */
static void manual_text(const char *text)
{
	bool start = true;

	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			fputs("\\&", stdout);
		if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
		start = *text == '\n';
	}
}

static bool manual_has(const struct command *c, const char *object)
{
	if (c->flags & COMMAND_HIDDEN)
		return false;
	return strcmp(object, "-") ? !strcmp(c->object, object) : !c->verb;
}

static void manual_synopses(const char *object)
{
	char text[512];
	size_t i;

	for (i = 0; i < command_count; i++) {
		if (!manual_has(&command_table[i], object))
			continue;
		help_synopsis(&command_table[i], text, sizeof(text));
		fputs(".HP 8\n\\fBblksnap\\fP ", stdout);
		manual_text(text);
		putchar('\n');
	}
}

static void manual_option(const struct command_option *o)
{
	fputs(".TP\n", stdout);
	if (o->letter)
		printf("\\fB\\-%c\\fP, ", o->letter);
	fputs("\\fB\\-\\-", stdout);
	manual_text(o->name);
	fputs("\\fP", stdout);
	if (o->value) {
		fputs(" \\fI", stdout);
		manual_text(o->value);
		fputs("\\fP", stdout);
	}
	fputs(o->repeat ? "...\n" : "\n", stdout);
	manual_text(o->help);
	fputs(".\n", stdout);
}

static void manual_command(const struct command *c)
{
	const struct command_option *o;
	char name[64];

	fputs(".SS ", stdout);
	manual_text(command_name(c, name, sizeof(name)));
	putchar('\n');
	manual_text(c->help);
	fputs(".\n", stdout);
	if (c->more) {
		fputs(".PP\n.nf\n", stdout);
		manual_text(c->more);
		fputs(".fi\n", stdout);
	}
	for (o = c->options; o->name; o++)
		manual_option(o);
}

static void manual_commands(const char *object)
{
	size_t i;

	for (i = 0; i < command_count; i++)
		if (manual_has(&command_table[i], object))
			manual_command(&command_table[i]);
}

static void manual_exits(void)
{
	int i;

	for (i = 0; i < 256; i++)
		if (!i || strcmp(blksnap_exit_word((enum blksnap_exit)i), "other") ||
		    i == BLKSNAP_EXIT_OTHER)
			printf(".br\n%d \\(em %s\n", i,
			       blksnap_exit_word((enum blksnap_exit)i));
}

static int manual_line(const char *line)
{
	const struct command_option *o;
	char object[32];

	if (sscanf(line, "@SYNOPSIS %31s", object) == 1) {
		manual_synopses(object);
	} else if (sscanf(line, "@COMMANDS %31s", object) == 1) {
		manual_commands(object);
	} else if (!strcmp(line, "@GLOBAL\n")) {
		for (o = command_global; o->name; o++)
			manual_option(o);
	} else if (!strcmp(line, "@EXITS\n")) {
		manual_exits();
	} else if (line[0] == '@') {
		fprintf(stderr, "blksnap-manual: %s", line);
		return -EINVAL;
	} else {
		fputs(line, stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;
	int ret = 0;
	FILE *in;

	in = argc == 2 ? fopen(argv[1], "re") : NULL;
	if (!in) {
		fputs("usage: blksnap-manual TEMPLATE\n", stderr);
		return 2;
	}
	while (!ret && getline(&line, &size, in) >= 0)
		ret = manual_line(line);
	free(line);
	fclose(in);
	return ret || fflush(stdout) ? 1 : 0;
}
