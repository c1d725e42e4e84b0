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
				   &end))
		return parse_refuse(why, "\"%.40s\" is too large", text);
	return 0;
}

int parse_duration(const char *text, uint32_t *ms, char *why)
{
	static const struct {
		const char *unit;
		uint32_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 } };
	const char *unit;
	uint64_t value;
	size_t i;

	if (parse_digits(text, &value, &unit) || value > UINT32_MAX)
		return parse_refuse(why, "\"%.40s\" is not a time (as 500ms, 5s or 1m)",
				    text);
	if (!*unit && value)
		return parse_refuse(why, "\"%.40s\" has no unit; write %.40sms or %.40ss",
				    text, text, text);
	for (i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!*unit || !strcmp(unit, units[i].unit)) {
			value *= units[i].ms;
			if (value > UINT32_MAX)
				break;
			*ms = (uint32_t)value;
			return 0;
		}
	return parse_refuse(why, "\"%.40s\" is not a time (as 500ms, 5s or 1m)",
			    text);
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
	return parse_refuse(why, "\"%.60s\" is not GENERATION:NUMBER, as an earlier `cbt info` or `snapshot show` printed it",
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
	if (!ret && (!area->size_bytes || area->size_bytes % 4096))
		ret = parse_refuse(why, "the size of an area is a multiple of 4K");
	if (ret)
		parse_area_free(area);
	return ret;
}

void parse_area_free(struct parse_area *area)
{
	free(area->path);
	area->path = NULL;
}
