/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * info: what other commands tell of the module as a whole.
 */
#ifndef BLKSNAP_CLI_INFO_H
#define BLKSNAP_CLI_INFO_H

#include <blksnap.h>

#include "cli.h"

/**
 * info_help() - print help, as help_print(), or its document
 *
 * Return: 0, or an exit status after cli_fail().
 */
int info_help(struct cli *cli, const char *object, const struct command *command);

/* the lines about the module */
void info_print(const struct blksnap_info *info);

#endif /* BLKSNAP_CLI_INFO_H */
