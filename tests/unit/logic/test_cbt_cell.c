// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "cbt_cell.h"

Test(cbt_cell, was_never_written_at_first)
{
	cr_expect(eq(u32, cbt_cell_last(0, CBT_NUMBER_MAX), 0));
}

Test(cbt_cell, tells_the_interval_of_the_last_write)
{
	cr_expect(eq(u32, cbt_cell_last(cbt_cell_marked(0, 7), 7), 7));
}

Test(cbt_cell, is_not_changed_by_a_second_write_in_the_interval)
{
	u32 cell = cbt_cell_marked(cbt_cell_marked(0, 3), 5);

	cr_expect(eq(u32, cbt_cell_marked(cell, 5), cell));
}

Test(cbt_cell, still_tells_what_the_image_shows_after_a_take)
{
	u32 cell = cbt_cell_marked(cbt_cell_marked(0, 4), 5);

	cr_expect(eq(u32, cbt_cell_last(cell, 4), 4));
	cr_expect(eq(u32, cbt_cell_last(cell, 5), 5));
}

Test(cbt_cell, is_unwritten_in_the_image_if_first_written_after_the_take)
{
	cr_expect(eq(u32, cbt_cell_last(cbt_cell_marked(0, 9), 8), 0));
}

Test(cbt_cell, keeps_what_was_written_after_the_interval_that_is_marked)
{
	u32 cell = cbt_cell_marked(cbt_cell_marked(0, 6), 8);

	cell = cbt_cell_marked(cell, 7);
	cr_expect(eq(u32, cbt_cell_last(cell, 8), 8));
	cr_expect(eq(u32, cbt_cell_last(cell, 7), 7));
	cr_expect(eq(u32, cbt_cell_marked(cell, 6), cell));
}

Test(cbt_cell, holds_the_largest_number)
{
	u32 cell = cbt_cell_marked(cbt_cell_marked(0, CBT_NUMBER_MAX - 1), CBT_NUMBER_MAX);

	cr_expect(eq(u32, cbt_cell_last(cell, CBT_NUMBER_MAX), CBT_NUMBER_MAX));
	cr_expect(eq(u32, cbt_cell_last(cell, CBT_NUMBER_MAX - 1), CBT_NUMBER_MAX - 1));
}

/* The image of the running take and the running interval, over many of them. */
Test(cbt_cell, agrees_with_a_full_history)
{
	unsigned int seed;

	for (seed = 1; seed <= 500; seed++) {
		u32 cell = 0, last = 0, before = 0, number;

		srand(seed);
		for (number = 1; number < 50; number++) {
			before = last;
			if (rand() % 3 == 0) {
				cell = cbt_cell_marked(cell, number);
				last = number;
			}
			cr_assert(eq(u32, cbt_cell_last(cell, number), last));
			cr_assert(eq(u32, cbt_cell_last(cell, number - 1), before));
		}
	}
}
