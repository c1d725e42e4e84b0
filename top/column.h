/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The columns of the table: one table says title, widths, order on the screen
 * and what they sort by; the enum's order is the priority in which they appear
 * when there is room.
 */
#ifndef TOP_COLUMN_H
#define TOP_COLUMN_H

#include "figures.h"
#include "format.h"

enum column {
	COLUMN_NAME,
	COLUMN_STATE,
	COLUMN_FILL,
	COLUMN_TTFULL,
	COLUMN_COW,
	COLUMN_USED,
	COLUMN_TOTAL,
	COLUMN_SPARK,
	COLUMN_IMAGE_RATE,
	COLUMN_P99,
	COLUMN_WRITE_RATE,
	COLUMN_HELD,
	COLUMN_SIZE,
	COLUMN_IMAGE,
	COLUMN_ERRORS,
	COLUMN_COUNT,
};

/* The first ones appear as soon as their least width fits. */
#define COLUMN_CORE	COLUMN_USED

/**
 * struct column_info - what is fixed about a column
 * @title: head of the column; no wider than @min
 * @place: order on the screen, from the left
 * @min: least width at which it is shown
 * @nice: width it has before columns of lower priority appear
 * @max: width it grows to where there is room
 * @most: width it grows to when all others are as wide as they can be; 0: @max
 * @wide: least width where all digits are shown (UNITS_BYTES); 0: as @min
 * @right: right-aligned
 * @help: what it shows, in a few words
 * @ascending: sorted from the smallest, unless inverted
 */
struct column_info {
	const char *title;
	int place;
	int min;
	int nice;
	int max;
	int most;
	int wide;
	bool right;
	const char *help;
	bool ascending;
};

/**
 * column_info() - the table's line for a column
 * @column: which
 */
const struct column_info *column_info(enum column column);

/**
 * column_at() - the column at a place
 * @place: from the left, 0 to COLUMN_COUNT - 1
 */
enum column column_at(int place);

#define COLUMN_NAME_SIZE 12

/**
 * column_name() - what options call a column
 * @column: which
 * @name: set: its title in small letters, without "/s"; of COLUMN_NAME "name"
 *
 * Return: @name.
 */
char *column_name(enum column column, char name[COLUMN_NAME_SIZE]);

/**
 * column_find() - the column of a name
 * @name: as above, in any case
 *
 * Return: the column, or -1.
 */
int column_find(const char *name);

/**
 * column_next() - step through the columns
 * @column: from here
 * @step: 1 to the right, -1 to the left; goes round
 */
enum column column_next(enum column column, int step);

/**
 * column_text() - the text of a column that is text
 * @text: room for FORMAT_SIZE characters
 * @column: any but COLUMN_NAME and COLUMN_SPARK; of COLUMN_FILL the percentage
 * @width: width of the column
 * @figures: the line
 * @units: how amounts are written
 *
 * Return: @text, "" where the column does not apply to the line.
 */
char *column_text(char *text, enum column column, int width,
		  const struct figures *figures, enum units units);

/**
 * column_text_key() - what a line is sorted by, if that is a text
 * @column: which
 * @figures: the line
 *
 * Return: the text, "" if the line has none; NULL: see column_key().
 */
const char *column_text_key(enum column column, const struct figures *figures);

/**
 * column_key() - what a line is sorted by, if that is a figure
 * @column: which
 * @figures: the line
 * @key: set to the value
 *
 * Return: false if the line has none; such lines come last.
 */
bool column_key(enum column column, const struct figures *figures, double *key);

#endif
