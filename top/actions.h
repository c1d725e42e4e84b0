/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be done with an object: a table of commands of blksnap(8). The
 * monitor changes nothing by itself: it shows the command line, asks, and then
 * runs just that. Pure.
 */
#ifndef TOP_ACTIONS_H
#define TOP_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "sort.h"

/**
 * struct action_offer - one that fits an object
 * @key: letter to choose it by
 * @what: what it does, in a few words
 * @ask: what the user has to add, NULL: nothing
 * @command: command line, without what has to be added
 */
struct action_offer {
	char key;
	const char *what;
	const char *ask;
	char command[160];
};

#define ACTIONS_MAX 8

/**
 * actions_for() - what can be done with a line of the table
 * @offer: filled
 * @row: the line
 *
 * Return: number of offers.
 */
size_t actions_for(struct action_offer offer[ACTIONS_MAX], const struct row *row);

/**
 * actions_split() - a command line as words, as far as a shell would agree
 * @words: filled with pointers into @line, ends in NULL
 * @max: room in @words
 * @line: cut into pieces; blanks separate, quotes '' and "" hold together, and
 *	nothing else is special
 *
 * Return: number of words, or -EINVAL: a quote is open, or too many.
 */
int actions_split(char **words, size_t max, char *line);

#endif
