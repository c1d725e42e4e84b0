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
		table_put(table, map->first[i], map->nr[i], map->slot[i]);
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
		if (map->first[i] + map->nr[i] == first && map->slot[i] + map->nr[i] == slot) {
			map->nr[i] += nr;
			return;
		}
	}
	map->first[i] = first;
	map->nr[i] = nr;
	map->slot[i] = slot;
	map->nr_runs++;
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
		unsigned int first = map->first[i], end = first + map->nr[i];

		if (unit >= first && unit < end) {
			*nr = min(max, end - unit);
			return map->slot[i] + (unit - first);
		}
	}
	*nr = 1;
	return SLOT_NONE;
}

bool slot_map_cuts(const struct slot_map *map, u64 units)
{
	unsigned int i;

	for (i = 0; !map->is_table && i < map->nr_runs; i++) {
		u64 run = unit_mask(map->first[i], map->nr[i]);

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
		struct slot_run run = {
			.first = map->first[i],
			.nr = map->nr[i],
			.slot = map->slot[i],
		};

		if (units & unit_mask(run.first, run.nr)) {
			taken[nr++] = run;
			continue;
		}
		map->first[left] = run.first;
		map->nr[left] = run.nr;
		map->slot[left++] = run.slot;
	}
	map->nr_runs = left;
	return nr;
}
