/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * until: looks again and again until something is so. A look follows every event,
 * and comes twice a second besides: not everything tells that it changes.
 */
#ifndef BLKSNAP_CLI_UNTIL_H
#define BLKSNAP_CLI_UNTIL_H

#include "cli.h"

#define UNTIL_NOT_YET (-1)

/**
 * typedef until_look - is it so?
 * @arg: what until_run() got
 *
 * Return: UNTIL_NOT_YET, or an exit status: it is so, or never will be.
 */
typedef int until_look(void *arg);

/**
 * until_run() - look until it is so
 * @cli: run; connected afterwards. --timeout, if given, limits it
 * @subject: what is waited for, or NULL
 * @look: looks
 * @arg: for @look
 *
 * Return: what @look returned, or an exit status after cli_fail().
 */
int until_run(struct cli *cli, const char *subject, until_look *look, void *arg);

#endif /* BLKSNAP_CLI_UNTIL_H */
