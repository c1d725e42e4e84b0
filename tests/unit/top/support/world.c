// SPDX-License-Identifier: GPL-2.0-or-later
/* A made-up machine; see world.h. */
#include "world.h"

#include <stdio.h>
#include <string.h>

#define MIB_SECTORS	2048ull
#define GIB_SECTORS	(1024 * MIB_SECTORS)

/* Eighths of the base rate, second after second. */
static const unsigned int pattern[] = {
	2, 4, 9, 8, 12, 16, 11, 7, 8, 3, 0, 1, 5, 9, 14, 10, 8, 8, 6, 7,
};

static const struct {
	const char *name;
	uint32_t minor;
	uint32_t snapshot;
	const char *image;
	uint64_t cow_sectors;		/* a second, on average */
	uint64_t read_sectors;
	unsigned int hold_bucket;
	uint64_t capacity;
	const char *mount;
} devices[] = {
	{ "vda2", 2, 1, "blksnap0", 1434 * 2, 40 * MIB_SECTORS, 20, 100 * GIB_SECTORS, "/" },
	{ "vdb", 16, 1, "blksnap1", 18 * MIB_SECTORS, 47 * MIB_SECTORS, 21, 500 * GIB_SECTORS, "/srv/pg" },
	{ "dm-3", 259, 1, "blksnap2", 200, 0, 19, 20 * GIB_SECTORS, "/var/lib/registry" },
	{ "vda1", 1, 2, "blksnap3", 0, 0, 0, GIB_SECTORS, "/boot" },
	{ "vdc", 32, 2, "blksnap4", 4 * MIB_SECTORS, 4 * MIB_SECTORS, 20, 200 * GIB_SECTORS, "/data" },
	{ "vdd", 48, 3, "blksnap5", 0, 0, 0, 50 * GIB_SECTORS, NULL },
	{ "vde", 64, 0, "", 0, 0, 0, 10 * GIB_SECTORS, NULL },
};

#define DEVICES	(sizeof(devices) / sizeof(devices[0]))

static const struct {
	uint32_t id;
	const char *name;
	enum snapshot_state state;
	uint64_t total;
	uint64_t used;
} snapshots[] = {
	{ 1, "nightly", SNAPSHOT_TAKEN, 80 * GIB_SECTORS, 71 * GIB_SECTORS },
	{ 2, "pre-upgrade", SNAPSHOT_TAKEN, 20 * GIB_SECTORS, 17 * GIB_SECTORS + 900 * MIB_SECTORS },
	{ 3, "oldtest", SNAPSHOT_OVERFLOW, 4 * GIB_SECTORS, 4 * GIB_SECTORS },
};

#define SNAPSHOTS (sizeof(snapshots) / sizeof(snapshots[0]))

void world_init(struct world *world)
{
	memset(world, 0, sizeof(*world));
	world->boot_ns = WORLD_BOOT_NS;
	world->real_ns = WORLD_REAL_NS;
	world->seq = 84000;
	world->total = snapshots[0].total;
}

static struct devno devno_of(size_t i)
{
	return (struct devno){ .major = 252, .minor = devices[i].minor };
}

static void snapshot_of(const struct world *world, size_t i, struct fact_snapshot *fact)
{
	size_t d;

	memset(fact, 0, sizeof(*fact));
	fact->id = snapshots[i].id;
	memset(fact->uuid, 0x3f + (int)i, sizeof(fact->uuid));
	snprintf(fact->name, sizeof(fact->name), "%s", snapshots[i].name);
	fact->state = snapshots[i].state;
	fact->level = fact->state == SNAPSHOT_OVERFLOW ? LEVEL_OVERFLOW : LEVEL_OK;
	fact->has_space = true;
	fact->total = i ? snapshots[i].total : world->total;
	fact->used = snapshots[i].used;
	for (d = 0; d < DEVICES; d++)
		if (devices[d].snapshot == fact->id)
			fact->used += world->moved[d];
	if (fact->used > fact->total)
		fact->used = fact->total;
	fact->taken_ns = world->boot_ns - 600 * FACT_NS_PER_S;
	fact->time_ns = world->boot_ns + world->second * FACT_NS_PER_S;
}

