/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of the table in their order: each snapshot with its devices below
 * it, then the devices that are only tracked. Pure but for the array's memory.
 */
#ifndef TOP_SORT_H
#define TOP_SORT_H

#include "column.h"
#include "model.h"

/**
 * struct row - a line of the table
 * @snap: the snapshot, or NULL
 * @dev: the device, or NULL
 * @child: a device below its snapshot
 * @last: the last one there
 * @figures: its figures
 */
struct row {
	const struct snap *snap;
	const struct dev *dev;
	bool child;
	bool last;
	struct figures figures;
};

/**
 * struct rows - all lines
 * @row: array, points into the model it was made of
 * @count: number of lines
 */
struct rows {
	struct row *row;
	size_t count;
};

/**
 * struct order - how to sort
 * @column: by this
 * @inverted: the other way round than the column usually is
 */
struct order {
	enum column column;
	bool inverted;
};

/**
 * rows_create() - the lines of a model
 * @rows: filled; freed with rows_destroy()
 * @model: the model, which must outlive the lines
 * @order: how to sort; equal ones are in the order of their names, and what
 *	has no value comes last whatever the direction
 *
 * Return: 0 or -ENOMEM, in which case there are none.
 */
int rows_create(struct rows *rows, const struct model *model,
		const struct order *order);

/**
 * rows_destroy() - free the lines
 * @rows: lines, empty afterwards
 */
void rows_destroy(struct rows *rows);

#endif
