// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rows: see rows.h. Knows no kind of object.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "out.h"
#include "rows.h"

#define ROWS_MEMORY(cli) \
	cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL, "out of memory")

/* ------------------------------------------------------------- options */

static bool rows_is_named(const char *name, const char *text, size_t len)
{
	return name && !strncmp(name, text, len) && !name[len];
}

static size_t rows_find(const struct rows *rows, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < rows->n_columns; i++)
		if (rows_is_named(rows->columns[i].field.name, name, len) ||
		    rows_is_named(rows->columns[i].alias, name, len))
			return i;
	return rows->n_columns;
}

static int rows_unknown(const struct rows *rows, const char *option,
			const char *name, size_t len)
{
	char hint[512] = "there are", meant[64] = "";
	struct expr_guess guess = { 0 };
	size_t i, used = strlen(hint);

	for (i = 0; i < rows->n_columns; i++)
		expr_guess(&guess, name, len, rows->columns[i].field.name);
	if (guess.name)
		snprintf(meant, sizeof(meant), "; is \"%s\" meant?", guess.name);
	for (i = 0; i < rows->n_columns && used < sizeof(hint); i++)
		used += (size_t)snprintf(hint + used, sizeof(hint) - used, "%s %s",
					 i ? "," : "", rows->columns[i].field.name);
	return cli_refuse(rows->cli, BLKSNAP_EXIT_USAGE, option, hint,
			  "there is no column \"%.*s\"%s", (int)len, name, meant);
}

static int rows_help(const struct rows *rows)
{
	static const char *const heads[] = { "COLUMN", "VALUES", "WHAT" };
	struct table table = { .heads = heads, .columns = 3 };
	const struct rows_column *c;
	char (*row)[TABLE_CELL];
	size_t i;

	for (i = 0; i < rows->n_columns; i++) {
		c = &rows->columns[i];
		row = table_row(&table);
		table_set(row[0], "%s", c->field.name);
		table_set(row[1], "%s", expr_kind_help(c->field.kind));
		table_set(row[2], "%s%s", c->field.help,
			  c->hidden ? " (with -o)" : "");
	}
	table_print(&table, stdout);
	table_free(&table);
	return ROWS_HELP;
}

static void rows_show_default(struct rows *rows, bool all)
{
	size_t i;

	rows->n_shown = 0;
	for (i = 0; i < rows->n_columns; i++)
		if (all || !rows->columns[i].hidden)
			rows->shown[rows->n_shown++] = i;
}

static int rows_take_columns(struct rows *rows, const char *text)
{
	size_t len, place;

	if (!strcmp(text, "help"))
		return rows_help(rows);
	if (!strcmp(text, "all")) {
		rows_show_default(rows, true);
		return 0;
	}
	rows->n_shown = 0;
	for (;; text += len + 1) {
		len = strcspn(text, ",");
		place = rows_find(rows, text, len);
		if (place == rows->n_columns)
			return rows_unknown(rows, "-o", text, len);
		if (rows->n_shown == rows->n_columns)
			return cli_refuse(rows->cli, BLKSNAP_EXIT_USAGE, "-o", NULL,
					  "more columns are named than there are");
		rows->shown[rows->n_shown++] = place;
		if (!text[len])
			return 0;
	}
}

static int rows_take_sort(struct rows *rows, const char *text)
{
	size_t len, place;

	for (;; text += len + 1) {
		bool reverse = *text == '-';

		text += reverse;
		len = strcspn(text, ",");
		place = rows_find(rows, text, len);
		if (place == rows->n_columns)
			return rows_unknown(rows, "--sort", text, len);
		if (rows->n_sort == rows->n_columns)
			return cli_refuse(rows->cli, BLKSNAP_EXIT_USAGE, "--sort",
					  NULL,
					  "more columns are named than there are");
		rows->reverse[rows->n_sort] = reverse;
		rows->sort[rows->n_sort++] = place;
		if (!text[len])
			return 0;
	}
}

