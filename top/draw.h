/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The picture: a const model, seen as the ui says, drawn into a grid at the
 * places the layout gives. Nothing here knows a terminal, and the same input
 * always gives the same cells.
 */
#ifndef TOP_DRAW_H
#define TOP_DRAW_H

#include "grid.h"
#include "layout.h"
#include "ui.h"

/**
 * struct picture - what is drawn, and where it came from
 * @grid: the cells
 * @layout: the places
 * @rows: the lines of the table
 */
struct picture {
	struct grid grid;
	struct layout layout;
	struct rows rows;
};

/**
 * picture_init() - an empty picture
 * @picture: freed with picture_exit()
 */
void picture_init(struct picture *picture);

/**
 * picture_exit() - free it
 * @picture: the picture
 */
void picture_exit(struct picture *picture);

/**
 * picture_draw() - draw the whole screen
 * @picture: what was drawn before is replaced
 * @model: what to show; must stay while @picture's rows are used
 * @ui: how; its selection follows the lines
 * @cols: size of the screen
 * @rows: size of the screen
 *
 * Return: 0 or -ENOMEM.
 */
int picture_draw(struct picture *picture, const struct model *model,
		 struct ui *ui, int cols, int rows);

/* Parts of the picture; each draws into its own panes only. */

/**
 * draw_header() - who, when, and whether the source is live
 * @picture: its grid is drawn into
 * @model: what to show
 * @ui: how
 */
void draw_header(struct picture *picture, const struct model *model,
		 const struct ui *ui);

/**
 * draw_line() - everything in one line, for screens of a few rows
 * @picture: its grid is drawn into
 * @model: what to show
 * @ui: how
 */
void draw_line(struct picture *picture, const struct model *model,
	       const struct ui *ui);

/**
 * draw_totals() - all devices together
 * @picture: its grid is drawn into
 * @model: what to show
 * @ui: how
 */
void draw_totals(struct picture *picture, const struct model *model,
		 const struct ui *ui);

/**
 * draw_table() - head and body of the table
 * @picture: its grid is drawn into
 * @model: what to show
 * @ui: how
 */
void draw_table(struct picture *picture, const struct model *model,
		const struct ui *ui);

/**
 * draw_table_head() - titles of the columns
 * @grid: where
 * @y: row
 * @layout: the columns
 * @ui: marks the one that is sorted by
 */
void draw_table_head(struct grid *grid, int y, const struct layout *layout,
		     const struct ui *ui);

/**
 * draw_table_row() - one line of the table
 * @grid: where
 * @y: row
 * @layout: the columns
 * @row: the line
 * @model: for the time
 * @ui: how
 */
void draw_table_row(struct grid *grid, int y, const struct layout *layout,
		    const struct row *row, const struct model *model,
		    const struct ui *ui);

/**
 * draw_events() - the latest events, the newest on top
 * @picture: its grid is drawn into
 * @model: what to show
 * @ui: how
 */
void draw_events(struct picture *picture, const struct model *model,
		 const struct ui *ui);

/**
 * draw_event() - one event
 * @grid: where
 * @y: row
 * @event: the event
 */
void draw_event(struct grid *grid, int y, const struct event *event);

/**
 * draw_footer() - the selected object, how it is looked at, keys
 * @picture: its grid is drawn into
 * @model: what to show
 * @ui: how
 */
void draw_footer(struct picture *picture, const struct model *model,
		 const struct ui *ui);

/**
 * draw_help() - the help page, over everything below the header
 * @picture: its grid is drawn into
 */
void draw_help(struct picture *picture);

/**
 * draw_severity() - the meaning of a severity
 * @severity: which
 *
 * Return: an enum attr.
 */
unsigned int draw_severity(enum severity severity);

#endif
