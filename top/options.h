/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: one table says name, letter, argument and meaning of each
 * option, and gives the parser and the help.
 */
#ifndef TOP_OPTIONS_H
#define TOP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "columns.h"
#include "look.h"
#include "ui.h"

enum task {
	TASK_WATCH, /* full screen */
	TASK_BATCH,
	TASK_HELP,
	TASK_VERSION,
};

enum batch_format {
	BATCH_TEXT,
	BATCH_JSON,
	BATCH_CSV,
	BATCH_PLAIN,
	BATCH_ONELINE,
};

/**
 * struct options - what was asked for
 * @task: what to do
 * @format: how, in batch mode
 * @count: pictures in batch mode; 0: no end
 * @until: an expression that ends it, ""
 * @width: columns in batch mode; 0: those of the terminal
 * @delay_ms: time between two samples
 * @order: how the table is sorted
 * @filter: an expression, ""
 * @units: how amounts are written
 * @no_events: no event pane
 * @record: file to record to, or NULL
 * @source: a recording, or NULL
 * @speed: of it
 * @ascii: ASCII whatever the locale
 * @no_colour: NO_COLOR is set
 * @colour: colours may be used
 * @theme: which
 * @mouse: is used
 * @bell: rings
 * @desktop: asks the terminal for notifications of the desktop
 * @on_alarm: command that is run for each alarm, ""
 * @columns: which columns are wanted
 * @keys: what keys do
 * @max_bps: bytes a second to the terminal, 0: any number
 * @limits: from where on a snapshot is urgent
 * @readonly: nothing may be changed
 * @no_config: no files of settings
 */
struct options {
	enum task task;
	enum batch_format format;
	unsigned long count;
	char until[PROMPT_SIZE];
	int width;
	unsigned int delay_ms;
	struct order order;
	char filter[PROMPT_SIZE];
	enum units units;
	bool no_events;
	const char *record;
	const char *source;
	double speed;
	bool ascii;
	bool no_colour;
	bool colour;
	enum theme theme;
	bool mouse;
	bool bell;
	bool desktop;
	char on_alarm[PROMPT_SIZE];
	struct columns columns;
	struct keymap keys;
	unsigned int max_bps;
	struct thresholds thresholds;
	bool readonly;
	bool no_config;
};

/**
 * options_init() - what is so unless it is asked for
 * @options: filled
 * @no_colour: NO_COLOR of the environment, or NULL
 * @root: run by root
 */
void options_init(struct options *options, const char *no_colour, bool root);

/**
 * options_set() - a setting of a file
 * @options: changed
 * @name: a long option that can be kept
 * @value: its argument; yes or no if it has none
 * @why: set to a sentence on failure
 * @size: room there
 *
 * Return: 0, or -EINVAL; then @options is as it was.
 */
int options_set(struct options *options, const char *name, const char *value,
		char *why, size_t size);

/**
 * options_parse() - read the command line
 * @options: changed; what it points to is @argv's
 * @argc: as main got it
 * @argv: as main got it
 * @why: set to a sentence on failure
 * @size: room there
 *
 * Return: 0, or -EINVAL.
 */
int options_parse(struct options *options, int argc, char **argv, char *why, size_t size);

/**
 * options_want_config() - whether files of settings are to be read
 * @argc: as main got it
 * @argv: as main got it
 */
bool options_want_config(int argc, char **argv);

/**
 * options_help() - print the help
 * @out: where to
 */
void options_help(FILE *out);

/**
 * options_delay() - a delay as text
 * @text: seconds, with or without a fraction and "s", 0.1 to 60
 * @delay_ms: set
 *
 * Return: 0, or -EINVAL.
 */
int options_delay(const char *text, unsigned int *delay_ms);

/**
 * options_order() - an order as text
 * @text: title of a column without "/s", in any case; "-" in front inverts
 * @order: set
 *
 * Return: 0, or -EINVAL: no such column.
 */
int options_order(const char *text, struct order *order);

#endif
