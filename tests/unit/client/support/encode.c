// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "encode.h"

static void encode_field(const struct attr_field *field, const void *obj,
			 struct attr_buf *buf)
{
	const char *from = (const char *)obj + field->offset;
	const char *items;
	size_t i, count, nest;

	switch (field->kind) {
	case ATTR_STRING:
		attr_put_string(buf, field->type, from);
		break;
	case ATTR_FLAG:
		attr_put_flag(buf, field->type, *(const bool *)from);
		break;
	case ATTR_NEST:
		nest = attr_nest_start(buf, field->type);
		encode(field->nest, from, buf);
		attr_nest_end(buf, nest);
		break;
	case ATTR_NEST_ARRAY:
		memcpy(&items, from, sizeof(items));
		memcpy(&count, (const char *)obj + field->count_offset,
		       sizeof(count));
		for (i = 0; i < count; i++) {
			nest = attr_nest_start(buf, field->type);
			encode(field->nest, items + i * field->nest->size, buf);
			attr_nest_end(buf, nest);
		}
		break;
	default:
		attr_put(buf, field->type, from, field->size);
		break;
	}
}

void encode(const struct attr_set *set, const void *obj, struct attr_buf *buf)
{
	uint64_t has = UINT64_MAX;
	size_t i;

	if (set->has_offset != ATTR_NOWHERE)
		memcpy(&has, (const char *)obj + set->has_offset, sizeof(has));
	for (i = 0; i < set->n_fields; i++)
		if (set->fields[i].offset != ATTR_NOWHERE &&
		    (has >> set->fields[i].type & 1))
			encode_field(&set->fields[i], obj, buf);
}
