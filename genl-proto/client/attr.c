// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * attr: the walks over the tables of attr_table.c, and the request builder.
 *
 * A stream is taken apart by hand instead of by libnl, so that recorded and
 * damaged messages can be fed to it without a socket.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>

#include "attr.h"

/* One step of a walk. Return: 1, 0 at the end, -EBADMSG if it is cut short. */
static int attr_next(const uint8_t *data, size_t len, size_t *pos,
		     struct nlattr *head, const uint8_t **payload)
{
	if (*pos >= len)
		return 0;
	if (len - *pos < NLA_HDRLEN)
		return -EBADMSG;
	memcpy(head, data + *pos, sizeof(*head));
	if (head->nla_len < NLA_HDRLEN || head->nla_len > len - *pos)
		return -EBADMSG;
	*payload = data + *pos + NLA_HDRLEN;
	*pos += NLA_ALIGN(head->nla_len);
	head->nla_type &= NLA_TYPE_MASK;
	head->nla_len -= NLA_HDRLEN;
	return 1;
}

static const struct attr_field *attr_field_of(const struct attr_set *set,
					      uint16_t type)
{
	size_t i;

	for (i = 0; i < set->n_fields; i++)
		if (set->fields[i].type == type)
			return &set->fields[i];
	return NULL;
}

static int attr_grow(void *obj, const struct attr_field *field, void **item)
{
	void **array = (void **)((char *)obj + field->offset);
	size_t *count = (size_t *)((char *)obj + field->count_offset);
	size_t size = field->nest->size;
	void *grown;

	/* Doubling at powers of two: no capacity to remember. */
	if ((*count & (*count - 1)) == 0) {
		grown = reallocarray(*array, *count ? *count * 2 : 1, size);
		if (!grown)
			return -ENOMEM;
		*array = grown;
	}
	*item = (char *)*array + *count * size;
	memset(*item, 0, size);
	(*count)++;
	return 0;
}

static int attr_decode_field(const struct attr_field *field,
			     const uint8_t *payload, size_t len, void *obj)
{
	void *to = (char *)obj + field->offset;
	void *item;
	int ret;

	switch (field->kind) {
	case ATTR_U32:
	case ATTR_S32:
	case ATTR_U64:
	case ATTR_BINARY:
		if (len != field->size)
			return -EBADMSG;
		memcpy(to, payload, len);
		return 0;
	case ATTR_COUNTERS:
		if (len % sizeof(uint64_t))
			return -EBADMSG;
		memset(to, 0, field->size);
		memcpy(to, payload, len < field->size ? len : field->size);
		return 0;
	case ATTR_STRING:
		len = strnlen((const char *)payload, len);
		if (len >= field->size)
			len = field->size - 1;
		memcpy(to, payload, len);
		((char *)to)[len] = 0;
		return 0;
	case ATTR_FLAG:
		*(bool *)to = true;
		return 0;
	case ATTR_NEST:
		return attr_decode(field->nest, payload, len, to);
	case ATTR_NEST_ARRAY:
		ret = attr_grow(obj, field, &item);
		if (ret)
			return ret;
		return attr_decode(field->nest, payload, len, item);
	}
	return -EBADMSG;
}

int attr_decode(const struct attr_set *set, const void *attrs, size_t len,
		void *obj)
{
	const struct attr_field *field = set->fields, *end = set->fields + set->n_fields;
	const uint8_t *payload;
	struct nlattr head;
	uint64_t has = 0;
	size_t pos = 0;
	int ret;

	memset(obj, 0, set->size);
	while ((ret = attr_next(attrs, len, &pos, &head, &payload)) > 0) {
		/* They come in the order of the table, or are looked for. */
		if (!field || field == end || field->type != head.nla_type)
			field = attr_field_of(set, head.nla_type);
		if (!field)
			continue;
		if (field->offset == ATTR_NOWHERE) {
			field++;
			continue;
		}
		ret = attr_decode_field(field, payload, head.nla_len, obj);
		if (ret)
			break;
		has |= UINT64_C(1) << field->type;
		/* Another one of a list is looked for. */
		field++;
	}
	if (ret < 0) {
		attr_clear(set, obj);
		return ret;
	}
	if (set->has_offset != ATTR_NOWHERE)
		memcpy((char *)obj + set->has_offset, &has, sizeof(has));
	return 0;
}

void attr_clear(const struct attr_set *set, void *obj)
{
	const struct attr_field *field;
	size_t i;

	for (i = 0; i < set->n_fields; i++) {
		field = &set->fields[i];
		if (field->kind == ATTR_NEST_ARRAY && field->offset != ATTR_NOWHERE)
			free(*(void **)((char *)obj + field->offset));
	}
	memset(obj, 0, set->size);
}

/* ------------------------------------------------- naming an attribute */

static void attr_path_add(char *path, size_t size, const char *name, int index)
{
	size_t used = strlen(path);

	if (used < size)
		snprintf(path + used, size - used, index < 0 ? ".%s" : ".%s[%d]",
			 name, index);
}

