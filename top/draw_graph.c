// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The graph page: one figure over the last two minutes and over the last hour,
 * with both axes labelled, and the page of hold times; see draw.h.
 */
#include "draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "glyph.h"

#define GRAPH_ROWS 6 /* of less, and of fewer columns, no axes can be made */
#define GRAPH_COLUMNS 20
#define LABEL 8 /* columns of the labels on the left, with the axis */
#define TICK_COLUMNS 12 /* from one time below the axis to the next, at least */

/* The least of 1, 2, 5, 10 ... times a power that is not below the value. */
static double nice_above(double value, bool binary)
{
	static const int steps[] = { 1,	 2,  3,	 4,   6,   8,	10,  15,  20,  30,
				     40, 60, 80, 100, 150, 200, 300, 400, 600, 800 };
	double unit = 1, thousand = binary ? 1024 : 1000;
	size_t i;

	if (!(value > 0))
		return 1;
	while (value > 800 * unit)
		unit *= thousand;
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (value <= steps[i] * unit)
			return steps[i] * unit;
	return value;
}

static const struct trend *graph_trend(const struct model *model, const struct row *row,
				       enum graph graph)
{
	if (!row)
		return graph == GRAPH_COW   ? &model->cow :
		       graph == GRAPH_IMAGE ? &model->image :
					      NULL;
	switch (graph) {
	case GRAPH_COW:
		return row->snap ? &row->snap->cow : &row->dev->cow;
	case GRAPH_IMAGE:
		return row->snap ? &row->snap->image : &row->dev->image;
	case GRAPH_FILL:
		return row->owner ? &row->owner->fill : NULL;
	case GRAPH_COUNT:
		break;
	}
	return NULL;
}

static const char *graph_word(enum graph graph)
{
	static const char *const words[] = { "COW/s", "IMG/s", "FILL" };

	return words[graph];
}

static void graph_label(char *text, double value, enum graph graph, enum units units)
{
	if (graph == GRAPH_FILL)
		snprintf(text, FORMAT_SIZE, "%.0f%%", value);
	else
		format_rate(text, LABEL - 2, value, units == UNITS_BYTES ? UNITS_IEC : units);
}

/* What a column of the graph shows: the mean of its time. */
static double graph_value(const struct trend *trend, uint64_t end_ns, uint64_t step_ns,
			  int columns, int i)
{
	return trend_rate(trend, end_ns, (uint64_t)(columns - i) * step_ns,
			  (uint64_t)(columns - i - 1) * step_ns);
}

static void graph_column(struct grid *grid, int x, int y, int height, double share,
			 const struct glyphs *glyphs)
{
	int steps = (int)ceil(share * height * glyphs->column_steps), row;

	if (steps > height * glyphs->column_steps)
		steps = height * glyphs->column_steps;
	for (row = 0; row < height && steps > 0; row++, steps -= glyphs->column_steps)
		grid_put(grid, y + height - 1 - row, x,
			 glyphs->column[steps < glyphs->column_steps ? steps :
								       glyphs->column_steps],
			 ATTR_SPARK);
}

/* The right end: a picture that is held, or one of the past, is not of now. */
static char *graph_end(char *text, const struct model *model, const struct ui *ui)
{
	if (!ui->paused || ui->now_ns < model->now_ns)
		return strcpy(text, "now");
	return format_clock(text, ui->real_ns - (ui->now_ns - model->now_ns), false);
}

/* The least round time of which two are not closer than TICK_COLUMNS. */
static unsigned int graph_tick_s(uint64_t step_s)
{
	static const unsigned int ticks_s[] = { 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800 };
	size_t i;

	for (i = 0; i < sizeof(ticks_s) / sizeof(ticks_s[0]); i++)
		if (ticks_s[i] >= TICK_COLUMNS * step_s)
			return ticks_s[i];
	return 3600;
}

/* The times below the axis: both ends, and round ones where they happen to be. */
static void graph_times(struct grid *grid, int y, int x, int columns, uint64_t step_ns,
			const char *end)
{
	unsigned int step_s = (unsigned int)(step_ns / FACT_NS_PER_S), tick_s, ago_s;
	int length = (int)strlen(end), first, at;
	char text[FORMAT_SIZE];

	first = grid_text(grid, y, x, columns, ATTR_DIM,
			  format_ago(text, step_s * (unsigned int)columns)) + 1;
	tick_s = graph_tick_s(step_s);
	for (ago_s = tick_s; ago_s < step_s * (unsigned int)columns; ago_s += tick_s) {
		at = x + columns - (int)(ago_s / step_s);
		format_ago(text, ago_s);
		if (at >= first && at + (int)strlen(text) < x + columns - length)
			grid_text(grid, y, at, 8, ATTR_DIM, text);
	}
	grid_text_right(grid, y, x + columns - length, length, ATTR_DIM, end);
}

