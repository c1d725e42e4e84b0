/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of fields of every kind, and rows for it. */
#ifndef ROWS_H
#define ROWS_H

#include "expr.h"

enum { NAME,
       STATE,
       FREE,
       USED,
       COW,
       FULL_IN,
       FILL,
       ERRORS,
       OPEN,
       N_FIELDS };

static const char *const states[] = { "created", "taken", "failed", NULL };

static const struct expr_field fields[N_FIELDS] = {
	[NAME] = { "name", EXPR_TEXT, NULL, "" },
	[STATE] = { "state", EXPR_WORD, states, "" },
	[FREE] = { "free", EXPR_BYTES, NULL, "" },
	[USED] = { "used", EXPR_BYTES, NULL, "" },
	[COW] = { "cow", EXPR_RATE, NULL, "" },
	[FULL_IN] = { "full-in", EXPR_SECONDS, NULL, "" },
	[FILL] = { "fill", EXPR_PERCENT, NULL, "" },
	[ERRORS] = { "errors", EXPR_COUNT, NULL, "" },
	[OPEN] = { "open", EXPR_BOOL, NULL, "" },
};

struct row {
	bool known[N_FIELDS];
	struct expr_value value[N_FIELDS];
};

static inline bool row_get(const void *arg, size_t field, struct expr_value *value)
{
	const struct row *row = arg;

	if (row->known[field])
		*value = row->value[field];
	return row->known[field];
}

#endif
