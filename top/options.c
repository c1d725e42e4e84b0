// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line; see options.h. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "actions.h"
#include "fields.h"

#define COUNT_MAX 1000000000ul
#define WIDTH_MAX 1000ul
#define EXPR_WHY_SIZE 200
#define HELP_WIDTH    80

enum option_id {
	OPTION_BATCH = 'b',
	OPTION_COUNT = 'n',
	OPTION_DELAY = 'd',
	OPTION_SORT = 's',
	OPTION_SELECT = 'S',
	OPTION_UNITS = 'u',
	OPTION_WIDTH = 'w',
	OPTION_HELP = 'h',
	OPTION_VERSION = 'V',
	OPTION_ONCE = 0x100,
	OPTION_JSON,
	OPTION_CSV,
	OPTION_PLAIN,
	OPTION_ONELINE,
	OPTION_UNTIL,
	OPTION_RECORD,
	OPTION_SOURCE,
	OPTION_SPEED,
	OPTION_VIEW,
	OPTION_EVENTS,
	OPTION_ASCII,
	OPTION_COLOR,
	OPTION_THEME,
	OPTION_MOUSE,
	OPTION_BELL,
	OPTION_DESKTOP,
	OPTION_ON_ALARM,
	OPTION_COLUMNS,
	OPTION_KEY,
	OPTION_LIMITS,
	OPTION_MAX_BPS,
	OPTION_WARN_FILL,
	OPTION_CRIT_FILL,
	OPTION_WARN_TIME,
	OPTION_CRIT_TIME,
	OPTION_READONLY,
	OPTION_NO_READONLY,
	OPTION_NO_CONFIG,
};

/* With @kept, a line of a configuration file can say it too: NAME = ARGUMENT. */
static const struct {
	enum option_id id;
	const char *name;
	const char *argument;
	const char *help;
	bool kept;
} table[] = {
	{ OPTION_BATCH, "batch", NULL, "plain text, for scripts and files", false },
	{ OPTION_JSON, "json", NULL, "-b, a JSON object a line for each picture", false },
	{ OPTION_CSV, "csv", NULL, "-b, comma-separated values", false },
	{ OPTION_PLAIN, "plain", NULL, "-b, sentences: what changes, and a summary a minute", false },
	{ OPTION_ONELINE, "oneline", NULL, "-b, the most urgent in one line", false },
	{ OPTION_COUNT, "iterations", "COUNT", "with -b: stop after so many pictures", false },
	{ OPTION_ONCE, "once", NULL, "one picture: -b -n 1", false },
	{ OPTION_UNTIL, "until", "EXPR", "with -b: stop when it is true of a line", false },
	{ OPTION_DELAY, "delay", "SECONDS", "between two samples, 0.1 to 60; default 1", true },
	{ OPTION_SORT, "sort", "COLUMN", "sort by it; -COLUMN the other way round", true },
	{ OPTION_SELECT, "select", "EXPR", "only lines it is true of", true },
	{ OPTION_VIEW, "view", "VIEW", "tree (default), images, folded or flat", true },
	{ OPTION_UNITS, "units", "UNITS", "iec (default), si or bytes", true },
	{ OPTION_COLUMNS, "columns", "LIST", "as state,fill,ttfull; or all, space, speed", true },
	{ OPTION_WIDTH, "width", "COLUMNS", "with -b: width of the table", false },
	{ OPTION_EVENTS, "events", "YES|NO", "show the event pane", true },
	{ OPTION_RECORD, "record", "FILE", "append what is heard, as blksnap monitor -j", false },
	{ OPTION_SOURCE, "source", "FILE", "look at a recording; - is the standard input", false },
	{ OPTION_SPEED, "speed", "FACTOR", "with --source: so many times faster, 0.1 to 1000", false },
	{ OPTION_ASCII, "ascii", NULL, "ASCII, whatever the locale", true },
	{ OPTION_COLOR, "color", "WHEN", "auto (default), always or never", true },
	{ OPTION_THEME, "theme", "THEME", "auto (default), dark, light, safe (for the colour-blind) or mono", true },
	{ OPTION_MOUSE, "mouse", NULL, "the mouse selects, sorts and scrolls", true },
	{ OPTION_BELL, "bell", NULL, "ring when something becomes critical or fails", true },
	{ OPTION_DESKTOP, "desktop", NULL, "a desktop notification for each alarm (OSC 9)", true },
	{ OPTION_ON_ALARM, "on-alarm", "COMMAND", "run it for each alarm; see the man page", true },
	{ OPTION_KEY, "key", "'ACTION KEY...'", "give an action other keys, as 'pause z F8'",
	  true },
	{ OPTION_MAX_BPS, "max-bps", "BYTES", "at most so many bytes a second to the terminal",
	  true },
	{ OPTION_WARN_FILL, "warn-fill", "PERCENT", "WARN from this fill on; default 80", true },
	{ OPTION_CRIT_FILL, "crit-fill", "PERCENT", "CRIT from this fill on; default 90", true },
	{ OPTION_WARN_TIME, "warn-time", "SECONDS", "WARN with less to full; default 900", true },
	{ OPTION_CRIT_TIME, "crit-time", "SECONDS", "CRIT with less to full; default 300", true },
	{ OPTION_LIMITS, "limits", "'NAME LIMIT...'", "of some snapshots, as 'big-* crit-fill=98'",
	  true },
	{ OPTION_READONLY, "readonly", NULL, "no actions; the default unless root", true },
	{ OPTION_NO_READONLY, "no-readonly", NULL, "actions, whoever runs it", false },
	{ OPTION_NO_CONFIG, "no-config", NULL, "read no files of settings", false },
	{ OPTION_HELP, "help", NULL, "this text", false },
	{ OPTION_VERSION, "version", NULL, "print the version", false },
};

