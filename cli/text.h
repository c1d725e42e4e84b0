/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text: help, completion scripts and metrics, which are texts; with -j one is a
 * member of a document, so that a program finds a document whatever it asked for;
 * also where what it asked for went to a file.
 */
#ifndef BLKSNAP_CLI_TEXT_H
#define BLKSNAP_CLI_TEXT_H

#include <stdio.h>

#include "cli.h"

/**
 * struct text - one that is being written
 * @out: where to; NULL without memory
 * @kept: with -j: what was written
 * @size: bytes of @kept
 */
struct text {
	FILE *out;
	char *kept;
	size_t size;
};

/**
 * text_begin() - begin one
 * @cli: run
 * @text: filled; text_end()
 *
 * Return: 0, or an exit status after cli_fail().
 */
int text_begin(struct cli *cli, struct text *text);

/**
 * text_end() - end it, and print the document
 *
 * Return: 0, or an exit status after cli_fail().
 */
int text_end(struct cli *cli, struct text *text);

/**
 * text_written() - say that one went to a file: with -j, a document
 * @cli: run
 * @path: the file
 * @bytes: its size; less than 0 is unknown
 *
 * Return: 0, or an exit status after cli_fail().
 */
int text_written(struct cli *cli, const char *path, long bytes);

#endif /* BLKSNAP_CLI_TEXT_H */
