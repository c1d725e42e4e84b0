// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guess: which name was meant by a word that is none.
 */
#include <string.h>

#include "expr.h"

#define GUESS_MAX  32 /* bytes of a name that a typing error is looked for in */
#define GUESS_NEAR 3 /* so many errors are another word */

/* Letters to change, add or drop to make a word of a name (Levenshtein). */
static size_t guess_distance(const char *word, size_t length, const char *name)
{
	size_t row[GUESS_MAX + 1];
	size_t n = strlen(name), i, j, corner, above, least;

	if (n > GUESS_MAX || length > GUESS_MAX)
		return GUESS_MAX;
	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 1; i <= length; i++) {
		corner = row[0];
		row[0] = i;
		for (j = 1; j <= n; j++) {
			above = row[j];
			least = above < row[j - 1] ? above : row[j - 1];
			least = least + 1;
			if (corner + (word[i - 1] != name[j - 1]) < least)
				least = corner + (word[i - 1] != name[j - 1]);
			row[j] = least;
			corner = above;
		}
	}
	return row[n];
}

void expr_guess(struct expr_guess *guess, const char *word, size_t length,
		const char *name)
{
	size_t d = guess_distance(word, length, name);

	/* A word of which half is another one means something else. */
	if (d < (guess->name ? guess->distance : GUESS_NEAR) && 2 * d < length + 1) {
		guess->name = name;
		guess->distance = d;
	}
}