static int rows_take_select(struct rows *rows, const char *text)
{
	struct expr_error error;
	int ret = expr_parse(&rows->select, text, rows->fields, rows->n_fields,
			     &error);

	if (!ret)
		return 0;
	if (!error.text[0])
		return ROWS_MEMORY(rows->cli);
	return cli_refuse(rows->cli, BLKSNAP_EXIT_USAGE, "-S",
			  "`-o help` lists the columns",
			  "%s (after %zu characters of \"%.100s\")", error.text,
			  error.at, text);
}

size_t rows_fields(const struct rows_column *columns, size_t count,
		   struct expr_field *fields, size_t *aliased)
{
	size_t i, n = count;

	for (i = 0; i < count; i++) {
		fields[i] = columns[i].field;
		if (!columns[i].alias)
			continue;
		fields[n] = columns[i].field;
		fields[n].name = columns[i].alias;
		if (aliased)
			aliased[n - count] = i;
		n++;
	}
	return n;
}

int rows_init(struct rows *rows, struct cli *cli,
	      const struct rows_column *columns, size_t n_columns)
{
	const char *show = command_value(&cli->args, "columns", 0);
	const char *select = command_value(&cli->args, "select", 0);
	const char *sort = command_value(&cli->args, "sort", 0);
	bool bare = command_value(&cli->args, "no-headings", 0);
	int ret = 0;

	memset(rows, 0, sizeof(*rows));
	rows->cli = cli;
	rows->columns = columns;
	rows->n_columns = n_columns;
	rows->shown = calloc(n_columns, sizeof(*rows->shown));
	rows->sort = calloc(n_columns, sizeof(*rows->sort));
	rows->reverse = calloc(n_columns, sizeof(*rows->reverse));
	rows->fields = calloc(2 * n_columns, sizeof(*rows->fields));
	rows->aliased = calloc(n_columns, sizeof(*rows->aliased));
	if (!rows->shown || !rows->sort || !rows->reverse || !rows->fields ||
	    !rows->aliased)
		return ROWS_MEMORY(cli);
	rows->n_fields = rows_fields(columns, n_columns, rows->fields, rows->aliased);
	rows_show_default(rows, false);
	if (cli->args.json && (bare || show))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, show ? "-o" : "-H",
				  "leave one of them out",
				  "does not go with -j, which prints everything");
	if (show)
		ret = rows_take_columns(rows, show);
	if (!ret && sort)
		ret = rows_take_sort(rows, sort);
	if (!ret && select)
		ret = rows_take_select(rows, select);
	return ret;
}

bool rows_wants(const struct rows *rows, size_t column)
{
	bool wanted = rows->select && expr_uses(rows->select, column);
	size_t i;

	for (i = 0; i < rows->n_shown; i++)
		wanted |= rows->shown[i] == column;
	for (i = 0; i < rows->n_sort; i++)
		wanted |= rows->sort[i] == column;
	for (i = rows->n_columns; rows->select && i < rows->n_fields; i++)
		wanted |= rows->aliased[i - rows->n_columns] == column &&
			  expr_uses(rows->select, i);
	return wanted;
}

/* --------------------------------------------------------------- cells */

struct rows_row *rows_add(struct rows *rows, json_t *doc)
{
	struct rows_row *grown;
	struct rows_row *row;

	grown = rows->rows;
	if (!(rows->count & (rows->count - 1)))
		grown = reallocarray(rows->rows, rows->count ? rows->count * 2 : 1,
				     sizeof(*grown));
	if (grown)
		rows->rows = grown;
	row = grown ? &grown[rows->count] : NULL;
	if (row)
		row->cells = calloc(rows->n_columns, sizeof(*row->cells));
	if (!row || !row->cells) {
		json_decref(doc);
		rows->failed = true;
		return NULL;
	}
	row->rows = rows;
	row->doc = doc;
	row->place = rows->count++;
	return row;
}

void rows_text(struct rows *rows, struct rows_row *row, size_t column, bool known,
	       const char *text)
{
	if (!row || !known || !text)
		return;
	row->cells[column].text = strdup(text);
	row->cells[column].known = row->cells[column].text;
	if (!row->cells[column].known)
		rows->failed = true;
}

