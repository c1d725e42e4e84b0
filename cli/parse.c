// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * parse: see parse.h.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

#define PARSE_GRACE_MAX_MS 30000
#define PARSE_FILE_SIZE ",size="

static int parse_refuse(char *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int parse_refuse(char *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, PARSE_WHY, format, args);
	va_end(args);
	return -EINVAL;
}

/* Digits at the start of @text. Return: 0, or -EINVAL if none or too many. */
static int parse_digits(const char *text, uint64_t *value, const char **rest)
{
	uint64_t v = 0;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	for (; isdigit((unsigned char)*text); text++)
		if (__builtin_mul_overflow(v, 10u, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*text - '0'), &v))
			return -EINVAL;
	*value = v;
	*rest = text;
	return 0;
}

static int parse_shift(const char *unit)
{
	static const char letters[] = "KMGT";
	const char *found;

	if (!*unit)
		return 0;
	if (!strcmp(unit, "s"))
		return 9;
	found = strchr(letters, toupper((unsigned char)*unit));
	if (!found || (unit[1] && strcmp(unit + 1, "iB")))
		return -1;
	return (int)(found - letters + 1) * 10;
}

int parse_size(const char *text, uint64_t *bytes, char *why)
{
	const char *unit;
	uint64_t value;
	int shift;

	if (parse_digits(text, &value, &unit))
		return parse_refuse(why, "\"%.40s\" is not a size (as 4096, 64K, 10G or 2048s)",
				    text);
	if (*unit == '.' || *unit == ',')
		return parse_refuse(why, "\"%.40s\": a size is a whole number; use a smaller unit",
				    text);
	if (strchr("KkMGTmgt", *unit) && *unit && toupper(unit[1]) == 'B' && !unit[2])
		return parse_refuse(why, "\"%.40s\" could be powers of 1000 or 1024; write %c for 1024",
				    text, toupper((unsigned char)*unit));
	shift = parse_shift(unit);
	if (shift < 0)
		return parse_refuse(why, "\"%.40s\": unknown unit \"%.10s\" (K, M, G, T, or s for sectors)",
				    text, unit);
	if (value > UINT64_MAX >> shift)
		return parse_refuse(why, "\"%.40s\" is too large", text);
	*bytes = value << shift;
	return 0;
}

int parse_sectors(const char *text, uint64_t *sectors, char *why)
{
	uint64_t bytes;
	int ret = parse_size(text, &bytes, why);

	if (ret)
		return ret;
	if (bytes % BLKSNAP_SECTOR_BYTES)
		return parse_refuse(why, "\"%.40s\" is not a multiple of 512 bytes; sectors are written as %.20ss",
				    text, text);
	*sectors = bytes / BLKSNAP_SECTOR_BYTES;
	return 0;
}

int parse_extent(const char *text, struct blksnap_extent *extent, char *why)
{
	const char *plus = strchr(text, '+');
	char start[64];
	uint64_t end;
	int ret;

	if (!plus || (size_t)(plus - text) >= sizeof(start))
		return parse_refuse(why, "\"%.40s\" is not a range (START+LENGTH)",
				    text);
	memcpy(start, text, (size_t)(plus - text));
	start[plus - text] = 0;
	ret = parse_sectors(start, &extent->start_sectors, why);
	if (!ret)
		ret = parse_sectors(plus + 1, &extent->count_sectors, why);
	if (ret)
		return ret;
	if (!extent->count_sectors)
		return parse_refuse(why, "\"%.40s\": the length is 0", text);
	if (__builtin_add_overflow(extent->start_sectors, extent->count_sectors,
				   &end) ||
	    end > UINT64_MAX / BLKSNAP_SECTOR_BYTES)
		return parse_refuse(why, "\"%.40s\" is too large", text);
	return 0;
}

int parse_name(const char *text, char *why)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";

	if (strlen(text) > BLKSNAP_NAME_MAX)
		return parse_refuse(why, "a name has at most %d characters",
				    BLKSNAP_NAME_MAX);
	if (*text && *text != '-' && *text != '.' &&
	    strspn(text, allowed) == strlen(text))
		return 0;
	return parse_refuse(why, "a name is letters, digits and ._-+, and does not begin with - or .");
}

static const char parse_no_time[] =
	"\"%.40s\" is not a time (as 500ms, 5s, 1m or 1h30m)";

/* A number and its unit. Return: the unit's place, the smallest last; -1. */
static int parse_span(const char **text, uint64_t *ms)
{
	static const struct {
		const char *unit;
		uint64_t ms;
	} units[] = { { "d", 86400000 }, { "h", 3600000 }, { "ms", 1 },
		      { "m", 60000 },	 { "s", 1000 } };
	static const int order[] = { 0, 1, 4, 2, 3 };
	const char *unit;
	size_t i;

	if (parse_digits(*text, ms, &unit))
		return -1;
	for (i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strncmp(unit, units[i].unit, strlen(units[i].unit)))
			continue;
		*text = unit + strlen(units[i].unit);
		return __builtin_mul_overflow(*ms, units[i].ms, ms) ? -1 : order[i];
	}
	return -1;
}

