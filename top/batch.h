/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The picture as plain text: the header, the table with the same columns, and
 * the events that are new. No terminal is needed.
 */
#ifndef TOP_BATCH_H
#define TOP_BATCH_H

#include "draw.h"

/* Where nobody says how wide: room for every column. */
#define BATCH_WIDTH	144

/**
 * batch_print() - print one picture
 * @out: where to
 * @model: what to show
 * @ui: how
 * @width: columns
 * @events_from: events from this number on are printed (model->n_events of the
 *	last picture)
 *
 * Return: 0, -ENOMEM, or -errno of writing.
 */
int batch_print(FILE *out, const struct model *model, struct ui *ui, int width,
		uint64_t events_from);

#endif
