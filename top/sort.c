// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of the table in their order; see sort.h. */
#include "sort.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* vdb before vda10, vda2 before vda10. */
static int compare_names(const struct row *a, const struct row *b)
{
	return strverscmp(a->figures.name, b->figures.name);
}

static int compare_rows(const void *pa, const void *pb, void *arg)
{
	const struct row *a = pa, *b = pb;
	const struct order *order = arg;
	bool has_a, has_b, ascending;
	double key_a, key_b;
	int result = 0;

	ascending = column_info(order->column)->ascending != order->inverted;
	if (order->column == COLUMN_NAME) {
		result = compare_names(a, b);
		return ascending ? result : -result;
	}
	has_a = column_key(order->column, &a->figures, &key_a);
	has_b = column_key(order->column, &b->figures, &key_b);
	if (has_a != has_b)
		return has_a ? -1 : 1;
	if (has_a && key_a != key_b)
		result = key_a < key_b ? -1 : 1;
	if (result)
		return ascending ? result : -result;
	return compare_names(a, b);
}

static void sort_rows(struct row *row, size_t count, const struct order *order)
{
	qsort_r(row, count, sizeof(*row), compare_rows, (void *)order);
}

static struct row *add_row(struct rows *rows)
{
	struct row *row = &rows->row[rows->count++];

	memset(row, 0, sizeof(*row));
	return row;
}

/* Devices of a snapshot, or with id 0 those that have none in the model. */
static void add_devs(struct rows *rows, const struct model *model, uint32_t id,
		     const struct order *order)
{
	size_t first = rows->count, i;

	for (i = 0; i < model->n_devs; i++) {
		const struct dev *dev = &model->devs[i];
		uint32_t owner = dev->snapshot_id;
		struct row *row;

		if (owner && !model_find_snap(model, owner))
			owner = 0;
		if (owner != id)
			continue;
		row = add_row(rows);
		row->dev = dev;
		row->child = id != 0;
		figures_of_dev(&row->figures, model, dev);
	}
	sort_rows(&rows->row[first], rows->count - first, order);
	if (id && rows->count > first)
		rows->row[rows->count - 1].last = true;
}

int rows_create(struct rows *rows, const struct model *model,
		const struct order *order)
{
	size_t total = model->n_snaps + model->n_devs, i;
	struct row *snaps;

	memset(rows, 0, sizeof(*rows));
	if (!total)
		return 0;
	rows->row = malloc(total * sizeof(*rows->row));
	snaps = malloc(total * sizeof(*snaps));
	if (!rows->row || !snaps) {
		free(snaps);
		rows_destroy(rows);
		return -ENOMEM;
	}

	for (i = 0; i < model->n_snaps; i++) {
		memset(&snaps[i], 0, sizeof(snaps[i]));
		snaps[i].snap = &model->snaps[i];
		figures_of_snap(&snaps[i].figures, model, &model->snaps[i]);
	}
	sort_rows(snaps, model->n_snaps, order);
	for (i = 0; i < model->n_snaps; i++) {
		rows->row[rows->count++] = snaps[i];
		add_devs(rows, model, snaps[i].snap->fact.id, order);
	}
	add_devs(rows, model, 0, order);
	free(snaps);
	return 0;
}

void rows_destroy(struct rows *rows)
{
	free(rows->row);
	memset(rows, 0, sizeof(*rows));
}
