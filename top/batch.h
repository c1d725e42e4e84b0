/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The picture without a terminal: the table with the figures and columns of the
 * screen as plain text, its lines for programs, sentences for whoever listens,
 * or one line.
 */
#ifndef TOP_BATCH_H
#define TOP_BATCH_H

#include <stdio.h>

#include "draw.h"
#include "options.h"

/* Enough for every column. */
#define BATCH_WIDTH 144

/**
 * batch_print() - print one picture
 * @out: where to
 * @model: what to show
 * @ui: how
 * @width: columns of the table
 * @events_from: number of events that were printed before
 *
 * Return: 0 or -errno.
 */
int batch_print(FILE *out, const struct model *model, struct ui *ui, int width,
		uint64_t events_from);

/**
 * batch_print_line() - the most urgent, in one line
 */
int batch_print_line(FILE *out, const struct model *model, struct ui *ui, int width);

/**
 * batch_print_sentences() - what happened, and if it is wanted how things are
 * @out: where to
 * @model: what to show
 * @ui: how
 * @events_from: number of events that were printed before
 * @summary: add a sentence for everything, and one for each snapshot
 *
 * Return: 0 or -errno.
 */
int batch_print_sentences(FILE *out, const struct model *model, const struct ui *ui,
			  uint64_t events_from, bool summary);

/**
 * batch_print_rows() - the lines for programs
 * @format: BATCH_JSON or BATCH_CSV
 * @first: with the names of the columns, where there are any
 */
int batch_print_rows(FILE *out, const struct model *model, const struct ui *ui,
		     enum batch_format format, bool first, uint64_t events_from);

#endif
