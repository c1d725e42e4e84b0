// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "slot_map.h"

static u32 get(const struct slot_map *map, unsigned int unit, unsigned int max, unsigned int *nr)
{
	unsigned int ignored;

	return slot_map_get(map, unit, max, nr ? nr : &ignored);
}

Test(slot_map, knows_nothing_at_first)
{
	struct slot_map map = {};
	unsigned int unit, nr;

	for (unit = 0; unit < REGION_UNITS; unit++) {
		cr_assert(eq(u32, get(&map, unit, REGION_UNITS, &nr), SLOT_NONE));
		cr_assert(eq(uint, nr, 1));
	}
}

Test(slot_map, finds_each_unit_of_a_run)
{
	struct slot_map map = {};
	unsigned int nr;

	slot_map_put(&map, 10, 4, 1000);

	cr_expect(eq(u32, get(&map, 9, 1, NULL), SLOT_NONE));
	cr_expect(eq(u32, get(&map, 10, 64, &nr), 1000));
	cr_expect(eq(uint, nr, 4));
	cr_expect(eq(u32, get(&map, 12, 64, &nr), 1002));
	cr_expect(eq(uint, nr, 2));
	cr_expect(eq(u32, get(&map, 10, 3, &nr), 1000));
	cr_expect(eq(uint, nr, 3));
	cr_expect(eq(u32, get(&map, 14, 1, NULL), SLOT_NONE));
}

Test(slot_map, makes_one_run_of_what_continues_it)
{
	struct slot_map map = {};
	unsigned int i, nr;

	for (i = 0; i < REGION_UNITS; i++) {
		cr_assert(slot_map_fits(&map));
		slot_map_put(&map, i, 1, 500 + i);
	}

	cr_expect(eq(uint, map.nr_runs, 1));
	cr_expect(eq(u32, get(&map, 0, REGION_UNITS, &nr), 500));
	cr_expect(eq(uint, nr, REGION_UNITS));
}

Test(slot_map, keeps_runs_apart_whose_slots_do_not_continue)
{
	struct slot_map map = {};
	unsigned int nr;

	slot_map_put(&map, 0, 2, 7);
	slot_map_put(&map, 2, 2, 100);

	cr_expect(eq(u32, get(&map, 0, 4, &nr), 7));
	cr_expect(eq(uint, nr, 2));
	cr_expect(eq(u32, get(&map, 3, 4, NULL), 101));
}

Test(slot_map, is_full_with_promised_runs_counted)
{
	struct slot_map map = {};

	slot_map_put(&map, 0, 1, 1);
	map.promised = SLOT_MAP_RUNS - 1;

	cr_expect(not(slot_map_fits(&map)));
}

Test(slot_map, a_table_keeps_what_was_known_and_always_fits)
{
	struct slot_map map = {};
	u32 *table = malloc(REGION_UNITS * sizeof(*table));
	unsigned int i, nr;

	slot_map_put(&map, 3, 2, 30);
	slot_map_put(&map, 60, 4, 90);
	slot_map_use_table(&map, table);

	cr_expect(slot_map_fits(&map));
	cr_expect(eq(u32, get(&map, 3, 64, &nr), 30));
	cr_expect(eq(uint, nr, 2));
	cr_expect(eq(u32, get(&map, 63, 64, &nr), 93));
	cr_expect(eq(uint, nr, 1));
	cr_expect(eq(u32, get(&map, 5, 64, NULL), SLOT_NONE));
	for (i = 6; i < 60; i += 2)
		slot_map_put(&map, i, 1, 2000 - i);
	for (i = 6; i < 60; i += 2)
		cr_assert(eq(u32, get(&map, i, 64, NULL), 2000 - i));
	free(table);
}

