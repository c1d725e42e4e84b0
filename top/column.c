// SPDX-License-Identifier: GPL-2.0-or-later
/* The columns of the table; see column.h. */
#include "column.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A figure of 15 digits is just below a pebibyte. */
#define DIGITS 15

static const struct column_info columns[COLUMN_COUNT] = {
	[COLUMN_NAME] = {
		.title = "SNAPSHOT", .place = 0, .min = 8, .nice = 17, .max = 40, .most = 120,
		.help = "snapshots with their devices, and tracked devices",
		.ascending = true,
	},
	[COLUMN_STATE] = {
		.title = "STATE", .place = 1, .min = 6, .nice = 6, .max = 6,
		.help = "state in a word",
	},
	[COLUMN_COW] = {
		.title = "COW/s", .place = 2, .min = 6, .nice = 7, .max = 7, .wide = DIGITS,
		.right = true, .help = "bytes copied to the area per second",
	},
	[COLUMN_SPARK] = {
		.title = "LAST MIN", .place = 3, .min = 8, .nice = 12, .max = 60,
		.help = "COW/s of the last minute; each line is its own scale",
	},
	[COLUMN_IMAGE_RATE] = {
		.title = "IMG/s", .place = 4, .min = 7, .nice = 7, .max = 7, .wide = DIGITS,
		.right = true, .help = "bytes read from images per second",
	},
	[COLUMN_P99] = {
		.title = "P99", .place = 5, .min = 6, .nice = 6, .max = 6, .right = true,
		.help = "99 % of held writes waited at most this long",
	},
	[COLUMN_WRITE_RATE] = {
		.title = "WRITE/s", .place = 6, .min = 7, .nice = 7, .max = 7, .wide = DIGITS,
		.right = true, .help = "bytes written to the origin per second",
	},
	[COLUMN_HELD] = {
		.title = "HELD/s", .place = 7, .min = 6, .nice = 6, .max = 6, .right = true,
		.help = "writes per second that waited for a copy",
	},
	[COLUMN_FILL] = {
		.title = "FILL", .place = 8, .min = 4, .nice = 13, .max = 28, .most = 48, .right = true,
		.help = "share of the area in use, rounded down",
	},
	[COLUMN_USED] = {
		.title = "USED", .place = 9, .min = 6, .nice = 6, .max = 6, .wide = DIGITS,
		.right = true, .help = "area in use",
	},
	[COLUMN_TOTAL] = {
		.title = "TOTAL", .place = 10, .min = 6, .nice = 6, .max = 6, .wide = DIGITS,
		.right = true, .help = "size of the area",
	},
	[COLUMN_TTFULL] = {
		.title = "TTFULL", .place = 11, .min = 8, .nice = 8, .max = 8, .right = true,
		.help = "time until full, by means over 10 s and 120 s",
		.ascending = true,
	},
	[COLUMN_SIZE] = {
		.title = "SIZE", .place = 12, .min = 6, .nice = 6, .max = 6, .wide = DIGITS,
		.right = true, .help = "size of the origin",
	},
	[COLUMN_ERRORS] = {
		.title = "ERR", .place = 13, .min = 5, .nice = 5, .max = 5, .right = true,
		.help = "I/O errors met while copying, storing or reading",
	},
	[COLUMN_IMAGE] = {
		.title = "IMAGE", .place = 14, .min = 10, .nice = 10, .max = 16,
		.help = "image device", .ascending = true,
	},
};

const struct column_info *column_info(enum column column)
{
	return &columns[column];
}

enum column column_at(int place)
{
	int i;

	for (i = 0; i < COLUMN_COUNT; i++)
		if (columns[i].place == place)
			return i;
	return COLUMN_NAME;
}

char *column_name(enum column column, char name[COLUMN_NAME_SIZE])
{
	const char *title = column == COLUMN_NAME ? "NAME" : columns[column].title;
	size_t i;

	for (i = 0; i + 1 < COLUMN_NAME_SIZE && title[i] && title[i] != '/'; i++)
		name[i] = title[i] == ' ' ? '-' : (char)(title[i] | 0x20);
	name[i] = '\0';
	return name;
}

int column_find(const char *name)
{
	char known[COLUMN_NAME_SIZE];
	int column;

	for (column = 0; column < COLUMN_COUNT; column++)
		if (!strcasecmp(name, column_name(column, known)))
			return column;
	/* The title of the first column is that of most lines. */
	return strcasecmp(name, columns[COLUMN_NAME].title) ? -1 : COLUMN_NAME;
}

