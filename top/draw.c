// SPDX-License-Identifier: GPL-2.0-or-later
/* The picture as a whole; see draw.h. */
#include "draw.h"

#include <string.h>

#include "glyph.h"

/* Lines stay where they are for this long after a key. */
#define HOLD_NS (3 * FACT_NS_PER_S)

void picture_init(struct picture *picture)
{
	memset(picture, 0, sizeof(*picture));
	grid_init(&picture->grid);
}

void picture_exit(struct picture *picture)
{
	grid_exit(&picture->grid);
	rows_destroy(&picture->rows);
}

unsigned int draw_severity(enum severity severity)
{
	static const enum attr attrs[] = { ATTR_GOOD, ATTR_WARN, ATTR_CRIT, ATTR_FAIL };

	return attrs[severity];
}

static void draw_rule(struct picture *picture, const struct ui *ui)
{
	const struct span *span = &picture->layout.pane[PANE_RULE];

	if (span->height)
		grid_fill(&picture->grid, span->y, 0, picture->grid.cols,
			  glyphs_of(ui->utf8)->rule, ATTR_DIM);
}

static bool same_order(const struct order *a, const struct order *b)
{
	return a->column == b->column && a->inverted == b->inverted && a->tree == b->tree &&
	       a->filter == b->filter && a->n_folded == b->n_folded &&
	       a->n_pinned == b->n_pinned;
}

/* Lines do not jump while keys are pressed: one would hit another than was meant. */
static int picture_make_rows(struct picture *picture, const struct model *model,
			     const struct ui *ui)
{
	bool keep = ui->moved_ns && ui->now_ns < ui->moved_ns + HOLD_NS &&
		    same_order(&picture->order, &ui->order);
	struct rows rows;
	int err;

	err = rows_create(&rows, model, &ui->order);
	if (!err && keep)
		rows_keep_places(&rows, &picture->rows);
	rows_destroy(&picture->rows);
	picture->rows = rows;
	picture->order = ui->order;
	return err;
}

int picture_draw(struct picture *picture, const struct model *model,
		 struct ui *ui, int cols, int rows)
{
	int err;

	picture->grid.utf8 = ui->utf8;
	err = grid_resize(&picture->grid, cols, rows);
	if (err)
		return err;
	err = picture_make_rows(picture, model, ui);
	if (err)
		return err;
	figures_sum(&picture->summary, model);
	layout_make(&picture->layout, cols, rows, ui->events, ui->units, &ui->columns);
	ui_follow(ui, &picture->rows, picture->layout.pane[PANE_BODY].height);

	if (picture->layout.pane[PANE_LINE].height) {
		draw_line(picture, model, ui);
		if (ui->prompt.kind != PROMPT_NONE || ui->message[0])
			draw_keys(picture, ui);
		return 0;
	}
	draw_header(picture, model, ui);
	switch (ui->page) {
	case PAGE_MAIN:
		draw_totals(picture, model, ui);
		draw_rule(picture, ui);
		draw_table(picture, model, ui);
		draw_events(picture, model, ui);
		draw_footer(picture, model, ui);
		break;
	case PAGE_DETAIL:
		draw_detail(picture, model, ui);
		break;
	case PAGE_GRAPH:
		draw_graph(picture, model, ui);
		break;
	case PAGE_LATENCY:
		draw_latency(picture, model, ui);
		break;
	case PAGE_EVENTS:
		draw_event_page(picture, model, ui);
		break;
	case PAGE_ACTIONS:
		draw_actions(picture, ui);
		break;
	case PAGE_COLUMNS:
		draw_columns(picture, ui);
		break;
	case PAGE_HELP:
		draw_help(picture, ui);
		break;
	}
	draw_keys(picture, ui);
	return 0;
}

const struct row *picture_selected(const struct picture *picture, const struct ui *ui)
{
	return ui->at < picture->rows.count ? &picture->rows.row[ui->at] : NULL;
}

bool pen_begin(struct pen *pen, struct picture *picture, struct ui *ui, const char *title)
{
	struct grid *grid = &picture->grid;

	*pen = (struct pen){ .grid = grid, .ui = ui, .top = 1, .bottom = grid->rows - 1 };
	if (grid->rows < 4)
		return false;
	grid_fill(grid, 1, 0, grid->cols, ' ', ATTR_HEAD);
	grid_text(grid, 1, 1, grid->cols - 1, ATTR_HEAD, title);
	pen->top = 2;
	return true;
}

int pen_line(struct pen *pen)
{
	int y = pen->top + pen->lines++ - pen->ui->scroll;

	return y >= pen->top && y < pen->bottom ? y : -1;
}

void pen_end(struct pen *pen)
{
	int room = pen->bottom - pen->top;
	int most = pen->lines > room ? pen->lines - room : 0;

	if (pen->ui->scroll > most)
		pen->ui->scroll = most;
	if (pen->ui->scroll < most)
		grid_put(pen->grid, pen->bottom - 1, pen->grid->cols - 1, 'v', ATTR_DIM);
	if (pen->ui->scroll)
		grid_put(pen->grid, pen->top, pen->grid->cols - 1, '^', ATTR_DIM);
}
