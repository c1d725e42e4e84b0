/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * undo: takes back what was done, for --atomic: all of it, or nothing.
 *
 *	undo_begin()	from here on what is done is noted
 *	undo_...()	by those who change something; silent without undo_begin()
 *	undo_all()	takes it back, the last first
 *   or	undo_end()	it stays
 *
 * What is made of nothing is removed; what was changed gets its old value. What
 * removes something cannot be taken back: COMMAND_UNDO says which commands can.
 */
#ifndef BLKSNAP_CLI_UNDO_H
#define BLKSNAP_CLI_UNDO_H

#include "cli.h"

/**
 * undo_begin() - note what is done from here on
 *
 * Return: 0, or an exit status after cli_fail().
 */
int undo_begin(struct cli *cli);

/* a device was attached */
void undo_attached(struct cli *cli, const char *text, struct blksnap_dev dev);

/* a snapshot was taken */
void undo_created(struct cli *cli, const struct blksnap_snapshot *s);

/* name, thresholds or grace of a snapshot were changed; @s is as it was before */
void undo_set(struct cli *cli, const struct blksnap_snapshot *s);

/* the area of a snapshot was extended by these */
void undo_extended(struct cli *cli, const struct blksnap_snapshot *s,
		   const struct blksnap_range *ranges, size_t count);

/**
 * undo_all() - take all of it back
 * @cli: run; what cannot be taken back is told
 *
 * Return: true if nothing is left of it.
 */
bool undo_all(struct cli *cli);

/* undo_end() - forget it */
void undo_end(struct cli *cli);

#endif /* BLKSNAP_CLI_UNDO_H */
