/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program around a source: the loop that waits for keys, news and the
 * next sample, on the full screen or as plain text.
 */
#ifndef TOP_APP_H
#define TOP_APP_H

#include "options.h"
#include "source.h"

/* Exit status, as of the blksnap command. */
#define APP_EXIT_OTHER	1
#define APP_EXIT_USAGE	2
#define APP_EXIT_ABSENT	9

/**
 * app_main() - parse, run, clean up
 * @argc: as main got it
 * @argv: as main got it
 * @open: opens the source, see source_open_kernel()
 *
 * Return: the exit status.
 */
int app_main(int argc, char **argv,
	     int (*open)(struct source **source, char *why, size_t size));

#endif
