/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * colour: words of state in colour, for people at a terminal. The word says it all:
 * a colour only lets it be found.
 */
#ifndef BLKSNAP_CLI_COLOUR_H
#define BLKSNAP_CLI_COLOUR_H

#include <stdbool.h>

/**
 * colour_choose() - are there colours from now on?
 * @when: "always", "never" or "auto"; NULL is "auto": NO_COLOR and CLICOLOR_FORCE
 *	decide, otherwise whether standard output is a terminal
 *
 * Return: false if @when is none of these words.
 */
bool colour_choose(const char *when);

/* what begins the colour of a word; "" if it has none */
const char *colour_begin(const char *word);

/* what ends it; "" if it has none */
const char *colour_end(const char *word);

#endif /* BLKSNAP_CLI_COLOUR_H */
