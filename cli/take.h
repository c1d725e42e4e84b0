/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * take: from what somebody wants to a snapshot, for every command that makes one.
 *
 *	take_wish_options()	reads --device, --area, --low, --grace, ..., and the
 *				settings that stand for them
 *	take_prepare()		checks all of it, makes the devices of the area
 *	take_run()		hooks, the instant, hooks; all is kept or nothing is left
 *	take_free()
 */
#ifndef BLKSNAP_CLI_TAKE_H
#define BLKSNAP_CLI_TAKE_H

#include "cli.h"
#include "hooks.h"
#include "parse.h"
#include "source.h"

/**
 * struct take_wish - what is wanted, in the user's words
 * @name: of the snapshot
 * @devices: texts that mean devices, array of @n_devices
 * @areas: specifications of the area, array of @n_areas
 * @low: threshold, if @has_low
 * @grace_ms: how long writes wait for an extension
 * @no_freeze: file systems are left alone
 * @socket_owner: the snapshot goes away with this process, however that ends
 * @wait: limit and cancellation
 */
struct take_wish {
	const char *name;
	const char **devices;
	size_t n_devices;
	const char **areas;
	size_t n_areas;
	struct parse_low low;
	bool has_low;
	uint32_t grace_ms;
	bool no_freeze;
	bool socket_owner;
	struct blksnap_wait wait;
};

/**
 * struct take - a snapshot to be
 * @wish: what it is made of
 * @create: the request
 * @devices: the members, top of the stack first
 * @uuid: of the snapshot
 * @sources: ranges of the area
 * @freezes: file systems to freeze
 * @n_freezes: number of @freezes
 * @hooks: called before and after
 * @hook_failed: the snapshot stands, but a hook failed after it
 */
struct take {
	const struct take_wish *wish;
	struct blksnap_create create;
	struct blksnap_dev *devices;
	uint8_t uuid[BLKSNAP_UUID_BYTES];
	struct source_list sources;
	struct blksnap_freeze *freezes;
	size_t n_freezes;
	struct hooks hooks;
	bool hook_failed;
};

/**
 * take_timeout() - the wait that --timeout asks for, 2 min without it
 * @cli: run
 * @wait: filled; nothing cancels it
 *
 * Return: 0, or an exit status after cli_fail().
 */
int take_timeout(struct cli *cli, struct blksnap_wait *wait);

/**
 * take_signals() - SIGINT, SIGTERM and SIGHUP as a readable descriptor
 *
 * Those that are not ignored are blocked from here on, so that what is half made is
 * undone before the program ends.
 *
 * Return: descriptor, or -1.
 */
int take_signals(void);

/**
 * take_wish_options() - the wish in the options of the command line
 * @cli: run
 * @name: of the snapshot
 * @wish: filled; take_wish_free()
 *
 * Return: 0, or an exit status after cli_fail().
 */
int take_wish_options(struct cli *cli, const char *name, struct take_wish *wish);

void take_wish_free(struct take_wish *wish);

/**
 * take_prepare() - everything that can be refused before the instant
 * @cli: run; connected afterwards
 * @wish: what is wanted; lives as long as @take
 * @take: filled; take_free()
 *
 * Return: 0, or an exit status after cli_fail(), with nothing left.
 */
int take_prepare(struct cli *cli, const struct take_wish *wish, struct take *take);

/**
 * take_run() - take it
 * @cli: run
 * @take: prepared
 * @snapshot: filled, freed with blksnap_snapshot_clear()
 *
 * Return: 0, or an exit status after cli_fail(), with nothing left.
 */
int take_run(struct cli *cli, struct take *take,
	     struct blksnap_snapshot *snapshot);

/**
 * take_free() - let go; drops what a prepared take that was not run has made
 */
void take_free(struct take *take);

#endif /* BLKSNAP_CLI_TAKE_H */
