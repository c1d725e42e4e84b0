/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * snapshot: what other commands need of snapshots.
 */
#ifndef BLKSNAP_CLI_SNAPSHOT_H
#define BLKSNAP_CLI_SNAPSHOT_H

#include "cli.h"

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

#endif /* BLKSNAP_CLI_SNAPSHOT_H */