void rows_whole(struct rows *rows, struct rows_row *row, size_t column, bool known,
		uint64_t value)
{
	if (row)
		row->cells[column] = (struct rows_cell){ known, (double)value,
							 value, NULL };
}

void rows_real(struct rows *rows, struct rows_row *row, size_t column, bool known,
	       double value)
{
	uint64_t whole = value > 0 && value < 1e18 ? (uint64_t)value : 0;

	if (row)
		row->cells[column] = (struct rows_cell){ known, value, whole, NULL };
}

/* ------------------------------------------------- choosing and sorting */

static bool rows_get(const void *arg, size_t field, struct expr_value *value)
{
	const struct rows_row *row = arg;
	const struct rows *rows = row->rows;
	const struct rows_cell *cell;

	if (field >= rows->n_columns)
		field = rows->aliased[field - rows->n_columns];
	cell = &row->cells[field];
	value->number = cell->number;
	value->text = cell->text;
	return cell->known;
}

static bool rows_is_text(const struct rows *rows, size_t column)
{
	enum expr_kind kind = rows->columns[column].field.kind;

	return kind == EXPR_TEXT || kind == EXPR_WORD;
}

static int rows_compare_cells(const struct rows *rows, size_t column,
			      const struct rows_cell *a, const struct rows_cell *b)
{
	/* what is unknown comes last, whichever way is sorted */
	if (!a->known || !b->known)
		return 0;
	if (rows_is_text(rows, column))
		return strverscmp(a->text, b->text);
	return (a->number > b->number) - (a->number < b->number);
}

static int rows_compare(const void *left, const void *right, void *arg)
{
	const struct rows_row *a = left, *b = right;
	const struct rows *rows = arg;
	size_t i, column;
	int ret;

	for (i = 0; i < rows->n_sort; i++) {
		column = rows->sort[i];
		if (a->cells[column].known != b->cells[column].known)
			return a->cells[column].known ? -1 : 1;
		ret = rows_compare_cells(rows, column, &a->cells[column],
					 &b->cells[column]);
		if (ret)
			return rows->reverse[i] ? -ret : ret;
	}
	return (a->place > b->place) - (a->place < b->place);
}

static void rows_drop(struct rows *rows, struct rows_row *row)
{
	size_t i;

	for (i = 0; i < rows->n_columns; i++)
		free(row->cells[i].text);
	free(row->cells);
	json_decref(row->doc);
}

static void rows_choose(struct rows *rows)
{
	size_t i, kept = 0;

	for (i = 0; rows->select && i < rows->count; i++) {
		if (expr_match(rows->select, rows_get, &rows->rows[i]))
			rows->rows[kept++] = rows->rows[i];
		else
			rows_drop(rows, &rows->rows[i]);
	}
	if (rows->select)
		rows->count = kept;
	if (rows->n_sort && rows->count)
		qsort_r(rows->rows, rows->count, sizeof(*rows->rows), rows_compare,
			rows);
}

/* ------------------------------------------------------------ printing */

#define ROWS_SECONDS_MAX 1e10 /* in nanoseconds, it fits uint64_t */

static uint64_t rows_ns(double seconds)
{
	return (uint64_t)((seconds < ROWS_SECONDS_MAX ? seconds : ROWS_SECONDS_MAX) * 1e9);
}

static void rows_format(const struct rows *rows, size_t column,
			const struct rows_cell *cell, char *text)
{
	char span[OUT_TIME_MAX], size[OUT_SIZE_MAX];

	if (!cell->known) {
		strcpy(text, "-");
		return;
	}
	switch (rows->columns[column].field.kind) {
	case EXPR_TEXT:
	case EXPR_WORD:
		table_set(text, "%s", *cell->text ? cell->text : "-");
		break;
	case EXPR_BYTES:
		table_set(text, "%s", out_size(cell->whole, size));
		break;
	case EXPR_RATE:
		table_set(text, "%s", out_size(cell->whole, size));
		break;
	case EXPR_SECONDS:
		table_set(text, "%s", out_span(rows_ns(cell->number), span));
		break;
	case EXPR_PERCENT:
		table_set(text, "%" PRIu64 "%%", cell->whole);
		break;
	case EXPR_BOOL:
		table_set(text, "%s", cell->number ? "yes" : "no");
		break;
	case EXPR_COUNT:
		table_set(text, "%" PRIu64, cell->whole);
		break;
	}
}

