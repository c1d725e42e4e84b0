/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expressions that choose rows: what follows -S, `wait`, `check` and the
 * filter of the monitor. One language for all of them; each says by a table
 * which fields its rows have.
 *
 *	free<2G && state==taken
 *	fill>=90 or (cow>10M/s and not name=~^test)
 *
 * Grammar (words are matched exactly, white space is free):
 *
 *	expression	= and { ("or" | "||") and }
 *	and		= not { ("and" | "&&") not }
 *	not		= ("not" | "!") not | "(" expression ")" | test
 *	test		= field compare value | value compare field
 *			| field compare "unknown" | yes-no-field
 *	compare		= "=" | "==" | "!=" | "<" | "<=" | ">" | ">="
 *			| "~" | "=~" | "!~"
 *	value		= word | "'" any text "'" | '"' any text '"'
 *			| a field of the same kind, if that is a number
 *
 * What a word means follows from the kind of the field it is compared with
 * (enum expr_kind), so "8:16", "pre-upgrade" and "2G" need no quotes. In
 * quotes, a text is never a field, and never "unknown".
 *
 * A field can be unknown for a row (a device without a snapshot has no fill).
 * A comparison with it is then neither true nor false, nor is its negation;
 * "and" and "or" of such are as in SQL. A row matches only if the whole is
 * true. "fill=unknown" and "fill!=unknown" ask for exactly that.
 *
 * Numbers are compared as doubles: exact up to 2^53. Pure: no clock, no I/O, no
 * global state, the same in every locale. Nothing is guessed: a text that is
 * no expression is refused with one sentence and the place.
 */
#ifndef EXPR_H
#define EXPR_H

#include <stdbool.h>
#include <stddef.h>

#define EXPR_TEXT_MAX 4096 /* bytes of an expression */
#define EXPR_NODES_MAX 256 /* tests and connectives */
#define EXPR_DEPTH_MAX 32 /* brackets and "not" inside each other */

/**
 * enum expr_kind - what a field holds, and how values of it are written
 * @EXPR_TEXT: text, compared exactly ("=", "!=") or with a POSIX extended
 *	regular expression ("~", "!~"; without back references and "{}")
 * @EXPR_WORD: the same without regard to case, as a state
 * @EXPR_COUNT: a number: 12, -28, 1.5k, 3M, 2G (powers of 1000)
 * @EXPR_BYTES: 4096, 64K, 1.5GiB (powers of 1024, up to E), 2048s (sectors)
 * @EXPR_RATE: bytes a second, as @EXPR_BYTES; may end in "/s"
 * @EXPR_SECONDS: 90, 90s, 500ms, 20us, 10ns, 4m, 1h30m, 2d
 * @EXPR_PERCENT: 91 or 91%
 * @EXPR_BOOL: yes, no, true, false; alone, the field is the test
 */
enum expr_kind {
	EXPR_TEXT,
	EXPR_WORD,
	EXPR_COUNT,
	EXPR_BYTES,
	EXPR_RATE,
	EXPR_SECONDS,
	EXPR_PERCENT,
	EXPR_BOOL,
};

/**
 * struct expr_field - a field that rows have
 * @name: letters, digits, "_", "-" and "."; begins with a letter
 * @kind: what it holds
 * @words: of an EXPR_WORD: all it can be, ending in NULL, so that a mistyped
 *	one is refused; or NULL
 * @help: what it is, in a few words, for lists of fields
 */
struct expr_field {
	const char *name;
	enum expr_kind kind;
	const char *const *words;
	const char *help;
};

/**
 * struct expr_error - why a text is no expression
 * @at: bytes before the place
 * @text: one sentence without a full stop
 */
struct expr_error {
	size_t at;
	char text[200];
};

/**
 * struct expr_value - a field of a row
 * @number: value of any kind but text and word; of EXPR_BOOL 0 or 1
 * @text: value of a text or word; a word can have others that are as good,
 *	separated by "|", as "CRIT|taken": what is true of one is true of it
 */
struct expr_value {
	double number;
	const char *text;
};

/**
 * typedef expr_get_fn - look up a field of a row
 * @row: as given to expr_match()
 * @field: place in the table of fields
 * @value: to be set; lives until the next call
 *
 * Return: false if it is unknown.
 */
typedef bool (*expr_get_fn)(const void *row, size_t field,
			    struct expr_value *value);

struct expr;

/**
 * expr_parse() - make an expression of a text
 * @expr: set to the expression, freed with expr_free(); NULL after a failure
 * @text: what was written
 * @fields: the fields rows have; must live as long as the expression
 * @n_fields: number of @fields
 * @error: filled if refused; may be NULL
 *
 * Return: 0, -EINVAL, -ENOMEM.
 */
int expr_parse(struct expr **expr, const char *text,
	       const struct expr_field *fields, size_t n_fields,
	       struct expr_error *error);

/**
 * expr_free() - free an expression
 * @expr: may be NULL
 */
void expr_free(struct expr *expr);

/**
 * expr_match() - whether a row is one of those that are meant
 * @expr: the expression
 * @get: looks up the row's fields
 * @row: for @get
 *
 * Return: false if the expression is not true, or cannot be known.
 */
bool expr_match(const struct expr *expr, expr_get_fn get, const void *row);

/**
 * expr_uses() - whether an expression looks at a field
 * @expr: the expression
 * @field: place in the table of fields
 */
bool expr_uses(const struct expr *expr, size_t field);

/**
 * expr_open() - what an expression that is being written wants next
 * @text: as far as it is written
 * @fields: the fields rows have
 * @n_fields: number of @fields
 * @last: set to the bytes before the word that is being written, which may be empty
 * @field: set to the field that the word is to be compared with; NULL: the word is
 *	to be a field
 *
 * Return: false if it is neither, or cannot be known.
 */
bool expr_open(const char *text, const struct expr_field *fields, size_t n_fields,
	       size_t *last, const struct expr_field **field);

/**
 * expr_constant() - the number of an expression that is a single comparison
 * @expr: the expression, as "x=1h30m"
 * @number: set, in the base unit
 *
 * For options that are written as values of expressions are.
 *
 * Return: false if it is not that.
 */
bool expr_constant(const struct expr *expr, double *number);

/**
 * expr_kind_help() - how values of a kind are written, as "64K, 1.5G"
 * @kind: the kind
 */
const char *expr_kind_help(enum expr_kind kind);

/**
 * struct expr_guess - which of some names was meant
 * @name: the nearest so far; NULL: none is near
 * @distance: letters that differ
 */
struct expr_guess {
	const char *name;
	size_t distance;
};

/**
 * expr_guess() - hold one more name against a word that is none of them
 * @guess: zeroed before the first one
 * @word: what was written
 * @length: bytes of @word
 * @name: a name that would have been one
 */
void expr_guess(struct expr_guess *guess, const char *word, size_t length,
		const char *name);

#endif
