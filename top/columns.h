/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which columns are wanted, and in which order: chosen by name, by a word for a
 * few of them, or one by one. Pure. What there is room for is layout.h's.
 */
#ifndef TOP_COLUMNS_H
#define TOP_COLUMNS_H

#include "column.h"

#define COLUMNS_TEXT_SIZE 128

/**
 * struct columns - the choice
 * @at: every column once, from the left; COLUMN_NAME is the first
 * @hidden: by enum column: it is not wanted
 */
struct columns {
	enum column at[COLUMN_COUNT];
	bool hidden[COLUMN_COUNT];
};

/**
 * columns_init() - all of them, in the usual order
 * @columns: filled
 */
void columns_init(struct columns *columns);

/**
 * columns_parse() - a choice as text
 * @columns: set
 * @text: names with commas between them, as "state,fill,ttfull"; the columns
 *	come in that order. Or one word: all, space (the areas), speed
 * @why: set to a sentence on failure
 * @size: room there
 *
 * The name of the object is always there.
 *
 * Return: 0, or -EINVAL; then @columns is as it was.
 */
int columns_parse(struct columns *columns, const char *text, char *why, size_t size);

/**
 * columns_print() - a choice as such a text
 * @columns: the choice
 * @text: set
 *
 * Return: @text.
 */
char *columns_print(const struct columns *columns, char text[COLUMNS_TEXT_SIZE]);

/**
 * columns_toggle() - want a column, or do not
 * @columns: changed
 * @place: in @columns->at; the first one stays
 */
void columns_toggle(struct columns *columns, int place);

/**
 * columns_move() - move a column to the left or to the right
 * @columns: changed
 * @place: in @columns->at
 * @step: -1 or 1
 *
 * Return: where it is now.
 */
int columns_move(struct columns *columns, int place, int step);

#endif