enum column column_next(enum column column, int step)
{
	return column_at((columns[column].place + step + COLUMN_COUNT) % COLUMN_COUNT);
}

/* A line that is not a device under a snapshot says "-" where it knows nothing. */
static char *unknown(char *text)
{
	return strcpy(text, "-");
}

static char *optional_bytes(char *text, int width, bool known, uint64_t bytes,
			    enum units units)
{
	if (!known)
		return strcpy(text, "");
	return format_bytes(text, width, bytes, units);
}

char *column_text(char *text, enum column column, int width,
		  const struct figures *figures, enum units units)
{
	switch (column) {
	case COLUMN_STATE:
		snprintf(text, FORMAT_SIZE, "%s", figures->word);
		return text;
	case COLUMN_FILL:
		return figures->has_fill ? format_percent(text, figures->permille) :
					   strcpy(text, "");
	case COLUMN_TTFULL:
		return figures->has_fill ? format_eta(text, &figures->eta) :
					   strcpy(text, "");
	case COLUMN_COW:
		return format_rate(text, width, figures->cow_rate, units);
	case COLUMN_IMAGE_RATE:
		return format_rate(text, width, figures->image_rate, units);
	case COLUMN_WRITE_RATE:
		return format_rate(text, width, figures->write_rate, units);
	case COLUMN_HELD:
		if (figures->held_rate < 0)
			return unknown(text);
		return format_count(text, width, (uint64_t)figures->held_rate);
	case COLUMN_P99:
		if (!figures->has_p99)
			return unknown(text);
		if (!figures->p99_open)
			return format_duration_ns(text, figures->p99_ns);
		text[0] = '>';
		format_duration_ns(text + 1, figures->p99_ns);
		return text;
	case COLUMN_USED:
		return optional_bytes(text, width, figures->has_used, figures->used_bytes, units);
	case COLUMN_TOTAL:
		return optional_bytes(text, width, figures->has_total, figures->total_bytes, units);
	case COLUMN_SIZE:
		return optional_bytes(text, width, figures->size_bytes, figures->size_bytes, units);
	case COLUMN_ERRORS:
		if (!figures->has_errors)
			return unknown(text);
		return format_count(text, width, figures->errors);
	case COLUMN_IMAGE:
		/* The column is wider than FORMAT_SIZE nowhere. */
		snprintf(text, FORMAT_SIZE, "%.*s", FORMAT_SIZE - 1, figures->image);
		return text;
	case COLUMN_NAME:
	case COLUMN_SPARK:
	case COLUMN_COUNT:
		break;
	}
	return strcpy(text, "");
}

static bool rate_key(double rate, double *key)
{
	*key = rate;
	return rate >= 0;
}

const char *column_text_key(enum column column, const struct figures *figures)
{
	return column == COLUMN_NAME  ? figures->name :
	       column == COLUMN_IMAGE ? figures->image :
					NULL;
}

bool column_key(enum column column, const struct figures *figures, double *key)
{
	*key = 0;
	switch (column) {
	case COLUMN_STATE:
		*key = figures->severity;
		return true;
	case COLUMN_FILL:
		*key = figures->permille;
		return figures->has_fill;
	case COLUMN_TTFULL:
		*key = figures->eta.mid_s;
		return figures->eta.known;
	case COLUMN_COW:
		return rate_key(figures->cow_rate, key);
	case COLUMN_IMAGE_RATE:
		return rate_key(figures->image_rate, key);
	case COLUMN_WRITE_RATE:
		return rate_key(figures->write_rate, key);
	case COLUMN_HELD:
		return rate_key(figures->held_rate, key);
	case COLUMN_P99:
		*key = (double)figures->p99_ns;
		return figures->has_p99;
	case COLUMN_USED:
		*key = (double)figures->used_bytes;
		return figures->has_used;
	case COLUMN_TOTAL:
		*key = (double)figures->total_bytes;
		return figures->has_total;
	case COLUMN_SIZE:
		*key = (double)figures->size_bytes;
		return true;
	case COLUMN_ERRORS:
		*key = (double)figures->errors;
		return figures->has_errors;
	case COLUMN_SPARK:
		return rate_key(figures->cow ? history_rate(figures->cow, figures->now_ns,
							    60 * FACT_NS_PER_S, 0) :
					       RATE_UNKNOWN,
				key);
	default:
		return false;
	}
}
