// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What people may write on the command line: sizes, ranges, times, thresholds
 * and areas. The first byte says which.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

/* A refusal has a reason, and a reason has an end. */
static void check(int ret, const char *why)
{
	if (ret && (!why[0] || !memchr(why, 0, PARSE_WHY)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blksnap_extent extent;
	struct blksnap_cbt since;
	struct parse_area area;
	struct parse_low low;
	char why[PARSE_WHY] = "";
	uint64_t n;
	uint32_t ms;
	char *text;
	int ret;

	if (!size)
		return 0;
	text = malloc(size);
	if (!text)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = 0;
	switch (data[0] % 8) {
	case 0:
		check(parse_size(text, &n, why), why);
		break;
	case 1:
		check(parse_sectors(text, &n, why), why);
		break;
	case 2:
		ret = parse_extent(text, &extent, why);
		check(ret, why);
		if (!ret && (!extent.count_sectors ||
			     extent.start_sectors + extent.count_sectors < extent.start_sectors))
			abort();
		break;
	case 3:
		check(parse_duration(text, &ms, why), why);
		break;
	case 4:
		check(parse_low(text, &low, why), why);
		break;
	case 5:
		check(parse_since(text, &since, why), why);
		break;
	case 6:
		ret = parse_count(text, 1000, &n, why);
		check(ret, why);
		if (!ret && n > 1000)
			abort();
		break;
	case 7:
		ret = parse_area(text, &area, why);
		check(ret, why);
		if (!ret)
			parse_area_free(&area);
		break;
	}
	free(text);
	return 0;
}
