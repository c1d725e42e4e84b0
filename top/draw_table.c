// SPDX-License-Identifier: GPL-2.0-or-later
/* The table; see draw.h. */
#include "draw.h"

#include <stdio.h>
#include <string.h>

#include "glyph.h"

/* From this width on a fill level is a bar and a figure. */
#define BAR_FROM 10
#define PERCENT_WIDTH 4
/* From this width on a name has a branch of the tree before it. */
#define BRANCH_FROM 12
/* A longer path than this is cut rather than left out. */
#define MOUNT_FROM 6

void draw_table_head(struct grid *grid, int y, const struct layout *layout,
		     const struct ui *ui)
{
	int i;

	grid_fill(grid, y, 0, grid->cols, ' ', ATTR_HEAD);
	for (i = 0; i < layout->n_slots; i++) {
		const struct slot *slot = &layout->slot[i];
		const struct column_info *info = column_info(slot->column);
		const char *title = info->title;
		unsigned int attr = ATTR_HEAD;

		if (slot->column == ui->order.column)
			attr |= ATTR_SELECTED;
		if (slot->column == COLUMN_NAME && slot->width >= 17)
			title = "SNAPSHOT / DEVICE";
		if (info->right)
			grid_text_right(grid, y, slot->x, slot->width, attr, title);
		else
			grid_text(grid, y, slot->x, slot->width, attr, title);
	}
}

/* What is left beside the name of a device says where it is mounted. */
static void draw_mount(struct grid *grid, int y, int x, int width, const char *path,
		       unsigned int attr)
{
	int columns = grid_text_columns(grid, path);

	if (width < MOUNT_FROM && columns > width)
		return;
	grid_text(grid, y, x, width, attr, path);
	if (columns > width)
		grid_put(grid, y, x + width - 1, '~', attr);
}

static void draw_name(struct grid *grid, int y, const struct slot *slot,
		      const struct row *row, unsigned int attr, const struct ui *ui)
{
	const struct glyphs *glyphs = glyphs_of(ui->utf8);
	const uint32_t *branch = row->last ? glyphs->corner : glyphs->branch;
	int x = slot->x, width = slot->width;
	char text[FACT_NAME_SIZE + 16];
	int columns;

	if (row->image && width >= BRANCH_FROM) {
		if (row->child && row->owner && !row->last)
			grid_put(grid, y, x + 1, glyphs->upright, ATTR_DIM);
		grid_put(grid, y, x + 4, glyphs->corner[0], ATTR_DIM);
		x += 6;
		width -= 6;
	} else if (row->child && width >= BRANCH_FROM) {
		grid_put(grid, y, x + 1, branch[0], ATTR_DIM);
		grid_put(grid, y, x + 2, branch[1], ATTR_DIM);
		x += 4;
		width -= 4;
	} else if (row->child) {
		x += 1;
		width -= 1;
	}
	if (row->folded)
		snprintf(text, sizeof(text), "%s (+%u)", row->figures.name, row->members);
	else
		snprintf(text, sizeof(text), "%s", row->figures.name);
	/* Text first, so that the end of a cut name can say so. */
	grid_text(grid, y, x, width, attr, text);
	columns = grid_text_columns(grid, text);
	if (columns > width && width > 1)
		grid_put(grid, y, x + width - 1, '~', attr);
	else if (columns + 2 < width)
		draw_mount(grid, y, x + columns + 1, width - columns - 1, row->figures.mount,
			   ATTR_DIM);
}

static void draw_fill(struct grid *grid, int y, const struct slot *slot,
		      const struct figures *figures, unsigned int attr, const struct ui *ui)
{
	char text[FORMAT_SIZE];

	if (!figures->has_fill)
		return;
	if (slot->width >= BAR_FROM)
		glyph_bar(grid, y, slot->x, slot->width - PERCENT_WIDTH - 1,
			  glyphs_of(ui->utf8), figures->permille, attr);
	grid_text_right(grid, y, slot->x, slot->width, attr,
			format_percent(text, figures->permille));
}

