// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * command: see command.h. Knows nothing of what the commands do.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <blksnap.h>
#include <expr.h>

#include "command.h"

const struct command_option command_global[] = {
	{ "json", 'j', NULL, false, "print JSON", 0 },
	{ "pretty", 'p', NULL, false, "print JSON for people: indented, streams too",
	  0 },
	{ "no-headings", 'H', NULL, false,
	  "print rows of raw values with tabs between, no headings", COMMAND_ROWS },
	{ "columns", 'o', "COLUMN,...", false,
	  "print these columns; \"help\" lists them, \"all\" prints all",
	  COMMAND_ROWS },
	{ "select", 'S', "EXPR", false, "only rows for which this is true",
	  COMMAND_ROWS },
	{ "sort", 0, "[-]COLUMN,...", false,
	  "sort by these columns; \"-\" before one reverses it", COMMAND_ROWS },
	{ "units", 'u', "iec|si|bytes", false, "how sizes are written",
	  0 },
	{ "quiet", 'q', NULL, false, "say what failed, not what was done",
	  COMMAND_DRY },
	{ "verbose", 'v', NULL, false, "say on standard error what is being done",
	  0 },
	{ "color", 0, "auto|always|never", false,
	  "states in colour (auto: on a terminal, unless NO_COLOR is set)", 0 },
	{ "dry-run", 'n', NULL, false, "say what would be done, and do nothing",
	  COMMAND_DRY },
	{ "source", 0, "FILE", false,
	  "answers of a recorded kernel instead of this one's", 0 },
	{ "record", 0, "FILE", false,
	  "write what the kernel answers to a file, for --source", 0 },
	{ "help", 'h', NULL, false, "print this help", 0 },
	{ "version", 'V', NULL, false,
	  "print the versions of program and module", COMMAND_NONE },
	{ "batch", 0, "FILE|-", false,
	  "without a command: run those in the file, one a line", COMMAND_NONE },
	{ "keep-going", 0, NULL, false,
	  "with --batch: go on after a line that fails", COMMAND_NONE },
	{ "atomic", 0, NULL, false,
	  "with --batch: all of it, or nothing: a failure takes back what was done",
	  COMMAND_NONE },
	{ .name = NULL },
};

#define COMMAND_LONG_BASE 256
#define COMMAND_GLOBAL_MAX 20

const char *command_name(const struct command *command, char *text, size_t size)
{
	if (!command)
		snprintf(text, size, "%s", "");
	else
		snprintf(text, size, command->verb ? "%s %s" : "%s",
			 command->object, command->verb);
	return text;
}

bool command_is_object(const char *object)
{
	size_t i;

	for (i = 0; i < command_count; i++)
		if (!strcmp(command_table[i].object, object))
			return true;
	return false;
}

const struct command *command_find(const char *object, const char *verb)
{
	const struct command *c;
	size_t i;

	for (i = 0; i < command_count; i++) {
		c = &command_table[i];
		if (strcmp(c->object, object))
			continue;
		if (!c->verb || (verb && !strcmp(c->verb, verb)))
			return c;
	}
	return NULL;
}

void command_unknown(const char *object, const char *verb, char *why, size_t size)
{
	const char *word = command_is_object(object) && verb ? verb : object;
	struct expr_guess guess = { 0 };
	const struct command *c;
	size_t i;

	for (i = 0; i < command_count; i++) {
		c = &command_table[i];
		if (c->flags & COMMAND_HIDDEN)
			continue;
		if (word == object)
			expr_guess(&guess, word, strlen(word), c->object);
		else if (!strcmp(c->object, object) && c->verb)
			expr_guess(&guess, word, strlen(word), c->verb);
	}
	if (word == object)
		snprintf(why, size, "unknown command \"%.60s\"", object);
	else
		snprintf(why, size, "%s: unknown verb \"%.60s\"", object, verb);
	if (guess.name)
		snprintf(why + strlen(why), size - strlen(why), "; is \"%s\" meant?",
			 guess.name);
}

/* One list for getopt: the command's options, then those of all commands. */
struct command_getopt {
	struct option longs[COMMAND_OPTIONS_MAX + COMMAND_GLOBAL_MAX];
	const struct command_option *of[COMMAND_OPTIONS_MAX + COMMAND_GLOBAL_MAX];
	int n;
	char shorts[4 + 2 * (COMMAND_OPTIONS_MAX + COMMAND_GLOBAL_MAX)];
};

