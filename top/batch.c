// SPDX-License-Identifier: GPL-2.0-or-later
/* The picture as plain text; see batch.h. */
#include "batch.h"

#include <errno.h>
#include <stdio.h>

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
	err = rows_create(&picture.rows, model, &ui->order);
	if (!err)
		err = grid_resize(&picture.grid, width, (int)(2 + picture.rows.count + events));
	if (err)
		goto out;
	layout_columns(&picture.layout, width, 0, ui->units);
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
