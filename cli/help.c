// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * help: see help.h. Walks over the table of commands.
 */
#include <stdarg.h>
#include <string.h>

#include "help.h"

#define HELP_WIDTH 79

static bool help_mentions(const char *synopsis, const char *name)
{
	const char *at = synopsis;
	size_t len = strlen(name);

	while ((at = strstr(at, "--"))) {
		at += 2;
		if (!strncmp(at, name, len) && (!at[len] || at[len] == ' '))
			return true;
	}
	return false;
}

static void help_add(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void help_add(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + used, size - used, format, args);
	va_end(args);
}

void help_synopsis(const struct command *c, char *text, size_t size)
{
	const struct command_option *o;

	command_name(c, text, size);
	if (*c->synopsis)
		help_add(text, size, " %s", c->synopsis);
	for (o = c->options; o->name; o++) {
		if (help_mentions(c->synopsis, o->name))
			continue;
		help_add(text, size, " [--%s", o->name);
		if (o->value)
			help_add(text, size, " %s", o->value);
		help_add(text, size, o->repeat ? "]..." : "]");
	}
}

/* Breaks between words; the next lines are indented by @indent. */
static void help_wrap(FILE *out, const char *text, int column, int indent)
{
	const char *end;
	int len, depth;

	while (*text) {
		/* what stands in brackets stays together */
		for (end = text, depth = 0; *end && (*end != ' ' || depth); end++)
			depth += (*end == '[') - (*end == ']');
		len = (int)(end - text);
		if (column + 1 + len > HELP_WIDTH && column > indent) {
			fprintf(out, "\n%*s", indent - 1, "");
			column = indent - 1;
		}
		fprintf(out, " %.*s", len, text);
		column += 1 + len;
		text = *end ? end + 1 : end;
	}
	fputc('\n', out);
}

static void help_line(FILE *out, const struct command *c)
{
	char name[64], usage[160];

	snprintf(usage, sizeof(usage), "%s %s",
		 command_name(c, name, sizeof(name)), c->synopsis);
	if (strlen(usage) > 34)
		fprintf(out, "  %s\n  %-34s  %s\n", usage, "", c->help);
	else
		fprintf(out, "  %-34s  %s\n", usage, c->help);
}

static void help_option(FILE *out, const struct command_option *o)
{
	char text[64];

	snprintf(text, sizeof(text), "--%s%s%s%s", o->name, o->value ? " " : "",
		 o->value ? o->value : "", o->repeat ? "..." : "");
	if (o->letter)
		fprintf(out, "  -%c, ", o->letter);
	else
		fprintf(out, "      ");
	if (strlen(text) > 24)
		fprintf(out, "%s\n%32s%s\n", text, "", o->help);
	else
		fprintf(out, "%-24s  %s\n", text, o->help);
}

static void help_global(FILE *out, const struct command *command)
{
	const struct command_option *o;

	for (o = command_global; o->name; o++)
		if (!command || command_accepts(command, o))
			help_option(out, o);
}

static void help_of_command(FILE *out, const struct command *c)
{
	const struct command_option *o;
	char text[512];

	help_synopsis(c, text, sizeof(text));
	fputs("Usage: blksnap", out);
	help_wrap(out, text, 14, 15);
	fprintf(out, "\n%s.\n", c->help);
	if (c->more)
		fprintf(out, "\n%s", c->more);
	fprintf(out, "\nOptions:\n");
	for (o = c->options; o->name; o++)
		help_option(out, o);
	help_global(out, c);
}

void help_print(FILE *out, const char *object, const struct command *command)
{
	size_t i;

	if (command) {
		help_of_command(out, command);
		return;
	}
	fprintf(out, "Usage: blksnap [OPTIONS] OBJECT VERB [ARGUMENTS]\n\n"
		     "Snapshots of block devices for backup.\n\n");
	for (i = 0; i < command_count; i++)
		if (!(command_table[i].flags & COMMAND_HIDDEN) &&
		    (!object || !strcmp(command_table[i].object, object)))
			help_line(out, &command_table[i]);
	fprintf(out, "\nOptions of all commands, or of those that print rows or change something:\n");
	help_global(out, NULL);
	fprintf(out, "\nSizes are bytes, with K, M, G or T (powers of 1024), or "
		     "sectors of 512 bytes with s.\n"
		     "Details: blksnap OBJECT VERB --help, and blksnap(8).\n");
}
