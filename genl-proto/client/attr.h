/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * attr: netlink attributes to plain structs, and the building of requests.
 *
 * One table per attribute set says where each attribute lives in its struct;
 * decoding, and naming the attribute an error points at, are walks over these
 * tables. Knows no sockets. Input is not trusted: whatever does not fit its
 * table gives -EBADMSG, unknown attributes are skipped.
 */
#ifndef BLKSNAP_CLIENT_ATTR_H
#define BLKSNAP_CLIENT_ATTR_H

#include "blksnap.h"

enum attr_kind {
	ATTR_U32,
	ATTR_U64,
	ATTR_S32,
	ATTR_STRING,	 /* into char[size], always terminated */
	ATTR_BINARY,	 /* exactly size bytes */
	ATTR_COUNTERS,	 /* up to size bytes, missing ones are 0 */
	ATTR_FLAG,	 /* into bool */
	ATTR_NEST,	 /* embedded struct */
	ATTR_NEST_ARRAY, /* pointer and size_t count, allocated */
};

#define ATTR_NOWHERE ((size_t)-1) /* only in requests: known by name alone */

/**
 * struct attr_field - one attribute
 * @type: number
 * @kind: how it is encoded
 * @name: as in the specification
 * @offset: place in the struct, or ATTR_NOWHERE
 * @size: bytes of that place
 * @count_offset: ATTR_NEST_ARRAY: place of the count
 * @nest: ATTR_NEST and ATTR_NEST_ARRAY: its table
 */
struct attr_field {
	uint16_t type;
	enum attr_kind kind;
	const char *name;
	size_t offset;
	size_t size;
	size_t count_offset;
	const struct attr_set *nest;
};

/**
 * struct attr_set - one attribute set and the struct it maps to
 * @name: as in the specification
 * @size: bytes of the struct
 * @has_offset: place of the u64 ``has``, or ATTR_NOWHERE
 * @fields: table of @n_fields
 * @n_fields: number of @fields
 */
struct attr_set {
	const char *name;
	size_t size;
	size_t has_offset;
	const struct attr_field *fields;
	size_t n_fields;
};

extern const struct attr_set attr_info;
extern const struct attr_set attr_devref;
extern const struct attr_set attr_device;
extern const struct attr_set attr_member;
extern const struct attr_set attr_snapshot;
extern const struct attr_set attr_extent;
extern const struct attr_set attr_range_info;
extern const struct attr_set attr_stats;
extern const struct attr_set attr_event;
extern const struct attr_set attr_area;
extern const struct attr_set attr_extents;

/* an event-replay message */
struct attr_event_info {
	uint64_t has;
	uint64_t lost;
	uint64_t instance;
	uint64_t seq;
};

/* an area-get message; ranges are allocated */
struct attr_area_page {
	uint64_t has;
	uint32_t id;
	struct blksnap_range_info *ranges;
	size_t n_ranges;
	uint64_t seq;
};

/* a cbt-get message; extents are allocated */
struct attr_extent_page {
	uint64_t has;
	struct blksnap_dev dev;
	uint8_t cbt_generation[BLKSNAP_UUID_BYTES];
	uint32_t cbt_number;
	uint64_t cursor;
	struct blksnap_extent *extents;
	size_t n_extents;
};

/**
 * attr_decode() - attributes to struct
 * @set: table
 * @attrs: attribute stream
 * @len: bytes of it
 * @obj: struct of @set->size bytes, overwritten; after a failure zero
 *
 * Return: 0; -EBADMSG if the stream does not fit; -ENOMEM. On success the arrays
 *	in @obj belong to the caller: attr_clear().
 */
int attr_decode(const struct attr_set *set, const void *attrs, size_t len,
		void *obj);

/**
 * attr_clear() - free the arrays of a decoded struct, and zero it
 * @set: table
 * @obj: struct
 */
void attr_clear(const struct attr_set *set, void *obj);

/**
 * attr_set_of() - the set a command's attributes belong to
 * @cmd: BLKSNAP_CMD_*
 *
 * Return: table, or NULL for an unknown command.
 */
const struct attr_set *attr_set_of(uint8_t cmd);

/**
 * attr_path() - name the attribute at a place of a request
 * @set: set of the request
 * @attrs: the request's attributes
 * @len: bytes of them
 * @offset: place of an attribute header in them, or of a nest
 * @missing: 0, or the type that is missing in the nest at @offset
 * @path: result, as "snapshot.range[1].start"; "" if there is none at @offset
 * @size: bytes of @path
 */
void attr_path(const struct attr_set *set, const void *attrs, size_t len,
	       size_t offset, uint16_t missing, char *path, size_t size);

/**
 * struct attr_buf - a request being built
 * @data: attributes so far
 * @len: bytes of @data
 * @cap: allocated
 * @error: first failure, -ENOMEM or -EMSGSIZE; later puts do nothing
 */
struct attr_buf {
	uint8_t *data;
	size_t len;
	size_t cap;
	int error;
};

void attr_put(struct attr_buf *buf, uint16_t type, const void *data, size_t len);
void attr_put_u32(struct attr_buf *buf, uint16_t type, uint32_t value);
void attr_put_u64(struct attr_buf *buf, uint16_t type, uint64_t value);
void attr_put_string(struct attr_buf *buf, uint16_t type, const char *value);
void attr_put_flag(struct attr_buf *buf, uint16_t type, bool value);
void attr_put_dev(struct attr_buf *buf, uint16_t type, struct blksnap_dev dev);

/**
 * attr_nest_start() - open a nest
 *
 * Return: what attr_nest_end() wants.
 */
size_t attr_nest_start(struct attr_buf *buf, uint16_t type);
void attr_nest_end(struct attr_buf *buf, size_t start);

void attr_buf_free(struct attr_buf *buf);

#endif /* BLKSNAP_CLIENT_ATTR_H */
