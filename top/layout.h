/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes where, for any size of screen. Pure: the same size always gives
 * the same places. What there is no room for has no height.
 */
#ifndef TOP_LAYOUT_H
#define TOP_LAYOUT_H

#include "columns.h"

#define LAYOUT_GAP	1	/* columns between two columns of the table */

enum pane {
	PANE_LINE,		/* everything in one line, on tiny screens */
	PANE_HEADER,
	PANE_TOTALS,
	PANE_RULE,
	PANE_HEAD,		/* titles of the columns */
	PANE_BODY,
	PANE_EVENTS_RULE,
	PANE_EVENTS,
	PANE_DETAIL,		/* the selected line in words */
	PANE_STATUS,
	PANE_KEYS,
	PANE_COUNT,
};

/**
 * struct span - rows of the screen
 * @y: first one
 * @height: number; 0: not there
 */
struct span {
	int y;
	int height;
};

/**
 * struct slot - a column's place
 * @column: which
 * @x: first column of the screen
 * @width: number of them
 */
struct slot {
	enum column column;
	int x;
	int width;
};

/**
 * struct layout - all places
 * @cols: size this is for
 * @rows: size this is for
 * @pane: rows of each pane; all are as wide as the screen
 * @margin: columns on the left of the table for the mark of the selected line
 * @slot: columns of the table, from the left
 * @n_slots: number of them
 */
struct layout {
	int cols;
	int rows;
	struct span pane[PANE_COUNT];
	int margin;
	struct slot slot[COLUMN_COUNT];
	int n_slots;
};

/**
 * layout_make() - places for a screen
 * @layout: filled
 * @cols: columns of the screen
 * @rows: rows of the screen
 * @events: the event pane is wanted
 * @units: bytes in full need wider columns
 * @wanted: the columns that are chosen, NULL: all
 */
void layout_make(struct layout *layout, int cols, int rows, bool events, enum units units,
		 const struct columns *wanted);

/**
 * layout_columns() - places for the columns alone
 * @layout: its slots are filled
 * @cols: columns to share out
 * @margin: columns that stay free on the left
 * @units: bytes in full need wider columns
 * @wanted: the columns that are chosen, NULL: all
 */
void layout_columns(struct layout *layout, int cols, int margin, enum units units,
		    const struct columns *wanted);

#endif
