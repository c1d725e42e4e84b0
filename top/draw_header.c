// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first line, the totals, and the one-line mode; see draw.h. The first
 * line is made of fields: those that can be shorter are, and the important ones
 * are there first; all keep their order.
 */
#include "draw.h"

#include <stdio.h>
#include <string.h>

#include "glyph.h"

#define FIELD_SIZE 160

/**
 * struct field - a part of the first line
 * @priority: 0 comes first
 * @shorten: when @brief is taken if not all fit: 1 is at first, 0 is never
 * @attr: what it means
 * @text: what it says
 * @brief: the same, shorter
 */
struct field {
	int priority;
	int shorten;
	unsigned int attr;
	char text[FIELD_SIZE];
	char brief[FIELD_SIZE];
};

#define FIELDS_MAX 8
/* From this width on a history says how far back it goes. */
#define SPAN_FROM 20
#define SPAN_WIDTH 6

static uint64_t seconds_since(uint64_t now_ns, uint64_t then_ns)
{
	return now_ns > then_ns ? (now_ns - then_ns) / FACT_NS_PER_S : 0;
}

static void field_source(struct field *field, const struct model *model, const struct ui *ui)
{
	char age[FORMAT_SIZE], clock[FORMAT_SIZE];
	uint64_t silent = seconds_since(ui->now_ns, model->heard_ns);

	switch (model->source) {
	case SOURCE_WAITING:
		field->attr = ATTR_ALERT;
		snprintf(field->text, FIELD_SIZE, "STALE: %s, waiting",
			 model->stale_why[0] ? model->stale_why : "nothing heard yet");
		snprintf(field->brief, FIELD_SIZE, "STALE: %s",
			 model->stale_why[0] ? model->stale_why : "nothing heard yet");
		break;
	case SOURCE_STALE:
		field->attr = ATTR_ALERT;
		if (ui->replay && ui->now_ns <= model->stale_ns) {
			snprintf(field->text, FIELD_SIZE, "%s", model->stale_why);
			break;
		}
		format_seconds(age, seconds_since(ui->now_ns, model->stale_ns));
		snprintf(field->text, FIELD_SIZE, "STALE %s: %s at %s, waiting", age,
			 model->stale_why, format_clock(clock, model->stale_real_ns, false));
		snprintf(field->brief, FIELD_SIZE, "STALE %s: %s", age, model->stale_why);
		break;
	case SOURCE_LIVE:
		/* A recording is said to be one, and never is live. */
		if (ui->replay)
			break;
		field->attr = ATTR_GOOD;
		strcpy(field->text, "LIVE");
		/* Samples are late although nobody said that the source is gone. */
		if (model->heard_ns && silent > 2 + 2 * ui->delay_ms / 1000) {
			field->attr = ATTR_ALERT;
			snprintf(field->text, FIELD_SIZE, "LIVE, %s old",
				 format_seconds(age, silent));
		}
		break;
	}
}

static void field_counts(struct field *field, const struct summary *summary, bool brief)
{
	enum severity worst = summary->fail ? SEVERITY_FAIL :
			      summary->crit ? SEVERITY_CRIT :
			      summary->warn ? SEVERITY_WARN :
					      SEVERITY_OK;

	field->attr = worst == SEVERITY_OK ? ATTR_DIM : draw_severity(worst);
	snprintf(field->text, FIELD_SIZE, brief ? "W%u C%u F%u" : "WARN %u CRIT %u FAIL %u",
		 summary->warn, summary->crit, summary->fail);
}

static int fields_width(const struct field *field, int count)
{
	int width = 0, i;

	for (i = 0; i < count; i++)
		if (field[i].text[0])
			width += (int)strlen(field[i].text) + (width ? 3 : 0);
	return width;
}

static void fields_shorten(struct field *field, int count, int cols)
{
	int step, i;

	for (step = 1; step <= count && fields_width(field, count) > cols; step++)
		for (i = 0; i < count; i++)
			if (field[i].shorten == step && field[i].brief[0])
				strcpy(field[i].text, field[i].brief);
}

