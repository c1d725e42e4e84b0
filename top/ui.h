/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How it is looked at: page, selection, order, units, delay, what is shown.
 * Changed by keys only. What a key asks of the outside (a file, a command) is
 * left in @request for whoever runs the program. Pure: no terminal, no clock.
 */
#ifndef TOP_UI_H
#define TOP_UI_H

#include "columns.h"
#include "keys.h"
#include "prompt.h"
#include "sort.h"

#define UI_DELAY_MIN_MS 100
#define UI_DELAY_MAX_MS 60000
#define UI_FOLDED_MAX 256
#define UI_PINNED_MAX 16

enum page {
	PAGE_MAIN,
	PAGE_DETAIL, /* all of the selected object */
	PAGE_GRAPH,
	PAGE_LATENCY,
	PAGE_EVENTS,
	PAGE_ACTIONS, /* what can be done with it */
	PAGE_COLUMNS, /* which ones are wanted */
	PAGE_HELP,
};

enum graph {
	GRAPH_COW,
	GRAPH_IMAGE,
	GRAPH_FILL,
	GRAPH_COUNT,
};

/* What the outside is asked for; done once, then UI_REQUEST_NONE again. */
enum ui_request {
	UI_REQUEST_NONE,
	UI_REQUEST_EXPORT, /* the table to the file request_text */
	UI_REQUEST_SAVE, /* the settings */
	UI_REQUEST_RUN, /* the command request_text, which was agreed to */
};

/* What the monitor itself costs; filled by whoever can measure it. */
struct ui_cost {
	bool known;
	double cpu_permille; /* of one processor, since the start */
	double bytes_s; /* to the terminal, lately */
	uint64_t memory_bytes;
};

/**
 * struct ui - how it is looked at
 * @host: name of the machine
 * @now_ns: CLOCK_BOOTTIME of the picture
 * @real_ns: CLOCK_REALTIME of the picture
 * @delay_ms: time between two samples
 * @units: how amounts are written
 * @order: what the table shows, and how it is sorted
 * @columns: which columns are wanted
 * @column_at: selected line of the page of columns
 * @keys: what keys do
 * @utf8: the terminal can show more than ASCII
 * @events: the event pane is wanted
 * @page: what covers the screen
 * @scroll: first line of the page that is shown
 * @graph: what the graph is of
 * @graph_all: of all devices, not of the selected object
 * @severity: events below this are not shown
 * @event_at: selected line of the event page
 * @prompt: what is being typed
 * @filter: the filter in use; owned
 * @filter_text: as it was typed
 * @search: what was searched for last
 * @search_from: selected line when the search began
 * @message: a sentence for the user, until the next key
 * @message_severity: how much it matters
 * @paused: the picture stands still
 * @paused_ns: CLOCK_BOOTTIME since when
 * @at_ns: CLOCK_BOOTTIME of the past picture that is shown; 0: the one held
 * @travel: frames to go in time, negative is back; for the outside to take
 * @travel_ns: time to go; the same
 * @readonly: nothing may be changed
 * @replay: the source is a recording
 * @request: see there
 * @request_text: what with
 * @cost: what the monitor costs
 * @quit: it is over
 * @redraw: the terminal's picture is not to be trusted
 * @folded: numbers of snapshots whose devices are hidden
 * @n_folded: number of them
 * @pinned: objects that stay on top
 * @n_pinned: number of them
 * @top: first line of the table that is shown
 * @at: selected line; follows the object that was selected
 * @selected_id: the selected snapshot's number, 0: a device
 * @selected_dev: the selected device
 * @selected_image: its image is
 * @has_selected: something was selected
 * @moved_ns: CLOCK_BOOTTIME of the last key
 */
struct ui {
	char host[64];
	uint64_t now_ns;
	uint64_t real_ns;
	unsigned int delay_ms;
	enum units units;
	struct order order;
	struct columns columns;
	int column_at;
	struct keymap keys;
	bool utf8;
	bool events;
	enum page page;
	int scroll;
	enum graph graph;
	bool graph_all;
	enum severity severity;
	uint64_t event_at;
	struct prompt prompt;
	struct expr *filter;
	char filter_text[PROMPT_SIZE];
	char search[64];
	size_t search_from;
	char message[160];
	enum severity message_severity;
	bool paused;
	uint64_t paused_ns;
	uint64_t at_ns;
	int travel;
	int64_t travel_ns;
	bool readonly;
	bool replay;
	enum ui_request request;
	char request_text[PROMPT_SIZE];
	struct ui_cost cost;
	bool quit;
	bool redraw;

	uint32_t folded[UI_FOLDED_MAX];
	size_t n_folded;
	struct pin pinned[UI_PINNED_MAX];
	size_t n_pinned;
	size_t top;
	size_t at;
	uint32_t selected_id;
	struct devno selected_dev;
	bool selected_image;
	bool has_selected;
	uint64_t moved_ns;
};

/**
 * ui_init() - the usual view
 * @ui: freed with ui_exit()
 */
void ui_init(struct ui *ui);

/**
 * ui_exit() - free what it holds
 * @ui: the view
 */
void ui_exit(struct ui *ui);

/**
 * ui_key() - a key was pressed
 * @ui: the view
 * @key: a character, or an enum key
 * @model: what is shown
 * @rows: the lines of the table
 * @height: how many of them are on the screen
 */
void ui_key(struct ui *ui, int key, const struct model *model, const struct rows *rows,
	    int height);

/**
 * ui_act() - an action was asked for
 * @ui: the view
 * @action: which
 * @rows: the lines of the table
 * @height: how many of them are on the screen
 */
void ui_act(struct ui *ui, enum action action, const struct rows *rows, int height);

/**
 * ui_follow() - the lines have changed: find the selected object again
 * @ui: the view
 * @rows: the lines of the table
 * @height: how many of them are on the screen
 *
 * The selected line stays on the screen. If its object is gone the line at its
 * place is selected.
 */
void ui_follow(struct ui *ui, const struct rows *rows, int height);

/**
 * ui_select() - select a line
 * @ui: the view
 * @rows: the lines of the table
 * @at: which; the last one if there are not so many
 */
void ui_select(struct ui *ui, const struct rows *rows, size_t at);

/**
 * ui_set_filter() - choose lines
 * @ui: the view
 * @text: an expression; "" is all
 * @error: filled if refused; the filter then stays as it was
 *
 * Return: 0, -EINVAL, -ENOMEM.
 */
int ui_set_filter(struct ui *ui, const char *text, struct expr_error *error);

/**
 * ui_say() - a sentence for the user, until the next key
 * @ui: the view
 * @severity: how much it matters
 * @format: as printf
 */
void ui_say(struct ui *ui, enum severity severity, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * ui_delay_step() - the next delay of the scale 0.1 s ... 60 s
 * @delay_ms: now
 * @step: 1 longer, -1 shorter
 *
 * Return: the next one, or the end of the scale.
 */
unsigned int ui_delay_step(unsigned int delay_ms, int step);

#endif
