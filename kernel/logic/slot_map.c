// SPDX-License-Identifier: GPL-2.0
#include "slot_map.h"

bool slot_map_fits(const struct slot_map *map)
{
	return map->is_table || map->nr_runs + map->promised < SLOT_MAP_RUNS;
}

static void table_put(u32 *table, unsigned int first, unsigned int nr, u32 slot)
{
	while (nr--)
		table[first++] = slot++;
}

void slot_map_use_table(struct slot_map *map, u32 *table)
{
	unsigned int i;

	for (i = 0; i < REGION_UNITS; i++)
		table[i] = SLOT_NONE;
	for (i = 0; i < map->nr_runs; i++)
		table_put(table, map->run[i].first, map->run[i].nr, map->run[i].slot);
	map->table = table;
	map->is_table = true;
	map->nr_runs = 0;
}

void slot_map_put(struct slot_map *map, unsigned int first, unsigned int nr, u32 slot)
{
	unsigned int i;

	if (map->is_table) {
		table_put(map->table, first, nr, slot);
		return;
	}
	for (i = 0; i < map->nr_runs; i++) {
		struct slot_run *run = &map->run[i];

		if (run->first + run->nr == first && run->slot + run->nr == slot) {
			run->nr += nr;
			return;
		}
	}
	map->run[map->nr_runs++] = (struct slot_run){
		.first = first,
		.nr = nr,
		.slot = slot,
	};
}

u32 slot_map_get(const struct slot_map *map, unsigned int unit, unsigned int max, unsigned int *nr)
{
	unsigned int i;

	if (map->is_table) {
		u32 slot = map->table[unit];

		for (i = 1; i < max && unit + i < REGION_UNITS; i++)
			if (slot == SLOT_NONE || map->table[unit + i] != slot + i)
				break;
		*nr = i;
		return slot;
	}
	for (i = 0; i < map->nr_runs; i++) {
		const struct slot_run *run = &map->run[i];

		if (unit >= run->first && unit < run->first + run->nr) {
			*nr = min(max, (unsigned int)(run->first + run->nr - unit));
			return run->slot + (unit - run->first);
		}
	}
	*nr = 1;
	return SLOT_NONE;
}

bool slot_map_cuts(const struct slot_map *map, u64 units)
{
	unsigned int i;

	for (i = 0; !map->is_table && i < map->nr_runs; i++) {
		u64 run = unit_mask(map->run[i].first, map->run[i].nr);

		if ((run & units) && (run & ~units))
			return true;
	}
	return false;
}

static unsigned int table_take(u32 *table, u64 units, struct slot_run *taken)
{
	struct slot_run *last = NULL;
	unsigned int nr = 0;
	u8 i;

	for (i = 0; i < REGION_UNITS; i++) {
		u32 slot = table[i];

		if (!(units & unit_mask(i, 1)) || slot == SLOT_NONE)
			continue;
		table[i] = SLOT_NONE;
		if (last && last->first + last->nr == i && last->slot + last->nr == slot) {
			last->nr++;
			continue;
		}
		last = &taken[nr++];
		*last = (struct slot_run){ .first = i, .nr = 1, .slot = slot };
	}
	return nr;
}

unsigned int slot_map_take(struct slot_map *map, u64 units, struct slot_run *taken)
{
	unsigned int i, left = 0, nr = 0;

	if (map->is_table)
		return table_take(map->table, units, taken);
	for (i = 0; i < map->nr_runs; i++) {
		struct slot_run run = map->run[i];

		if (units & unit_mask(run.first, run.nr))
			taken[nr++] = run;
		else
			map->run[left++] = run;
	}
	map->nr_runs = left;
	return nr;
}
