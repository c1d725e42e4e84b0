/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * changes: changed blocks as text for other programs, written as they come.
 *
 * Formats: "ranges" is offset and length in bytes with a tab between; "bitmap" a
 * bit for each block of --block bytes, the first one the lowest of its byte;
 * "ddrescue" the map file of GNU ddrescue, where what changed is untried ("?")
 * and the rest finished ("+").
 */
#ifndef BLKSNAP_CLI_CHANGES_H
#define BLKSNAP_CLI_CHANGES_H

#include <stdio.h>

#include <blksnap.h>

enum changes_format {
	CHANGES_RANGES,
	CHANGES_JSON, /* a document, not written here */
	CHANGES_BITMAP,
	CHANGES_DDRESCUE,
};

/**
 * struct changes - a list being written
 * @out: where to
 * @format: how
 * @total_sectors: size of the device; 0 is unknown, refused for all but ranges
 * @block_sectors: BITMAP: what a bit stands for
 * @done_sectors: up to here it is written
 * @byte: BITMAP: bits not written yet
 */
struct changes {
	FILE *out;
	enum changes_format format;
	uint64_t total_sectors;
	uint64_t block_sectors;
	uint64_t done_sectors;
	unsigned int byte;
};

/* changes_parse() - a format by its name. Return: false if there is none. */
bool changes_parse(const char *text, enum changes_format *format);

void changes_begin(struct changes *changes);

/**
 * changes_add() - one extent more, above those before
 *
 * Return: 0, -EPIPE.
 */
int changes_add(struct changes *changes, const struct blksnap_extent *extent);

/* changes_end() - what follows the last extent. Return: 0, -EPIPE. */
int changes_end(struct changes *changes);

#endif /* BLKSNAP_CLI_CHANGES_H */
