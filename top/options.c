// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line; see options.h. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT_MAX	1000000000ul
#define WIDTH_MAX	1000ul

enum option_id {
	OPTION_BATCH = 'b',
	OPTION_COUNT = 'n',
	OPTION_DELAY = 'd',
	OPTION_SORT = 's',
	OPTION_UNITS = 'u',
	OPTION_WIDTH = 'w',
	OPTION_HELP = 'h',
	OPTION_VERSION = 'V',
	OPTION_ONCE = 0x100,
	OPTION_ASCII,
	OPTION_COLOR,
};

static const struct {
	enum option_id id;
	const char *name;
	const char *argument;
	const char *help;
} table[] = {
	{ OPTION_BATCH, "batch", NULL, "plain text, for scripts and files" },
	{ OPTION_COUNT, "iterations", "COUNT", "with -b: stop after so many pictures" },
	{ OPTION_ONCE, "once", NULL, "one picture: -b -n 1" },
	{ OPTION_DELAY, "delay", "SECONDS", "between two samples, 0.1 to 60; default 1" },
	{ OPTION_SORT, "sort", "COLUMN", "sort by it; -COLUMN the other way round" },
	{ OPTION_UNITS, "units", "UNITS", "iec (default), si or bytes" },
	{ OPTION_WIDTH, "width", "COLUMNS", "with -b: width of the table" },
	{ OPTION_ASCII, "ascii", NULL, "ASCII, whatever the locale" },
	{ OPTION_COLOR, "color", "WHEN", "auto (default), always or never" },
	{ OPTION_HELP, "help", NULL, "this text" },
	{ OPTION_VERSION, "version", NULL, "print the version" },
};

#define OPTIONS	(sizeof(table) / sizeof(table[0]))

int options_delay(const char *text, unsigned int *delay_ms)
{
	unsigned long seconds, thousandths = 0, scale = 1000;
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	seconds = strtoul(text, &end, 10);
	if (errno || seconds > UI_DELAY_MAX_MS / 1000)
		return -EINVAL;
	/* Not strtod: the point is a point in every locale. */
	if (*end == '.') {
		for (end++; *end >= '0' && *end <= '9'; end++) {
			scale /= 10;
			thousandths += (*end - '0') * scale;
		}
	}
	if (*end == 's')
		end++;
	thousandths += seconds * 1000;
	if (*end || thousandths < UI_DELAY_MIN_MS || thousandths > UI_DELAY_MAX_MS)
		return -EINVAL;
	*delay_ms = (unsigned int)thousandths;
	return 0;
}

static bool is_title(const char *title, const char *text)
{
	size_t length = strcspn(title, "/");

	return strlen(text) == length && !strncasecmp(title, text, length);
}