/* Draw the fields that fit, the ones with the least priority number first. */
static void draw_fields(struct grid *grid, int y, const struct glyphs *glyphs,
			struct field *field, int count)
{
	bool shown[FIELDS_MAX] = { false };
	int used = 0, priority, i, x = 0;
	bool first = true;

	fields_shorten(field, count, grid->cols);
	for (priority = 0; priority < count; priority++) {
		for (i = 0; i < count; i++) {
			int need = (int)strlen(field[i].text) + (used ? 3 : 0);

			if (field[i].priority != priority || !field[i].text[0])
				continue;
			/* The first one is shown, even if it has to be cut. */
			if (used && used + need > grid->cols)
				continue;
			shown[i] = true;
			used += need;
		}
	}
	for (i = 0; i < count; i++) {
		if (!shown[i])
			continue;
		if (!first) {
			grid_put(grid, y, x + 1, glyphs->separator, ATTR_DIM);
			x += 3;
		}
		first = false;
		x = grid_text(grid, y, x, grid->cols - x, field[i].attr, field[i].text);
	}
}

void draw_header(struct picture *picture, const struct model *model,
		 const struct ui *ui)
{
	struct field field[FIELDS_MAX] = {
		{ .priority = 7, .attr = ATTR_TITLE, .shorten = 3 },
		{ .priority = 6, .attr = ATTR_TITLE },
		{ .priority = 4, .attr = ATTR_NORMAL, .shorten = 1 },
		{ .priority = 5, .attr = ATTR_NORMAL },
		{ .priority = 2, .attr = ATTR_ALERT },
		{ .priority = 0, .shorten = 2 },
		{ .priority = 3, .attr = ATTR_NORMAL },
		{ .priority = 1 },
	};
	char text[FORMAT_SIZE];

	strcpy(field[0].text, "blksnap-top");
	strcpy(field[0].brief, "blksnap");
	/* A recording may be of another machine. */
	snprintf(field[1].text, FIELD_SIZE, "%s", ui->replay ? model->host : ui->host);
	snprintf(field[2].text, FIELD_SIZE, "%s", format_clock(text, ui->real_ns, true));
	snprintf(field[2].brief, FIELD_SIZE, "%s", format_clock(text, ui->real_ns, false));
	snprintf(field[3].text, FIELD_SIZE, "%s", format_delay(text, ui->delay_ms));
	if (ui->paused && ui->at_ns)
		snprintf(field[4].text, FIELD_SIZE, "AT %s",
			 format_clock(text, ui->real_ns - (ui->now_ns - ui->at_ns), false));
	else if (ui->paused)
		snprintf(field[4].text, FIELD_SIZE, "PAUSED %s",
			 format_seconds(text, seconds_since(ui->now_ns, ui->paused_ns)));
	else if (ui->replay)
		strcpy(field[4].text, "REPLAY");
	field_source(&field[5], model, ui);
	if (model->source != SOURCE_WAITING)
		snprintf(field[6].text, FIELD_SIZE, "seq %llu lost %llu",
			 (unsigned long long)model->seq, (unsigned long long)model->lost);
	field_counts(&field[7], &picture->summary, picture->grid.cols < 40);
	if (model->lost)
		field[6].attr = ATTR_WARN;
	draw_fields(&picture->grid, picture->layout.pane[PANE_HEADER].y,
		    glyphs_of(ui->utf8), field, FIELDS_MAX);
}

void draw_line(struct picture *picture, const struct model *model,
	       const struct ui *ui)
{
	struct field field[3] = {
		{ .priority = 0, .shorten = 1 },
		{ .priority = 1 },
		{ .priority = 2 },
	};
	char share[FORMAT_SIZE], when[FORMAT_SIZE];
	const struct summary *summary = &picture->summary;
	struct figures figures;

	if (model->source != SOURCE_LIVE)
		field_source(&field[0], model, ui);
	if (summary->worst) {
		figures_of_snap(&figures, model, summary->worst);
		format_percent(share, figures.permille);
		format_eta(when, &figures.eta);
		field[1].attr = draw_severity(figures.severity);
		snprintf(field[1].text, FIELD_SIZE, "%s %s %s %s", figures.word,
			 figures.name, share, when);
	}
	field_counts(&field[2], summary, true);
	draw_fields(&picture->grid, 0, glyphs_of(ui->utf8), field, 3);
}

