/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * out: texts for people: sizes, times, tables. Pure but for table_print().
 */
#ifndef BLKSNAP_CLI_OUT_H
#define BLKSNAP_CLI_OUT_H

#include <stdio.h>

#include <blksnap.h>

#define OUT_DEV_MAX 24
#define OUT_SIZE_MAX 24
#define OUT_TIME_MAX 32
#define OUT_PATH_MAX 80

/* "8:16" */
const char *out_dev(struct blksnap_dev dev, char text[OUT_DEV_MAX]);

/* "/dev/blksnap3"; @name is a kernel name */
const char *out_path(const char *name, char text[OUT_PATH_MAX]);

/**
 * out_plain() - a name as it may be shown: control characters become "?"
 */
const char *out_plain(const char *name, char text[OUT_PATH_MAX]);

/* "EIO" for -EIO */
const char *out_errno(int error);

enum out_units {
	OUT_IEC, /* powers of 1024: "1.5G" */
	OUT_SI, /* powers of 1000: "1.6GB" */
	OUT_BYTES,
};

/* how out_size() writes from now on */
void out_set_units(enum out_units units);

/**
 * out_size() - bytes in few characters, as "1.5G"
 */
const char *out_size(uint64_t bytes, char text[OUT_SIZE_MAX]);

/* the same for sectors, and "-" if not @known */
const char *out_sectors(bool known, uint64_t sectors, char text[OUT_SIZE_MAX]);

/* a time span as "41 ms", "42 s", "6m10s", "1h30m" or "2d4h" */
const char *out_span(uint64_t ns, char text[OUT_TIME_MAX]);

/**
 * out_time() - a point in time, local, with milliseconds
 * @real_ns: CLOCK_REALTIME
 */
const char *out_time(uint64_t real_ns, char text[OUT_TIME_MAX]);

/**
 * out_real_ns() - CLOCK_BOOTTIME to CLOCK_REALTIME, by the clocks of now
 * @boot_ns: the time; 0 is now
 */
uint64_t out_real_ns(uint64_t boot_ns);

/**
 * out_fix_clock() - let the clocks stand: what is shown was recorded
 * @boot_ns: CLOCK_BOOTTIME
 * @real_ns: CLOCK_REALTIME
 */
void out_fix_clock(uint64_t boot_ns, uint64_t real_ns);

/**
 * out_boot_ns() - CLOCK_BOOTTIME, of now or of the recording
 */
uint64_t out_boot_ns(void);

#define TABLE_COLUMNS 32
#define TABLE_CELL 80

/**
 * struct table - rows of text whose columns are aligned when printed
 * @heads: titles; one that begins with ">" is aligned to the right
 * @columns: number of columns
 * @words: which of them have words that colours know, bits
 * @cells: @rows times @columns texts
 * @rows: number of rows
 * @failed: no memory for a row
 */
struct table {
	const char *const *heads;
	size_t columns;
	uint32_t words;
	char (*cells)[TABLE_CELL];
	size_t rows;
	bool failed;
};

/**
 * table_row() - a new row
 *
 * Return: its cells, empty. Without memory a scratch row that is not printed.
 */
char (*table_row(struct table *table))[TABLE_CELL];

/**
 * table_set() - text of a cell; characters that are not printable become "?"
 */
void table_set(char cell[TABLE_CELL], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void table_print(const struct table *table, FILE *out);

void table_free(struct table *table);

#endif /* BLKSNAP_CLI_OUT_H */
