/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * help: texts about commands, made from their table. Needs neither module nor
 * privilege.
 */
#ifndef BLKSNAP_CLI_HELP_H
#define BLKSNAP_CLI_HELP_H

#include "command.h"

/**
 * help_synopsis() - a command with its arguments and all options of its own
 * @command: entry of the table
 * @text: result, as "snapshot create NAME --device DEV... [--low SIZE|N%]"
 * @size: bytes of @text
 */
void help_synopsis(const struct command *command, char *text, size_t size);

/**
 * help_print() - explain
 * @out: where to
 * @object: narrows it to an object, or NULL
 * @command: narrows it to a command, or NULL
 */
void help_print(FILE *out, const char *object, const struct command *command);

#endif /* BLKSNAP_CLI_HELP_H */
