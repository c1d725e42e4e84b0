/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows: objects as rows of typed cells, for every command that lists something
 * (COMMAND_ROWS). One table of columns per kind of row says what there is; from
 * it come the table for people, -H, -o, -S and --sort, and what -o help tells.
 *
 *	rows_init()		takes the options; refuses what no column has
 *	rows_add()		a row, with its JSON document if there will be JSON
 *	rows_text() ...		its cells; those not set are unknown
 *	rows_print()		chooses, sorts, prints
 *	rows_free()
 */
#ifndef BLKSNAP_CLI_ROWS_H
#define BLKSNAP_CLI_ROWS_H

#include <expr.h>

#include "cli.h"

/**
 * struct rows_column - one column
 * @field: name, kind and help; the name is what -o, -S and --sort want
 * @alias: another name of it, that `wait` and `check` know it by, or NULL
 * @head: heading for people
 * @hidden: only with -o
 */
struct rows_column {
	struct expr_field field;
	const char *alias;
	const char *head;
	bool hidden;
};

/* A line of a table of columns: shown, or only with -o. */
#define ROWS_COLUMN(id, name, kind, words, head, help) \
	[id] = { { name, kind, words, help }, NULL, head, false }
#define ROWS_MORE(id, name, kind, words, head, help) \
	[id] = { { name, kind, words, help }, NULL, head, true }

/**
 * struct rows_cell - one value
 * @known: it has one
 * @number: of numbers
 * @whole: of numbers that are whole: without the loss of a double
 * @text: of texts and words; owned
 */
struct rows_cell {
	bool known;
	double number;
	uint64_t whole;
	char *text;
};

struct rows;

struct rows_row {
	const struct rows *rows;
	struct rows_cell *cells;
	json_t *doc;
	size_t place;
};

/**
 * struct rows - all rows of an answer
 * @cli: run
 * @columns: what there is
 * @n_columns: number of @columns
 * @shown: places of the columns to print
 * @n_shown: number of @shown
 * @sort: places of the columns to sort by
 * @reverse: of those in @sort that are reversed
 * @n_sort: number of @sort
 * @select: -S, or NULL
 * @fields: of -S: those of @columns, then their aliases
 * @n_fields: number of @fields
 * @aliased: places of the columns that have the aliases
 * @rows: array of @count
 * @count: number of rows
 * @failed: no memory for a row
 */
struct rows {
	struct cli *cli;
	const struct rows_column *columns;
	size_t n_columns;
	size_t *shown;
	size_t n_shown;
	size_t *sort;
	bool *reverse;
	size_t n_sort;
	struct expr *select;
	struct expr_field *fields;
	size_t n_fields;
	size_t *aliased;
	struct rows_row *rows;
	size_t count;
	bool failed;
};

/**
 * rows_fields() - what -S can ask for: the columns, and their other names
 * @columns: array of @count
 * @count: number of @columns
 * @fields: array of 2 * @count, filled: first the columns
 * @aliased: array of @count, filled with the places of the columns that have the
 *	other names; or NULL
 *
 * Return: how many of @fields.
 */
size_t rows_fields(const struct rows_column *columns, size_t count,
		   struct expr_field *fields, size_t *aliased);

/**
 * rows_init() - no rows yet, and what the options ask for
 * @rows: initialised; rows_free() whatever is returned
 * @cli: run
 * @columns: lives as long as @rows
 * @n_columns: number of @columns
 *
 * Return: 0; ROWS_HELP if "-o help" was answered and nothing is left to do; an
 *	exit status after cli_fail().
 */
int rows_init(struct rows *rows, struct cli *cli,
	      const struct rows_column *columns, size_t n_columns);

#define ROWS_HELP (-1)

/**
 * rows_wants() - is a column printed, sorted by or selected by?
 *
 * For what costs another question to the kernel.
 */
bool rows_wants(const struct rows *rows, size_t column);

/**
 * rows_add() - a new row
 * @rows: rows
 * @doc: what -j prints for it, taken over; may be NULL
 *
 * Return: for the functions below.
 */
struct rows_row *rows_add(struct rows *rows, json_t *doc);

/* characters that are not printable become "?" where they are printed */
void rows_text(struct rows *rows, struct rows_row *row, size_t column, bool known,
	       const char *text);
void rows_whole(struct rows *rows, struct rows_row *row, size_t column, bool known,
		uint64_t value);
void rows_real(struct rows *rows, struct rows_row *row, size_t column, bool known,
	       double value);

/**
 * rows_print() - print the chosen rows
 * @rows: rows
 * @thing: schema of the document, as "snapshot.list"
 * @key: name of the list in it
 *
 * Return: 0, or an exit status after cli_fail().
 */
int rows_print(struct rows *rows, const char *thing, const char *key);

/* rows_clear() - forget the rows, keep the options */
void rows_clear(struct rows *rows);

void rows_free(struct rows *rows);

#endif /* BLKSNAP_CLI_ROWS_H */
