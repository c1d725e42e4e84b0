// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * attr_table: where each attribute of the specification lives in its struct.
 *
 * An attribute that is appended to the specification gets a line here and a
 * member in blksnap.h, nothing else. Those of requests alone are listed too, so
 * that an error can name them.
 */
#include "attr.h"

#define SIZE_OF(st, member) sizeof(((st *)0)->member)

#define FIELD(id, word, how, st, member)				\
	{								\
		.type = BLKSNAP_A_##id, .kind = (how), .name = (word),	\
		.offset = offsetof(st, member), .size = SIZE_OF(st, member)	\
	}
#define NEST(id, word, table, st, member)				\
	{								\
		.type = BLKSNAP_A_##id, .kind = ATTR_NEST, .name = (word),	\
		.offset = offsetof(st, member),				\
		.size = SIZE_OF(st, member), .nest = &(table)		\
	}
#define NESTS(id, word, table, st, member, counter)			\
	{								\
		.type = BLKSNAP_A_##id, .kind = ATTR_NEST_ARRAY,	\
		.name = (word), .offset = offsetof(st, member),		\
		.count_offset = offsetof(st, counter), .nest = &(table)	\
	}
#define NAMED_AS(id, word, how)						\
	{								\
		.type = BLKSNAP_A_##id, .kind = (how), .name = (word),	\
		.offset = ATTR_NOWHERE					\
	}
#define NAMED(id, word) NAMED_AS(id, word, ATTR_FLAG)
#define NAMED_NEST(id, word, table)					\
	{								\
		.type = BLKSNAP_A_##id, .kind = ATTR_NEST, .name = (word),	\
		.offset = ATTR_NOWHERE, .nest = &(table)		\
	}
#define NAMED_NESTS(id, word, table)					\
	{								\
		.type = BLKSNAP_A_##id, .kind = ATTR_NEST_ARRAY,	\
		.name = (word), .offset = ATTR_NOWHERE, .nest = &(table)	\
	}
#define SET(word, st, table, has_at)					\
	{								\
		.name = (word), .size = sizeof(st), .has_offset = (has_at),	\
		.fields = (table), .n_fields = sizeof(table) / sizeof(*(table))	\
	}

static const struct attr_field devref_fields[] = {
	FIELD(DEVREF_MAJOR, "major", ATTR_U32, struct blksnap_dev, major),
	FIELD(DEVREF_MINOR, "minor", ATTR_U32, struct blksnap_dev, minor),
};
const struct attr_set attr_devref =
	SET("devref", struct blksnap_dev, devref_fields, ATTR_NOWHERE);

static const struct attr_field range_fields[] = {
	NAMED_AS(RANGE_MAJOR, "major", ATTR_U32),
	NAMED_AS(RANGE_MINOR, "minor", ATTR_U32),
	NAMED_AS(RANGE_START, "start", ATTR_U64),
	NAMED_AS(RANGE_COUNT, "count", ATTR_U64),
};
static const struct attr_set attr_range =
	SET("range", struct blksnap_range, range_fields, ATTR_NOWHERE);

static const struct attr_field freeze_fields[] = {
	NAMED_NEST(FREEZE_DEV, "dev", attr_devref),
	NAMED_AS(FREEZE_PATH, "path", ATTR_STRING),
	NAMED_NEST(FREEZE_MEMBER, "member", attr_devref),
};
static const struct attr_set attr_freeze =
	SET("freeze", struct blksnap_freeze, freeze_fields, ATTR_NOWHERE);

