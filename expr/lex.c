// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "lex.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/* Bytes of a word: what no operator begins with. Not isalnum(): no locale. */
static bool in_word(char c)
{
	return c && !is_space(c) && !strchr("()<>=!~&|'\"", c);
}

static size_t skip_space(const char *text, size_t at)
{
	while (is_space(text[at]))
		at++;
	return at;
}

static struct token lex_quoted(const char *text, size_t *from)
{
	struct token token = {
		.kind = TOKEN_BAD,
		.at = *from,
		.text = text + *from + 1,
	};
	const char *end = strchr(token.text, text[*from]);

	if (!end)
		return token;
	token.kind = TOKEN_QUOTED;
	token.length = (size_t)(end - token.text);
	*from = (size_t)(end + 1 - text);
	return token;
}

static enum token_kind word_kind(const char *text, size_t length)
{
	static const struct {
		const char *word;
		enum token_kind kind;
	} words[] = {
		{ "and", TOKEN_AND },
		{ "or", TOKEN_OR },
		{ "not", TOKEN_NOT },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i].word) == length && !memcmp(text, words[i].word, length))
			return words[i].kind;
	return TOKEN_WORD;
}

struct token lex_next(const char *text, size_t *from)
{
	/* The longer ones first. */
	static const struct {
		const char *sign;
		enum token_kind kind;
		enum compare compare;
	} signs[] = {
		{ "&&", TOKEN_AND, 0 },
		{ "||", TOKEN_OR, 0 },
		{ "==", TOKEN_COMPARE, COMPARE_EQUAL },
		{ "!=", TOKEN_COMPARE, COMPARE_DIFFERENT },
		{ "<=", TOKEN_COMPARE, COMPARE_AT_MOST },
		{ ">=", TOKEN_COMPARE, COMPARE_AT_LEAST },
		{ "=~", TOKEN_COMPARE, COMPARE_LIKE },
		{ "!~", TOKEN_COMPARE, COMPARE_UNLIKE },
		{ "=", TOKEN_COMPARE, COMPARE_EQUAL },
		{ "<", TOKEN_COMPARE, COMPARE_LESS },
		{ ">", TOKEN_COMPARE, COMPARE_MORE },
		{ "~", TOKEN_COMPARE, COMPARE_LIKE },
		{ "!", TOKEN_NOT, 0 },
		{ "(", TOKEN_OPEN, 0 },
		{ ")", TOKEN_CLOSE, 0 },
	};
	struct token token = { .kind = TOKEN_END };
	size_t i, length;

	*from = skip_space(text, *from);
	token.at = *from;
	token.text = text + *from;
	if (!*token.text)
		return token;
	if (*token.text == '\'' || *token.text == '"')
		return lex_quoted(text, from);
	for (i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		length = strlen(signs[i].sign);
		if (strncmp(token.text, signs[i].sign, length))
			continue;
		token.kind = signs[i].kind;
		token.compare = signs[i].compare;
		token.length = length;
		*from += length;
		return token;
	}
	while (in_word(token.text[token.length]))
		token.length++;
	*from += token.length;
	token.kind = token.length ? word_kind(token.text, token.length) : TOKEN_BAD;
	return token;
}

struct token lex_pattern(const char *text, size_t *from)
{
	struct token token = { .kind = TOKEN_END };
	int depth = 0;

	*from = skip_space(text, *from);
	token.at = *from;
	token.text = text + *from;
	if (*token.text == '\'' || *token.text == '"')
		return lex_quoted(text, from);
	for (; token.text[token.length] && !is_space(token.text[token.length]); token.length++) {
		if (token.text[token.length] == '(')
			depth++;
		if (token.text[token.length] == ')' && !depth--)
			break;
	}
	*from += token.length;
	if (token.length)
		token.kind = TOKEN_WORD;
	else if (*token.text)
		token.kind = TOKEN_BAD;
	return token;
}
