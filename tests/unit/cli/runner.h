/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runner: a whole command over the made-up kernel, as main() would run it; what it
 * printed is kept. State of one test, as tests run in processes of their own.
 */
#ifndef BLKSNAP_TEST_RUNNER_H
#define BLKSNAP_TEST_RUNNER_H

#include <jansson.h>

#include "replay.h"

extern struct replay kernel;
extern char *out_text, *err_text; /* of the last run() */

/**
 * setup() - device vdb in snapshot nightly, half full, image blksnap3
 */
void setup(void);
void teardown(void);

/**
 * run() - run a command
 * @line: words separated by spaces; "_" stands for a space in a word, \1 for "_"
 *
 * Return: its exit status.
 */
int run(const char *line);

/**
 * document() - what was printed, which is JSON of the schema blksnap.THING/1
 */
json_t *document(const char *thing);

#endif
