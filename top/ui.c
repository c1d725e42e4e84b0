// SPDX-License-Identifier: GPL-2.0-or-later
/* How it is looked at; see ui.h. */
#include "ui.h"

#include <string.h>

static const unsigned int delays_ms[] = {
	UI_DELAY_MIN_MS, 200, 500, 1000, 2000, 5000, 10000, 20000, 30000, UI_DELAY_MAX_MS,
};

#define DELAYS	(sizeof(delays_ms) / sizeof(delays_ms[0]))

void ui_init(struct ui *ui)
{
	memset(ui, 0, sizeof(*ui));
	ui->delay_ms = 1000;
	ui->order.column = COLUMN_FILL;
	ui->events = true;
}

unsigned int ui_delay_step(unsigned int delay_ms, int step)
{
	size_t i;

	if (step > 0) {
		for (i = 0; i < DELAYS; i++)
			if (delays_ms[i] > delay_ms)
				return delays_ms[i];
		return UI_DELAY_MAX_MS;
	}
	for (i = DELAYS; i-- > 0;)
		if (delays_ms[i] < delay_ms)
			return delays_ms[i];
	return UI_DELAY_MIN_MS;
}

static bool is_selected(const struct ui *ui, const struct row *row)
{
	if (row->snap)
		return ui->selected_id == row->snap->fact.id;
	return !ui->selected_id && devno_equal(ui->selected_dev, row->dev->fact.dev);
}

static void ui_select(struct ui *ui, const struct rows *rows, size_t at)
{
	const struct row *row;

	if (!rows->count)
		return;
	if (at >= rows->count)
		at = rows->count - 1;
	row = &rows->row[at];
	ui->at = at;
	ui->has_selected = true;
	ui->selected_id = row->snap ? row->snap->fact.id : 0;
	if (row->dev)
		ui->selected_dev = row->dev->fact.dev;
}

static void ui_scroll(struct ui *ui, const struct rows *rows, int height)
{
	size_t lines = height > 0 ? height : 1;

	if (ui->at < ui->top)
		ui->top = ui->at;
	if (ui->at >= ui->top + lines)
		ui->top = ui->at - lines + 1;
	/* No blank lines at the bottom while there is something above. */
	if (ui->top + lines > rows->count)
		ui->top = rows->count > lines ? rows->count - lines : 0;
}

void ui_follow(struct ui *ui, const struct rows *rows, int height)
{
	size_t i;

	if (!rows->count) {
		ui->at = 0;
		ui->top = 0;
		return;
	}
	for (i = 0; ui->has_selected && i < rows->count; i++)
		if (is_selected(ui, &rows->row[i]))
			break;
	ui_select(ui, rows, ui->has_selected && i < rows->count ? i : ui->at);
	ui_scroll(ui, rows, height);
}

static void ui_move(struct ui *ui, const struct rows *rows, long by)
{
	long at = (long)ui->at + by;

	ui_select(ui, rows, at < 0 ? 0 : (size_t)at);
}

static void ui_sort(struct ui *ui, int step)
{
	ui->order.column = column_next_sortable(ui->order.column, step);
	ui->order.inverted = false;
}

void ui_act(struct ui *ui, enum action action, const struct rows *rows, int height)
{
	/* Any key leaves the help page, and most do nothing else there. */
	if (ui->help && action != ACTION_QUIT && action != ACTION_REDRAW) {
		ui->help = false;
		return;
	}
	switch (action) {
	case ACTION_NONE:
	case ACTION_BACK:
		break;
	case ACTION_QUIT:
		ui->quit = true;
		break;
	case ACTION_UP:
		ui_move(ui, rows, -1);
		break;
	case ACTION_DOWN:
		ui_move(ui, rows, 1);
		break;
	case ACTION_PAGE_UP:
		ui_move(ui, rows, -(long)height);
		break;
	case ACTION_PAGE_DOWN:
		ui_move(ui, rows, height);
		break;
	case ACTION_FIRST:
		ui_select(ui, rows, 0);
		break;
	case ACTION_LAST:
		ui_select(ui, rows, rows->count);
		break;
	case ACTION_SORT_LEFT:
		ui_sort(ui, -1);
		break;
	case ACTION_SORT_RIGHT:
		ui_sort(ui, 1);
		break;
	case ACTION_INVERT:
		ui->order.inverted = !ui->order.inverted;
		break;
	case ACTION_PAUSE:
		ui->paused = !ui->paused;
		ui->paused_ns = ui->now_ns;
		break;
	case ACTION_FASTER:
		ui->delay_ms = ui_delay_step(ui->delay_ms, -1);
		break;
	case ACTION_SLOWER:
		ui->delay_ms = ui_delay_step(ui->delay_ms, 1);
		break;
	case ACTION_UNITS:
		ui->units = (ui->units + 1) % UNITS_COUNT;
		break;
	case ACTION_EVENTS:
		ui->events = !ui->events;
		break;
	case ACTION_HELP:
		ui->help = true;
		break;
	case ACTION_REDRAW:
		ui->redraw = true;
		break;
	}
	ui_scroll(ui, rows, height);
}