static void attr_path_missing(const struct attr_set *set, uint16_t missing,
			      char *path, size_t size)
{
	const struct attr_field *field = attr_field_of(set, missing);

	if (missing && field)
		attr_path_add(path, size, field->name, -1);
}

/* Return: true if @offset was found in here; @path then names it. */
static bool attr_path_walk(const struct attr_set *set, const uint8_t *data,
			   size_t len, size_t offset, uint16_t missing,
			   char *path, size_t size)
{
	const struct attr_field *field;
	const uint8_t *payload;
	unsigned int seen[64] = { 0 };
	size_t at, used, pos = 0;
	struct nlattr head;
	int index;

	for (at = 0; attr_next(data, len, &pos, &head, &payload) > 0; at = pos) {
		field = attr_field_of(set, head.nla_type);
		index = -1;
		if (field && field->kind == ATTR_NEST_ARRAY && field->type < 64)
			index = (int)seen[field->type]++;
		if (offset >= pos)
			continue;

		used = strlen(path);
		if (!field) {
			snprintf(path + used, size - used, ".#%u", head.nla_type);
			return true;
		}
		attr_path_add(path, size, field->name, index);
		if (offset < at + NLA_HDRLEN) {
			if (field->nest)
				attr_path_missing(field->nest, missing, path, size);
			return true;
		}
		if (field->nest)
			attr_path_walk(field->nest, payload, head.nla_len,
				       offset - at - NLA_HDRLEN, missing, path,
				       size);
		return true;
	}
	return false;
}

void attr_path(const struct attr_set *set, const void *attrs, size_t len,
	       size_t offset, uint16_t missing, char *path, size_t size)
{
	path[0] = 0;
	if (!set || size < 2)
		return;
	snprintf(path, size, "%s", set->name);
	if (offset == ATTR_NOWHERE && missing) {
		attr_path_missing(set, missing, path, size);
		return;
	}
	if (offset == ATTR_NOWHERE ||
	    !attr_path_walk(set, attrs, len, offset, missing, path, size))
		path[0] = 0;
}

/* ----------------------------------------------------- request builder */

static void *attr_reserve(struct attr_buf *buf, size_t len)
{
	size_t need = buf->len + len;
	size_t cap = buf->cap ? buf->cap : 256;
	uint8_t *grown;

	if (buf->error)
		return NULL;
	while (cap < need)
		cap *= 2;
	if (cap != buf->cap) {
		grown = realloc(buf->data, cap);
		if (!grown) {
			buf->error = -ENOMEM;
			return NULL;
		}
		buf->data = grown;
		buf->cap = cap;
	}
	grown = buf->data + buf->len;
	memset(grown, 0, len);
	buf->len = need;
	return grown;
}

void attr_put(struct attr_buf *buf, uint16_t type, const void *data, size_t len)
{
	struct nlattr head = { .nla_type = type };
	uint8_t *to;

	if (len > UINT16_MAX - NLA_HDRLEN) {
		if (!buf->error)
			buf->error = -EMSGSIZE;
		return;
	}
	head.nla_len = (uint16_t)(NLA_HDRLEN + len);
	to = attr_reserve(buf, NLA_ALIGN(head.nla_len));
	if (!to)
		return;
	memcpy(to, &head, sizeof(head));
	if (len)
		memcpy(to + NLA_HDRLEN, data, len);
}

void attr_put_u32(struct attr_buf *buf, uint16_t type, uint32_t value)
{
	attr_put(buf, type, &value, sizeof(value));
}

void attr_put_u64(struct attr_buf *buf, uint16_t type, uint64_t value)
{
	attr_put(buf, type, &value, sizeof(value));
}

void attr_put_string(struct attr_buf *buf, uint16_t type, const char *value)
{
	attr_put(buf, type, value, strlen(value) + 1);
}

void attr_put_flag(struct attr_buf *buf, uint16_t type, bool value)
{
	if (value)
		attr_put(buf, type, NULL, 0);
}

void attr_put_dev(struct attr_buf *buf, uint16_t type, struct blksnap_dev dev)
{
	size_t nest = attr_nest_start(buf, type);

	attr_put_u32(buf, BLKSNAP_A_DEVREF_MAJOR, dev.major);
	attr_put_u32(buf, BLKSNAP_A_DEVREF_MINOR, dev.minor);
	attr_nest_end(buf, nest);
}

size_t attr_nest_start(struct attr_buf *buf, uint16_t type)
{
	size_t start = buf->len;

	attr_put(buf, type | NLA_F_NESTED, NULL, 0);
	return start;
}

void attr_nest_end(struct attr_buf *buf, size_t start)
{
	struct nlattr head;
	size_t len = buf->len - start;

	if (buf->error)
		return;
	if (len > UINT16_MAX) {
		buf->error = -EMSGSIZE;
		return;
	}
	memcpy(&head, buf->data + start, sizeof(head));
	head.nla_len = (uint16_t)len;
	memcpy(buf->data + start, &head, sizeof(head));
}

void attr_buf_free(struct attr_buf *buf)
{
	free(buf->data);
	memset(buf, 0, sizeof(*buf));
}