/* Against the plainest map there is, in random order and sizes. */
Test(slot_map, agrees_with_an_array)
{
	unsigned int seed;

	for (seed = 1; seed <= 200; seed++) {
		struct slot_map map = {};
		u32 want[REGION_UNITS], *table = NULL;
		unsigned int i, nr, slot = 1;

		memset(want, 0xff, sizeof(want));
		srand(seed);
		for (i = 0; i < 60; i++) {
			unsigned int first = rand() % REGION_UNITS, len = 0;

			nr = 1 + rand() % 9;
			while (len < nr && first + len < REGION_UNITS &&
			       want[first + len] == SLOT_NONE)
				want[first + len++] = slot++;
			if (!len)
				continue;
			slot += rand() % 2;
			if (!slot_map_fits(&map)) {
				table = malloc(REGION_UNITS * sizeof(*table));
				slot_map_use_table(&map, table);
			}
			slot_map_put(&map, first, len, want[first]);
		}
		for (i = 0; i < REGION_UNITS; i++) {
			cr_assert(eq(u32, get(&map, i, REGION_UNITS, &nr), want[i]));
			while (nr-- > 1)
				cr_assert(eq(u32, want[i + nr], want[i] + nr));
		}
		free(table);
	}
}

Test(unit_mask, covers_its_units)
{
	cr_expect(eq(u64, unit_mask(0, 1), 1));
	cr_expect(eq(u64, unit_mask(63, 1), 1ULL << 63));
	cr_expect(eq(u64, unit_mask(4, 3), 0x70));
	cr_expect(eq(u64, unit_mask(0, 64), ~0ULL));
}

Test(slot_map, takes_runs_that_are_not_cut)
{
	struct slot_run taken[REGION_UNITS];
	struct slot_map map = {};

	slot_map_put(&map, 0, 4, 100);
	slot_map_put(&map, 20, 8, 7);
	cr_expect(slot_map_cuts(&map, unit_mask(2, 4)));
	cr_expect(slot_map_cuts(&map, unit_mask(20, 7)));
	cr_expect(not(slot_map_cuts(&map, unit_mask(4, 24))));
	cr_expect(not(slot_map_cuts(&map, ~0ULL)));

	cr_assert(eq(uint, slot_map_take(&map, unit_mask(4, 24), taken), 1));
	cr_expect(eq(uint, taken[0].first, 20));
	cr_expect(eq(uint, taken[0].nr, 8));
	cr_expect(eq(u32, taken[0].slot, 7));
	cr_expect(eq(u32, get(&map, 20, 1, NULL), SLOT_NONE));
	cr_expect(eq(u32, get(&map, 3, 1, NULL), 103));
	cr_expect(eq(uint, slot_map_take(&map, unit_mask(4, 60), taken), 0));
	cr_expect(slot_map_fits(&map));
}

Test(slot_map, takes_single_units_of_a_table)
{
	struct slot_run taken[REGION_UNITS];
	u32 *table = malloc(REGION_UNITS * sizeof(*table));
	struct slot_map map = {};

	slot_map_put(&map, 0, 8, 100);
	slot_map_use_table(&map, table);
	slot_map_put(&map, 8, 2, 50);
	cr_expect(not(slot_map_cuts(&map, unit_mask(3, 2))));

	cr_assert(eq(uint, slot_map_take(&map, unit_mask(6, 4) | unit_mask(1, 2), taken), 3));
	cr_expect(eq(uint, taken[0].first, 1));
	cr_expect(eq(uint, taken[0].nr, 2));
	cr_expect(eq(u32, taken[0].slot, 101));
	cr_expect(eq(uint, taken[1].first, 6));
	cr_expect(eq(uint, taken[1].nr, 2));
	cr_expect(eq(u32, taken[2].slot, 50));
	cr_expect(eq(u32, get(&map, 1, 1, NULL), SLOT_NONE));
	cr_expect(eq(u32, get(&map, 3, 1, NULL), 103));
	cr_expect(eq(u32, get(&map, 9, 1, NULL), SLOT_NONE));
	free(table);
}
