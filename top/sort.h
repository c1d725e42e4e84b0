/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of the table, chosen and in their order: each snapshot with its
 * devices below it, each of these with its image if that is wanted, then the
 * devices that are only tracked. Pure but for the array's memory.
 */
#ifndef TOP_SORT_H
#define TOP_SORT_H

#include <expr.h>

#include "column.h"
#include "model.h"

/**
 * struct row - a line of the table
 * @snap: the snapshot, or NULL
 * @dev: the device, or NULL; of an image its origin
 * @owner: the snapshot it is or belongs to, or NULL
 * @image: it is the image of @dev
 * @child: below its snapshot
 * @last: the last one there
 * @folded: the snapshot's devices are hidden
 * @members: of a snapshot: number of its devices
 * @id: number of the snapshot, 0: a device or image
 * @devno: number of the device
 * @group: which lines belong together: the first one's place
 * @figures: its figures
 */
struct row {
	const struct snap *snap;
	const struct dev *dev;
	const struct snap *owner;
	bool image;
	bool child;
	bool last;
	bool folded;
	unsigned int members;
	uint32_t id;
	struct devno devno;
	size_t group;
	struct figures figures;
};

/**
 * struct rows - all lines
 * @row: array, points into the model it was made of
 * @count: number of lines
 * @left_out: objects that the filter does not let through
 */
struct rows {
	struct row *row;
	size_t count;
	size_t left_out;
};

enum tree {
	TREE_FULL, /* devices below their snapshots */
	TREE_IMAGES, /* and images below these */
	TREE_FOLDED, /* snapshots, and devices without one */
	TREE_FLAT, /* all of them sorted together */
	TREE_COUNT,
};

/**
 * struct pin - an object that stays on top
 * @id: number of the snapshot, 0: a device
 * @dev: number of the device
 */
struct pin {
	uint32_t id;
	struct devno dev;
};

/**
 * struct order - what to show, and how to sort it
 * @column: sort by this
 * @inverted: the other way round than the column usually is
 * @tree: what is below what
 * @filter: only lines for which it is true, or NULL. A snapshot is shown too
 *	if one of its devices is, and with a snapshot that it is true for all
 *	of its devices
 * @folded: numbers of snapshots whose devices are hidden
 * @n_folded: number of them
 * @pinned: objects that come before their like, whatever the order is
 * @n_pinned: number of them
 * @only: only this snapshot and what is below it, or this device; NULL: all
 */
struct order {
	enum column column;
	bool inverted;
	enum tree tree;
	const struct expr *filter;
	const uint32_t *folded;
	size_t n_folded;
	const struct pin *pinned;
	size_t n_pinned;
	const struct pin *only;
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
 * rows_keep_places() - lines that were there before stay where they were
 * @rows: the lines
 * @before: the lines of an earlier picture, of the same order; their pointers
 *	may not be valid any more
 *
 * Groups of a snapshot and its devices are kept together; what is new comes
 * last in its group, or as the last group. Without memory nothing happens.
 */
void rows_keep_places(struct rows *rows, const struct rows *before);

/**
 * rows_destroy() - free the lines
 * @rows: lines, empty afterwards
 */
void rows_destroy(struct rows *rows);

/**
 * tree_word() - a choice of lines in a word
 * @tree: which
 */
const char *tree_word(enum tree tree);

/**
 * row_is_pinned() - whether a line stays on top
 * @order: what is pinned
 * @row: the line
 */
bool row_is_pinned(const struct order *order, const struct row *row);

#endif
