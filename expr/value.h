/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers with units, as they are written in an expression. Inside expr/ only.
 */
#ifndef EXPR_VALUE_H
#define EXPR_VALUE_H

#include "expr.h"

/**
 * value_parse() - what was written as a number of a kind
 * @number: result, in the base unit (bytes, bytes a second, seconds, percent)
 * @text: what was written
 * @kind: any but text and word
 * @why: set to what else is wrong with it, or to NULL
 *
 * Return: 0 or -EINVAL.
 */
int value_parse(double *number, const char *text, enum expr_kind kind, const char **why);

/**
 * value_compare_words() - strcasecmp() of ASCII, in every locale
 */
int value_compare_words(const char *a, const char *b);

#endif
