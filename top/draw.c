// SPDX-License-Identifier: GPL-2.0-or-later
/* The picture as a whole; see draw.h. */
#include "draw.h"

#include <stdio.h>
#include <string.h>

#include "glyph.h"

/* Lines stay where they are for this long after a key. */
#define HOLD_NS (3 * FACT_NS_PER_S)
#define NARROW 60
/* A text of more than a line does not begin in less than this. */
#define ROOM_MIN 8
/* A text beside a word has at least this, or is below it. */
#define ENTRY_MIN 24

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

	*pen = (struct pen){ .grid = grid, .ui = ui, .top = 1, .bottom = grid->rows };
	if (picture->layout.pane[PANE_KEYS].height)
		pen->bottom--;
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

/* How much of a text goes into a line: whole words, if there is one. */
static int text_that_fits(const char *text, int room)
{
	int length = (int)strlen(text), at;

	if (length <= room)
		return length;
	for (at = room; at > 0 && text[at] != ' '; at--)
		;
	if (at > 0)
		return at;
	/* Not within a letter. */
	for (at = room; at > 1 && ((unsigned char)text[at] & 0xc0) == 0x80; at--)
		;
	return at;
}

void pen_text(struct pen *pen, int y, int x, int indent, unsigned int attr, const char *text)
{
	/* The last column of a narrow page is that of the marks of its ends. */
	int cols = pen->grid->cols - (pen->grid->cols < NARROW), length;
	char line[512];

	if (cols <= indent)
		return;
	while (*text) {
		if (x > indent && cols - x < ROOM_MIN && (int)strlen(text) > cols - x) {
			y = pen_line(pen);
			x = indent;
		}
		length = text_that_fits(text, cols - x);
		snprintf(line, sizeof(line), "%.*s", length, text);
		grid_text(pen->grid, y, x, cols - x, attr, line);
		text += length;
		while (*text == ' ')
			text++;
		if (!*text)
			return;
		y = pen_line(pen);
		x = indent;
	}
}

void pen_entry(struct pen *pen, const char *word, unsigned int attr, int width,
	       const char *text)
{
	bool below = pen->grid->cols < width + ENTRY_MIN;
	int y = pen_line(pen);

	grid_text(pen->grid, y, 1, below ? pen->grid->cols - 1 : width - 2, attr, word);
	if (below)
		y = pen_line(pen);
	pen_text(pen, y, below ? 2 : width, below ? 2 : width, ATTR_NORMAL, text);
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