void draw_table_row(struct grid *grid, int y, const struct layout *layout,
		    const struct row *row, const struct model *model,
		    const struct ui *ui)
{
	const struct figures *figures = &row->figures;
	bool stale = model->source != SOURCE_LIVE;
	unsigned int state = stale || figures->quiet ? ATTR_DIM : draw_severity(figures->severity);
	unsigned int plain = stale || figures->quiet ? ATTR_DIM : ATTR_NORMAL;
	char text[FORMAT_SIZE];
	unsigned int attr;
	int i;

	for (i = 0; i < layout->n_slots; i++) {
		const struct slot *slot = &layout->slot[i];

		switch (slot->column) {
		case COLUMN_NAME:
			draw_name(grid, y, slot, row,
				  row->snap && !stale ? ATTR_TITLE : plain, ui);
			continue;
		case COLUMN_FILL:
			draw_fill(grid, y, slot, figures, state, ui);
			continue;
		case COLUMN_SPARK:
			if (figures->cow)
				glyph_spark(grid, y, slot->x, slot->width, glyphs_of(ui->utf8),
					    figures->cow, model->now_ns,
					    stale ? ATTR_DIM : ATTR_SPARK);
			continue;
		default:
			break;
		}
		column_text(text, slot->column, slot->width, figures, ui->units);
		attr = slot->column == COLUMN_STATE ? state : plain;
		if (!strcmp(text, "-") || !strcmp(text, "0"))
			attr = ATTR_DIM;
		if (slot->column == COLUMN_TTFULL && figures->eta.known)
			attr = state;
		if (column_info(slot->column)->right)
			grid_text_right(grid, y, slot->x, slot->width, attr, text);
		else
			grid_text(grid, y, slot->x, slot->width, attr, text);
	}
}

static const char *empty_text(const struct model *model, const struct rows *rows)
{
	if (rows->left_out)
		return "Nothing matches the filter; \\ changes it.";
	if (model->source == SOURCE_WAITING)
		return "Waiting for the blksnap module.";
	return "No snapshots, and no device is tracked.";
}

/* There are more lines that way; the mark of the selected line comes first. */
static void draw_more(struct grid *grid, int y, uint32_t ch)
{
	struct cell *cell = grid_at(grid, y, 0);

	if (cell && cell->ch == ' ')
		cell->ch = ch;
}

void draw_table(struct picture *picture, const struct model *model,
		const struct ui *ui)
{
	const struct span *head = &picture->layout.pane[PANE_HEAD];
	const struct span *body = &picture->layout.pane[PANE_BODY];
	const struct rows *rows = &picture->rows;
	struct grid *grid = &picture->grid;
	int line;

	if (head->height)
		draw_table_head(grid, head->y, &picture->layout, ui);
	if (!rows->count && body->height)
		grid_text(grid, body->y + body->height / 3, picture->layout.margin,
			  grid->cols - picture->layout.margin, ATTR_DIM, empty_text(model, rows));

	for (line = 0; line < body->height; line++) {
		size_t at = ui->top + line;

		if (at >= rows->count)
			break;
		draw_table_row(grid, body->y + line, &picture->layout, &rows->row[at],
			       model, ui);
		if (picture->layout.margin && row_is_pinned(&ui->order, &rows->row[at]))
			grid_put(grid, body->y + line, picture->layout.margin - 1, '*', ATTR_KEY);
		if (at != ui->at)
			continue;
		if (picture->layout.margin)
			grid_put(grid, body->y + line, 0, '>', ATTR_TITLE);
		grid_mark_row(grid, body->y + line, 0, grid->cols);
	}
	/* What does not fit is announced, where it hides no figure. */
	if (!picture->layout.margin)
		return;
	if (ui->top)
		draw_more(grid, body->y, '^');
	if (ui->top + body->height < rows->count)
		draw_more(grid, body->y + body->height - 1, 'v');
}
