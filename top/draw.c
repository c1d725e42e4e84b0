// SPDX-License-Identifier: GPL-2.0-or-later
/* The picture as a whole; see draw.h. */
#include "draw.h"

#include <string.h>

#include "glyph.h"

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

int picture_draw(struct picture *picture, const struct model *model,
		 struct ui *ui, int cols, int rows)
{
	int err;

	err = grid_resize(&picture->grid, cols, rows);
	if (err)
		return err;
	rows_destroy(&picture->rows);
	err = rows_create(&picture->rows, model, &ui->order);
	if (err)
		return err;
	layout_make(&picture->layout, cols, rows, ui->events, ui->units);
	ui_follow(ui, &picture->rows, picture->layout.pane[PANE_BODY].height);

	if (picture->layout.pane[PANE_LINE].height) {
		draw_line(picture, model, ui);
		return 0;
	}
	draw_header(picture, model, ui);
	if (ui->help) {
		draw_help(picture);
		return 0;
	}
	draw_totals(picture, model, ui);
	draw_rule(picture, ui);
	draw_table(picture, model, ui);
	draw_events(picture, model, ui);
	draw_footer(picture, model, ui);
	return 0;
}
