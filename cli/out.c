// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * out: see out.h.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "colour.h"
#include "out.h"

#define NSEC_PER_SEC 1000000000ull
#define MINUTE 60ull
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

const char *out_dev(struct blksnap_dev dev, char text[OUT_DEV_MAX])
{
	snprintf(text, OUT_DEV_MAX, "%u:%u", dev.major, dev.minor);
	return text;
}

const char *out_path(const char *name, char text[OUT_PATH_MAX])
{
	snprintf(text, OUT_PATH_MAX, "/dev/%s", name);
	return text;
}

const char *out_plain(const char *name, char text[OUT_PATH_MAX])
{
	table_set(text, "%s", name);
	return text;
}

const char *out_errno(int error)
{
	const char *name = strerrorname_np(error < 0 ? -error : error);

	return name ? name : "unknown";
}

static enum out_units out_units;

void out_set_units(enum out_units units)
{
	out_units = units;
}

const char *out_size(uint64_t bytes, char text[OUT_SIZE_MAX])
{
	static const char units[] = "BKMGTPE";
	const unsigned int base = out_units == OUT_SI ? 1000 : 1024;
	const char *more = out_units == OUT_SI ? "B" : "";
	uint64_t whole = bytes;
	unsigned int unit = 0, rest = 0;

	while (whole >= base && out_units != OUT_BYTES) {
		rest = (unsigned int)(whole % base);
		whole /= base;
		unit++;
	}
	if (!unit)
		snprintf(text, OUT_SIZE_MAX, out_units == OUT_BYTES ? "%llu" : "%lluB",
			 (unsigned long long)whole);
	else if (rest && whole < 100)
		snprintf(text, OUT_SIZE_MAX, "%llu.%u%c%s", (unsigned long long)whole,
			 rest * 10 / base, units[unit], more);
	else
		snprintf(text, OUT_SIZE_MAX, "%llu%c%s", (unsigned long long)whole,
			 units[unit], more);
	return text;
}

const char *out_sectors(bool known, uint64_t sectors, char text[OUT_SIZE_MAX])
{
	if (!known)
		return "-";
	return out_size(sectors * BLKSNAP_SECTOR_BYTES, text);
}

/* Two units say enough: "1h30m", and "1h" if there is nothing of the second one. */
static void out_two(char text[OUT_TIME_MAX], uint64_t whole, char unit, uint64_t rest,
		    char less)
{
	if (rest)
		snprintf(text, OUT_TIME_MAX, "%llu%c%llu%c", (unsigned long long)whole,
			 unit, (unsigned long long)rest, less);
	else
		snprintf(text, OUT_TIME_MAX, "%llu%c", (unsigned long long)whole, unit);
}

const char *out_span(uint64_t ns, char text[OUT_TIME_MAX])
{
	uint64_t s = ns / NSEC_PER_SEC;

	if (ns < 1000)
		snprintf(text, OUT_TIME_MAX, "%llu ns", (unsigned long long)ns);
	else if (ns < 1000000)
		snprintf(text, OUT_TIME_MAX, "%llu us",
			 (unsigned long long)ns / 1000);
	else if (ns < 10 * NSEC_PER_SEC)
		snprintf(text, OUT_TIME_MAX, "%llu ms",
			 (unsigned long long)ns / 1000000);
	else if (s < MINUTE)
		snprintf(text, OUT_TIME_MAX, "%llu s", (unsigned long long)s);
	else if (s < HOUR)
		out_two(text, s / MINUTE, 'm', s % MINUTE, 's');
	else if (s < DAY)
		out_two(text, s / HOUR, 'h', s % HOUR / MINUTE, 'm');
	else
		out_two(text, s / DAY, 'd', s % DAY / HOUR, 'h');
	return text;
}

const char *out_time(uint64_t real_ns, char text[OUT_TIME_MAX])
{
	time_t seconds = (time_t)(real_ns / NSEC_PER_SEC);
	struct tm parts;
	size_t len = 0;

	if (localtime_r(&seconds, &parts))
		len = strftime(text, OUT_TIME_MAX, "%Y-%m-%d %H:%M:%S", &parts);
	snprintf(text + len, OUT_TIME_MAX - len, ".%03llu",
		 (unsigned long long)(real_ns % NSEC_PER_SEC / 1000000));
	return text;
}

static uint64_t out_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

static struct {
	bool fixed;
	uint64_t boot_ns;
	uint64_t real_ns;
} out_clocks;

void out_fix_clock(uint64_t boot_ns, uint64_t real_ns)
{
	out_clocks.fixed = true;
	out_clocks.boot_ns = boot_ns;
	out_clocks.real_ns = real_ns;
}

uint64_t out_boot_ns(void)
{
	return out_clocks.fixed ? out_clocks.boot_ns : out_clock(CLOCK_BOOTTIME);
}

uint64_t out_real_ns(uint64_t boot_ns)
{
	uint64_t real = out_clocks.fixed ? out_clocks.real_ns :
					   out_clock(CLOCK_REALTIME);

	return boot_ns ? real - out_boot_ns() + boot_ns : real;
}

/* --------------------------------------------------------------- table */

char (*table_row(struct table *table))[TABLE_CELL]
{
	static char scratch[TABLE_COLUMNS][TABLE_CELL];
	char (*grown)[TABLE_CELL];
	char (*row)[TABLE_CELL];

	grown = reallocarray(table->cells, (table->rows + 1) * table->columns,
			     sizeof(*grown));
	if (!grown) {
		table->failed = true;
		return scratch;
	}
	table->cells = grown;
	row = grown + table->rows++ * table->columns;
	memset(row, 0, table->columns * sizeof(*row));
	return row;
}

void table_set(char cell[TABLE_CELL], const char *format, ...)
{
	va_list args;
	char *c;

	va_start(args, format);
	vsnprintf(cell, TABLE_CELL, format, args);
	va_end(args);
	for (c = cell; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = '?';
}

static void table_cell(FILE *out, const char *text, int width, bool right,
		       bool last, bool word)
{
	int pad = width - (int)strlen(text);

	if (right)
		fprintf(out, "%*s", pad, "");
	if (word)
		fprintf(out, "%s%s%s", colour_begin(text), text, colour_end(text));
	else
		fputs(text, out);
	if (!right && !last)
		fprintf(out, "%*s", pad, "");
	fputs(last ? "\n" : "  ", out);
}

void table_print(const struct table *table, FILE *out)
{
	int width[TABLE_COLUMNS] = { 0 };
	size_t row, col;
	const char *text;
	int len;

	for (col = 0; col < table->columns; col++) {
		text = table->heads[col];
		width[col] = (int)strlen(text) - (*text == '>');
		for (row = 0; row < table->rows; row++) {
			len = (int)strlen(table->cells[row * table->columns + col]);
			if (len > width[col])
				width[col] = len;
		}
	}
	for (col = 0; col < table->columns; col++) {
		text = table->heads[col];
		table_cell(out, text + (*text == '>'), width[col], *text == '>',
			   col + 1 == table->columns, false);
	}
	for (row = 0; row < table->rows; row++)
		for (col = 0; col < table->columns; col++)
			table_cell(out, table->cells[row * table->columns + col],
				   width[col], *table->heads[col] == '>',
				   col + 1 == table->columns,
				   table->words & 1u << col);
}

void table_free(struct table *table)
{
	free(table->cells);
	table->cells = NULL;
	table->rows = 0;
}
