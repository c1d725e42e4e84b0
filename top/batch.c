// SPDX-License-Identifier: GPL-2.0-or-later
/* The picture as plain text; see batch.h. */
#include "batch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "export.h"

static void batch_events(struct picture *picture, int y, const struct model *model,
			 uint64_t count)
{
	while (count-- > 0) {
		const struct event *event = model_event(model, count);

		if (event)
			draw_event(&picture->grid, y++, event);
	}
}

int batch_print(FILE *out, const struct model *model, struct ui *ui, int width,
		uint64_t events_from)
{
	uint64_t events = model->n_events - events_from;
	struct picture picture;
	int err, y = 0;
	size_t i;

	if (events > MODEL_EVENTS)
		events = MODEL_EVENTS;
	picture_init(&picture);
	picture.grid.utf8 = ui->utf8;
	err = rows_create(&picture.rows, model, &ui->order);
	if (!err)
		err = grid_resize(&picture.grid, width, (int)(2 + picture.rows.count + events));
	if (err)
		goto out;
	figures_sum(&picture.summary, model);
	layout_columns(&picture.layout, width, 0, ui->units, &ui->columns);
	draw_header(&picture, model, ui);
	draw_table_head(&picture.grid, 1, &picture.layout, ui);
	for (i = 0; i < picture.rows.count; i++)
		draw_table_row(&picture.grid, (int)(2 + i), &picture.layout,
			       &picture.rows.row[i], model, ui);
	batch_events(&picture, (int)(2 + picture.rows.count), model, events);

	for (y = 0; y < picture.grid.rows; y++) {
		grid_print_row(&picture.grid, y, out);
		putc('\n', out);
	}
	if (fflush(out))
		err = -errno;
out:
	picture_exit(&picture);
	return err;
}

int batch_print_line(FILE *out, const struct model *model, struct ui *ui, int width)
{
	struct picture picture;
	int err;

	picture_init(&picture);
	picture.grid.utf8 = ui->utf8;
	err = grid_resize(&picture.grid, width, 1);
	if (!err) {
		figures_sum(&picture.summary, model);
		draw_line(&picture, model, ui);
		grid_print_row(&picture.grid, 0, out);
		putc('\n', out);
		if (fflush(out))
			err = -errno;
	}
	picture_exit(&picture);
	return err;
}

/* "nightly: CRIT, 91% full, full in 6 minutes, copying 19.9M a second." */
static void say_snap(FILE *out, const struct row *row, const struct ui *ui)
{
	const struct figures *f = &row->figures;
	char text[FORMAT_WORDS_SIZE];

	fprintf(out, "%s: %s", f->name, f->word);
	if (f->has_fill)
		fprintf(out, ", %s full", format_percent(text, f->permille));
	if (f->eta.known)
		fprintf(out, ", full in %s", format_eta_words(text, &f->eta));
	if (f->cow_rate >= 0)
		fprintf(out, ", copying %s a second", format_rate(text, 15, f->cow_rate, ui->units));
	fprintf(out, ", %u device%s.\n", row->members, row->members == 1 ? "" : "s");
}

static void say_summary(FILE *out, const struct model *model, const struct rows *rows,
			const struct ui *ui)
{
	struct summary summary;
	char clock[FORMAT_SIZE];
	size_t snaps = 0, i;

	figures_sum(&summary, model);
	for (i = 0; i < rows->count; i++)
		snaps += rows->row[i].snap != NULL;
	fprintf(out, "%s: %s%zu snapshot%s, %u need attention, %u need it now, %u failed.\n",
		format_clock(clock, ui->real_ns, false),
		model->source == SOURCE_LIVE ? "" : "stale: ", snaps, snaps == 1 ? "" : "s",
		summary.warn, summary.crit, summary.fail);
	for (i = 0; i < rows->count; i++)
		if (rows->row[i].snap)
			say_snap(out, &rows->row[i], ui);
}

int batch_print_sentences(FILE *out, const struct model *model, const struct ui *ui,
			  uint64_t events_from, bool summary)
{
	uint64_t news = model->n_events - events_from;
	const struct event *event;
	char clock[FORMAT_SIZE];
	struct rows rows;
	int err;

	while (news-- > 0) {
		event = model_event(model, news);
		if (event)
			fprintf(out, "%s: %s: %s%s%s.\n", format_clock(clock, event->real_ns, false),
				alarm_word(event->sentence.severity), event->object,
				event->object[0] ? ": " : "", event->sentence.text);
	}
	if (summary) {
		err = rows_create(&rows, model, &ui->order);
		if (err)
			return err;
		say_summary(out, model, &rows, ui);
		rows_destroy(&rows);
	}
	return fflush(out) ? -errno : 0;
}

int batch_print_rows(FILE *out, const struct model *model, const struct ui *ui,
		     enum batch_format format, bool first, uint64_t events_from)
{
	struct rows rows;
	int err;

	err = rows_create(&rows, model, &ui->order);
	if (err)
		return err;
	if (format == BATCH_JSON) {
		err = export_json(out, model, &rows, &ui->columns, ui->real_ns, events_from);
	} else {
		if (first)
			export_csv_head(out, &ui->columns);
		export_csv(out, &rows, &ui->columns, ui->real_ns);
	}
	rows_destroy(&rows);
	if (!err && fflush(out))
		err = -errno;
	return err;
}
