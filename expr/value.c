// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "value.h"

#define DIGITS_MAX 40

struct unit {
	const char *name;
	double factor;
};

/* "12", "1.5"; not strtod(), which has hexadecimals, "inf" and a locale. */
static bool read_number(double *number, const char **text)
{
	const char *at = *text;
	double value = 0, place = 1;
	int digits = 0;

	for (; *at >= '0' && *at <= '9'; at++, digits++)
		value = value * 10 + (*at - '0');
	if (*at == '.' && digits)
		for (at++; *at >= '0' && *at <= '9'; at++, digits++) {
			place *= 10;
			value = value * 10 + (*at - '0');
		}
	if (!digits || digits > DIGITS_MAX || at[-1] == '.')
		return false;
	*number = value / place;
	*text = at;
	return true;
}

static const struct unit *find_unit(const struct unit *units, const char *name, size_t length)
{
	for (; units->name; units++)
		if (strlen(units->name) == length && !memcmp(units->name, name, length))
			return units;
	return NULL;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int value_compare_words(const char *a, const char *b)
{
	while (*a && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return (unsigned char)lower(*a) - (unsigned char)lower(*b);
}

/* K, M ... as powers of @step, "" is 1; with "iB" behind if that is allowed. */
static bool read_prefix(double *factor, const char *unit, double step, bool binary)
{
	static const char letters[] = "kmgtpe";
	const char *found;

	*factor = 1;
	if (!*unit)
		return true;
	found = strchr(letters, lower(*unit));
	if (!found)
		return false;
	for (; found >= letters; found--)
		*factor *= step;
	return !unit[1] || (binary && !strcmp(unit + 1, "iB"));
}

static bool parse_bytes(double *number, const char *text, bool rate, const char **why)
{
	char unit[8];
	size_t length;
	double factor;

	if (!read_number(number, &text))
		return false;
	length = strlen(text);
	if (rate && length >= 2 && !strcmp(text + length - 2, "/s"))
		length -= 2;
	if (length >= sizeof(unit))
		return false;
	memcpy(unit, text, length);
	unit[length] = 0;
	if (length == 2 && unit[0] != 'i' && (unit[1] == 'B' || unit[1] == 'b')) {
		*why = "that could be powers of 1000 or 1024; K, M, G are those of 1024";
		return false;
	}
	if (!strcmp(unit, "B"))
		return true;
	if (!rate && !strcmp(unit, "s"))
		factor = 512;
	else if (!read_prefix(&factor, unit, 1024, true))
		return false;
	*number *= factor;
	return true;
}

/* One or several of NUMBER UNIT, from large to small units; or seconds. */
static bool parse_seconds(double *number, const char *text)
{
	static const struct unit units[] = {
		{ "d", 86400 },
		{ "h", 3600 },
		{ "m", 60 },
		{ "min", 60 },
		{ "s", 1 },
		{ "ms", 1e-3 },
		{ "us", 1e-6 },
		{ "ns", 1e-9 },
		{ NULL, 0 },
	};
	const struct unit *unit, *last = NULL;
	size_t length;
	double part;

	*number = 0;
	do {
		if (!read_number(&part, &text))
			return false;
		for (length = 0; text[length] >= 'a' && text[length] <= 'z'; length++)
			;
		if (!length && !*text && !last) {
			*number = part;
			return true;
		}
		unit = find_unit(units, text, length);
		if (!unit || (last && unit->factor >= last->factor))
			return false;
		*number += part * unit->factor;
		text += length;
		last = unit;
	} while (*text);
	return true;
}

static bool parse_count(double *number, const char *text)
{
	bool negative = *text == '-';
	double factor;

	if (negative)
		text++;
	if (!read_number(number, &text) || !read_prefix(&factor, text, 1000, false))
		return false;
	*number *= negative ? -factor : factor;
	return true;
}

static bool parse_bool(double *number, const char *text)
{
	static const struct unit words[] = {
		{ "yes", 1 },
		{ "no", 0 },
		{ "true", 1 },
		{ "false", 0 },
		{ NULL, 0 },
	};
	const struct unit *word = find_unit(words, text, strlen(text));

	if (word)
		*number = word->factor;
	return word;
}

int value_parse(double *number, const char *text, enum expr_kind kind, const char **why)
{
	bool good = false;

	*why = NULL;
	switch (kind) {
	case EXPR_TEXT:
	case EXPR_WORD:
		break;
	case EXPR_COUNT:
		good = parse_count(number, text);
		break;
	case EXPR_BYTES:
	case EXPR_RATE:
		good = parse_bytes(number, text, kind == EXPR_RATE, why);
		break;
	case EXPR_SECONDS:
		good = parse_seconds(number, text);
		break;
	case EXPR_PERCENT:
		good = read_number(number, &text) && (!*text || !strcmp(text, "%"));
		break;
	case EXPR_BOOL:
		good = parse_bool(number, text);
		break;
	}
	return good ? 0 : -EINVAL;
}
