/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Figures as text of a bounded width.
 *
 * Everything is rounded down: 100 % is full, 1023.99 KiB is not 1.0 MiB. What
 * is not known is "-". No function ever writes more than the width asked for:
 * a figure is shown with less precision rather than cut. Pure, and the same in
 * every locale.
 */
#ifndef TOP_FORMAT_H
#define TOP_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "eta.h"

/* Enough for any of the functions below, with the closing 0. */
#define FORMAT_SIZE	32

enum units {
	UNITS_IEC,	/* K is 1024 */
	UNITS_SI,	/* k is 1000 */
	UNITS_BYTES,	/* all digits */
	UNITS_COUNT,
};

/**
 * format_units_word() - name of a choice of units
 * @units: the choice
 */
const char *format_units_word(enum units units);

/**
 * format_bytes() - an amount of memory or storage
 * @text: room for FORMAT_SIZE characters
 * @width: most characters wanted, at least 5
 * @bytes: the amount
 * @units: how; digits that do not fit fall back to UNITS_IEC
 *
 * Return: @text.
 */
char *format_bytes(char *text, int width, uint64_t bytes, enum units units);

/**
 * format_rate() - bytes a second
 * @text: room for FORMAT_SIZE characters
 * @width: most characters wanted, at least 5
 * @rate: bytes a second; negative is unknown
 * @units: how
 *
 * Return: @text.
 */
char *format_rate(char *text, int width, double rate, enum units units);

/**
 * format_count() - a number of things
 * @text: room for FORMAT_SIZE characters
 * @width: most characters wanted, at least 5
 * @count: how many; beyond the width in thousands (k, M, G ...)
 *
 * Return: @text.
 */
char *format_count(char *text, int width, uint64_t count);

/**
 * format_percent() - a fill level as "91%", rounded down
 * @text: room for FORMAT_SIZE characters
 * @permille: the level; more than 1000 is 100 %
 *
 * Return: @text, at most 4 characters.
 */
char *format_percent(char *text, unsigned int permille);

/**
 * format_seconds() - a time to wait, as "45s", "6m10s", "20h26m", ">24h"
 * @text: room for FORMAT_SIZE characters
 * @seconds: not negative
 *
 * Return: @text, at most 6 characters.
 */
char *format_seconds(char *text, double seconds);

/**
 * format_ago() - a point of the past on an axis of time, as "-30s", "-1m30", "-45m"
 * @text: room for FORMAT_SIZE characters
 * @seconds: how long ago
 *
 * Return: @text, at most 6 characters below 100 hours.
 */
char *format_ago(char *text, unsigned int seconds);

/**
 * format_eta() - time to full for a column
 * @text: room for FORMAT_SIZE characters
 * @range: the estimate
 *
 * Return: @text, at most 8 characters: "-", "6m10s", "4m-9m", ">24h".
 */
char *format_eta(char *text, const struct eta_range *range);

/* Enough for format_eta_words(), with the closing 0. */
#define FORMAT_WORDS_SIZE 64

/**
 * format_eta_words() - time to full in a sentence, without signs that are not spoken
 * @text: room for FORMAT_WORDS_SIZE characters
 * @range: the estimate; known
 *
 * Return: @text: "45 seconds", "between 4 and 9 minutes", "more than 24 hours".
 */
char *format_eta_words(char *text, const struct eta_range *range);

/**
 * format_duration_ns() - a latency, as "850ns", "120us", "4.1ms", "2.1s"
 * @text: room for FORMAT_SIZE characters
 * @ns: the time
 *
 * Return: @text, at most 5 characters.
 */
char *format_duration_ns(char *text, uint64_t ns);

/**
 * format_delay() - a delay, as "1.0s" or "60s"
 * @text: room for FORMAT_SIZE characters
 * @ms: milliseconds
 *
 * Return: @text, at most 5 characters up to 99999 s.
 */
char *format_delay(char *text, unsigned int ms);

/**
 * format_clock() - local time of day, as "12:41:07"
 * @text: room for FORMAT_SIZE characters
 * @real_ns: CLOCK_REALTIME
 * @with_date: put the date in front
 *
 * Return: @text.
 */
char *format_clock(char *text, uint64_t real_ns, bool with_date);

/**
 * format_permille() - a share, rounded down, without overflow
 * @part: of it
 * @whole: all; 0 gives 0
 *
 * Return: 0 to 1000; 1000 only if @part >= @whole.
 */
unsigned int format_permille(uint64_t part, uint64_t whole);

#endif
