/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How it is looked at: selection, order, units, delay, what is shown. Changed
 * by actions only. Pure: no terminal and no clock.
 */
#ifndef TOP_UI_H
#define TOP_UI_H

#include "keys.h"
#include "sort.h"

#define UI_DELAY_MIN_MS	100
#define UI_DELAY_MAX_MS	60000

/**
 * struct ui - how it is looked at
 * @host: name of the machine
 * @now_ns: CLOCK_BOOTTIME of the picture
 * @real_ns: CLOCK_REALTIME of the picture
 * @delay_ms: time between two samples
 * @units: how amounts are written
 * @order: how the table is sorted
 * @utf8: the terminal can show more than ASCII
 * @events: the event pane is wanted
 * @help: the help page covers the rest
 * @paused: the picture stands still
 * @paused_ns: CLOCK_BOOTTIME since when
 * @quit: it is over
 * @redraw: the terminal's picture is not to be trusted
 * @top: first line of the table that is shown
 * @at: selected line; follows the object that was selected
 * @selected_id: the selected snapshot's number, 0: a device
 * @selected_dev: the selected device
 * @has_selected: something was selected
 */
struct ui {
	char host[64];
	uint64_t now_ns;
	uint64_t real_ns;
	unsigned int delay_ms;
	enum units units;
	struct order order;
	bool utf8;
	bool events;
	bool help;
	bool paused;
	uint64_t paused_ns;
	bool quit;
	bool redraw;

	size_t top;
	size_t at;
	uint32_t selected_id;
	struct devno selected_dev;
	bool has_selected;
};

/**
 * ui_init() - the usual view
 * @ui: the view
 */
void ui_init(struct ui *ui);

/**
 * ui_act() - a key was pressed
 * @ui: the view
 * @action: what it means
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
 * ui_delay_step() - the next delay of the scale 0.1 s ... 60 s
 * @delay_ms: now
 * @step: 1 longer, -1 shorter
 *
 * Return: the next one, or the end of the scale.
 */
unsigned int ui_delay_step(unsigned int delay_ms, int step);

#endif
