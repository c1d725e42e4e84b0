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

static bool same_text(enum expr_kind kind, const char *a, const char *b)
{
	return !(kind == EXPR_WORD ? value_compare_words(a, b) : strcmp(a, b));
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
		return truth_of(negate != same_text(expr->fields[node->field].kind,
						    value.text, node->text));
	case NODE_PATTERN:
		return truth_of(negate == !!regexec(&node->pattern, value.text, 0, NULL, 0));
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
