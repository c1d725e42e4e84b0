/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command: the table of commands, and everything derived from it: the parser
 * (on getopt_long) and the help texts.
 */
#ifndef BLKSNAP_CLI_COMMAND_H
#define BLKSNAP_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct cli;

#define COMMAND_OPTIONS_MAX 16

/**
 * struct command_option - one option of a command
 * @name: long name; NULL ends the list
 * @letter: short name, or 0
 * @value: what its value is called in the help; NULL if it takes none
 * @repeat: may be given several times
 * @help: one line
 */
struct command_option {
	const char *name;
	char letter;
	const char *value;
	bool repeat;
	const char *help;
};

/**
 * struct command - one command
 * @object: first word
 * @verb: second word, or NULL
 * @synopsis: arguments for the help
 * @help: one line
 * @more: further lines for its own help, or NULL
 * @min: fewest arguments
 * @max: most arguments; -1 is any number
 * @options: its options
 * @run: does it. Return: exit status
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
};

extern const struct command command_table[];
extern const size_t command_count;

/* -j, -h: of every command, before or after its name */
extern const struct command_option command_global[];

/**
 * struct command_args - a parsed command line
 * @command: what to run; NULL if help was asked for in general
 * @help: help was asked for
 * @json: -j was given
 * @args: arguments, in order
 * @n_args: number of @args
 * @values: given options with their values (NULL if they take none)
 * @n_values: number of @values
 */
struct command_args {
	const struct command *command;
	bool help;
	bool json;
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
 * command_help() - print a help text
 * @out: where to
 * @object: narrows it to an object, or NULL
 * @command: narrows it to a command, or NULL
 */
void command_help(FILE *out, const char *object, const struct command *command);

/**
 * command_name() - "snapshot create"
 */
const char *command_name(const struct command *command, char *text, size_t size);

#endif /* BLKSNAP_CLI_COMMAND_H */