#define OPTIONS (sizeof(table) / sizeof(table[0]))

static const char *const themes[THEME_COUNT] = { "auto", "dark", "light", "safe", "mono" };

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

int options_order(const char *text, struct order *order)
{
	bool inverted = *text == '-';
	int column = column_find(text + inverted);

	if (column < 0)
		return -EINVAL;
	order->column = column;
	order->inverted = inverted;
	return 0;
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

/* A place in a list of words. */
static int parse_word(const char *text, const char *(*word_of)(int), int count, int *value)
{
	int i;

	for (i = 0; i < count; i++)
		if (!strcasecmp(text, word_of(i))) {
			*value = i;
			return 0;
		}
	return -EINVAL;
}

static const char *theme_word(int i)
{
	return themes[i];
}

static const char *view_word(int i)
{
	return tree_word(i);
}

static const char *yes_word(int i)
{
	return i ? "yes" : "no";
}

static const char *colour_word(int i)
{
	static const char *const words[] = { "auto", "always", "never" };

	return words[i];
}

static int parse_expr(char *to, const char *text, char *why, size_t size)
{
	const struct expr_field *fields;
	struct expr_error error;
	struct expr *expr;
	size_t count;

	fields = fields_table(&count);
	if (strlen(text) >= PROMPT_SIZE) {
		snprintf(why, size, "it is too long");
		return -EINVAL;
	}
	if (text[0] && expr_parse(&expr, text, fields, count, &error)) {
		snprintf(why, size, "%s", error.text);
		return -EINVAL;
	}
	if (text[0])
		expr_free(expr);
	strcpy(to, text);
	return 0;
}

static int parse_command(char *to, const char *text, char *why, size_t size)
{
	char line[PROMPT_SIZE], *words[PROMPT_SIZE];

	if (strlen(text) >= PROMPT_SIZE) {
		snprintf(why, size, "it is too long");
		return -EINVAL;
	}
	strcpy(line, text);
	if (actions_split(words, PROMPT_SIZE, line) < 0) {
		snprintf(why, size, "a quote is open");
		return -EINVAL;
	}
	strcpy(to, text);
	return 0;
}

static int parse_batch(struct options *options, enum batch_format format)
{
	options->task = TASK_BATCH;
	options->format = format;
	return 0;
}

static int parse_one(struct options *options, int id, const char *text, char *why, size_t size)
{
	unsigned long number;
	double value;
	int word, err = 0;

	switch ((enum option_id)id) {
	case OPTION_BATCH:
		options->task = TASK_BATCH;
		break;
	case OPTION_JSON:
		return parse_batch(options, BATCH_JSON);
	case OPTION_CSV:
		return parse_batch(options, BATCH_CSV);
	case OPTION_PLAIN:
		return parse_batch(options, BATCH_PLAIN);
	case OPTION_ONELINE:
		return parse_batch(options, BATCH_ONELINE);
	case OPTION_ONCE:
		options->task = TASK_BATCH;
		options->count = 1;
		break;
	case OPTION_COUNT:
		return parse_number(text, COUNT_MAX, &options->count);
	case OPTION_UNTIL:
		return parse_expr(options->until, text, why, size);
	case OPTION_SELECT:
		return parse_expr(options->filter, text, why, size);
	case OPTION_WIDTH:
		err = parse_number(text, WIDTH_MAX, &number);
		if (!err)
			options->width = (int)number;
		break;
	case OPTION_DELAY:
		err = options_delay(text, &options->delay_ms);
		if (err)
			snprintf(why, size, "it is 0.1 to 60 seconds");
		break;
	case OPTION_SORT:
		return options_order(text, &options->order);
	case OPTION_VIEW:
		err = parse_word(text, view_word, TREE_COUNT, &word);
		if (!err)
			options->order.tree = word;
		break;
	case OPTION_UNITS:
		return parse_units(text, &options->units);
	case OPTION_EVENTS:
		err = parse_word(text, yes_word, 2, &word);
		if (!err)
			options->no_events = !word;
		break;
	case OPTION_RECORD:
		options->record = text;
		break;
	case OPTION_SOURCE:
		options->source = text;
		break;
	case OPTION_SPEED:
		err = thresholds_value(text, EXPR_PERCENT, &value);
		if (err || value < 0.1 || value > 1000) {
			snprintf(why, size, "it is 0.1 to 1000");
			return -EINVAL;
		}
		options->speed = value;
		break;
	case OPTION_ASCII:
		options->ascii = true;
		break;
	case OPTION_COLOR:
		err = parse_word(text, colour_word, 3, &word);
		if (!err)
			options->colour = word == 1 || (!word && !options->no_colour);
		break;
	case OPTION_THEME:
		err = parse_word(text, theme_word, THEME_COUNT, &word);
		if (!err)
			options->theme = word;
		break;
	case OPTION_MOUSE:
		options->mouse = true;
		break;
	case OPTION_BELL:
		options->bell = true;
		break;
	case OPTION_DESKTOP:
		options->desktop = true;
		break;
	case OPTION_ON_ALARM:
		return parse_command(options->on_alarm, text, why, size);
	case OPTION_COLUMNS:
		return columns_parse(&options->columns, text, why, size);
	case OPTION_KEY:
		return keymap_set(&options->keys, text, why, size);
	case OPTION_MAX_BPS:
		err = thresholds_value(text, EXPR_BYTES, &value);
		if (err || value < 100 || value > 1e9)
			return -EINVAL;
		options->max_bps = (unsigned int)value;
		break;
	case OPTION_WARN_FILL:
		return thresholds_set(&options->thresholds, THRESHOLD_WARN_FILL, text);
	case OPTION_CRIT_FILL:
		return thresholds_set(&options->thresholds, THRESHOLD_CRIT_FILL, text);
	case OPTION_WARN_TIME:
		return thresholds_set(&options->thresholds, THRESHOLD_WARN_TIME, text);
	case OPTION_CRIT_TIME:
		return thresholds_set(&options->thresholds, THRESHOLD_CRIT_TIME, text);
	case OPTION_LIMITS:
		return thresholds_add(&options->thresholds, text, why, size);
	case OPTION_READONLY:
		options->readonly = true;
		break;
	case OPTION_NO_READONLY:
		options->readonly = false;
		break;
	case OPTION_NO_CONFIG:
		options->no_config = true;
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

void options_init(struct options *options, const char *no_colour, bool root)
{
	*options = (struct options){
		.delay_ms = 1000,
		.order = { .column = COLUMN_FILL },
		.no_colour = no_colour && *no_colour,
		.colour = !no_colour || !*no_colour,
		.readonly = !root,
		.speed = 1,
	};
	thresholds_init(&options->thresholds);
	columns_init(&options->columns);
	keymap_init(&options->keys);
}

int options_set(struct options *options, const char *name, const char *value,
		char *why, size_t size)
{
	char more[EXPR_WHY_SIZE] = "";
	size_t i;

	for (i = 0; i < OPTIONS && strcmp(table[i].name, name); i++)
		;
	if (i == OPTIONS || !table[i].kept) {
		snprintf(why, size, "there is no setting \"%.40s\"", name);
		return -EINVAL;
	}
	if (!table[i].argument) {
		if (!strcmp(value, "no"))
			return 0;
		if (strcmp(value, "yes")) {
			snprintf(why, size, "%s is yes or no, not \"%.40s\"", name, value);
			return -EINVAL;
		}
	}
	if (parse_one(options, table[i].id, value, more, sizeof(more))) {
		snprintf(why, size, "%s: \"%.60s\" is not possible%s%s", name, value,
			 more[0] ? ": " : "", more);
		return -EINVAL;
	}
	return 0;
}

static int options_check(const struct options *options, char *why, size_t size)
{
	const char *wrong = NULL;

	if (options->task != TASK_BATCH && options->count)
		wrong = "--iterations: only with --batch";
	else if (options->task != TASK_BATCH && options->until[0])
		wrong = "--until: only with --batch";
	else if (options->record && options->source)
		wrong = "--record and --source: a recording is recorded already";
	if (!wrong)
		return thresholds_check(&options->thresholds, why, size);
	snprintf(why, size, "%s", wrong);
	return -EINVAL;
}

int options_parse(struct options *options, int argc, char **argv, char *why, size_t size)
{
	struct option longs[OPTIONS + 1] = { 0 };
	char shorts[2 * OPTIONS + 2];
	char more[EXPR_WHY_SIZE] = "", on_alarm[PROMPT_SIZE];
	int id;

	/* What is set for the machine is not for what happened some other day. */
	strcpy(on_alarm, options->on_alarm);
	options->on_alarm[0] = '\0';
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
		if (parse_one(options, id, optarg, more, sizeof(more))) {
			snprintf(why, size, "--%s: \"%s\" is not possible%s%s", option_name(id), optarg,
				 more[0] ? ": " : "; see --help", more);
			return -EINVAL;
		}
		if (options->task == TASK_HELP || options->task == TASK_VERSION)
			return 0;
	}
	if (optind < argc) {
		snprintf(why, size, "%s: no arguments are expected", argv[optind]);
		return -EINVAL;
	}
	if (!options->on_alarm[0] && !options->source)
		strcpy(options->on_alarm, on_alarm);
	return options_check(options, why, size);
}

bool options_want_config(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--no-config"))
			return false;
	return true;
}

/* Lists are folded. Return: the column after the word. */
static int print_word(FILE *out, int at, const char *word)
{
	int length = (int)strlen(word);

	if (at + 1 + length > HELP_WIDTH)
		at = fprintf(out, "\n ") - 1;
	fprintf(out, " %s", word);
	return at + 1 + length;
}

void options_help(FILE *out)
{
	const struct expr_field *fields;
	char name[COLUMN_NAME_SIZE];
	size_t i, count;
	int at;

	fputs("Usage: blksnap-top [OPTION]...\n"
	      "Watch snapshots: how fast they copy, how full their areas are, and when\n"
	      "these will be full. Press ? inside for keys.\n\n",
	      out);
	for (i = 0; i < OPTIONS; i++) {
		char option[40];

		snprintf(option, sizeof(option), "--%s%s%s", table[i].name,
			 table[i].argument ? " " : "", table[i].argument ? table[i].argument : "");
		if (table[i].id < 0x100)
			fprintf(out, "  -%c, ", table[i].id);
		else
			fputs("      ", out);
		fprintf(out, "%-24s %s\n", option, table[i].help);
	}
	at = fprintf(out, "\nColumns:");
	for (i = 0; i < COLUMN_COUNT; i++)
		at = print_word(out, at, column_name(column_at((int)i), name));
	at = fprintf(out, "\n\nActions of --key:") - 1;
	for (i = 0; keys_at((int)i); i++)
		at = print_word(out, at, keys_at((int)i)->name);
	at = fprintf(out, "\n\nEXPR is as in fill>=70 and (ttfull<30m or cow>10M); fields:") - 2;
	fields = fields_table(&count);
	for (i = 0; i < count; i++)
		at = print_word(out, at, fields[i].name);
	fputs("\n\nExit status: 0 done, 2 usage, 1 other failure, 8 --until did not come true, 9 the\n"
	      "module was not there at the end of --once or -n.\n",
	      out);
}
