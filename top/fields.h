/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a filter can ask of a line of the table, see expr.h. The names are those
 * of the CLI's rows where both have the figure. Pure.
 */
#ifndef TOP_FIELDS_H
#define TOP_FIELDS_H

#include <expr.h>

#include "sort.h"

/**
 * fields_table() - all fields
 * @count: set to their number
 */
const struct expr_field *fields_table(size_t *count);

/**
 * fields_get() - look up a field, an expr_get_fn
 * @row: a struct row
 * @field: place in the table
 * @value: set
 *
 * Return: false if it is not known.
 */
bool fields_get(const void *row, size_t field, struct expr_value *value);

#endif
