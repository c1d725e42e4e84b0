// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "node.h"
#include "value.h"

/* In this order "and" is the least and "or" the greatest of both. */
enum truth {
	TRUTH_NO,
	TRUTH_UNKNOWN,
	TRUTH_YES,
};

static enum truth truth_of(bool yes)
{
	return yes ? TRUTH_YES : TRUTH_NO;
}

static bool compare_numbers(double a, enum compare compare, double b)
{
	switch (compare) {
	case COMPARE_EQUAL:
		return a == b;
	case COMPARE_DIFFERENT:
		return a != b;
	case COMPARE_LESS:
		return a < b;
	case COMPARE_AT_MOST:
		return a <= b;
	case COMPARE_MORE:
		return a > b;
	case COMPARE_AT_LEAST:
		return a >= b;
	case COMPARE_LIKE:
	case COMPARE_UNLIKE:
		break;
	}
	return false;
}

static bool text_fits(const struct node *node, enum expr_kind kind, const char *text)
{
	if (node->kind == NODE_PATTERN)
		return !regexec(&node->pattern, text, 0, NULL, 0);
	return !(kind == EXPR_WORD ? value_compare_words(text, node->text) :
				     strcmp(text, node->text));
}

/* A word may have others that mean the same, after a "|" each. */
static bool any_fits(const struct node *node, enum expr_kind kind, const char *text)
{
	const char *end;
	char word[64];

	if (kind != EXPR_WORD)
		return text_fits(node, kind, text);
	for (;; text = end + 1) {
		end = strchrnul(text, '|');
		if ((size_t)(end - text) < sizeof(word)) {
			memcpy(word, text, (size_t)(end - text));
			word[end - text] = 0;
			if (text_fits(node, kind, word))
				return true;
		}
		if (!*end)
			return false;
	}
}

static enum truth test(const struct expr *expr, const struct node *node,
		       expr_get_fn get, const void *row)
{
	struct expr_value value = { 0 }, other = { 0 };
	bool negate = node->compare == COMPARE_DIFFERENT || node->compare == COMPARE_UNLIKE;
	bool known = get(row, node->field, &value);

	if (node->kind == NODE_UNKNOWN)
		return truth_of(known == negate);
	if (!known)
		return TRUTH_UNKNOWN;
	switch (node->kind) {
	case NODE_NUMBER:
		return truth_of(compare_numbers(value.number, node->compare, node->number));
	case NODE_FIELDS:
		if (!get(row, node->other, &other))
			return TRUTH_UNKNOWN;
		return truth_of(compare_numbers(value.number, node->compare, other.number));
	case NODE_TEXT:
	case NODE_PATTERN:
		return truth_of(negate != any_fits(node, expr->fields[node->field].kind,
						   value.text));
	default:
		return TRUTH_UNKNOWN;
	}
}

bool expr_match(const struct expr *expr, expr_get_fn get, const void *row)
{
	enum truth truth[EXPR_NODES_MAX];
	enum truth left, right;
	size_t i;

	for (i = 0; i < expr->n_nodes; i++) {
		const struct node *node = &expr->nodes[i];

		switch (node->kind) {
		case NODE_NOT:
			truth[i] = TRUTH_YES - truth[node->left];
			break;
		case NODE_AND:
		case NODE_OR:
			left = truth[node->left];
			right = truth[node->right];
			truth[i] = (left < right) == (node->kind == NODE_AND) ? left : right;
			break;
		default:
			truth[i] = test(expr, node, get, row);
		}
	}
	return truth[expr->n_nodes - 1] == TRUTH_YES;
}

bool expr_uses(const struct expr *expr, size_t field)
{
	size_t i;

	for (i = 0; i < expr->n_nodes; i++) {
		const struct node *node = &expr->nodes[i];

		if (node->kind >= NODE_UNKNOWN && node->field == field)
			return true;
		if (node->kind == NODE_FIELDS && node->other == field)
			return true;
	}
	return false;
}

bool expr_constant(const struct expr *expr, double *number)
{
	if (expr->n_nodes != 1 || expr->nodes[0].kind != NODE_NUMBER)
		return false;
	*number = expr->nodes[0].number;
	return true;
}