static void draw_total(struct picture *picture, int y, const char *name,
		       double rate, const struct history *history,
		       const struct model *model, const struct ui *ui)
{
	struct grid *grid = &picture->grid;
	const struct glyphs *glyphs = glyphs_of(ui->utf8);
	int peak_width = grid->cols >= 60 ? 26 : 0;
	char text[FORMAT_SIZE], ago[FORMAT_SIZE];
	unsigned int ago_s;
	int number = ui->units == UNITS_BYTES ? 15 : 7;
	int x = 1, width;
	double peak;

	grid_text(grid, y, x, 6, ATTR_TITLE, name);
	x += 6;
	grid_text_right(grid, y, x, number, ATTR_NORMAL,
			format_rate(text, number, rate, ui->units));
	x = grid_text(grid, y, x + number, 2, ATTR_NORMAL, rate < 0 ? "  " : "/s") + 1;
	if (ui->units == UNITS_BYTES && peak_width)
		peak_width += 8;
	width = grid->cols - x - peak_width - 1;
	if (width >= SPAN_FROM) {
		width -= SPAN_WIDTH;
		grid_text_right(grid, y, x - 1, SPAN_WIDTH, ATTR_DIM,
				format_ago(text, glyph_spark_span_s(width)));
		x += SPAN_WIDTH;
	}
	if (width > HISTORY_BINS - 1)
		width = HISTORY_BINS - 1;
	glyph_spark(grid, y, x, width, glyphs, history, model->now_ns, ATTR_SPARK);

	peak = history_peak(history, model->now_ns, &ago_s);
	if (!peak_width || peak < 0)
		return;
	x += width + 1;
	x = grid_text(grid, y, x, 5, ATTR_DIM, "peak ");
	grid_text_right(grid, y, x, number, ATTR_NORMAL,
			format_rate(text, number, peak, ui->units));
	grid_printf(grid, y, x + number, 14, ATTR_DIM, "/s %s ago", format_seconds(ago, ago_s));
}

void draw_totals(struct picture *picture, const struct model *model,
		 const struct ui *ui)
{
	const struct span *span = &picture->layout.pane[PANE_TOTALS];
	char used[FORMAT_SIZE], total[FORMAT_SIZE], share[FORMAT_SIZE], when[FORMAT_SIZE];
	struct grid *grid = &picture->grid;
	char next[FACT_NAME_SIZE + 40] = "";
	const struct summary *summary = &picture->summary;
	unsigned int permille;
	int x, y = span->y + 2, bar;

	if (!span->height)
		return;
	draw_total(picture, span->y, "COW", summary->cow_rate, &model->cow.minute, model, ui);
	draw_total(picture, span->y + 1, "Image", summary->image_rate, &model->image.minute, model, ui);

	permille = format_permille(summary->used_bytes, summary->total_bytes);
	grid_text(grid, y, 1, 6, ATTR_TITLE, "Areas");
	if (!summary->total_bytes) {
		grid_text_right(grid, y, 7, 7, ATTR_DIM, "none");
		return;
	}
	format_bytes(used, 15, summary->used_bytes, ui->units);
	format_bytes(total, 15, summary->total_bytes, ui->units);
	x = grid_printf(grid, y, 7, grid->cols - 7, ATTR_NORMAL, "%7s of %s %4s ", used,
			total, format_percent(share, permille));
	if (summary->next)
		snprintf(next, sizeof(next), "next full: %s in %s", summary->next->fact.name,
			 format_eta(when, &summary->next_eta));
	bar = grid->cols - x - (int)strlen(next) - 3;
	if (bar > 40)
		bar = 40;
	if (bar >= 8) {
		glyph_bar(grid, y, x, bar, glyphs_of(ui->utf8), permille, ATTR_NORMAL);
		x += bar;
	}
	grid_text(grid, y, x + 2, grid->cols - x - 2, ATTR_NORMAL, next);
}
