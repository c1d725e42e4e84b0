/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parse: what people write for sizes, ranges, times and areas.
 *
 * Pure. A text that could mean two things is refused, with a sentence that says
 * which; nothing is guessed.
 */
#ifndef BLKSNAP_CLI_PARSE_H
#define BLKSNAP_CLI_PARSE_H

#include <blksnap.h>

#define PARSE_WHY 160
#define PARSE_AREA_GRAIN 4096u /* what made areas are multiples of, in bytes */

/**
 * parse_size() - a number of bytes
 * @text: digits, and nothing (bytes), K, M, G, T, optionally with "iB" (powers
 *	of 1024), or s (sectors of 512 bytes)
 * @bytes: result
 * @why: filled with the reason if refused, PARSE_WHY bytes
 *
 * Return: 0 or -EINVAL.
 */
int parse_size(const char *text, uint64_t *bytes, char *why);

/**
 * parse_sectors() - a size that is whole sectors
 * @text: as for parse_size()
 * @sectors: result
 * @why: reason
 *
 * Return: 0 or -EINVAL.
 */
int parse_sectors(const char *text, uint64_t *sectors, char *why);

/**
 * parse_extent() - START+LEN
 * @text: two sizes, whole sectors, LEN not 0
 * @extent: result
 * @why: reason
 *
 * Return: 0 or -EINVAL.
 */
int parse_extent(const char *text, struct blksnap_extent *extent, char *why);

/**
 * parse_name() - what may be the name of a snapshot, by the kernel's rule
 * @text: the name
 * @why: reason
 *
 * Asked before anything is made for the snapshot, or would be in a dry run.
 *
 * Return: 0 or -EINVAL.
 */
int parse_name(const char *text, char *why);

/**
 * parse_duration() - a time span
 * @text: digits and ms, s, m, h or d, also several of them, the largest first, as
 *	1h30m; "0"
 * @ms: result
 * @why: reason
 *
 * Return: 0 or -EINVAL.
 */
int parse_duration(const char *text, uint32_t *ms, char *why);

/**
 * struct parse_low - a threshold, absolute or a part of the area
 * @sectors: threshold if @percent is negative
 * @percent: 0 to 100, or -1
 */
struct parse_low {
	uint64_t sectors;
	int percent;
};

/**
 * parse_low() - SIZE or N%
 *
 * Return: 0 or -EINVAL.
 */
int parse_low(const char *text, struct parse_low *low, char *why);

/**
 * parse_low_sectors() - a threshold as sectors
 * @low: threshold
 * @total: sectors of the area
 */
uint64_t parse_low_sectors(const struct parse_low *low, uint64_t total);

/**
 * parse_grace() - how long writes may wait for an extension
 * @text: as for parse_duration(), at most 30 s
 *
 * Return: 0 or -EINVAL.
 */
int parse_grace(const char *text, uint32_t *ms, char *why);

/**
 * parse_cell() - what a tracking cell covers
 * @text: as for parse_size(), a power of two from 4K to 1M
 *
 * Return: 0 or -EINVAL.
 */
int parse_cell(const char *text, uint64_t *bytes, char *why);

/**
 * parse_since() - GENERATION:NUMBER
 * @text: a UUID, a colon and a number
 * @since: result
 * @why: reason
 *
 * Return: 0 or -EINVAL.
 */
int parse_since(const char *text, struct blksnap_cbt *since, char *why);

/**
 * parse_count() - a whole number
 * @text: digits
 * @most: largest value accepted
 * @count: result
 * @why: reason
 *
 * Return: 0 or -EINVAL.
 */
int parse_count(const char *text, uint64_t most, uint64_t *count, char *why);

enum parse_area_kind {
	PARSE_AREA_DEVICE,
	PARSE_AREA_FILE,
	PARSE_AREA_ZRAM,
};

/**
 * struct parse_area - one area specification
 * @kind: what it is
 * @path: DEVICE: the device as written; FILE: the file; else NULL. To be freed
 * @extent: DEVICE: part of it, if @has_extent
 * @has_extent: a part was given
 * @size_bytes: FILE, ZRAM: size, a multiple of PARSE_AREA_GRAIN
 * @rounded: FILE, ZRAM: a smaller size was written
 */
struct parse_area {
	enum parse_area_kind kind;
	char *path;
	struct blksnap_extent extent;
	bool has_extent;
	uint64_t size_bytes;
	bool rounded;
};

/**
 * parse_area() - DEV, DEV:START+LEN, file:PATH,size=SIZE or zram:SIZE
 * @text: the specification
 * @area: result; parse_area_free()
 * @why: reason
 *
 * A colon belongs to the device's name unless START+LEN follows the last one.
 *
 * Return: 0, -EINVAL, -ENOMEM.
 */
int parse_area(const char *text, struct parse_area *area, char *why);

void parse_area_free(struct parse_area *area);

#endif /* BLKSNAP_CLI_PARSE_H */
