// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * colour: see colour.h.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "colour.h"

#define COLOUR_RED    "\033[31m"
#define COLOUR_YELLOW "\033[33m"
#define COLOUR_GREEN  "\033[32m"
#define COLOUR_END    "\033[0m"

static const struct {
	const char *word;
	const char *begin;
} colour_words[] = {
	{ "failed", COLOUR_RED },      { "overflow", COLOUR_RED },
	{ "gone", COLOUR_RED },	       { "critical", COLOUR_RED },
	{ "FAIL", COLOUR_RED },	       { "low", COLOUR_YELLOW },
	{ "warning", COLOUR_YELLOW },  { "warn", COLOUR_YELLOW },
	{ "taking", COLOUR_YELLOW },   { "destroying", COLOUR_YELLOW },
	{ "settling", COLOUR_YELLOW }, { "taken", COLOUR_GREEN },
	{ "ok", COLOUR_GREEN },
};

static bool colour_on;

static bool colour_auto(void)
{
	const char *none = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");
	const char *term = getenv("TERM");

	if (none && *none)
		return false;
	if (force && *force && strcmp(force, "0"))
		return true;
	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb");
}

bool colour_choose(const char *when)
{
	colour_on = when && strcmp(when, "auto") ? !strcmp(when, "always") :
						   colour_auto();
	return !when || !strcmp(when, "auto") || !strcmp(when, "always") ||
	       !strcmp(when, "never");
}

const char *colour_begin(const char *word)
{
	size_t i;

	for (i = 0; colour_on && i < sizeof(colour_words) / sizeof(*colour_words); i++)
		if (!strcmp(word, colour_words[i].word))
			return colour_words[i].begin;
	return "";
}

const char *colour_end(const char *word)
{
	return *colour_begin(word) ? COLOUR_END : "";
}