int options_order(const char *text, struct order *order)
{
	bool inverted = *text == '-';
	int column;

	text += inverted;
	for (column = 0; column < COLUMN_COUNT; column++) {
		const struct column_info *info = column_info(column);

		if (!info->sortable)
			continue;
		if (is_title(info->title, text) ||
		    (column == COLUMN_NAME && !strcasecmp(text, "name"))) {
			order->column = column;
			order->inverted = inverted;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_number(const char *text, unsigned long max, unsigned long *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*number = strtoul(text, &end, 10);
	return errno || *end || !*number || *number > max ? -EINVAL : 0;
}

static int parse_units(const char *text, enum units *units)
{
	int i;

	for (i = 0; i < UNITS_COUNT; i++)
		if (!strcasecmp(text, format_units_word(i))) {
			*units = i;
			return 0;
		}
	return -EINVAL;
}

static int parse_colour(struct options *options, const char *text, const char *no_colour)
{
	if (!strcmp(text, "auto"))
		options->colour = !no_colour || !*no_colour;
	else if (!strcmp(text, "always"))
		options->colour = true;
	else if (!strcmp(text, "never"))
		options->colour = false;
	else
		return -EINVAL;
	return 0;
}

static int parse_one(struct options *options, int id, const char *no_colour)
{
	unsigned long number;
	int err = 0;

	switch (id) {
	case OPTION_BATCH:
		options->task = TASK_BATCH;
		break;
	case OPTION_ONCE:
		options->task = TASK_BATCH;
		options->count = 1;
		break;
	case OPTION_COUNT:
		err = parse_number(optarg, COUNT_MAX, &options->count);
		break;
	case OPTION_WIDTH:
		err = parse_number(optarg, WIDTH_MAX, &number);
		if (!err)
			options->width = (int)number;
		break;
	case OPTION_DELAY:
		err = options_delay(optarg, &options->delay_ms);
		break;
	case OPTION_SORT:
		err = options_order(optarg, &options->order);
		break;
	case OPTION_UNITS:
		err = parse_units(optarg, &options->units);
		break;
	case OPTION_ASCII:
		options->ascii = true;
		break;
	case OPTION_COLOR:
		err = parse_colour(options, optarg, no_colour);
		break;
	case OPTION_HELP:
		options->task = TASK_HELP;
		break;
	case OPTION_VERSION:
		options->task = TASK_VERSION;
		break;
	}
	return err;
}

/* getopt's own tables, made of ours. */
static void options_tables(struct option *longs, char *shorts)
{
	size_t i;

	*shorts++ = ':';
	for (i = 0; i < OPTIONS; i++) {
		longs[i] = (struct option){
			.name = table[i].name,
			.has_arg = table[i].argument ? required_argument : no_argument,
			.val = table[i].id,
		};
		if (table[i].id >= 0x100)
			continue;
		*shorts++ = (char)table[i].id;
		if (table[i].argument)
			*shorts++ = ':';
	}
	*shorts = '\0';
}

static const char *option_name(int id)
{
	size_t i;

	for (i = 0; i < OPTIONS; i++)
		if ((int)table[i].id == id)
			return table[i].name;
	return "?";
}

int options_parse(struct options *options, int argc, char **argv,
		  const char *no_colour, char *why, size_t size)
{
	struct option longs[OPTIONS + 1] = { 0 };
	char shorts[2 * OPTIONS + 2];
	int id;

	*options = (struct options){
		.delay_ms = 1000,
		.order = { .column = COLUMN_FILL },
		.colour = !no_colour || !*no_colour,
	};
	options_tables(longs, shorts);
	optind = 0;
	while ((id = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (id == '?') {
			snprintf(why, size, "%s: no such option; --help lists them",
				 argv[optind - 1]);
			return -EINVAL;
		}
		if (id == ':') {
			snprintf(why, size, "%s: an argument is missing", argv[optind - 1]);
			return -EINVAL;
		}
		if (parse_one(options, id, no_colour)) {
			snprintf(why, size, "--%s: \"%s\" is not possible; see --help",
				 option_name(id), optarg);
			return -EINVAL;
		}
		if (options->task == TASK_HELP || options->task == TASK_VERSION)
			return 0;
	}
	if (optind < argc) {
		snprintf(why, size, "%s: no arguments are expected", argv[optind]);
		return -EINVAL;
	}
	if (options->count && options->task != TASK_BATCH) {
		snprintf(why, size, "--iterations: only with --batch");
		return -EINVAL;
	}
	return 0;
}

void options_help(FILE *out)
{
	size_t i;
	int column;

	fputs("Usage: blksnap-top [OPTION]...\n"
	      "Watch snapshots: how fast they copy, how full their areas are, and when\n"
	      "these will be full. Press ? inside for keys.\n\n", out);
	for (i = 0; i < OPTIONS; i++) {
		char name[40];

		snprintf(name, sizeof(name), "--%s%s%s", table[i].name,
			 table[i].argument ? " " : "",
			 table[i].argument ? table[i].argument : "");
		if (table[i].id < 0x100)
			fprintf(out, "  -%c, ", table[i].id);
		else
			fputs("      ", out);
		fprintf(out, "%-20s %s\n", name, table[i].help);
	}
	fputs("\nCOLUMN is one of:", out);
	for (column = 0; column < COLUMN_COUNT; column++) {
		const struct column_info *info = column_info(column);

		if (info->sortable)
			fprintf(out, " %.*s", (int)strcspn(info->title, "/"), info->title);
	}
	fputs("\n\nExit status: 0 done, 2 usage, 1 other failure, 9 the module was not there\n"
	      "(at the end of --once or -n).\n", out);
}