int parse_duration(const char *text, uint32_t *ms, char *why)
{
	const char *rest = text;
	uint64_t part, sum = 0;
	int unit, last = -1;

	if (!parse_digits(text, &part, &rest) && !*rest) {
		if (part)
			return parse_refuse(why, "\"%.40s\" has no unit; write %.40sms or %.40ss",
					    text, text, text);
		*ms = 0;
		return 0;
	}
	/* every unit once, the larger first */
	for (rest = text; *rest; last = unit) {
		unit = parse_span(&rest, &part);
		if (unit <= last || __builtin_add_overflow(sum, part, &sum) ||
		    sum > UINT32_MAX)
			return parse_refuse(why, parse_no_time, text);
	}
	if (last < 0)
		return parse_refuse(why, parse_no_time, text);
	*ms = (uint32_t)sum;
	return 0;
}

int parse_low(const char *text, struct parse_low *low, char *why)
{
	const char *rest;
	uint64_t value;

	if (!parse_digits(text, &value, &rest) && !strcmp(rest, "%")) {
		if (value > 100)
			return parse_refuse(why, "\"%.40s\" is more than all of the area",
					    text);
		low->percent = (int)value;
		low->sectors = 0;
		return 0;
	}
	low->percent = -1;
	return parse_sectors(text, &low->sectors, why);
}

uint64_t parse_low_sectors(const struct parse_low *low, uint64_t total)
{
	unsigned int percent = (unsigned int)low->percent;

	if (low->percent < 0)
		return low->sectors;
	return total / 100 * percent + total % 100 * percent / 100;
}

int parse_grace(const char *text, uint32_t *ms, char *why)
{
	if (parse_duration(text, ms, why))
		return -EINVAL;
	return *ms > PARSE_GRACE_MAX_MS ?
		       parse_refuse(why, "writes wait for at most 30s") :
		       0;
}

int parse_cell(const char *text, uint64_t *bytes, char *why)
{
	if (parse_size(text, bytes, why))
		return -EINVAL;
	return *bytes < 4096 || *bytes > 1 << 20 || *bytes & (*bytes - 1) ?
		       parse_refuse(why, "a cell is a power of two from 4K to 1M") :
		       0;
}

int parse_since(const char *text, struct blksnap_cbt *since, char *why)
{
	const char *colon = strrchr(text, ':');
	char uuid[BLKSNAP_UUID_TEXT];
	const char *rest;
	uint64_t number;

	if (!colon || colon - text != BLKSNAP_UUID_TEXT - 1)
		goto refuse;
	memcpy(uuid, text, BLKSNAP_UUID_TEXT - 1);
	uuid[BLKSNAP_UUID_TEXT - 1] = 0;
	if (blksnap_uuid_parse(uuid, since->generation) ||
	    parse_digits(colon + 1, &number, &rest) || *rest ||
	    number > UINT32_MAX)
		goto refuse;
	since->number = (uint32_t)number;
	return 0;
refuse:
	return parse_refuse(why, "\"%.60s\" is not GENERATION:NUMBER, as `snapshot show` or `image show` printed it",
			    text);
}

int parse_count(const char *text, uint64_t most, uint64_t *count, char *why)
{
	const char *rest;

	if (parse_digits(text, count, &rest) || *rest)
		return parse_refuse(why, "\"%.40s\" is not a whole number", text);
	if (*count > most)
		return parse_refuse(why, "\"%.40s\" is more than %llu", text,
				    (unsigned long long)most);
	return 0;
}

static int parse_area_file(const char *text, struct parse_area *area, char *why)
{
	const char *size = NULL, *next = text;

	while ((next = strstr(next, PARSE_FILE_SIZE))) {
		size = next;
		next += strlen(PARSE_FILE_SIZE);
	}
	if (!size || size == text)
		return parse_refuse(why, "a file is written as file:PATH,size=SIZE");
	if (parse_size(size + strlen(PARSE_FILE_SIZE), &area->size_bytes, why))
		return -EINVAL;
	area->path = strndup(text, (size_t)(size - text));
	return area->path ? 0 : -ENOMEM;
}

static int parse_area_device(const char *text, struct parse_area *area, char *why)
{
	const char *colon = strrchr(text, ':');
	size_t len = strlen(text);
	int ret;

	if (colon && isdigit((unsigned char)colon[1]) && strchr(colon, '+')) {
		ret = parse_extent(colon + 1, &area->extent, why);
		if (ret)
			return ret;
		area->has_extent = true;
		len = (size_t)(colon - text);
	}
	if (!len)
		return parse_refuse(why, "the device is missing");
	area->path = strndup(text, len);
	return area->path ? 0 : -ENOMEM;
}

int parse_area(const char *text, struct parse_area *area, char *why)
{
	int ret = 0;

	memset(area, 0, sizeof(*area));
	why[0] = 0;
	if (!strncmp(text, "file:", 5)) {
		area->kind = PARSE_AREA_FILE;
		ret = parse_area_file(text + 5, area, why);
	} else if (!strncmp(text, "zram:", 5)) {
		area->kind = PARSE_AREA_ZRAM;
		ret = parse_size(text + 5, &area->size_bytes, why);
	} else {
		area->kind = PARSE_AREA_DEVICE;
		return parse_area_device(text, area, why);
	}
	if (!ret && (!area->size_bytes ||
		     area->size_bytes > UINT64_MAX - PARSE_AREA_GRAIN))
		ret = parse_refuse(why, area->size_bytes ? "the size is too large" :
							   "the size is 0");
	area->rounded = area->size_bytes % PARSE_AREA_GRAIN;
	if (area->rounded)
		area->size_bytes += PARSE_AREA_GRAIN - area->size_bytes % PARSE_AREA_GRAIN;
	if (ret)
		parse_area_free(area);
	return ret;
}

void parse_area_free(struct parse_area *area)
{
	free(area->path);
	area->path = NULL;
}