static void draw_one_graph(struct grid *grid, int y, int height, const struct trend *trend,
			   const struct model *model, const struct ui *ui, uint64_t span_ns)
{
	const struct glyphs *glyphs = glyphs_of(ui->utf8);
	int columns = grid->cols - LABEL - 1, i, row;
	double max = 0, top, sum = 0, value;
	uint64_t step_ns, end_ns, least_ns = HISTORY_BIN_NS;
	char text[FORMAT_SIZE], span[FORMAT_SIZE], end[FORMAT_SIZE];
	unsigned int seen = 0;

	height -= 2;
	if (height < 2 || columns < 10)
		return;
	if (span_ns > HISTORY_BINS * HISTORY_BIN_NS)
		least_ns = TREND_LONG_BIN_NS;
	/* Whole bins a column, or a column's height would depend on its place. */
	step_ns = (span_ns / (uint64_t)columns + least_ns - 1) / least_ns * least_ns;
	if ((uint64_t)columns > span_ns / step_ns)
		columns = (int)(span_ns / step_ns);
	end_ns = (model->now_ns + step_ns - 1) / step_ns * step_ns;
	for (i = 0; i < columns; i++) {
		value = graph_value(trend, end_ns, step_ns, columns, i);
		max = fmax(max, value);
		sum += fmax(value, 0);
		seen += value >= 0;
	}
	top = ui->graph == GRAPH_FILL ? 100 : nice_above(max, ui->units != UNITS_SI);
	graph_label(text, max, ui->graph, ui->units);
	row = grid_printf(grid, y, LABEL, columns, ATTR_NORMAL, "peak %s", seen ? text : "-");
	graph_label(text, seen ? sum / seen : 0, ui->graph, ui->units);
	row = grid_printf(grid, y, row + 2, columns, ATTR_NORMAL, "mean %s", seen ? text : "-");
	format_seconds(span, (double)(step_ns * (uint64_t)columns / FACT_NS_PER_S));
	/* The times below say it, too. */
	if (row + 7 + (int)strlen(span) <= grid->cols)
		grid_printf(grid, y, row + 2, columns, ATTR_NORMAL, "last %s", span);
	for (row = 0; row < height; row++)
		grid_put(grid, y + 1 + row, LABEL - 1, glyphs->upright, ATTR_DIM);
	for (row = 0; row <= 2; row++) {
		graph_label(text, top * (2 - row) / 2, ui->graph, ui->units);
		grid_text_right(grid, y + 1 + (height - 1) * row / 2, 0, LABEL - 1, ATTR_DIM,
				row == 2 ? "0" : row == 1 && height < 5 ? "" :
									  text);
	}
	for (i = 0; i < columns; i++) {
		value = graph_value(trend, end_ns, step_ns, columns, i);
		if (value > 0)
			graph_column(grid, LABEL + i, y + 1, height, value / top, glyphs);
		else if (value >= 0)
			grid_put(grid, y + height, LABEL + i, glyphs->spark[0], ATTR_DIM);
	}
	graph_times(grid, y + 1 + height, LABEL, columns, step_ns, graph_end(end, model, ui));
}

