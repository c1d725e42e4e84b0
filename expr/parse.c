// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recursive descent; the depth is bounded by EXPR_DEPTH_MAX. Every function
 * gives the place of the node it made, or -1 after it wrote the error.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"
#include "value.h"

#define WORD_MAX 256 /* bytes of one value */

struct parser {
	struct expr *expr;
	const struct expr_field *fields;
	size_t n_fields;
	const char *text;
	size_t from; /* behind @token */
	struct token token; /* the next one */
	int depth;
	int failure;
	struct expr_error *error;
};

static int refuse(struct parser *p, size_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(struct parser *p, size_t at, const char *format, ...)
{
	va_list args;

	p->failure = -EINVAL;
	p->error->at = at;
	va_start(args, format);
	vsnprintf(p->error->text, sizeof(p->error->text), format, args);
	va_end(args);
	return -1;
}

static int out_of_memory(struct parser *p)
{
	refuse(p, 0, "out of memory");
	p->failure = -ENOMEM;
	return -1;
}

static void advance(struct parser *p)
{
	p->token = lex_next(p->text, &p->from);
}

/* What a text is called in an error: not too much of it. */
static int shown(const struct token *token)
{
	return token->length > 40 ? 40 : (int)token->length;
}

static int unexpected(struct parser *p, const char *wanted)
{
	const struct token *token = &p->token;

	switch (token->kind) {
	case TOKEN_END:
		return refuse(p, token->at, "%s is missing at the end", wanted);
	case TOKEN_BAD:
		if (*token->text)
			return refuse(p, token->at, "%s is expected here, not \"%.1s\"", wanted,
				      p->text + token->at);
		return refuse(p, token->at, "%s is expected here", wanted);
	default:
		return refuse(p, token->at, "%s is expected here, not \"%.*s\"", wanted,
			      shown(token), token->text);
	}
}

static int add(struct parser *p, const struct node *node, size_t at)
{
	if (p->expr->n_nodes == EXPR_NODES_MAX)
		return refuse(p, at, "the expression has more than %d parts", EXPR_NODES_MAX);
	p->expr->nodes[p->expr->n_nodes] = *node;
	return (int)p->expr->n_nodes++;
}

static const struct expr_field *find_field(const struct parser *p, const struct token *token)
{
	size_t i;

	if (token->kind != TOKEN_WORD)
		return NULL;
	for (i = 0; i < p->n_fields; i++)
		if (strlen(p->fields[i].name) == token->length &&
		    !memcmp(p->fields[i].name, token->text, token->length))
			return &p->fields[i];
	return NULL;
}

static int no_such_field(struct parser *p, const struct token *token)
{
	struct expr_guess guess = { 0 };
	size_t i;

	if (token->kind == TOKEN_QUOTED)
		return refuse(p, token->at, "a quoted text is no field");
	for (i = 0; i < p->n_fields; i++)
		expr_guess(&guess, token->text, token->length, p->fields[i].name);
	if (guess.name)
		return refuse(p, token->at, "there is no field \"%.*s\"; is \"%s\" meant?",
			      shown(token), token->text, guess.name);
	return refuse(p, token->at, "there is no field \"%.*s\"", shown(token), token->text);
}

/* A value as a string of its own. */
static bool copy_value(struct parser *p, char *word, const struct token *token)
{
	if (token->length >= WORD_MAX) {
		refuse(p, token->at, "a value of more than %d bytes", WORD_MAX - 1);
		return false;
	}
	memcpy(word, token->text, token->length);
	word[token->length] = 0;
	return true;
}

static int make_number(struct parser *p, struct node *node, const struct token *token)
{
	const struct expr_field *field = &p->fields[node->field];
	char word[WORD_MAX];
	const char *why;

	if (!copy_value(p, word, token))
		return -1;
	node->kind = NODE_NUMBER;
	if (!value_parse(&node->number, word, field->kind, &why))
		return add(p, node, token->at);
	if (why)
		return refuse(p, token->at, "%s: \"%.40s\": %s", field->name, word, why);
	return refuse(p, token->at, "%s cannot be \"%.40s\"; write it as %s", field->name, word,
		      expr_kind_help(field->kind));
}

static bool is_known_word(const struct expr_field *field, const char *word)
{
	const char *const *known = field->words;

	if (!known)
		return true;
	while (*known && value_compare_words(*known, word))
		known++;
	return *known;
}

static int refuse_word(struct parser *p, const struct expr_field *field, const char *word,
		       size_t at)
{
	char list[120] = "";
	const char *const *known;
	size_t used = 0;

	for (known = field->words; *known; known++) {
		size_t length = strlen(*known);

		if (used + length + 3 > sizeof(list))
			break;
		if (used)
			list[used++] = ' ';
		memcpy(list + used, *known, length + 1);
		used += length;
	}
	return refuse(p, at, "%s is never \"%.30s\"; it can be: %s", field->name, word, list);
}

static int make_text(struct parser *p, struct node *node, const struct token *token)
{
	const struct expr_field *field = &p->fields[node->field];
	char word[WORD_MAX];
	int place;

	if (!copy_value(p, word, token))
		return -1;
	if (!is_known_word(field, word))
		return refuse_word(p, field, word, token->at);
	node->kind = NODE_TEXT;
	node->text = strdup(word);
	if (!node->text)
		return out_of_memory(p);
	place = add(p, node, token->at);
	if (place < 0)
		free(node->text);
	return place;
}

#define REPEATS_MAX 8

/*
 * Bounded in time and memory: the library's matcher is neither with back
 * references, nor its compiler with nested counts.
 */
static const char *dangerous(const char *pattern)
{
	unsigned int repeats = 0;
	const char *at;

	if (strchr(pattern, '{'))
		return "counts in \"{}\" are not supported";
	/* Each may double all before it: "++++" is what one writes by mistake. */
	for (at = pattern; *at; at++) {
		repeats += *at == '+';
		at += *at == '\\' && at[1];
	}
	if (repeats > REPEATS_MAX)
		return "there are too many \"+\"";
	for (at = strchr(pattern, '\\'); at; at = at[1] ? strchr(at + 2, '\\') : NULL)
		if (at[1] >= '0' && at[1] <= '9')
			return "back references are not supported";
	return NULL;
}

static int make_pattern(struct parser *p, struct node *node, const struct token *token)
{
	bool word_kind = p->fields[node->field].kind == EXPR_WORD;
	char word[WORD_MAX], why[80];
	const char *danger;
	int code, place;

	if (!copy_value(p, word, token))
		return -1;
	danger = dangerous(word);
	if (danger)
		return refuse(p, token->at, "%s", danger);
	node->kind = NODE_PATTERN;
	code = regcomp(&node->pattern, word,
		       REG_EXTENDED | REG_NOSUB | (word_kind ? REG_ICASE : 0));
	if (code == REG_ESPACE)
		return out_of_memory(p);
	if (code) {
		regerror(code, NULL, why, sizeof(why));
		return refuse(p, token->at, "\"%.40s\" is no regular expression: %s", word, why);
	}
	place = add(p, node, token->at);
	if (place < 0)
		regfree(&node->pattern);
	return place;
}

static bool is_number(enum expr_kind kind)
{
	return kind != EXPR_TEXT && kind != EXPR_WORD && kind != EXPR_BOOL;
}

static bool is_text(enum expr_kind kind)
{
	return kind == EXPR_TEXT || kind == EXPR_WORD;
}

/* Whether a field of this kind can be compared like this. */
static int check_compare(struct parser *p, const struct expr_field *field,
			 const struct token *sign)
{
	bool like = sign->compare == COMPARE_LIKE || sign->compare == COMPARE_UNLIKE;
	bool equal = sign->compare == COMPARE_EQUAL || sign->compare == COMPARE_DIFFERENT;

	if (equal)
		return 0;
	if (like && !is_text(field->kind))
		return refuse(p, sign->at, "%s is no text: \"%.*s\" does not apply to it",
			      field->name, shown(sign), sign->text);
	if (!like && !is_number(field->kind))
		return refuse(p, sign->at, "%s has no order: only = and != apply to it%s",
			      field->name, is_text(field->kind) ? ", and =~ and !~" : "");
	return 0;
}

static int make_test(struct parser *p, const struct expr_field *field,
		     const struct token *sign, const struct token *value)
{
	struct node node = {
		.compare = sign->compare,
		.field = (size_t)(field - p->fields),
	};
	const struct expr_field *other;

	if (check_compare(p, field, sign))
		return -1;
	if (sign->compare == COMPARE_LIKE || sign->compare == COMPARE_UNLIKE)
		return make_pattern(p, &node, value);
	if (value->kind == TOKEN_WORD && value->length == 7 &&
	    !memcmp(value->text, "unknown", 7) &&
	    (sign->compare == COMPARE_EQUAL || sign->compare == COMPARE_DIFFERENT) &&
	    !(field->words && is_known_word(field, "unknown"))) {
		node.kind = NODE_UNKNOWN;
		return add(p, &node, value->at);
	}
	if (is_text(field->kind))
		return make_text(p, &node, value);
	other = find_field(p, value);
	if (!other)
		return make_number(p, &node, value);
	if (other->kind != field->kind)
		return refuse(p, value->at, "%s and %s cannot be compared", field->name,
			      other->name);
	node.kind = NODE_FIELDS;
	node.other = (size_t)(other - p->fields);
	return add(p, &node, value->at);
}

static enum compare mirrored(enum compare compare)
{
	switch (compare) {
	case COMPARE_LESS:
		return COMPARE_MORE;
	case COMPARE_AT_MOST:
		return COMPARE_AT_LEAST;
	case COMPARE_MORE:
		return COMPARE_LESS;
	case COMPARE_AT_LEAST:
		return COMPARE_AT_MOST;
	default:
		return compare;
	}
}

static int parse_test(struct parser *p)
{
	struct token left = p->token, sign, right;
	const struct expr_field *field = find_field(p, &left), *other;

	if (left.kind != TOKEN_WORD && left.kind != TOKEN_QUOTED)
		return unexpected(p, left.kind == TOKEN_BAD && strchr("'\"", p->text[left.at]) ?
					     "the closing quote" :
					     "a field");
	advance(p);
	if (p->token.kind != TOKEN_COMPARE) {
		if (field && field->kind == EXPR_BOOL) {
			struct node node = {
				.kind = NODE_NUMBER,
				.compare = COMPARE_EQUAL,
				.field = (size_t)(field - p->fields),
				.number = 1,
			};

			return add(p, &node, left.at);
		}
		return field ? unexpected(p, "a comparison (as < or =)") :
			       no_such_field(p, &left);
	}
	sign = p->token;
	if (sign.compare == COMPARE_LIKE || sign.compare == COMPARE_UNLIKE)
		p->token = lex_pattern(p->text, &p->from);
	else
		advance(p);
	right = p->token;
	if (right.kind != TOKEN_WORD && right.kind != TOKEN_QUOTED)
		return unexpected(p, right.kind == TOKEN_BAD && strchr("'\"", p->text[right.at]) ?
					     "the closing quote" :
					     "a value");
	advance(p);
	if (field)
		return make_test(p, field, &sign, &right);
	other = find_field(p, &right);
	if (!other || sign.compare == COMPARE_LIKE || sign.compare == COMPARE_UNLIKE)
		return no_such_field(p, &left);
	sign.compare = mirrored(sign.compare);
	return make_test(p, other, &sign, &left);
}

static int parse_or(struct parser *p);

static int parse_not(struct parser *p)
{
	struct node node = { .kind = NODE_NOT };
	struct token token = p->token;
	int place;

	if (token.kind != TOKEN_NOT && token.kind != TOKEN_OPEN)
		return parse_test(p);
	if (p->depth == EXPR_DEPTH_MAX)
		return refuse(p, token.at, "more than %d brackets inside each other",
			      EXPR_DEPTH_MAX);
	p->depth++;
	advance(p);
	place = token.kind == TOKEN_NOT ? parse_not(p) : parse_or(p);
	p->depth--;
	if (place < 0)
		return -1;
	if (token.kind == TOKEN_NOT) {
		node.left = (size_t)place;
		return add(p, &node, token.at);
	}
	if (p->token.kind != TOKEN_CLOSE)
		return unexpected(p, "\")\"");
	advance(p);
	return place;
}

/* Operands of one kind of connective, from the left. */
static int parse_chain(struct parser *p, enum token_kind connective, enum node_kind kind,
		       int (*operand)(struct parser *p))
{
	int left = operand(p), right;

	while (left >= 0 && p->token.kind == connective) {
		struct node node = { .kind = kind, .left = (size_t)left };
		size_t at = p->token.at;

		advance(p);
		right = operand(p);
		if (right < 0)
			return -1;
		node.right = (size_t)right;
		left = add(p, &node, at);
	}
	return left;
}

static int parse_and(struct parser *p)
{
	return parse_chain(p, TOKEN_AND, NODE_AND, parse_not);
}

static int parse_or(struct parser *p)
{
	return parse_chain(p, TOKEN_OR, NODE_OR, parse_and);
}

int expr_parse(struct expr **expr, const char *text, const struct expr_field *fields,
	       size_t n_fields, struct expr_error *error)
{
	struct expr_error ignored = { 0 };
	struct parser p = {
		.fields = fields,
		.n_fields = n_fields,
		.text = text,
		.error = error ? error : &ignored,
	};

	*expr = NULL;
	if (strnlen(text, EXPR_TEXT_MAX + 1) > EXPR_TEXT_MAX) {
		refuse(&p, EXPR_TEXT_MAX, "the expression is longer than %d bytes", EXPR_TEXT_MAX);
		return p.failure;
	}
	p.expr = calloc(1, sizeof(*p.expr));
	if (!p.expr) {
		out_of_memory(&p);
		return p.failure;
	}
	p.expr->fields = fields;
	advance(&p);
	if (p.token.kind == TOKEN_END)
		refuse(&p, 0, "the expression is empty");
	else if (parse_or(&p) >= 0 && p.token.kind != TOKEN_END)
		unexpected(&p, "\"and\", \"or\" or the end");
	if (p.failure)
		expr_free(p.expr);
	else
		*expr = p.expr;
	return p.failure;
}

void expr_free(struct expr *expr)
{
	size_t i;

	if (!expr)
		return;
	for (i = 0; i < expr->n_nodes; i++) {
		free(expr->nodes[i].text);
		if (expr->nodes[i].kind == NODE_PATTERN)
			regfree(&expr->nodes[i].pattern);
	}
	free(expr);
}

const char *expr_kind_help(enum expr_kind kind)
{
	static const char *const help[] = {
		[EXPR_TEXT] = "text",
		[EXPR_WORD] = "a word",
		[EXPR_COUNT] = "12, 1.5k or 3M",
		[EXPR_BYTES] = "4096, 64K or 1.5G",
		[EXPR_RATE] = "64K, 1.5M/s or 1G",
		[EXPR_SECONDS] = "90, 4m, 1h30m or 500ms",
		[EXPR_PERCENT] = "91 or 91%",
		[EXPR_BOOL] = "yes or no",
	};

	return help[kind];
}