static void command_getopt_add(struct command_getopt *g,
			       const struct command_option *list)
{
	size_t used;

	for (; list->name; list++) {
		g->of[g->n] = list;
		g->longs[g->n] = (struct option){
			.name = list->name,
			.has_arg = list->value ? required_argument : no_argument,
			.val = COMMAND_LONG_BASE + g->n,
		};
		g->n++;
		used = strlen(g->shorts);
		if (list->letter) {
			g->shorts[used++] = list->letter;
			if (list->value)
				g->shorts[used] = ':';
		}
	}
}

static const struct command_option *command_getopt_of(struct command_getopt *g,
						      int c)
{
	int i;

	if (c >= COMMAND_LONG_BASE)
		return g->of[c - COMMAND_LONG_BASE];
	for (i = 0; i < g->n; i++)
		if (g->of[i]->letter == c)
			return g->of[i];
	return NULL;
}

static bool command_is_global(const struct command_option *option)
{
	const struct command_option *o;

	for (o = command_global; o->name; o++)
		if (o == option)
			return true;
	return false;
}

bool command_accepts(const struct command *command,
		     const struct command_option *option)
{
	if (!command || option->needs == COMMAND_NONE)
		return !command && option->needs == COMMAND_NONE;
	if (command->flags & COMMAND_HIDDEN &&
	    (option->letter == 'j' || option->letter == 'p'))
		return false;
	return !option->needs || command->flags & option->needs;
}

static void command_take_global(struct command_args *args,
				const struct command_option *option,
				const char *value)
{
	if (!strcmp(option->name, "json"))
		args->json = true;
	else if (!strcmp(option->name, "pretty"))
		args->json = args->pretty = true;
	else if (!strcmp(option->name, "quiet"))
		args->quiet = true;
	else if (!strcmp(option->name, "verbose"))
		args->verbose = true;
	else if (!strcmp(option->name, "help"))
		args->help = true;
	else if (!strcmp(option->name, "dry-run"))
		args->dry = true;
	else if (!strcmp(option->name, "version"))
		args->version = true;
	else if (!strcmp(option->name, "batch"))
		args->batch = value;
}

static int command_take(struct command_args *args,
			const struct command_option *option, const char *value,
			char *why, size_t size)
{
	void *grown;

	if (command_is_global(option))
		command_take_global(args, option, value);
	if (!strcmp(option->name, "version"))
		return 0; /* it becomes the command */
	/* a flag twice is the flag */
	if (!option->value && command_value(args, option->name, 0))
		return 0;
	if (!option->repeat && command_value(args, option->name, 0)) {
		snprintf(why, size, "--%s is given twice", option->name);
		return -EINVAL;
	}
	grown = reallocarray(args->values, args->n_values + 1,
			     sizeof(*args->values));
	if (!grown)
		return -ENOMEM;
	args->values = grown;
	args->values[args->n_values].option = option;
	args->values[args->n_values++].value = value;
	return 0;
}

/*
 * "--device A B": an option that may be repeated takes the words behind its
 * value too, as long as they cannot be a snapshot's name, which has neither
 * "/" nor ":".
 */
static int command_take_more(int argc, char **argv, struct command_args *args,
			     const struct command_option *option, char *why,
			     size_t size)
{
	int ret = 0;

	while (!ret && option->repeat && optind < argc && argv[optind][0] != '-' &&
	       strpbrk(argv[optind], "/:"))
		ret = command_take(args, option, argv[optind++], why, size);
	return ret;
}

/*
 * getopt_long() takes the beginning of a name for it. A script would break when
 * another option comes to begin so.
 */
static bool command_is_whole(const struct command_option *option, char **argv)
{
	const char *word = argv[optind - 1];

	if (optarg && word == optarg)
		word = argv[optind - 2];
	return strncmp(word, "--", 2) || strcspn(word + 2, "=") == strlen(option->name);
}

/* Reads options up to the first word that is none if @stop, else all. */
static int command_options(int argc, char **argv, bool stop,
			   struct command_args *args, char *why, size_t size)
{
	struct command_getopt g = { 0 };
	int c, ret = 0;

	strcpy(g.shorts, stop ? "+:" : ":");
	if (args->command)
		command_getopt_add(&g, args->command->options);
	command_getopt_add(&g, command_global);

