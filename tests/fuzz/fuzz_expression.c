// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What people may write after -S and to wait and check: it is refused with a
 * sentence and a place in the text, or it is an expression. One that is true of
 * a row is not also false of it. The first two bytes say what is known of the
 * row, and how large it is.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"

static void row_make(struct row *row, uint8_t known, uint8_t size)
{
	static const char *const text[] = { "", "a", "aab", "taken", "CRIT|taken" };
	size_t i;

	for (i = 0; i < N_FIELDS; i++) {
		row->known[i] = known >> i % 8 & 1;
		row->value[i] = (struct expr_value){ .number = (double)(size * i) - 28,
						     .text = text[(size + i) % 5] };
	}
}

static bool is_true(const char *text, const struct row *row, bool *parsed)
{
	struct expr_error error = { .at = (size_t)-1 };
	struct expr *expr;
	bool matches;
	size_t i;
	int ret = expr_parse(&expr, text, fields, N_FIELDS, &error);

	*parsed = !ret;
	if (ret) {
		if (ret != -EINVAL || expr || error.at > strlen(text) || !error.text[0] ||
		    !memchr(error.text, 0, sizeof(error.text)))
			abort();
		return false;
	}
	matches = expr_match(expr, row_get, row);
	for (i = 0; i < N_FIELDS; i++)
		expr_uses(expr, i);
	expr_free(expr);
	return matches;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct row row;
	bool parsed, same, matches;
	char *text;

	if (size < 2)
		return 0;
	text = malloc(size + 4);
	if (!text)
		return 0;
	row_make(&row, data[0], data[1]);
	memcpy(text, data + 2, size - 2);
	text[size - 2] = 0;
	matches = is_true(text, &row, &parsed);
	if (parsed) {
		snprintf(text, size + 4, "!(%.*s)", (int)(size - 2), (const char *)data + 2);
		/* One level deeper it may be too deep, or too long. */
		if (is_true(text, &row, &same) && matches)
			abort();
	}
	free(text);
	return 0;
}