/* Too small for axes: the two minutes as signs, and what they say in figures. */
static void draw_small_graph(struct pen *pen, const struct trend *trend,
			     const struct model *model, const struct ui *ui)
{
	const struct glyphs *glyphs = glyphs_of(ui->utf8);
	int columns = pen->grid->cols - 1, y = pen_line(pen), level, i;
	uint64_t step_s, step_ns, end_ns;
	char peak[FORMAT_SIZE], mean[FORMAT_SIZE], span[FORMAT_SIZE], text[120];
	double max = 0, sum = 0, value;
	unsigned int seen = 0;

	if (columns < 1)
		return;
	step_s = (uint64_t)(125 / columns + 1);
	step_ns = step_s * FACT_NS_PER_S;
	end_ns = (model->now_ns + step_ns - 1) / step_ns * step_ns;
	if ((uint64_t)columns > 126 / step_s)
		columns = (int)(126 / step_s);
	for (i = 0; i < columns; i++) {
		value = graph_value(trend, end_ns, step_ns, columns, i);
		max = fmax(max, value);
		sum += fmax(value, 0);
		seen += value >= 0;
	}
	for (i = 0; i < columns; i++) {
		value = graph_value(trend, end_ns, step_ns, columns, i);
		if (value < 0)
			continue;
		level = max > 0 ? (int)ceil(value / (ui->graph == GRAPH_FILL ? 100 : max) *
					    GLYPH_SPARK_TOP) :
				  0;
		grid_put(pen->grid, y, 1 + i, glyphs->spark[level], level ? ATTR_SPARK : ATTR_DIM);
	}
	graph_label(peak, max, ui->graph, ui->units);
	graph_label(mean, seen ? sum / seen : 0, ui->graph, ui->units);
	y = pen_line(pen);
	i = grid_printf(pen->grid, y, 1, columns, ATTR_NORMAL, "peak %s", seen ? peak : "-");
	snprintf(text, sizeof(text), "mean %s in %s", seen ? mean : "-",
		 format_ago(span, (unsigned int)step_s * (unsigned int)columns) + 1);
	if (i + 1 + (int)strlen(text) > pen->grid->cols) {
		y = pen_line(pen);
		i = 0;
	}
	grid_text(pen->grid, y, i + 1, pen->grid->cols, ATTR_NORMAL, text);
}

void draw_graph(struct picture *picture, const struct model *model, struct ui *ui)
{
	const struct row *row = picture_selected(picture, ui);
	const struct trend *trend = graph_trend(model, row, ui->graph);
	struct grid *grid = &picture->grid;
	int height = grid->rows - 2 - picture->layout.pane[PANE_KEYS].height, upper;
	char title[160];
	struct pen pen;

	snprintf(title, sizeof(title), "%s of %s", graph_word(ui->graph),
		 row ? (ui->graph == GRAPH_FILL && row->owner ? row->owner->fact.name :
								row->figures.name) :
		       "everything");
	if (!pen_begin(&pen, picture, ui, title))
		return;
	if (!trend) {
		grid_text(grid, 3, 1, grid->cols - 1, ATTR_DIM,
			  "There is no area. g shows another figure, Esc goes back.");
		return;
	}
	if (height < GRAPH_ROWS || grid->cols < GRAPH_COLUMNS) {
		draw_small_graph(&pen, trend, model, ui);
		return;
	}
	upper = height >= 14 ? height / 2 : height;
	draw_one_graph(grid, 2, upper, trend, model, ui, 127 * FACT_NS_PER_S);
	if (upper < height)
		draw_one_graph(grid, 2 + upper, height - upper, trend, model, ui,
			       127 * TREND_LONG_BIN_NS);
}

/* Sum of the window of the selected line's devices, and since they are attached. */
static bool latency_of_row(const struct row *row, const struct model *model,
			   uint64_t lately[FACT_HOLD_BUCKETS], uint64_t ever[FACT_HOLD_BUCKETS])
{
	uint64_t counts[FACT_HOLD_BUCKETS];
	bool known = false;
	size_t i;
	int b;

	memset(lately, 0, FACT_HOLD_BUCKETS * sizeof(lately[0]));
	memset(ever, 0, FACT_HOLD_BUCKETS * sizeof(ever[0]));
	for (i = 0; i < model->n_devs; i++) {
		const struct dev *dev = &model->devs[i];
		bool mine = !row || (row->snap ? dev->snapshot_id == row->snap->fact.id :
						 dev == row->dev);

		if (!mine || dev->is_then || !dev->has_stats)
			continue;
		known = true;
		latency_counts(&dev->latency, counts);
		for (b = 0; b < FACT_HOLD_BUCKETS; b++) {
			lately[b] += counts[b];
			ever[b] += dev->stats.held_hist[b];
		}
	}
	return known;
}

static void latency_quantiles(struct pen *pen, const char *name,
			      const uint64_t counts[FACT_HOLD_BUCKETS])
{
	static const struct {
		const char *name;
		unsigned int permille;
	} shares[] = { { "p50", 500 }, { "p90", 900 }, { "p99", 990 }, { "p99.9", 999 } };
	char text[FORMAT_SIZE];
	uint64_t sum = 0, ns;
	bool narrow = pen->grid->cols < 60;
	int y = pen_line(pen), x, i;
	bool open_ended;

	for (i = 0; i < FACT_HOLD_BUCKETS; i++)
		sum += counts[i];
	x = grid_printf(pen->grid, y, 1, 40, ATTR_TITLE, narrow ? "%s" : "%-14s", name);
	x = grid_printf(pen->grid, y, x, 40, ATTR_NORMAL,
			pen->grid->cols < 30 ? " %s held" : " %s writes held",
			format_count(text, 6, sum));
	for (i = 0;
	     i < 4 && latency_quantile_of(counts, shares[i].permille, &ns, &open_ended); i++) {
		if (narrow) {
			y = pen_line(pen);
			x = 1;
		}
		x = grid_printf(pen->grid, y, x + 2, 40, ATTR_NORMAL, "%s %s%s", shares[i].name,
				open_ended ? ">" : "", format_duration_ns(text, ns));
	}
}