#define INFO(id, word, how, member) \
	FIELD(INFO_##id, word, how, struct blksnap_info, member)
static const struct attr_field info_fields[] = {
	INFO(INSTANCE, "instance", ATTR_U64, instance),
	INFO(SEQ, "seq", ATTR_U64, seq),
	INFO(SEQ_OLDEST, "seq-oldest", ATTR_U64, seq_oldest),
	INFO(FEATURES, "features", ATTR_U64, features),
	INFO(VERSION, "version", ATTR_STRING, version),
	INFO(RANGES_PER_REQUEST, "ranges-per-request", ATTR_U32,
	     ranges_per_request),
	INFO(MEMORY_BUDGET, "memory-budget", ATTR_U64, memory_budget_bytes),
	INFO(MEMORY_USED, "memory-used", ATTR_U64, memory_used_bytes),
	INFO(TIME_NS, "time-ns", ATTR_U64, time_ns),
};
const struct attr_set attr_info = SET("info", struct blksnap_info, info_fields,
				      offsetof(struct blksnap_info, has));

#define EXTENT(id, word, how, member) \
	FIELD(EXTENT_##id, word, how, struct blksnap_extent, member)
static const struct attr_field extent_fields[] = {
	EXTENT(START, "start", ATTR_U64, start_sectors),
	EXTENT(COUNT, "count", ATTR_U64, count_sectors),
};
const struct attr_set attr_extent =
	SET("extent", struct blksnap_extent, extent_fields, ATTR_NOWHERE);

#define DEVICE(id, word, how, member) \
	FIELD(DEVICE_##id, word, how, struct blksnap_device, member)
static const struct attr_field device_fields[] = {
	NEST(DEVICE_DEV, "dev", attr_devref, struct blksnap_device, dev),
	DEVICE(NAME, "name", ATTR_STRING, name),
	DEVICE(STATE, "state", ATTR_U32, state),
	DEVICE(CAPACITY, "capacity", ATTR_U64, capacity_sectors),
	DEVICE(SNAPSHOT_ID, "snapshot-id", ATTR_U32, snapshot_id),
	NEST(DEVICE_IMAGE, "image", attr_devref, struct blksnap_device, image),
	DEVICE(KEEP, "keep", ATTR_FLAG, keep),
	DEVICE(CBT_CELL, "cbt-cell", ATTR_U32, cbt_cell_bytes),
	DEVICE(CBT_GENERATION, "cbt-generation", ATTR_BINARY, cbt_generation),
	DEVICE(CBT_NUMBER, "cbt-number", ATTR_U32, cbt_number),
	NAMED_AS(DEVICE_CBT_SINCE, "cbt-since", ATTR_U32),
	DEVICE(CBT_MEMORY, "cbt-memory", ATTR_U64, cbt_memory_bytes),
	NAMED_AS(DEVICE_CURSOR, "cursor", ATTR_U64),
	NAMED_NESTS(DEVICE_EXTENT, "extent", attr_extent),
	DEVICE(UNIT, "unit", ATTR_U32, unit_bytes),
	DEVICE(ERROR, "error", ATTR_S32, error),
	DEVICE(CAUSE, "cause", ATTR_U32, cause),
	DEVICE(REASON, "reason", ATTR_U32, reason),
	DEVICE(SEQ, "seq", ATTR_U64, seq),
	DEVICE(TIME_NS, "time-ns", ATTR_U64, time_ns),
	DEVICE(RELEASED_SECTORS, "released-sectors", ATTR_U64,
	       released_sectors),
};
const struct attr_set attr_device =
	SET("device", struct blksnap_device, device_fields,
	    offsetof(struct blksnap_device, has));

#define PAGE(id, word, how, member) \
	FIELD(DEVICE_##id, word, how, struct attr_extent_page, member)
static const struct attr_field extents_fields[] = {
	NEST(DEVICE_DEV, "dev", attr_devref, struct attr_extent_page, dev),
	PAGE(CBT_GENERATION, "cbt-generation", ATTR_BINARY, cbt_generation),
	PAGE(CBT_NUMBER, "cbt-number", ATTR_U32, cbt_number),
	PAGE(CURSOR, "cursor", ATTR_U64, cursor),
	NESTS(DEVICE_EXTENT, "extent", attr_extent, struct attr_extent_page,
	      extents, n_extents),
};
const struct attr_set attr_extents =
	SET("device", struct attr_extent_page, extents_fields,
	    offsetof(struct attr_extent_page, has));

#define MEMBER(id, word, how, member) \
	FIELD(MEMBER_##id, word, how, struct blksnap_member, member)
static const struct attr_field member_fields[] = {
	NEST(MEMBER_DEV, "dev", attr_devref, struct blksnap_member, dev),
	MEMBER(NAME, "name", ATTR_STRING, name),
	NEST(MEMBER_IMAGE, "image", attr_devref, struct blksnap_member, image),
	MEMBER(IMAGE_NAME, "image-name", ATTR_STRING, image_name),
	MEMBER(CAPACITY, "capacity", ATTR_U64, capacity_sectors),
	MEMBER(FREEZE_RESULT, "freeze-result", ATTR_U32, freeze_result),
	MEMBER(ERROR, "error", ATTR_S32, error),
	MEMBER(CBT_GENERATION, "cbt-generation", ATTR_BINARY, cbt_generation),
	MEMBER(CBT_NUMBER, "cbt-number", ATTR_U32, cbt_number),
	MEMBER(AREA_USED, "area-used", ATTR_U64, area_used_sectors),
	MEMBER(IMAGE_OPENERS, "image-openers", ATTR_U32, image_openers),
	MEMBER(IMAGE_HELD, "image-held", ATTR_FLAG, image_held),
};
const struct attr_set attr_member =
	SET("member", struct blksnap_member, member_fields,
	    offsetof(struct blksnap_member, has));

#define SNAPSHOT(id, word, how, member) \
	FIELD(SNAPSHOT_##id, word, how, struct blksnap_snapshot, member)
static const struct attr_field snapshot_fields[] = {
	SNAPSHOT(ID, "id", ATTR_U32, id),
	SNAPSHOT(UUID, "uuid", ATTR_BINARY, uuid),
	SNAPSHOT(NAME, "name", ATTR_STRING, name),
	SNAPSHOT(STATE, "state", ATTR_U32, state),
	SNAPSHOT(ERROR, "error", ATTR_S32, error),
	SNAPSHOT(PHASE, "phase", ATTR_U32, phase),
	NEST(SNAPSHOT_ERROR_DEV, "error-dev", attr_devref,
	     struct blksnap_snapshot, error_dev),
	SNAPSHOT(ERROR_SECTOR, "error-sector", ATTR_U64, error_sector),
	SNAPSHOT(LEVEL, "level", ATTR_U32, level),
	SNAPSHOT(AREA_TOTAL, "area-total", ATTR_U64, area_total_sectors),
	SNAPSHOT(AREA_USED, "area-used", ATTR_U64, area_used_sectors),
	SNAPSHOT(LOW, "low", ATTR_U64, low_sectors),
	SNAPSHOT(CLEAR, "clear", ATTR_U64, clear_sectors),
	SNAPSHOT(GRACE_MS, "grace-ms", ATTR_U32, grace_ms),
	NAMED_NESTS(SNAPSHOT_DEVICE, "device", attr_devref),
	NESTS(SNAPSHOT_MEMBER, "member", attr_member, struct blksnap_snapshot,
	      members, n_members),
	NAMED_NESTS(SNAPSHOT_RANGE, "range", attr_range),
	NAMED_NESTS(SNAPSHOT_FREEZE, "freeze", attr_freeze),
	NAMED(SNAPSHOT_TAKE, "take"),
	NAMED(SNAPSHOT_FORCE, "force"),
	NAMED(SNAPSHOT_ATTACH, "attach"),
	NAMED(SNAPSHOT_SOCKET_OWNER, "socket-owner"),
	SNAPSHOT(CAUSE, "cause", ATTR_U32, cause),
	SNAPSHOT(REASON, "reason", ATTR_U32, reason),
	SNAPSHOT(SEQ, "seq", ATTR_U64, seq),
	SNAPSHOT(TIME_NS, "time-ns", ATTR_U64, time_ns),
	SNAPSHOT(TAKEN_NS, "taken-ns", ATTR_U64, taken_ns),
	SNAPSHOT(TAKEN_REAL_NS, "taken-real-ns", ATTR_U64, taken_real_ns),
	SNAPSHOT(GATE_NS, "gate-ns", ATTR_U64, gate_ns),
	SNAPSHOT(FREEZE_NS, "freeze-ns", ATTR_U64, freeze_ns),
	SNAPSHOT(REQUEST_COOKIE, "request-cookie", ATTR_U64, request_cookie),
	NAMED(SNAPSHOT_DRAFT, "draft"),
};
const struct attr_set attr_snapshot =
	SET("snapshot", struct blksnap_snapshot, snapshot_fields,
	    offsetof(struct blksnap_snapshot, has));

#define RANGE_INFO(id, word, how, member) \
	FIELD(RANGE_INFO_##id, word, how, struct blksnap_range_info, member)
static const struct attr_field range_info_fields[] = {
	RANGE_INFO(MAJOR, "major", ATTR_U32, dev.major),
	RANGE_INFO(MINOR, "minor", ATTR_U32, dev.minor),
	RANGE_INFO(START, "start", ATTR_U64, start_sectors),
	RANGE_INFO(COUNT, "count", ATTR_U64, count_sectors),
	RANGE_INFO(USED, "used", ATTR_U64, used_sectors),
	RANGE_INFO(NAME, "name", ATTR_STRING, name),
};
const struct attr_set attr_range_info =
	SET("range-info", struct blksnap_range_info, range_info_fields,
	    offsetof(struct blksnap_range_info, has));

static const struct attr_field area_fields[] = {
	FIELD(AREA_ID, "id", ATTR_U32, struct attr_area_page, id),
	NAMED(AREA_UUID, "uuid"),
	NESTS(AREA_RANGE, "range", attr_range_info, struct attr_area_page,
	      ranges, n_ranges),
	FIELD(AREA_SEQ, "seq", ATTR_U64, struct attr_area_page, seq),
};
const struct attr_set attr_area = SET("area", struct attr_area_page, area_fields,
				      offsetof(struct attr_area_page, has));

#define STATS(id, word, how, member) \
	FIELD(STATS_##id, word, how, struct blksnap_stats, member)
static const struct attr_field stats_fields[] = {
	NEST(STATS_DEV, "dev", attr_devref, struct blksnap_stats, dev),
	STATS(NAME, "name", ATTR_STRING, name),
	STATS(SNAPSHOT_ID, "snapshot-id", ATTR_U32, snapshot_id),
	STATS(TIME_NS, "time-ns", ATTR_U64, time_ns),
	STATS(EPOCH, "epoch", ATTR_U64, epoch),
	STATS(WRITES, "writes", ATTR_U64, writes),
	STATS(WRITE_SECTORS, "write-sectors", ATTR_U64, write_sectors),
	STATS(INFLIGHT, "inflight", ATTR_U64, inflight),
	STATS(COW_UNITS, "cow-units", ATTR_U64, cow_units),
	STATS(COW_SECTORS, "cow-sectors", ATTR_U64, cow_sectors),
	STATS(COW_AHEAD_SECTORS, "cow-ahead-sectors", ATTR_U64,
	      cow_ahead_sectors),
	STATS(STORE_SECTORS, "store-sectors", ATTR_U64, store_sectors),
	STATS(HELD, "held", ATTR_U64, held),
	STATS(HELD_NS, "held-ns", ATTR_U64, held_ns),
	STATS(HELD_HIST, "held-hist", ATTR_COUNTERS, held_hist),
	STATS(HELD_NOW, "held-now", ATTR_U32, held_now),
	STATS(IMAGE_READS, "image-reads", ATTR_U64, image_reads),
	STATS(IMAGE_READ_SECTORS, "image-read-sectors", ATTR_U64,
	      image_read_sectors),
	STATS(IMAGE_AREA_SECTORS, "image-area-sectors", ATTR_U64,
	      image_area_sectors),
	STATS(IMAGE_RETRY_SECTORS, "image-retry-sectors", ATTR_U64,
	      image_retry_sectors),
	STATS(DISCARD_DROPPED_SECTORS, "discard-dropped-sectors", ATTR_U64,
	      discard_dropped_sectors),
	STATS(ERRORS, "errors", ATTR_U64, errors),
	STATS(MEMORY, "memory", ATTR_U64, memory_bytes),
	STATS(METADATA, "metadata", ATTR_U64, metadata_bytes),
};
const struct attr_set attr_stats = SET("stats", struct blksnap_stats,
				       stats_fields,
				       offsetof(struct blksnap_stats, has));

static const struct attr_field event_fields[] = {
	NAMED_AS(EVENT_SINCE, "since", ATTR_U64),
	FIELD(EVENT_LOST, "lost", ATTR_U64, struct attr_event_info, lost),
	FIELD(EVENT_INSTANCE, "instance", ATTR_U64, struct attr_event_info,
	      instance),
	FIELD(EVENT_SEQ, "seq", ATTR_U64, struct attr_event_info, seq),
};
const struct attr_set attr_event =
	SET("event", struct attr_event_info, event_fields,
	    offsetof(struct attr_event_info, has));

const struct attr_set *attr_set_of(uint8_t cmd)
{
	switch (cmd) {
	case BLKSNAP_CMD_INFO_GET:
		return &attr_info;
	case BLKSNAP_CMD_DEVICE_ATTACH:
	case BLKSNAP_CMD_DEVICE_DETACH:
	case BLKSNAP_CMD_DEVICE_GET:
	case BLKSNAP_CMD_DEVICE_NEW_NTF:
	case BLKSNAP_CMD_DEVICE_CHANGE_NTF:
	case BLKSNAP_CMD_DEVICE_DEL_NTF:
	case BLKSNAP_CMD_CBT_GET:
	case BLKSNAP_CMD_CBT_MARK:
		return &attr_device;
	case BLKSNAP_CMD_SNAPSHOT_CREATE:
	case BLKSNAP_CMD_SNAPSHOT_TAKE:
	case BLKSNAP_CMD_SNAPSHOT_DESTROY:
	case BLKSNAP_CMD_SNAPSHOT_SET:
	case BLKSNAP_CMD_SNAPSHOT_GET:
	case BLKSNAP_CMD_SNAPSHOT_NEW_NTF:
	case BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF:
	case BLKSNAP_CMD_SNAPSHOT_DEL_NTF:
	case BLKSNAP_CMD_AREA_LEVEL_NTF:
	case BLKSNAP_CMD_AREA_APPEND:
	case BLKSNAP_CMD_AREA_REMOVE:
		return &attr_snapshot;
	case BLKSNAP_CMD_AREA_GET:
		return &attr_area;
	case BLKSNAP_CMD_STATS_GET:
		return &attr_stats;
	case BLKSNAP_CMD_EVENT_REPLAY:
		return &attr_event;
	}
	return NULL;
}