	optind = 0; /* glibc: start over, whatever ran before */
	opterr = 0;
	while (!ret && (c = getopt_long(argc, argv, g.shorts, g.longs, NULL)) != -1) {
		if (c == ':') {
			snprintf(why, size, "%s lacks its value", argv[optind - 1]);
			ret = -EINVAL;
		} else if (c == '?') {
			if (optopt && optopt < COMMAND_LONG_BASE)
				snprintf(why, size, "unknown option -%c", optopt);
			else
				snprintf(why, size, "option %s is unknown or takes no value",
					 argv[optind - 1]);
			ret = -EINVAL;
		} else {
			const struct command_option *option = command_getopt_of(&g, c);

			if (c >= COMMAND_LONG_BASE &&
			    !command_is_whole(option, argv)) {
				snprintf(why, size, "--%s has to be written out",
					 option->name);
				return -EINVAL;
			}
			ret = command_take(args, option, optarg, why, size);
			if (!ret)
				ret = command_take_more(argc, argv, args, option,
							why, size);
		}
	}
	return ret;
}

static int command_check_options(const struct command_args *args, char *why,
				 size_t size)
{
	const struct command_option *o;
	char name[64];
	size_t i;

	for (i = 0; i < args->n_values; i++) {
		o = args->values[i].option;
		if (!command_is_global(o) || command_accepts(args->command, o) ||
		    (!args->command && (!o->needs || o->needs == COMMAND_DRY)))
			continue;
		snprintf(why, size, "--%s does not go with %s", o->name,
			 args->command ? command_name(args->command, name,
						      sizeof(name)) :
					 "a batch as a whole");
		return -EINVAL;
	}
	return 0;
}

static int command_check_count(const struct command_args *args, char *why,
			       size_t size)
{
	const struct command *c = args->command;

	if (args->n_args < c->min) {
		snprintf(why, size, "arguments are missing: %s", c->synopsis);
		return -EINVAL;
	}
	if (c->max >= 0 && args->n_args > c->max) {
		snprintf(why, size, "\"%s\" is one argument too many",
			 args->args[c->max]);
		return -EINVAL;
	}
	return 0;
}

int command_parse(int argc, char **argv, struct command_args *args, char *why,
		  size_t size)
{
	const char *object, *verb;
	int words, ret;

	memset(args, 0, sizeof(*args));
	why[0] = 0;
	ret = command_options(argc, argv, true, args, why, size);
	if (ret)
		return ret;
	if (optind >= argc) {
		if (args->version && !args->help) {
			args->command = command_find("version", NULL);
			return command_check_options(args, why, size);
		}
		if (args->help || args->batch)
			return args->help ? 0 :
					    command_check_options(args, why, size);
		snprintf(why, size, "a command is missing");
		return -EINVAL;
	}
	argc -= optind;
	argv += optind;

	object = argv[0];
	verb = argc > 1 ? argv[1] : NULL;
	if (!command_is_object(object)) {
		command_unknown(object, NULL, why, size);
		return -EINVAL;
	}
	args->command = command_find(object, verb);
	if (!args->command) {
		if (verb && (!strcmp(verb, "-h") || !strcmp(verb, "--help"))) {
			args->help = true;
			args->args = argv;
			args->n_args = 1;
			return 0;
		}
		if (verb)
			command_unknown(object, verb, why, size);
		else
			snprintf(why, size, "%s: a verb is missing", object);
		return -EINVAL;
	}
	words = args->command->verb ? 1 : 0;
	argc -= words;
	argv += words;
	ret = command_options(argc, argv, false, args, why, size);
	if (ret)
		return ret;
	args->args = argv + optind;
	args->n_args = argc - optind;
	if (args->help)
		return 0;
	if (args->version) {
		snprintf(why, size, "--version goes without a command");
		return -EINVAL;
	}
	ret = command_check_options(args, why, size);
	return ret ? ret : command_check_count(args, why, size);
}

void command_args_free(struct command_args *args)
{
	free(args->values);
	args->values = NULL;
	args->n_values = 0;
}

const char *command_value(const struct command_args *args, const char *name,
			  size_t index)
{
	size_t i;

	for (i = 0; i < args->n_values; i++)
		if (!strcmp(args->values[i].option->name, name) && !index--)
			return args->values[i].value ? args->values[i].value : "";
	return NULL;
}