/* The bars are of the last seconds; in a quiet time of all that was ever held. */
static void latency_bars(struct pen *pen, const uint64_t lately[FACT_HOLD_BUCKETS],
			 const uint64_t ever[FACT_HOLD_BUCKETS], bool quiet)
{
	const uint64_t *bar = quiet ? ever : lately;
	const struct glyphs *glyphs = glyphs_of(pen->ui->utf8);
	char from[FORMAT_SIZE], to[FORMAT_SIZE], count[FORMAT_SIZE], all[FORMAT_SIZE];
	int room = pen->grid->cols - 34, first, last, i;
	bool narrow = room < 0;
	uint64_t most = 1;

	for (first = 0; first < FACT_HOLD_BUCKETS - 1 && !ever[first]; first++)
		;
	for (last = FACT_HOLD_BUCKETS - 1; last > first && !ever[last]; last--)
		;
	for (i = first; i <= last; i++)
		most = bar[i] > most ? bar[i] : most;
	if (narrow)
		grid_printf(pen->grid, pen_line(pen), 0, pen->grid->cols, ATTR_DIM, "%7s %6s %5s",
			    "below", "last", "ever");
	else
		grid_printf(pen->grid, pen_line(pen), 1, pen->grid->cols - 1, ATTR_DIM,
			    "%15s %8s %7s", "held for", "last 10s", "ever");
	for (i = first; i <= last; i++) {
		int y = pen_line(pen);

		format_duration_ns(from, 1ull << i);
		if (i < FACT_HOLD_BUCKETS - 1)
			format_duration_ns(to, 2ull << i);
		else
			strcpy(to, "more");
		if (narrow) {
			grid_printf(pen->grid, y, 0, 33, lately[i] ? ATTR_NORMAL : ATTR_DIM,
				    "%7s %6s %5s", to, format_count(count, 6, lately[i]),
				    format_count(all, 5, ever[i]));
			continue;
		}
		grid_printf(pen->grid, y, 1, 33, lately[i] ? ATTR_NORMAL : ATTR_DIM,
			    "%6s - %6s %8s %7s", from, to, format_count(count, 8, lately[i]),
			    format_count(all, 7, ever[i]));
		if (room >= 8 && y >= 0)
			glyph_bar(pen->grid, y, 34, room > 62 ? 62 : room, glyphs,
				  (unsigned int)((double)bar[i] * 1000 / most),
				  quiet ? ATTR_DIM : ATTR_SPARK);
	}
}

void draw_latency(struct picture *picture, const struct model *model, struct ui *ui)
{
	const struct row *row = picture_selected(picture, ui);
	uint64_t lately[FACT_HOLD_BUCKETS], ever[FACT_HOLD_BUCKETS], sum = 0, news = 0;
	char title[160];
	struct pen pen;
	int i;

	snprintf(title, sizeof(title), "%s: how long writes were held for a copy",
		 row ? row->figures.name : "all devices");
	if (!pen_begin(&pen, picture, ui, title))
		return;
	if (!latency_of_row(row, model, lately, ever)) {
		grid_text(pen.grid, pen_line(&pen), 1, pen.grid->cols - 1, ATTR_DIM,
			  ui->paused ? "Hold times of the past are not kept; their P99 is." :
				       "There are no counters of it.");
		return;
	}
	latency_quantiles(&pen, "last 10 s", lately);
	latency_quantiles(&pen, "ever", ever);
	pen_line(&pen);
	for (i = 0; i < FACT_HOLD_BUCKETS; i++) {
		sum += ever[i];
		news += lately[i];
	}
	if (sum)
		latency_bars(&pen, lately, ever, !news);
	else
		grid_text(pen.grid, pen_line(&pen), 1, pen.grid->cols - 1, ATTR_DIM,
			  "No write was held so far.");
	pen_end(&pen);
}
