/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * snapshot: what other commands need of snapshots.
 */
#ifndef BLKSNAP_CLI_SNAPSHOT_H
#define BLKSNAP_CLI_SNAPSHOT_H

#include "cli.h"
#include "take.h"

/**
 * snapshot_dropped_sectors() - discards that did not reach the members
 * @cli: run, connected
 * @id: snapshot
 *
 * Counted while they are attached, so to be asked before the snapshot is
 * destroyed.
 *
 * Return: sectors; 0 if they cannot be had.
 */
uint64_t snapshot_dropped_sectors(struct cli *cli, uint32_t id);

/**
 * snapshot_as_wished() - is a snapshot that is there the one that is wanted?
 * @cli: run
 * @wish: what is wanted
 * @s: what is there
 *
 * Return: 0, or an exit status after cli_refuse(): it is of other devices, or lost.
 */
int snapshot_as_wished(struct cli *cli, const struct take_wish *wish,
		       const struct blksnap_snapshot *s);

/**
 * snapshot_plan_json() - what a prepared take would make, in a document
 * @doc: gets "name", "devices", "freezes" and "area_bytes"
 */
void snapshot_plan_json(struct cli *cli, const struct take *take, json_t *doc);

/* the same for people */
void snapshot_plan_print(struct cli *cli, const struct take *take);

#endif /* BLKSNAP_CLI_SNAPSHOT_H */
