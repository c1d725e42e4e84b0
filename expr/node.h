/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an expression is made of: nodes in one array, children before their
 * parents, so that neither evaluating nor freeing needs recursion. Shared by
 * parse.c, which makes them, and match.c, which reads them.
 */
#ifndef EXPR_NODE_H
#define EXPR_NODE_H

#include <regex.h>

#include "lex.h"

enum node_kind {
	NODE_AND,
	NODE_OR,
	NODE_NOT,
	NODE_UNKNOWN, /* compare is EQUAL or DIFFERENT */
	NODE_NUMBER, /* field compare number */
	NODE_FIELDS, /* field compare other field */
	NODE_TEXT, /* field compare text */
	NODE_PATTERN, /* field compare regular expression */
};

/**
 * struct node - a test or a connective
 * @kind: which
 * @compare: of a test
 * @left: of a connective: place of the first operand
 * @right: of NODE_AND and NODE_OR: place of the second
 * @field: of a test: what is looked at
 * @other: of NODE_FIELDS: what it is compared with
 * @number: of NODE_NUMBER
 * @text: of NODE_TEXT; owned
 * @pattern: of NODE_PATTERN; owned
 */
struct node {
	enum node_kind kind;
	enum compare compare;
	size_t left;
	size_t right;
	size_t field;
	size_t other;
	double number;
	char *text;
	regex_t pattern;
};

/**
 * struct expr - an expression
 * @fields: the table it was parsed with
 * @n_nodes: number of @nodes; the last one is the whole
 * @nodes: children before parents
 */
struct expr {
	const struct expr_field *fields;
	size_t n_nodes;
	struct node nodes[EXPR_NODES_MAX];
};

#endif
