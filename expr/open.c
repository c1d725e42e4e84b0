// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An expression that is still being written: which kind of word comes next. Knows
 * the order of words, not whether they make sense together.
 */
#include <string.h>

#include "lex.h"

enum wanted {
	WANTED_FIELD,
	WANTED_COMPARE, /* or a connective, after a field that is a test by itself */
	WANTED_VALUE,
	WANTED_PATTERN,
	WANTED_CONNECTIVE,
	WANTED_NONE,
};

static const struct expr_field *open_field(const struct token *token,
					   const struct expr_field *fields, size_t n_fields)
{
	size_t i;

	for (i = 0; i < n_fields && token->kind == TOKEN_WORD; i++)
		if (strlen(fields[i].name) == token->length &&
		    !memcmp(fields[i].name, token->text, token->length))
			return &fields[i];
	return NULL;
}

static enum wanted open_after(enum wanted wanted, const struct token *token)
{
	bool like = token->compare == COMPARE_LIKE || token->compare == COMPARE_UNLIKE;

	switch (token->kind) {
	case TOKEN_OPEN:
	case TOKEN_NOT:
		return wanted == WANTED_FIELD ? WANTED_FIELD : WANTED_NONE;
	case TOKEN_WORD:
	case TOKEN_QUOTED:
		return wanted == WANTED_FIELD ? WANTED_COMPARE :
		       wanted == WANTED_VALUE ? WANTED_CONNECTIVE :
						WANTED_NONE;
	case TOKEN_COMPARE:
		if (wanted != WANTED_COMPARE)
			return WANTED_NONE;
		return like ? WANTED_PATTERN : WANTED_VALUE;
	case TOKEN_AND:
	case TOKEN_OR:
		return wanted == WANTED_COMPARE || wanted == WANTED_CONNECTIVE ? WANTED_FIELD :
										 WANTED_NONE;
	case TOKEN_CLOSE:
		return wanted == WANTED_COMPARE || wanted == WANTED_CONNECTIVE ?
			       WANTED_CONNECTIVE :
			       WANTED_NONE;
	default:
		return WANTED_NONE;
	}
}

bool expr_open(const char *text, const struct expr_field *fields, size_t n_fields,
	       size_t *last, const struct expr_field **field)
{
	enum wanted wanted = WANTED_FIELD;
	const struct expr_field *left = NULL;
	struct token token;
	size_t from = 0;

	while (wanted != WANTED_NONE) {
		token = lex_next(text, &from);
		*last = token.at;
		if (token.kind == TOKEN_END || (token.kind == TOKEN_WORD && !text[from])) {
			*field = wanted == WANTED_VALUE ? left : NULL;
			return wanted == WANTED_FIELD || (wanted == WANTED_VALUE && left);
		}
		/* "and" at the end may be the beginning of a field */
		if (!text[from] && token.length && strchr("ano", token.text[0]))
			return false;
		if (wanted == WANTED_FIELD)
			left = open_field(&token, fields, n_fields);
		wanted = open_after(wanted, &token);
		if (wanted == WANTED_PATTERN) {
			token = lex_pattern(text, &from);
			wanted = text[from] && token.kind != TOKEN_BAD ? WANTED_CONNECTIVE :
									 WANTED_NONE;
		}
	}
	return false;
}
