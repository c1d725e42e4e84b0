/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * area: what other commands need of areas.
 */
#ifndef BLKSNAP_CLI_AREA_H
#define BLKSNAP_CLI_AREA_H

#include "cli.h"

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

#endif /* BLKSNAP_CLI_AREA_H */
