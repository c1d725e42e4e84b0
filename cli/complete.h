/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete: what could be typed next, from the table of commands and from what is
 * there. The scripts of the three shells (shell.c) only hand the words over.
 */
#ifndef BLKSNAP_CLI_COMPLETE_H
#define BLKSNAP_CLI_COMPLETE_H

#include "cli.h"

/**
 * complete_words() - print candidates for the last word
 * @cli: run; connected if names are wanted, silently not if that fails
 * @words: typed so far, without the program's name; the last one is incomplete
 *	and may be empty
 * @n: number of @words
 *
 * Prints a line each: the candidate, a tab, a few words about it. A line of
 * COMPLETE_FILES alone says that names of files fit, too.
 */
void complete_words(struct cli *cli, char **words, int n);

#define COMPLETE_FILES "\t<files>"

/**
 * complete_script() - the script for a shell
 * @shell: "bash", "zsh" or "fish"
 *
 * Return: its text, or NULL.
 */
const char *complete_script(const char *shell);

#endif /* BLKSNAP_CLI_COMPLETE_H */
