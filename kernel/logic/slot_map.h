/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the copies of one region are: a map from unit (0..63) to slot of the
 * area. Few runs live inside the map itself; more need a table of one slot a
 * unit, whose memory the caller hands in. The caller also holds the lock.
 */
#ifndef BLKSNAP_SLOT_MAP_H
#define BLKSNAP_SLOT_MAP_H

#include <logic_env.h>

#define REGION_UNITS 64
#define SLOT_NONE 0xffffffffu

struct slot_run {
	u8 first; /* unit */
	u8 nr; /* units */
	u32 slot; /* of the first */
};

#define SLOT_MAP_RUNS 2

/* Of arrays rather than of runs: 16 bytes, as there may be very many. */
struct slot_map {
	union {
		u32 slot[SLOT_MAP_RUNS]; /* of each run, the first */
		u32 *table; /* REGION_UNITS slots */
	};
	u8 first[SLOT_MAP_RUNS]; /* unit of each run */
	u8 nr[SLOT_MAP_RUNS]; /* its units */
	u8 nr_runs;
	u8 promised; /* runs that have been prepared and not put yet */
	bool is_table;
};

/** unit_mask() - bits of @nr units from @first; both within a region. */
static inline u64 unit_mask(unsigned int first, unsigned int nr)
{
	return nr >= 64 ? ~0ULL : ((1ULL << nr) - 1) << first;
}

/** slot_map_fits() - will one more run fit without a table, promised ones in? */
bool slot_map_fits(const struct slot_map *map);

/** slot_map_use_table() - move to @table, REGION_UNITS entries, now the map's. */
void slot_map_use_table(struct slot_map *map, u32 *table);

/** slot_map_put() - units @first.. have their copies at @slot.. */
void slot_map_put(struct slot_map *map, unsigned int first, unsigned int nr, u32 slot);

/**
 * slot_map_get() - where the copy of @unit is
 * @max: how many units are wanted at most
 * @nr: set to how many units from @unit lie one after the other there
 *
 * Return: the slot, or SLOT_NONE.
 */
u32 slot_map_get(const struct slot_map *map, unsigned int unit, unsigned int max, unsigned int *nr);

/** slot_map_cuts() - would taking @units need a table, since a run is cut? */
bool slot_map_cuts(const struct slot_map *map, u64 units);

/**
 * slot_map_take() - forget where @units are
 * @taken: room for REGION_UNITS runs; set to what lay in a row
 *
 * No run outside a table may be cut. Return: how many runs.
 */
unsigned int slot_map_take(struct slot_map *map, u64 units, struct slot_run *taken);

#endif /* BLKSNAP_SLOT_MAP_H */
