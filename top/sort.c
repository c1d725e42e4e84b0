// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of the table in their order; see sort.h. */
#include "sort.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

/* vdb before vda10, vda2 before vda10. */
static int compare_names(const struct row *a, const struct row *b)
{
	return strverscmp(a->figures.name, b->figures.name);
}

bool row_is_pinned(const struct order *order, const struct row *row)
{
	size_t i;

	for (i = 0; i < order->n_pinned; i++)
		if (row->snap ? order->pinned[i].id == row->snap->fact.id :
				!order->pinned[i].id && !row->image &&
					devno_equal(order->pinned[i].dev, row->dev->fact.dev))
			return true;
	return false;
}

static int compare_rows(const void *pa, const void *pb, void *arg)
{
	const struct row *a = pa, *b = pb;
	const struct order *order = arg;
	bool has_a, has_b, ascending;
	const char *text_a, *text_b;
	double key_a, key_b;
	int result = 0;

	has_a = row_is_pinned(order, a);
	has_b = row_is_pinned(order, b);
	if (has_a != has_b)
		return has_a ? -1 : 1;
	ascending = column_info(order->column)->ascending != order->inverted;
	text_a = column_text_key(order->column, &a->figures);
	text_b = column_text_key(order->column, &b->figures);
	if (text_a && text_b) {
		if (!*text_a != !*text_b)
			return *text_a ? -1 : 1;
		result = strverscmp(text_a, text_b);
		if (!result)
			return compare_names(a, b);
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

static bool is_chosen(const struct order *order, const struct row *row)
{
	return !order->filter || expr_match(order->filter, fields_get, row);
}

static bool is_folded(const struct order *order, uint32_t id)
{
	size_t i;

	if (order->tree == TREE_FOLDED)
		return true;
	for (i = 0; i < order->n_folded; i++)
		if (order->folded[i] == id)
			return true;
	return false;
}

static const struct snap *owner_of(const struct model *model, const struct dev *dev)
{
	return dev->snapshot_id ? model_find_snap(model, dev->snapshot_id) : NULL;
}

/* A device, if it is chosen or @all are. Return: its line, or NULL. */
static struct row *add_dev(struct rows *rows, const struct model *model,
			   const struct dev *dev, const struct snap *owner,
			   const struct order *order, bool all)
{
	struct row *row = add_row(rows);

	row->dev = dev;
	row->owner = owner;
	figures_of_dev(&row->figures, model, dev);
	if (all || is_chosen(order, row))
		return row;
	rows->count--;
	rows->left_out++;
	return NULL;
}

static void add_image(struct rows *rows, const struct row *of)
{
	struct row parent = *of;
	struct row *row = add_row(rows);

	row->dev = parent.dev;
	row->owner = parent.owner;
	row->image = true;
	row->child = true;
	row->last = parent.last;
	figures_of_image(&row->figures, &parent.figures);
}

/* Put each device's image behind it; there is room for twice as many. */
static void spread_images(struct rows *rows, size_t first)
{
	size_t count = rows->count - first, i;
	struct row *copy;

	copy = malloc(count * sizeof(*copy));
	if (!copy)
		return;
	memcpy(copy, &rows->row[first], count * sizeof(*copy));
	rows->count = first;
	for (i = 0; i < count; i++) {
		*add_row(rows) = copy[i];
		if (copy[i].figures.image[0])
			add_image(rows, &copy[i]);
	}
	free(copy);
}

/* Devices of a snapshot, or those that have none in the model. */
static void add_devs(struct rows *rows, const struct model *model, const struct snap *owner,
		     const struct order *order, bool all)
{
	size_t first = rows->count, i;

	for (i = 0; i < model->n_devs; i++) {
		const struct dev *dev = &model->devs[i];
		struct row *row;

		if (owner ? model->keys[i].snapshot_id != owner->fact.id : !!owner_of(model, dev))
			continue;
		row = add_dev(rows, model, dev, owner, order, all);
		if (row)
			row->child = owner;
	}
	sort_rows(&rows->row[first], rows->count - first, order);
	if (owner && rows->count > first)
		rows->row[rows->count - 1].last = true;
	if (order->tree == TREE_IMAGES && rows->count > first)
		spread_images(rows, first);
}

static void make_snap(struct row *row, const struct model *model, const struct snap *snap)
{
	size_t i;

	memset(row, 0, sizeof(*row));
	row->snap = snap;
	row->owner = snap;
	for (i = 0; i < model->n_devs; i++)
		row->members += model->keys[i].snapshot_id == snap->fact.id;
	figures_of_snap(&row->figures, model, snap);
}

/* A snapshot with what is below it, as far as it is chosen. */
static void add_snap(struct rows *rows, const struct model *model, const struct row *snap,
		     const struct order *order)
{
	bool chosen = is_chosen(order, snap);
	size_t first = rows->count, before = rows->left_out;

	*add_row(rows) = *snap;
	add_devs(rows, model, snap->snap, order, false);
	/* What is true of the snapshot alone leaves it as a whole. */
	if (chosen && rows->count == first + 1) {
		rows->left_out = before;
		add_devs(rows, model, snap->snap, order, true);
	}
	if (!chosen && rows->count == first + 1) {
		rows->count = first;
		rows->left_out++;
		return;
	}
	if (is_folded(order, snap->snap->fact.id)) {
		rows->row[first].folded = snap->members;
		rows->count = first + 1;
		rows->left_out = before;
	}
}

static void add_flat(struct rows *rows, const struct model *model, const struct order *order)
{
	size_t i;

	for (i = 0; i < model->n_snaps; i++) {
		make_snap(add_row(rows), model, &model->snaps[i]);
		if (!is_chosen(order, &rows->row[rows->count - 1])) {
			rows->count--;
			rows->left_out++;
		}
	}
	for (i = 0; i < model->n_devs; i++)
		add_dev(rows, model, &model->devs[i], owner_of(model, &model->devs[i]), order,
			false);
	sort_rows(rows->row, rows->count, order);
}

/* What is needed of a line when what it points to is gone. */
static void name_rows(struct rows *rows)
{
	size_t i;

	for (i = 0; i < rows->count; i++) {
		struct row *row = &rows->row[i];

		row->id = row->snap ? row->snap->fact.id : 0;
		if (row->dev)
			row->devno = row->dev->fact.dev;
		row->group = row->child && i ? rows->row[i - 1].group : i;
	}
}

struct place {
	size_t group;
	size_t own;
	size_t now;
};

static int compare_places(const void *pa, const void *pb)
{
	const struct place *a = pa, *b = pb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->own != b->own)
		return a->own < b->own ? -1 : 1;
	return a->now < b->now ? -1 : a->now > b->now;
}

/* Where a line was; behind all others if it is new. */
static size_t place_of(const struct row *row, const struct rows *before)
{
	size_t i;

	for (i = 0; i < before->count; i++)
		if (before->row[i].id == row->id && before->row[i].image == row->image &&
		    (row->id || devno_equal(before->row[i].devno, row->devno)))
			return i;
	return before->count;
}

void rows_keep_places(struct rows *rows, const struct rows *before)
{
	struct place *place;
	struct row *row;
	size_t i;

	if (!rows->count || !before->count)
		return;
	place = malloc(rows->count * sizeof(*place));
	row = malloc((rows->count + 1) * sizeof(*row));
	if (!place || !row) {
		free(place);
		free(row);
		return;
	}
	for (i = 0; i < rows->count; i++) {
		size_t leader = rows->row[i].group;

		place[i].now = i;
		place[i].own = place_of(&rows->row[i], before);
		place[i].group = leader == i ? place[i].own : place[leader].group;
		/* New groups are not mixed up; a leader is always first. */
		if (place[i].group == before->count)
			place[i].group += leader;
		if (leader == i)
			place[i].own = 0;
	}
	qsort(place, rows->count, sizeof(*place), compare_places);
	for (i = 0; i < rows->count; i++)
		row[i] = rows->row[place[i].now];
	free(place);
	free(rows->row);
	rows->row = row;
	name_rows(rows);
	for (i = 0; i < rows->count; i++)
		row[i].last = row[i].child && !row[i].image &&
			      (i + 1 == rows->count || !row[i + 1].child ||
			       (row[i + 1].image && (i + 2 == rows->count || !row[i + 2].child)));
	for (i = 1; i < rows->count; i++)
		if (row[i].image)
			row[i].last = row[i - 1].last;
}

static void keep_only(struct rows *rows, const struct pin *only)
{
	size_t to = 0, i;

	for (i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		if (only->id ? row->owner && row->owner->fact.id == only->id :
			       row->dev && devno_equal(row->dev->fact.dev, only->dev))
			rows->row[to++] = *row;
	}
	rows->count = to;
	/* Without its snapshot above it a device is no branch. */
	for (i = 0; i < rows->count && !only->id; i++)
		rows->row[i].child = rows->row[i].image;
}

int rows_create(struct rows *rows, const struct model *model,
		const struct order *order)
{
	size_t total = model->n_snaps + 2 * model->n_devs, i;
	struct row *snaps;

	memset(rows, 0, sizeof(*rows));
	if (!total)
		return 0;
	rows->row = malloc(total * sizeof(*rows->row));
	snaps = malloc((model->n_snaps + 1) * sizeof(*snaps));
	if (!rows->row || !snaps) {
		free(snaps);
		rows_destroy(rows);
		return -ENOMEM;
	}
	if (order->tree == TREE_FLAT) {
		add_flat(rows, model, order);
	} else {
		for (i = 0; i < model->n_snaps; i++)
			make_snap(&snaps[i], model, &model->snaps[i]);
		sort_rows(snaps, model->n_snaps, order);
		for (i = 0; i < model->n_snaps; i++)
			add_snap(rows, model, &snaps[i], order);
		add_devs(rows, model, NULL, order, false);
	}
	free(snaps);
	if (order->only)
		keep_only(rows, order->only);
	name_rows(rows);
	return 0;
}

void rows_destroy(struct rows *rows)
{
	free(rows->row);
	memset(rows, 0, sizeof(*rows));
}

const char *tree_word(enum tree tree)
{
	static const char *const words[] = { "tree", "images", "folded", "flat" };

	return words[tree];
}