static void rows_print_table(const struct rows *rows)
{
	char (*heads)[TABLE_CELL] = calloc(rows->n_shown, sizeof(*heads));
	const char **head = calloc(rows->n_shown, sizeof(*head));
	struct table table = { .heads = head, .columns = rows->n_shown };
	char (*row)[TABLE_CELL];
	size_t i, j;

	for (i = 0; heads && head && i < rows->n_shown; i++) {
		snprintf(heads[i], TABLE_CELL, "%s%s",
			 rows_is_text(rows, rows->shown[i]) ||
					 rows->columns[rows->shown[i]].field.kind ==
						 EXPR_BOOL ?
				 "" : ">",
			 rows->columns[rows->shown[i]].head);
		head[i] = heads[i];
		if (rows->columns[rows->shown[i]].field.kind == EXPR_WORD)
			table.words |= 1u << i;
	}
	for (i = 0; heads && head && i < rows->count; i++) {
		row = table_row(&table);
		for (j = 0; j < rows->n_shown && !table.failed; j++)
			rows_format(rows, rows->shown[j],
				    &rows->rows[i].cells[rows->shown[j]], row[j]);
	}
	if (heads && head)
		table_print(&table, stdout);
	table_free(&table);
	free(heads);
	free(head);
}

static void rows_print_bare_text(const char *text)
{
	for (; *text; text++)
		putchar(iscntrl((unsigned char)*text) ? '?' : *text);
}

/* Nanoseconds, too; without an exponent, for programs that know none. */
static void rows_print_real(double number)
{
	char text[352]; /* the largest double has 309 digits */
	size_t len;

	len = (size_t)snprintf(text, sizeof(text), "%.9f", number);
	while (len && text[len - 1] == '0')
		len--;
	if (len && text[len - 1] == '.')
		len--;
	printf("%.*s", (int)len, text);
}

static void rows_print_bare(const struct rows *rows)
{
	const struct rows_cell *cell;
	size_t i, j;

	for (i = 0; i < rows->count; i++) {
		for (j = 0; j < rows->n_shown; j++) {
			cell = &rows->rows[i].cells[rows->shown[j]];
			if (j)
				putchar('\t');
			if (!cell->known)
				putchar('-');
			else if (rows_is_text(rows, rows->shown[j]))
				rows_print_bare_text(cell->text);
			else if (rows->columns[rows->shown[j]].field.kind == EXPR_BOOL)
				fputs(cell->number ? "yes" : "no", stdout);
			else if ((double)cell->whole == cell->number)
				printf("%" PRIu64, cell->whole);
			else
				rows_print_real(cell->number);
		}
		putchar('\n');
	}
}

static int rows_print_json(struct rows *rows, const char *thing, const char *key)
{
	json_t *doc = json_document(thing);
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < rows->count; i++)
		json_array_append(list, rows->rows[i].doc);
	json_object_set_new(doc, key, list);
	return cli_print_json(rows->cli, doc);
}

int rows_print(struct rows *rows, const char *thing, const char *key)
{
	if (rows->failed)
		return ROWS_MEMORY(rows->cli);
	rows_choose(rows);
	if (rows->cli->args.json)
		return rows_print_json(rows, thing, key);
	if (command_value(&rows->cli->args, "no-headings", 0))
		rows_print_bare(rows);
	else
		rows_print_table(rows);
	return 0;
}

void rows_clear(struct rows *rows)
{
	while (rows->count)
		rows_drop(rows, &rows->rows[--rows->count]);
	free(rows->rows);
	rows->rows = NULL;
	rows->failed = false;
}

void rows_free(struct rows *rows)
{
	rows_clear(rows);
	expr_free(rows->select);
	free(rows->shown);
	free(rows->sort);
	free(rows->reverse);
	free(rows->fields);
	free(rows->aliased);
}
