/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hooks: programs that make an application ready for the instant, and let it go
 * on: blksnap-hooks(7).
 *
 *	hooks_open()	which ones; all are there and may be run
 *	hooks_before()	"pre-freeze" of each, in order; then the snapshot is taken
 *	hooks_after()	"post-thaw" or "on-fail" of each that was begun, last first
 *	hooks_close()
 *
 * None of them runs while anything is frozen. Each call has a deadline.
 */
#ifndef BLKSNAP_CLI_HOOKS_H
#define BLKSNAP_CLI_HOOKS_H

#include "child.h"
#include "cli.h"

#define HOOKS_DIR "/etc/blksnap/hooks.d"
#define HOOKS_DEADLINE_MS 30000

/**
 * struct hooks - the hooks of one take
 * @list: array of @count
 * @count: number of hooks
 * @begun: so many have been called before the instant
 * @env: what they learn
 */
struct hooks {
	struct hook {
		char *name;
		char *path;
		uint32_t deadline_ms;
	} *list;
	size_t count;
	size_t begun;
	struct child_env env;
};

/**
 * hooks_open() - the hooks that --hook and blksnap.conf(5) name
 * @cli: run
 * @hooks: filled; hooks_close()
 *
 * Return: 0, or an exit status after cli_fail().
 */
int hooks_open(struct cli *cli, struct hooks *hooks);

/**
 * hooks_find() - the hooks there are, whether they can be called or not
 * @cli: run
 * @hooks: filled; hooks_close(), also after a failure
 * @named: so many, the first ones, are those that the settings name, in order
 *
 * Return: 0, or an exit status after cli_fail().
 */
int hooks_find(struct cli *cli, struct hooks *hooks, size_t *named);

/**
 * hooks_before() - call them before the instant
 * @cli: run
 * @hooks: opened, with what they learn in @hooks->env
 * @signal_fd: signals that end it, or -1
 *
 * Return: 0; otherwise, after cli_fail(), BLKSNAP_EXIT_HOOK or
 *	BLKSNAP_EXIT_INTERRUPTED: hooks_after() is to be called.
 */
int hooks_before(struct cli *cli, struct hooks *hooks, int signal_fd);

/**
 * hooks_after() - call those that were begun
 * @cli: run
 * @hooks: hooks
 * @taken: the snapshot is taken
 *
 * All are called, whatever becomes of one, and no signal keeps them from it.
 *
 * Return: 0, or BLKSNAP_EXIT_HOOK after cli_fail().
 */
int hooks_after(struct cli *cli, struct hooks *hooks, bool taken);

void hooks_close(struct hooks *hooks);

#endif /* BLKSNAP_CLI_HOOKS_H */
