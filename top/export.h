/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of the table for programs: the same columns, filter and order as on
 * the screen, but numbers in base units with the unit in the name, and nothing
 * rounded. What is not known is empty, or null; what was not chosen is not
 * there. Pure.
 */
#ifndef TOP_EXPORT_H
#define TOP_EXPORT_H

#include <stdio.h>

#include "columns.h"
#include "sort.h"

/**
 * export_csv_head() - the names of the columns
 * @out: where to
 * @wanted: the columns that are chosen
 */
void export_csv_head(FILE *out, const struct columns *wanted);

/**
 * export_csv() - a line for each line of the table
 * @out: where to
 * @rows: the lines
 * @wanted: the columns that are chosen
 * @real_ns: CLOCK_REALTIME of the picture, in the first column
 */
void export_csv(FILE *out, const struct rows *rows, const struct columns *wanted, uint64_t real_ns);

/**
 * export_json() - one JSON document in one line, schema blksnap.top/1
 * @out: where to
 * @model: for the source and the events
 * @rows: the lines
 * @wanted: the columns that are chosen
 * @real_ns: CLOCK_REALTIME of the picture
 * @events_from: number of events that were told before
 *
 * Return: 0 or -ENOMEM.
 */
int export_json(FILE *out, const struct model *model, const struct rows *rows,
		const struct columns *wanted, uint64_t real_ns, uint64_t events_from);

#endif
