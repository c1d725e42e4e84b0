// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "level.h"

Test(level, is_low_below_the_low_mark_only)
{
	cr_expect(not(level_is_low(false, 100, 100, 200)));
	cr_expect(level_is_low(false, 99, 100, 200));
}

Test(level, stays_low_until_the_clear_mark)
{
	cr_expect(level_is_low(true, 150, 100, 200));
	cr_expect(level_is_low(true, 199, 100, 200));
	cr_expect(not(level_is_low(true, 200, 100, 200)));
}

Test(level, is_never_low_without_marks)
{
	cr_expect(not(level_is_low(false, 0, 0, 0)));
	cr_expect(not(level_is_low(true, 0, 0, 0)));
}

Test(level, does_not_flap_between_the_marks)
{
	bool low = false;
	unsigned int moves = 0, i;

	for (i = 0; i < 1000; i++) {
		bool now = level_is_low(low, 101 + i % 98, 100, 200);

		moves += now != low;
		low = now;
	}

	cr_expect(eq(uint, moves, 0));
}
