/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * area: what other commands need of areas.
 */
#ifndef BLKSNAP_CLI_AREA_H
#define BLKSNAP_CLI_AREA_H

#include "cli.h"
#include "fill.h"

/**
 * area_sample_ms() - the value of --sample: how long to look how fast areas fill
 *
 * Return: 0, or an exit status after cli_refuse().
 */
int area_sample_ms(struct cli *cli, const char *text, uint32_t *ms);

/**
 * area_snapshots() - the snapshot that the first argument names, or all of them
 * @cli: run, connected
 * @sample: of --sample: they are looked at twice, that long apart; NULL: once
 * @fill: gets what was seen of their areas; fill_free() whatever is returned
 * @all: set to an array of @count, blksnap_snapshots_free() whatever is returned
 * @count: number of @all
 *
 * Return: 0, or an exit status after cli_fail().
 */
int area_snapshots(struct cli *cli, const char *sample, struct fill *fill,
		   struct blksnap_snapshot **all, size_t *count);

/**
 * area_grow() - append space to a snapshot's area, all or nothing
 * @cli: run, connected
 * @s: snapshot
 * @specs: what to append, array of @count
 * @count: number of @specs
 * @after: filled, freed with blksnap_snapshot_clear()
 *
 * Return: 0, or an exit status after cli_fail(), with nothing left.
 */
int area_grow(struct cli *cli, const struct blksnap_snapshot *s,
	      const char *const *specs, size_t count,
	      struct blksnap_snapshot *after);

/**
 * area_missing() - which pieces does an area not have?
 * @cli: run, connected
 * @s: snapshot
 * @specs: pieces, array of @count
 * @count: number of @specs
 * @made: a range on a loop or zram device counts for a file: or zram: piece of its
 *	size; otherwise these are always missing
 * @missing: array of @count, gets those of @specs that are
 * @n_missing: their number
 * @sectors: their size, of those that have a known one
 *
 * Return: 0, or an exit status after cli_fail(): a piece is there in part.
 */
int area_missing(struct cli *cli, const struct blksnap_snapshot *s,
		 const char *const *specs, size_t count, bool made,
		 const char **missing, size_t *n_missing, uint64_t *sectors);

#endif /* BLKSNAP_CLI_AREA_H */
