// SPDX-License-Identifier: GPL-2.0-or-later
/* Places on the screen, for every size there is. */
#include <criterion/criterion.h>

#include "layout.h"

#define MAX_COLS 520
#define MAX_ROWS 210

static bool has_column(const struct layout *layout, enum column column)
{
	int i;

	for (i = 0; i < layout->n_slots; i++)
		if (layout->slot[i].column == column)
			return true;
	return false;
}

static int width_of(const struct layout *layout, enum column column)
{
	int i;

	for (i = 0; i < layout->n_slots; i++)
		if (layout->slot[i].column == column)
			return layout->slot[i].width;
	return 0;
}

Test(layout, covers_every_row_once)
{
	int owner[MAX_ROWS];
	struct layout layout;
	int rows, pane, y, events;

	for (rows = 4; rows < MAX_ROWS; rows++)
		for (events = 0; events < 2; events++) {
			memset(owner, 0, sizeof(owner));
			layout_make(&layout, 80, rows, events, UNITS_IEC, NULL);
			for (pane = 0; pane < PANE_COUNT; pane++) {
				const struct span *span = &layout.pane[pane];

				for (y = span->y; y < span->y + span->height; y++) {
					cr_assert(y >= 0 && y < rows, "%d rows: pane %d at %d",
						  rows, pane, y);
					owner[y]++;
				}
			}
			for (y = 0; y < rows; y++)
				cr_assert_eq(owner[y], 1, "%d rows: row %d has %d owners",
					     rows, y, owner[y]);
		}
}

Test(layout, leaves_the_table_at_least_a_third)
{
	struct layout layout;
	int rows;

	for (rows = 4; rows < MAX_ROWS; rows++) {
		layout_make(&layout, 80, rows, true, UNITS_IEC, NULL);
		cr_assert(layout.pane[PANE_BODY].height * 3 >= rows, "%d rows: body of %d",
			  rows, layout.pane[PANE_BODY].height);
	}
}

Test(layout, is_one_line_on_tiny_screens)
{
	struct layout layout;
	int rows;

	for (rows = 1; rows < 4; rows++) {
		layout_make(&layout, 80, rows, true, UNITS_IEC, NULL);
		cr_assert_eq(layout.pane[PANE_LINE].height, 1, "%d rows", rows);
		cr_assert_eq(layout.pane[PANE_BODY].height, 0, "%d rows", rows);
	}
	layout_make(&layout, 80, 0, true, UNITS_IEC, NULL);
	cr_assert_eq(layout.pane[PANE_LINE].height, 0, "no row, no line");
}

Test(layout, keeps_columns_inside_and_apart)
{
	struct layout layout;
	int cols, units, i;

	for (units = 0; units < UNITS_COUNT; units++)
		for (cols = 0; cols < MAX_COLS; cols++) {
			int end = -LAYOUT_GAP;

			layout_make(&layout, cols, 50, true, units, NULL);
			for (i = 0; i < layout.n_slots; i++) {
				const struct slot *slot = &layout.slot[i];

				cr_assert(slot->x >= end + LAYOUT_GAP && slot->width > 0,
					  "%d cols: column %d at %d overlaps", cols,
					  slot->column, slot->x);
				end = slot->x + slot->width;
			}
			cr_assert(end <= cols, "%d cols: ends at %d", cols, end);
		}
}

Test(layout, shows_columns_in_the_order_of_their_priority)
{
	struct layout layout;
	int cols, units, column;

	for (units = 0; units < UNITS_COUNT; units++)
		for (cols = 0; cols < MAX_COLS; cols++) {
			layout_make(&layout, cols, 50, true, units, NULL);
			for (column = 0; column < layout.n_slots; column++)
				cr_assert(has_column(&layout, column),
					  "%d cols: %d columns, but not %d", cols,
					  layout.n_slots, column);
		}
}

Test(layout, never_loses_a_column_when_it_gets_wider)
{
	struct layout layout;
	int cols, last = 0;

	for (cols = 0; cols < MAX_COLS; cols++) {
		layout_columns(&layout, cols, 0, UNITS_IEC, NULL);
		cr_assert(layout.n_slots >= last, "%d cols: %d columns after %d", cols,
			  layout.n_slots, last);
		last = layout.n_slots;
	}
	cr_assert_eq(last, COLUMN_COUNT, "all columns on a wide screen, not %d", last);
}

Test(layout, gives_each_column_at_least_its_least_width)
{
	struct layout layout;
	int cols, i;

	for (cols = 20; cols < MAX_COLS; cols++) {
		layout_make(&layout, cols, 50, true, UNITS_IEC, NULL);
		for (i = 0; i < layout.n_slots; i++) {
			const struct slot *slot = &layout.slot[i];
			const struct column_info *info = column_info(slot->column);

			cr_assert(slot->width >= info->min &&
					  slot->width <= (info->most ? info->most : info->max),
				  "%d cols: column %d is %d wide", cols, slot->column,
				  slot->width);
		}
	}
}

