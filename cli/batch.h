/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * batch: commands from a file, one a line, over one connection.
 *
 * A line is split into words as a shell does with quotes and backslashes, without
 * anything else a shell knows; "#" begins a comment. With -j there is a document
 * for each line that was run, a line each.
 */
#ifndef BLKSNAP_CLI_BATCH_H
#define BLKSNAP_CLI_BATCH_H

#include "cli.h"

#define BATCH_WORDS 256

/**
 * batch_split() - words of a line
 * @line: is changed, and lives as long as @words
 * @words: filled, ends in NULL; the first one is left to the caller
 *
 * Return: number of words with the first one; -EINVAL if a quote is open or there
 *	are too many.
 */
int batch_split(char *line, char *words[BATCH_WORDS]);

/**
 * batch_run() - run the file of --batch
 * @cli: run, whose arguments were parsed
 *
 * Return: 0; status of the line that failed, or BLKSNAP_EXIT_PARTIAL if others
 *	did not.
 */
int batch_run(struct cli *cli);

#endif /* BLKSNAP_CLI_BATCH_H */