static void tell_snapshot(struct world *world, struct model *model, size_t i,
			  const struct fact_news *news)
{
	struct fact_member members[DEVICES] = { 0 };
	struct fact_snapshot fact;
	size_t d, n = 0;

	for (d = 0; d < DEVICES; d++) {
		if (devices[d].snapshot != snapshots[i].id)
			continue;
		members[n].dev = devno_of(d);
		members[n].capacity = devices[d].capacity;
		members[n].has_openers = true;
		members[n].openers = d == 1 ? 2 : 0;
		members[n].held = d == 1;
		snprintf(members[n].name, FACT_NAME_SIZE, "%s", devices[d].name);
		snprintf(members[n].image_name, FACT_NAME_SIZE, "%s", devices[d].image);
		n++;
	}
	snapshot_of(world, i, &fact);
	model_snapshot(model, &fact, members, n, news);
}

static void tell_mounts(struct model *model)
{
	struct fact_mount mounts[DEVICES] = { 0 };
	size_t i, n = 0;

	for (i = 0; i < DEVICES; i++) {
		if (!devices[i].mount)
			continue;
		mounts[n].dev = devno_of(i);
		snprintf(mounts[n++].path, FACT_PATH_SIZE, "%s", devices[i].mount);
	}
	model_mounts(model, mounts, n);
}

void world_state(struct world *world, struct model *model)
{
	struct fact_news news = { .kind = FACT_STATE, .seq = world->seq };
	size_t i;

	model_sync_begin(model);
	for (i = 0; i < SNAPSHOTS; i++)
		tell_snapshot(world, model, i, &news);
	for (i = 0; i < DEVICES; i++) {
		struct fact_device fact = {
			.dev = devno_of(i),
			.state = devices[i].snapshot ? DEVICE_SNAPSHOT : DEVICE_TRACKED,
			.capacity = devices[i].capacity,
			.snapshot_id = devices[i].snapshot,
		};

		snprintf(fact.name, sizeof(fact.name), "%s", devices[i].name);
		model_device(model, &fact, &news);
	}
	model_sync_end(model, world->seq);
}

static void world_move(struct world *world)
{
	unsigned int i;

	for (i = 0; i < DEVICES; i++) {
		unsigned int part = pattern[(world->second + 3 * i) %
					    (sizeof(pattern) / sizeof(pattern[0]))];

		world->moved[i] += devices[i].cow_sectors * part / 8;
		world->read[i] += devices[i].read_sectors * (16 - part) / 8;
		world->hist[i][devices[i].hold_bucket] += devices[i].cow_sectors ? part : 0;
	}
}

/* What was copied before is of the device with the most writes. */
static uint64_t share_of(const struct world *world, size_t i)
{
	uint64_t share = world->moved[i];
	size_t d;

	if (!devices[i].snapshot)
		return 0;
	for (d = 0; d < DEVICES; d++)
		if (devices[d].snapshot == devices[i].snapshot &&
		    devices[d].cow_sectors > devices[i].cow_sectors)
			return share;
	return share + snapshots[devices[i].snapshot - 1].used;
}

static void world_sample(struct world *world, struct model *model)
{
	uint64_t now = world->boot_ns + world->second * FACT_NS_PER_S;
	size_t i;

	for (i = 0; i < DEVICES; i++) {
		struct fact_stats stats = {
			.dev = devno_of(i),
			.time_ns = now,
			.epoch = 7,
			.write_sectors = 3 * world->moved[i] + 100 * world->second,
			.cow_sectors = world->moved[i],
			.held = world->moved[i] / 8,
			.image_read_sectors = world->read[i],
		};

		memcpy(stats.held_hist, world->hist[i], sizeof(stats.held_hist));
		model_stats(model, &stats);
		model_share(model, devices[i].snapshot, stats.dev, share_of(world, i));
	}
	for (i = 0; i < SNAPSHOTS; i++) {
		struct fact_snapshot fact;

		snapshot_of(world, i, &fact);
		model_space(model, &fact);
	}
	model_settle(model, now, world->real_ns + world->second * FACT_NS_PER_S);
}

static void world_events(struct world *world, struct model *model)
{
	struct fact_news news = {
		.kind = FACT_CHANGE,
		.real_ns = world->real_ns + world->second * FACT_NS_PER_S,
	};

	if (world->second == 40) {
		world->total += 10 * GIB_SECTORS;
		news.cause = CAUSE_EXTENDED;
		news.seq = ++world->seq;
		tell_snapshot(world, model, 0, &news);
	}
}

void world_run(struct world *world, struct model *model, unsigned int second)
{
	if (!world->started) {
		world->started = true;
		world_state(world, model);
		tell_mounts(model);
		world_sample(world, model);
	}
	while (world->second < second) {
		world->second++;
		world_move(world);
		world_events(world, model);
		world_sample(world, model);
	}
}
