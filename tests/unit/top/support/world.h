/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A made-up machine that tells the model what a kernel would: snapshots that
 * fill, one that has overflowed, a device that is only tracked. Everything
 * follows from the time alone, so that pictures of it can be compared.
 */
#ifndef TEST_TOP_WORLD_H
#define TEST_TOP_WORLD_H

#include "model.h"

#define WORLD_BOOT_NS	(1000 * FACT_NS_PER_S)		/* when it begins */
#define WORLD_REAL_NS	(1795350955 * FACT_NS_PER_S)	/* 2026-11-22 12:35:55 UTC */

/**
 * struct world - how far it is
 * @boot_ns: when it began
 * @real_ns: when it began
 * @second: the last second that was told
 * @seq: number of the last event
 * @total: sectors of nightly's area
 * @moved: sectors copied by each device
 * @started: the state was told
 */
struct world {
	uint64_t boot_ns;
	uint64_t real_ns;
	unsigned int second;
	uint64_t seq;
	uint64_t total;
	uint64_t moved[8];
	uint64_t read[8];
	uint64_t hist[8][FACT_HOLD_BUCKETS];
	bool started;
};

/**
 * world_init() - at its beginning
 * @world: the world
 */
void world_init(struct world *world);

/**
 * world_run() - tell everything that happens up to a second
 * @world: the world
 * @model: is told
 * @second: since the beginning
 */
void world_run(struct world *world, struct model *model, unsigned int second);

/**
 * world_state() - tell all objects anew, as after a reload of the module
 * @world: the world
 * @model: is told
 */
void world_state(struct world *world, struct model *model);

#endif
