/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of an expression. Knows characters, no fields and no grammar.
 * For parse.c alone.
 */
#ifndef EXPR_LEX_H
#define EXPR_LEX_H

#include "expr.h"

enum token_kind {
	TOKEN_END,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
	TOKEN_COMPARE,
	TOKEN_WORD,
	TOKEN_QUOTED,
	TOKEN_BAD, /* no token begins like this, or a quote is open */
};

enum compare {
	COMPARE_EQUAL,
	COMPARE_DIFFERENT,
	COMPARE_LESS,
	COMPARE_AT_MOST,
	COMPARE_MORE,
	COMPARE_AT_LEAST,
	COMPARE_LIKE,
	COMPARE_UNLIKE,
};

/**
 * struct token - a word of an expression
 * @kind: what it is
 * @compare: of a TOKEN_COMPARE: which
 * @at: where it begins; of a TOKEN_QUOTED its first quote
 * @text: of a word or quoted text: its first byte, not ending in 0
 * @length: bytes of it
 */
struct token {
	enum token_kind kind;
	enum compare compare;
	size_t at;
	const char *text;
	size_t length;
};

/**
 * lex_next() - the next token
 * @text: the whole expression
 * @from: where to look; moved behind the token
 *
 * After a comparison the caller wants lex_pattern() where it is a "~".
 */
struct token lex_next(const char *text, size_t *from);

/**
 * lex_pattern() - the next token as a regular expression
 * @text: the whole expression
 * @from: where to look; moved behind the pattern
 *
 * Unquoted, a pattern reaches to the next white space or to the bracket that
 * closes one outside of it.
 *
 * Return: a word, a quoted text, TOKEN_END or TOKEN_BAD.
 */
struct token lex_pattern(const char *text, size_t *from);

#endif