/* What all columns leave is for those that can use it, and not before. */
Test(layout, gives_names_the_rest_of_a_very_wide_screen)
{
	struct layout layout;

	layout_make(&layout, 500, 200, true, UNITS_IEC, NULL);
	cr_assert_eq(width_of(&layout, COLUMN_NAME), 120);
	cr_assert_eq(width_of(&layout, COLUMN_FILL), 48);
	cr_assert_eq(width_of(&layout, COLUMN_SPARK), 60);
	layout_make(&layout, 200, 60, true, UNITS_IEC, NULL);
	cr_assert_eq(width_of(&layout, COLUMN_NAME), 40);
}

Test(layout, lets_the_first_columns_be_nice_before_it_adds_a_minor_one)
{
	struct layout layout;
	int cols, i, column;

	for (cols = 0; cols < MAX_COLS; cols++) {
		layout_columns(&layout, cols, 0, UNITS_IEC, NULL);
		for (i = 0; layout.n_slots > COLUMN_CORE + 1 && i < layout.n_slots; i++) {
			column = layout.slot[i].column;
			/* The last one that came may be at its least. */
			if (column == layout.n_slots - 1)
				continue;
			cr_assert_geq(layout.slot[i].width, column_info(column)->nice,
				      "%d cols: column %d is only %d wide", cols, column,
				      layout.slot[i].width);
		}
	}
}

Test(layout, shows_the_main_figures_on_40_columns)
{
	struct layout layout;

	layout_make(&layout, 40, 10, true, UNITS_IEC, NULL);
	cr_assert(has_column(&layout, COLUMN_STATE));
	cr_assert(has_column(&layout, COLUMN_FILL));
	cr_assert(has_column(&layout, COLUMN_TTFULL));
	cr_assert(has_column(&layout, COLUMN_COW));
}

Test(layout, shows_a_sparkline_on_80_columns_and_latency_on_100)
{
	struct layout layout;

	layout_make(&layout, 80, 24, true, UNITS_IEC, NULL);
	cr_assert(has_column(&layout, COLUMN_SPARK));
	layout_make(&layout, 100, 30, true, UNITS_IEC, NULL);
	cr_assert(has_column(&layout, COLUMN_IMAGE_RATE));
	cr_assert(has_column(&layout, COLUMN_P99));
}

Test(layout, makes_room_for_all_digits)
{
	struct layout layout;

	layout_make(&layout, 100, 30, true, UNITS_BYTES, NULL);
	cr_assert_eq(width_of(&layout, COLUMN_COW), 15, "COW/s is %d wide",
		     width_of(&layout, COLUMN_COW));
}

Test(layout, gives_the_events_to_the_table_when_hidden)
{
	struct layout with, without;

	layout_make(&with, 80, 24, true, UNITS_IEC, NULL);
	layout_make(&without, 80, 24, false, UNITS_IEC, NULL);
	cr_assert_eq(with.pane[PANE_EVENTS].height, 4);
	cr_assert_eq(without.pane[PANE_EVENTS].height, 0);
	cr_assert_eq(without.pane[PANE_BODY].height, with.pane[PANE_BODY].height + 5);
}

Test(columns, have_titles_that_fit)
{
	int column;

	for (column = 0; column < COLUMN_COUNT; column++) {
		const struct column_info *info = column_info(column);

		cr_assert((int)strlen(info->title) <= info->min, "%s", info->title);
		cr_assert(info->min <= info->nice && info->nice <= info->max, "%s", info->title);
	}
}

Test(columns, have_each_a_place_of_its_own)
{
	int place;

	for (place = 0; place < COLUMN_COUNT; place++)
		cr_assert_eq(column_info(column_at(place))->place, place, "place %d", place);
}

Test(columns, can_all_be_reached_by_stepping)
{
	enum column column = COLUMN_NAME;
	bool seen[COLUMN_COUNT] = { false };
	int i;

	for (i = 0; i < COLUMN_COUNT; i++) {
		seen[column] = true;
		column = column_next(column, 1);
	}
	for (i = 0; i < COLUMN_COUNT; i++)
		cr_assert(seen[i], "%s", column_info(i)->title);
	cr_assert_eq(column_next(column_next(COLUMN_FILL, 1), -1), COLUMN_FILL);
}

/* Chosen ones come in the order they were chosen in, and the rule of the width stays. */
Test(layout, shows_only_what_was_chosen)
{
	static const enum column order[] = { COLUMN_NAME, COLUMN_ERRORS, COLUMN_SPARK, COLUMN_COW };
	struct columns wanted;
	struct layout layout;
	char why[80];
	int cols, i, place;

	cr_assert_eq(columns_parse(&wanted, "err,last-min,cow", why, sizeof(why)), 0);
	for (cols = 1; cols < MAX_COLS; cols++) {
		layout_make(&layout, cols, 50, true, UNITS_IEC, &wanted);
		cr_assert_gt(layout.n_slots, 0);
		cr_assert_leq(layout.n_slots, 4);
		for (i = 0, place = 0; i < layout.n_slots; i++, place++) {
			while (place < 4 && order[place] != layout.slot[i].column)
				place++;
			cr_assert_lt(place, 4, "%d columns: slot %d", cols, i);
		}
	}
	cr_assert_eq(layout.n_slots, 4);
	layout_make(&layout, 30, 50, true, UNITS_IEC, &wanted);
	cr_assert(has_column(&layout, COLUMN_COW), "it is worth more than the errors");
}
