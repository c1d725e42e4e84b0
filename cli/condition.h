/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * condition: expressions (expr/expr.h) about snapshots and tracked devices, and
 * what there is to hold them against. Behind `wait` and `check`.
 */
#ifndef BLKSNAP_CLI_CONDITION_H
#define BLKSNAP_CLI_CONDITION_H

#include <expr.h>

#include "cli.h"
#include "fill.h"

/**
 * struct condition_world - everything there is, at one time
 * @snapshots: array of @n_snapshots
 * @devices: array of @n_devices
 * @stats: array of @n_stats
 * @now_ns: that time, CLOCK_BOOTTIME
 * @fill: what was seen of the areas until then, or NULL
 */
struct condition_world {
	struct blksnap_snapshot *snapshots;
	size_t n_snapshots;
	struct blksnap_device *devices;
	size_t n_devices;
	struct blksnap_stats *stats;
	size_t n_stats;
	uint64_t now_ns;
	const struct fill *fill;
};

/**
 * struct condition_row - one object of it
 * @world: what it is part of
 * @snapshot: the snapshot, or NULL
 * @device: the device, or NULL; without either, the object is absent
 */
struct condition_row {
	const struct condition_world *world;
	const struct blksnap_snapshot *snapshot;
	const struct blksnap_device *device;
};

/**
 * condition_parse() - an expression that the user has written
 * @cli: run
 * @subject: where it comes from, as "--warn"
 * @text: the expression
 * @expr: result, freed with expr_free()
 *
 * Return: 0, or an exit status after cli_refuse().
 */
int condition_parse(struct cli *cli, const char *subject, const char *text,
		    struct expr **expr);

/**
 * condition_table() - the fields that an expression can ask for
 * @count: set to their number
 */
const struct expr_field *condition_table(size_t *count);

/**
 * condition_look() - fill a world
 * @cli: run, connected
 * @fill: gets what is seen of the areas; NULL if nobody asks for it
 * @world: filled; condition_forget()
 *
 * Return: 0, or an exit status after cli_fail().
 */
int condition_look(struct cli *cli, struct fill *fill,
		   struct condition_world *world);

/**
 * condition_foreign() - does an expression ask for what no object has?
 * @expr: expression; one that asks for "object" may ask for everything
 * @snapshot: there is a snapshot among the objects
 * @device: there is a device among them
 *
 * Return: a field that neither kind has, or NULL.
 */
const char *condition_foreign(const struct expr *expr, bool snapshot, bool device);

/* does an expression ask for what two looks are needed for? */
bool condition_wants_past(const struct expr *expr);

void condition_forget(struct condition_world *world);

/**
 * condition_find() - the object that a text means
 * @cli: run
 * @world: where to look
 * @text: name of a snapshot, beginning of its UUID, or path of an image of it;
 *	kernel name, path or number of a device
 * @row: filled; absent if there is none
 */
void condition_find(struct cli *cli, const struct condition_world *world,
		    const char *text, struct condition_row *row);

/* the i-th object, snapshots first; false if there are not so many */
bool condition_at(const struct condition_world *world, size_t i,
		  struct condition_row *row);

bool condition_match(const struct expr *expr, const struct condition_row *row);

/* name of an object, as "snapshot nightly" */
const char *condition_label(const struct condition_row *row, char *text,
			    size_t size);

/* the object as JSON, or null if it is absent */
json_t *condition_json(const struct condition_row *row);

#endif /* BLKSNAP_CLI_CONDITION_H */
