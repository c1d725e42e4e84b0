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
 * @order: how they are sorted
 * @summary: all together
 */
struct picture {
	struct grid grid;
	struct layout layout;
	struct rows rows;
	struct order order;
	struct summary summary;
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
 * draw_event_head() - when an event was, how much it matters, and of what it is
 * @grid: where
 * @y: row
 * @event: the event
 *
 * Return: the column where its sentence begins.
 */
int draw_event_head(struct grid *grid, int y, const struct event *event);

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
 * draw_keys() - the last line: what is being typed, a message, or the keys
 * @picture: its grid is drawn into
 * @ui: what
 */
void draw_keys(struct picture *picture, const struct ui *ui);

/* Pages; each covers everything between the header and the last line. */

/**
 * draw_detail() - all of the selected object
 */
void draw_detail(struct picture *picture, const struct model *model, struct ui *ui);

/**
 * draw_graph() - a figure over the last minutes, and over the last hour
 */
void draw_graph(struct picture *picture, const struct model *model, struct ui *ui);

/**
 * draw_latency() - how many writes were held how long
 */
void draw_latency(struct picture *picture, const struct model *model, struct ui *ui);

/**
 * draw_event_page() - all events that are kept, the newest on top
 */
void draw_event_page(struct picture *picture, const struct model *model, struct ui *ui);

/**
 * draw_actions() - what can be done with the selected object
 */
void draw_actions(struct picture *picture, struct ui *ui);

/**
 * draw_columns() - which columns are wanted
 */
void draw_columns(struct picture *picture, struct ui *ui);

/**
 * draw_help() - keys, columns, fields of filters, and what the monitor costs
 */
void draw_help(struct picture *picture, struct ui *ui);

/**
 * picture_selected() - the selected line
 *
 * Return: the line, or NULL.
 */
const struct row *picture_selected(const struct picture *picture, const struct ui *ui);

/**
 * struct pen - writes a page line by line, as far as it is scrolled into view
 * @grid: where
 * @ui: its scroll is kept within the page
 * @top: first row of the page
 * @bottom: row after the last one
 * @lines: how many there are
 */
struct pen {
	struct grid *grid;
	struct ui *ui;
	int top;
	int bottom;
	int lines;
};

/**
 * pen_begin() - the head of a page
 *
 * Return: false if the screen is too small for pages.
 */
bool pen_begin(struct pen *pen, struct picture *picture, struct ui *ui, const char *title);

/**
 * pen_line() - the next line
 *
 * Return: its row, or -1: it is not in view (what is drawn there is clipped).
 */
int pen_line(struct pen *pen);

/**
 * pen_text() - text that goes on in further lines as far as it is long
 * @pen: the page
 * @y: row of the first line, as pen_line() gave it
 * @x: column of its begin; if there is no room to speak of, it begins in the next line
 * @indent: column of the begin of each further line
 * @attr: what it means
 * @text: broken at blanks, or where it must be
 */
void pen_text(struct pen *pen, int y, int x, int indent, unsigned int attr, const char *text);

/**
 * pen_entry() - a word and what is said of it
 * @pen: the page
 * @word: what it is about
 * @attr: what @word means
 * @width: column where the text begins; on narrow screens it is in lines below
 * @text: what is said
 */
void pen_entry(struct pen *pen, const char *word, unsigned int attr, int width,
	       const char *text);

/**
 * pen_end() - keep the scrolling within the page, and mark its ends
 */
void pen_end(struct pen *pen);

/**
 * draw_severity() - the meaning of a severity
 * @severity: which
 *
 * Return: an enum attr.
 */
unsigned int draw_severity(enum severity severity);

#endif
