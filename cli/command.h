/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command: the table of commands. Everything is derived from it: the parser (on
 * getopt_long, command.c), help and synopses (help.c), completion (complete.c)
 * and the synopses in the manual pages (manual.c).
 *
 * What a value or an argument is, is told by its name in the table: DEV, NAME,
 * FILE ... are kinds (enum command_kind), "a|b" is one of these words. So a new
 * command is completed and documented from its lines in the table alone.
 */
#ifndef BLKSNAP_CLI_COMMAND_H
#define BLKSNAP_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct cli;
struct rows_column;

#define COMMAND_OPTIONS_MAX 16

/* What a command takes besides its own options, and how it prints. */
#define COMMAND_ROWS   0x01u /* rows: -H, -o, -S, --sort, --units */
#define COMMAND_DRY    0x02u /* -n says what it would do */
#define COMMAND_STREAM 0x04u /* -j prints a document a line, as they come */
#define COMMAND_TEXT   0x08u /* prints a text for other programs: -j wraps it */
#define COMMAND_HIDDEN 0x10u /* for programs: not in help, completion, manual */
#define COMMAND_ALONE  0x20u /* not in a batch: it does not end, or nests */
#define COMMAND_UNDO   0x80u /* what it does can be taken back: --atomic */
#define COMMAND_NONE   0x40u /* of an option: only where there is no command */

/**
 * struct command_option - one option of a command
 * @name: long name; NULL ends the list
 * @letter: short name, or 0
 * @value: what its value is called in the help; NULL if it takes none
 * @repeat: may be given several times
 * @help: one line
 * @needs: of command_global: flags of which a command must have one; 0 is any
 */
struct command_option {
	const char *name;
	char letter;
	const char *value;
	bool repeat;
	const char *help;
	unsigned int needs;
};

/**
 * struct command - one command
 * @object: first word
 * @verb: second word, or NULL
 * @synopsis: arguments, and options that must be given; the others are added
 *	in brackets where it is printed
 * @help: one line
 * @more: further lines for its own help, or NULL
 * @min: fewest arguments
 * @max: most arguments; -1 is any number
 * @options: its options
 * @run: does it. Return: exit status
 * @flags: COMMAND_*
 * @schema: document that -j prints, as "snapshot.list"; NULL is the name with a
 *	dot between object and verb
 * @columns: of COMMAND_ROWS: what its rows have, and how many of that
 */
struct command {
	const char *object;
	const char *verb;
	const char *synopsis;
	const char *help;
	const char *more;
	int min;
	int max;
	struct command_option options[COMMAND_OPTIONS_MAX];
	int (*run)(struct cli *cli);
	unsigned int flags;
	const char *schema;
	const struct rows_column *(*columns)(size_t *count);
};

extern const struct command command_table[];
extern const size_t command_count;

/* of every command that has what they need, before or after its name */
extern const struct command_option command_global[];

/**
 * struct command_args - a parsed command line
 * @command: what to run; NULL if help was asked for in general
 * @help: help was asked for
 * @json: -j was given
 * @pretty: -p was given, and @json with it
 * @quiet: -q was given
 * @verbose: -v was given
 * @dry: -n was given
 * @version: --version was given; @command is set to what tells it
 * @batch: file of --batch, instead of a command
 * @args: arguments, in order
 * @n_args: number of @args
 * @values: given options with their values (NULL if they take none)
 * @n_values: number of @values
 */
struct command_args {
	const struct command *command;
	bool help;
	bool json;
	bool pretty;
	bool quiet;
	bool verbose;
	bool dry;
	bool version;
	const char *batch;
	char **args;
	int n_args;
	struct {
		const struct command_option *option;
		const char *value;
	} *values;
	size_t n_values;
};

/**
 * command_parse() - take a command line apart
 * @argc: as main() got it
 * @argv: as main() got it; is reordered, and lives as long as @args
 * @args: result, command_args_free()
 * @why: filled with what is wrong
 * @size: bytes of @why
 *
 * Return: 0; -EINVAL with @why, and @args->command if it got that far;
 *	-ENOMEM.
 */
int command_parse(int argc, char **argv, struct command_args *args, char *why,
		  size_t size);

void command_args_free(struct command_args *args);

/**
 * command_value() - value of an option
 * @args: parsed
 * @name: long name
 * @index: which, if it may be repeated
 *
 * Return: the value; "" for an option without one; NULL if it was not given so
 *	often.
 */
const char *command_value(const struct command_args *args, const char *name,
			  size_t index);

/**
 * command_find() - an entry of the table
 * @object: first word
 * @verb: second word, or NULL
 *
 * Return: the entry; one without verbs whatever @verb is; NULL.
 */
const struct command *command_find(const char *object, const char *verb);

/* is this the first word of some entry? */
bool command_is_object(const char *object);

/* may this option of command_global be given to the command? */
bool command_accepts(const struct command *command,
		     const struct command_option *option);

/**
 * command_unknown() - say that there is no such command, and which may be meant
 * @object: first word
 * @verb: second word, or NULL; then @object is one that has verbs
 * @why: filled
 * @size: bytes of @why
 */
void command_unknown(const char *object, const char *verb, char *why, size_t size);

/**
 * command_name() - "snapshot create"
 */
const char *command_name(const struct command *command, char *text, size_t size);

#endif /* BLKSNAP_CLI_COMMAND_H */
