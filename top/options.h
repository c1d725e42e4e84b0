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

#include "ui.h"

enum task {
	TASK_WATCH,		/* full screen */
	TASK_BATCH,
	TASK_HELP,
	TASK_VERSION,
};

/**
 * struct options - what was asked for
 * @task: what to do
 * @count: pictures in batch mode; 0: no end
 * @width: columns in batch mode; 0: those of the terminal
 * @delay_ms: time between two samples
 * @order: how the table is sorted
 * @units: how amounts are written
 * @ascii: ASCII whatever the locale
 * @colour: colours may be used
 */
struct options {
	enum task task;
	unsigned long count;
	int width;
	unsigned int delay_ms;
	struct order order;
	enum units units;
	bool ascii;
	bool colour;
};

/**
 * options_parse() - read the command line
 * @options: filled
 * @argc: as main got it
 * @argv: as main got it
 * @no_colour: NO_COLOR of the environment, or NULL
 * @why: set to a sentence on failure
 * @size: room there
 *
 * Return: 0, or -EINVAL.
 */
int options_parse(struct options *options, int argc, char **argv,
		  const char *no_colour, char *why, size_t size);

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
 * Return: 0, or -EINVAL: no such column, or not to be sorted by.
 */
int options_order(const char *text, struct order *order);

#endif
