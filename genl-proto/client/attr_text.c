// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * attr_text: see attr_text.h.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>

#include "attr_text.h"

#define TEXT_VALUE_MAX 8192

/* ------------------------------------------------------------- writing */

void attr_text_quote(FILE *out, const char *text, size_t len)
{
	size_t i;

	fputc('"', out);
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void text_hex(FILE *out, const uint8_t *data, size_t len)
{
	while (len--)
		fprintf(out, "%02x", *data++);
}

static void text_counters(FILE *out, const uint8_t *data, size_t len)
{
	uint64_t value;
	size_t pos;

	for (pos = 0; pos + sizeof(value) <= len; pos += sizeof(value)) {
		memcpy(&value, data + pos, sizeof(value));
		fprintf(out, "%s%" PRIu64, pos ? "," : "=", value);
	}
}

static void text_value(FILE *out, const struct attr_field *field,
		       const uint8_t *data, size_t len)
{
	uint64_t u64;
	uint32_t u32;

	if (field && field->nest) {
		fputc('{', out);
		attr_text_write(out, field->nest, data, len, NULL);
		fputs(" }", out);
	} else if (field && field->kind == ATTR_STRING) {
		fputc('=', out);
		attr_text_quote(out, (const char *)data,
				strnlen((const char *)data, len));
	} else if (field && field->kind == ATTR_U32 && len == sizeof(u32)) {
		memcpy(&u32, data, sizeof(u32));
		fprintf(out, "=%" PRIu32, u32);
	} else if (field && field->kind == ATTR_S32 && len == sizeof(u32)) {
		memcpy(&u32, data, sizeof(u32));
		fprintf(out, "=%" PRId32, (int32_t)u32);
	} else if (field && field->kind == ATTR_U64 && len == sizeof(u64)) {
		memcpy(&u64, data, sizeof(u64));
		fprintf(out, "=%" PRIu64, u64);
	} else if (field && field->kind == ATTR_COUNTERS && len) {
		text_counters(out, data, len);
	} else if (len) {
		fputs("=#", out);
		text_hex(out, data, len);
	}
}

static const struct attr_field *text_field(const struct attr_set *set,
					   uint16_t type)
{
	size_t i;

	for (i = 0; set && i < set->n_fields; i++)
		if (set->fields[i].type == type)
			return &set->fields[i];
	return NULL;
}

void attr_text_write(FILE *out, const struct attr_set *set, const void *attrs,
		     size_t len, const char *but)
{
	const struct attr_field *field;
	const uint8_t *data = attrs;
	struct nlattr head;
	size_t step;

	while (len >= NLA_HDRLEN) {
		memcpy(&head, data, sizeof(head));
		if (head.nla_len < NLA_HDRLEN || head.nla_len > len)
			return;
		field = text_field(set, head.nla_type & NLA_TYPE_MASK);
		/* what is left out of a request is made at random each time */
		if (!field || !but ||
		    (strcmp(field->name, but) &&
		     strcmp(field->name, "request-cookie"))) {
			if (field)
				fprintf(out, " %s", field->name);
			else
				fprintf(out, " @%u", head.nla_type & NLA_TYPE_MASK);
			text_value(out, field, data + NLA_HDRLEN,
				   head.nla_len - NLA_HDRLEN);
		}
		step = (size_t)NLA_ALIGN(head.nla_len);
		if (step >= len)
			return;
		data += step;
		len -= step;
	}
}

/* ------------------------------------------------------------- reading */

struct text_reader {
	const char *at;
	struct attr_buf *buf;
	char *why;
	size_t size;
};

static int text_refuse(struct text_reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int text_refuse(struct text_reader *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->why, r->size, format, args);
	va_end(args);
	return -EINVAL;
}

const char *attr_text_unquote(const char *text, char *to, size_t size)
{
	unsigned int byte;
	size_t used = 0;

	for (text++; *text && *text != '"'; text++) {
		byte = (unsigned char)*text;
		if (*text == '\\' && text[1] == 'x' &&
		    isxdigit((unsigned char)text[2]) &&
		    isxdigit((unsigned char)text[3])) {
			sscanf(text + 2, "%2x", &byte);
			text += 3;
		} else if (*text == '\\' && text[1]) {
			byte = (unsigned char)*++text;
		}
		if (used + 1 < size)
			to[used++] = (char)byte;
	}
	to[used] = 0;
	return *text ? text + 1 : NULL;
}

/* Bytes in hexadecimal; dashes, as in a UUID, are skipped. */
static int text_read_hex(struct text_reader *r, uint16_t type)
{
	uint8_t bytes[TEXT_VALUE_MAX];
	unsigned int byte;
	size_t n = 0;

	while (isxdigit((unsigned char)*r->at) || *r->at == '-') {
		if (*r->at == '-') {
			r->at++;
			continue;
		}
		if (n == sizeof(bytes) || !isxdigit((unsigned char)r->at[1]) ||
		    sscanf(r->at, "%2x", &byte) != 1)
			return text_refuse(r, "bad bytes at \"%.20s\"", r->at);
		bytes[n++] = (uint8_t)byte;
		r->at += 2;
	}
	attr_put(r->buf, type, bytes, n);
	return 0;
}

static int text_read_counters(struct text_reader *r, uint16_t type)
{
	uint64_t values[BLKSNAP_HOLD_BUCKETS];
	size_t n = 0;
	char *end;

	for (;;) {
		if (n == BLKSNAP_HOLD_BUCKETS || !isdigit((unsigned char)*r->at))
			return text_refuse(r, "bad numbers at \"%.20s\"", r->at);
		values[n++] = strtoull(r->at, &end, 10);
		r->at = end;
		if (*end != ',')
			break;
		r->at++;
	}
	attr_put(r->buf, type, values, n * sizeof(*values));
	return 0;
}

static int text_read_number(struct text_reader *r, const struct attr_field *field)
{
	uint64_t value;
	uint32_t narrow;
	char *end;

	errno = 0;
	value = *r->at == '-' ? (uint64_t)strtoll(r->at, &end, 10) :
				strtoull(r->at, &end, 10);
	if (end == r->at || errno)
		return text_refuse(r, "%s: no number at \"%.20s\"", field->name,
				   r->at);
	r->at = end;
	narrow = (uint32_t)value;
	if (field->kind == ATTR_U64)
		attr_put(r->buf, field->type, &value, sizeof(value));
	else
		attr_put(r->buf, field->type, &narrow, sizeof(narrow));
	return 0;
}

static int text_read_value(struct text_reader *r, const struct attr_field *field,
			   uint16_t type)
{
	char text[TEXT_VALUE_MAX];

	if (*r->at == '"') {
		r->at = attr_text_unquote(r->at, text, sizeof(text));
		if (!r->at) {
			r->at = "";
			return text_refuse(r, "a closing quote is missing");
		}
		attr_put_string(r->buf, type, text);
		return 0;
	}
	if (*r->at == '#') {
		r->at++;
		return text_read_hex(r, type);
	}
	if (!field)
		return text_refuse(r, "@%u needs bytes (=#...)", type);
	switch (field->kind) {
	case ATTR_BINARY:
		return text_read_hex(r, type);
	case ATTR_COUNTERS:
		return text_read_counters(r, type);
	case ATTR_U32:
	case ATTR_S32:
	case ATTR_U64:
		return text_read_number(r, field);
	default:
		return text_refuse(r, "%s takes no number", field->name);
	}
}

static const struct attr_field *text_named(const struct attr_set *set,
					   const char *name, size_t len)
{
	size_t i;

	for (i = 0; set && i < set->n_fields; i++)
		if (!strncmp(set->fields[i].name, name, len) &&
		    !set->fields[i].name[len])
			return &set->fields[i];
	return NULL;
}

static int text_read_set(struct text_reader *r, const struct attr_set *set,
			 int depth)
{
	const struct attr_field *field;
	size_t len, nest;
	uint16_t type;
	int ret = 0;

	while (!ret) {
		r->at += strspn(r->at, " \t");
		len = strcspn(r->at, " \t={}");
		if (!len)
			return 0;
		field = text_named(set, r->at, len);
		if (field)
			type = field->type;
		else if (*r->at == '@')
			type = (uint16_t)strtoul(r->at + 1, NULL, 10);
		else
			return text_refuse(r, "unknown attribute \"%.*s\"",
					   (int)len, r->at);
		r->at += len;
		if (*r->at == '=') {
			r->at++;
			ret = text_read_value(r, field, type);
		} else if (*r->at == '{' && depth) {
			r->at++;
			nest = attr_nest_start(r->buf, type);
			ret = text_read_set(r, field ? field->nest : NULL,
					    depth - 1);
			attr_nest_end(r->buf, nest);
			if (!ret && *r->at++ != '}')
				return text_refuse(r, "a closing brace is missing");
		} else {
			attr_put(r->buf, type, NULL, 0);
		}
	}
	return ret;
}

int attr_text_read(const struct attr_set *set, const char *text,
		   struct attr_buf *buf, char *why, size_t size)
{
	struct text_reader r = { .at = text, .buf = buf, .why = why, .size = size };
	int ret = text_read_set(&r, set, 4);

	if (ret)
		return ret;
	if (buf->error)
		return buf->error;
	if (*r.at)
		return text_refuse(&r, "\"%.20s\" is not understood", r.at);
	return 0;
}
