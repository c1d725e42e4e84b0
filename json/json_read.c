// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * json_read: see json_read.h. Everything is looked up by key; a value of the
 * wrong type counts as not there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "json_read.h"

#define WORDS_MAX 64 /* more than any of the specification's enumerations */
#define ERRNO_MAX 200

static const char *get_text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* Return: whether the key was there and could be a number. */
static bool get_number(const json_t *o, const char *key, uint64_t *number)
{
	const json_t *value = json_object_get(o, key);
	json_int_t n = json_integer_value(value);

	if (!json_is_integer(value) || n < 0)
		return false;
	*number = (uint64_t)n;
	return true;
}

/* 64-bit ids are strings. */
static bool get_id(const json_t *o, const char *key, uint64_t *id)
{
	const char *text = get_text(o, key);
	char *end;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	*id = strtoull(text, &end, 10);
	return !errno && !*end;
}

static bool get_sectors(const json_t *o, const char *key, uint64_t *sectors)
{
	uint64_t bytes;

	if (!get_number(o, key, &bytes))
		return false;
	*sectors = bytes / BLKSNAP_SECTOR_BYTES;
	return true;
}

static bool get_u32(const json_t *o, const char *key, uint32_t *number)
{
	uint64_t wide;

	if (!(get_number(o, key, &wide) || get_id(o, key, &wide)) || wide > UINT32_MAX)
		return false;
	*number = (uint32_t)wide;
	return true;
}

static bool get_dev(const json_t *o, const char *key, struct blksnap_dev *dev)
{
	const char *text = get_text(o, key);
	unsigned int major, minor;
	char more;

	if (!text || sscanf(text, "%9u:%9u%c", &major, &minor, &more) != 2)
		return false;
	dev->major = major;
	dev->minor = minor;
	return true;
}

static bool get_name(const json_t *o, const char *key, char *name, size_t size)
{
	const char *text = get_text(o, key);

	if (!text)
		return false;
	snprintf(name, size, "%s", text);
	return true;
}

static bool get_uuid(const json_t *o, const char *key, uint8_t uuid[BLKSNAP_UUID_BYTES])
{
	const char *text = get_text(o, key);

	return text && !blksnap_uuid_parse(text, uuid);
}

static bool get_word(const json_t *o, const char *key, uint32_t *value,
		     const char *(*word_of)(uint32_t))
{
	const char *text = get_text(o, key);
	uint32_t i;

	if (!text || !strcmp(text, "unknown"))
		return false;
	for (i = 0; i < WORDS_MAX; i++)
		if (!strcmp(word_of(i), text)) {
			*value = i;
			return true;
		}
	return false;
}

/* "EIO" is -EIO. */
static bool get_errno(const json_t *o, const char *key, int32_t *error)
{
	const char *text = get_text(o, key), *name;
	int i;

	if (!text)
		return false;
	for (i = 1; i < ERRNO_MAX; i++) {
		name = strerrorname_np(i);
		if (name && !strcmp(name, text))
			break;
	}
	*error = i < ERRNO_MAX ? -i : -EIO;
	return true;
}

#define TAKE(st, ID, got) ((st)->has |= (uint64_t)(got) << BLKSNAP_A_##ID)

static void read_device(struct blksnap_device *d, const json_t *o)
{
	TAKE(d, DEVICE_DEV, get_dev(o, "dev", &d->dev));
	TAKE(d, DEVICE_NAME, get_name(o, "name", d->name, sizeof(d->name)));
	TAKE(d, DEVICE_STATE, get_word(o, "state", &d->state, blksnap_device_state_word));
	TAKE(d, DEVICE_CAPACITY, get_sectors(o, "capacity_bytes", &d->capacity_sectors));
	TAKE(d, DEVICE_SNAPSHOT_ID, get_u32(o, "snapshot_id", &d->snapshot_id));
	TAKE(d, DEVICE_IMAGE, get_dev(o, "image_dev", &d->image));
	d->keep = json_is_true(json_object_get(o, "keep"));
	TAKE(d, DEVICE_UNIT, get_u32(o, "unit_bytes", &d->unit_bytes));
	TAKE(d, DEVICE_CBT_CELL, get_u32(o, "cbt_cell_bytes", &d->cbt_cell_bytes));
	TAKE(d, DEVICE_CBT_GENERATION, get_uuid(o, "cbt_generation", d->cbt_generation));
	TAKE(d, DEVICE_CBT_NUMBER, get_u32(o, "cbt_number", &d->cbt_number));
	TAKE(d, DEVICE_CBT_MEMORY, get_number(o, "cbt_memory_bytes", &d->cbt_memory_bytes));
	TAKE(d, DEVICE_ERROR, get_errno(o, "error", &d->error));
	TAKE(d, DEVICE_SEQ, get_id(o, "seq", &d->seq));
}

static void read_member(struct blksnap_member *m, const json_t *o)
{
	TAKE(m, MEMBER_DEV, get_dev(o, "dev", &m->dev));
	TAKE(m, MEMBER_NAME, get_name(o, "name", m->name, sizeof(m->name)));
	TAKE(m, MEMBER_IMAGE, get_dev(o, "image_dev", &m->image));
	TAKE(m, MEMBER_IMAGE_NAME,
	     get_name(o, "image_name", m->image_name, sizeof(m->image_name)));
	TAKE(m, MEMBER_CAPACITY, get_sectors(o, "capacity_bytes", &m->capacity_sectors));
	TAKE(m, MEMBER_FREEZE_RESULT,
	     get_word(o, "freeze_result", &m->freeze_result, blksnap_freeze_result_word));
	TAKE(m, MEMBER_ERROR, get_errno(o, "error", &m->error));
	TAKE(m, MEMBER_CBT_GENERATION, get_uuid(o, "cbt_generation", m->cbt_generation));
	TAKE(m, MEMBER_CBT_NUMBER, get_u32(o, "cbt_number", &m->cbt_number));
	TAKE(m, MEMBER_IMAGE_OPENERS, get_u32(o, "openers", &m->image_openers));
	m->image_held = json_is_true(json_object_get(o, "held"));
	TAKE(m, MEMBER_IMAGE_HELD, m->image_held);
	TAKE(m, MEMBER_AREA_USED, get_sectors(o, "area_used_bytes", &m->area_used_sectors));
}

static int read_snapshot(struct blksnap_snapshot *s, const json_t *o)
{
	const json_t *members = json_object_get(o, "members");
	size_t count = json_array_size(members), i;

	TAKE(s, SNAPSHOT_ID, get_u32(o, "id", &s->id));
	TAKE(s, SNAPSHOT_UUID, get_uuid(o, "uuid", s->uuid));
	TAKE(s, SNAPSHOT_NAME, get_name(o, "name", s->name, sizeof(s->name)));
	TAKE(s, SNAPSHOT_STATE, get_word(o, "state", &s->state, blksnap_snapshot_state_word));
	TAKE(s, SNAPSHOT_ERROR, get_errno(o, "error", &s->error));
	TAKE(s, SNAPSHOT_PHASE, get_word(o, "phase", &s->phase, blksnap_snapshot_phase_word));
	TAKE(s, SNAPSHOT_ERROR_DEV, get_dev(o, "error_dev", &s->error_dev));
	TAKE(s, SNAPSHOT_ERROR_SECTOR, get_sectors(o, "error_offset_bytes", &s->error_sector));
	TAKE(s, SNAPSHOT_LEVEL, get_word(o, "level", &s->level, blksnap_area_level_word));
	TAKE(s, SNAPSHOT_AREA_TOTAL, get_sectors(o, "area_total_bytes", &s->area_total_sectors));
	TAKE(s, SNAPSHOT_AREA_USED, get_sectors(o, "area_used_bytes", &s->area_used_sectors));
	TAKE(s, SNAPSHOT_LOW, get_sectors(o, "low_bytes", &s->low_sectors));
	TAKE(s, SNAPSHOT_CLEAR, get_sectors(o, "clear_bytes", &s->clear_sectors));
	TAKE(s, SNAPSHOT_GRACE_MS, get_u32(o, "grace_ms", &s->grace_ms));
	TAKE(s, SNAPSHOT_TAKEN_NS, get_number(o, "taken_ns", &s->taken_ns));
	TAKE(s, SNAPSHOT_TAKEN_REAL_NS, get_number(o, "taken_real_ns", &s->taken_real_ns));
	TAKE(s, SNAPSHOT_GATE_NS, get_number(o, "gate_ns", &s->gate_ns));
	TAKE(s, SNAPSHOT_FREEZE_NS, get_number(o, "freeze_ns", &s->freeze_ns));
	TAKE(s, SNAPSHOT_SEQ, get_id(o, "seq", &s->seq));
	if (count > JSON_READ_MEMBERS_MAX)
		count = JSON_READ_MEMBERS_MAX;
	if (!count)
		return 0;
	s->members = calloc(count, sizeof(*s->members));
	if (!s->members)
		return -ENOMEM;
	s->n_members = count;
	for (i = 0; i < count; i++)
		read_member(&s->members[i], json_array_get(members, i));
	return 0;
}

static void read_stats(struct blksnap_stats *s, const json_t *o)
{
	const json_t *hist = json_object_get(o, "held_histogram");
	json_int_t count;
	size_t i;

	TAKE(s, STATS_DEV, get_dev(o, "dev", &s->dev));
	TAKE(s, STATS_NAME, get_name(o, "name", s->name, sizeof(s->name)));
	TAKE(s, STATS_SNAPSHOT_ID, get_u32(o, "snapshot_id", &s->snapshot_id));
	TAKE(s, STATS_TIME_NS, get_number(o, "time_ns", &s->time_ns));
	TAKE(s, STATS_EPOCH, get_id(o, "epoch", &s->epoch));
	TAKE(s, STATS_WRITES, get_number(o, "writes", &s->writes));
	TAKE(s, STATS_WRITE_SECTORS, get_sectors(o, "write_bytes", &s->write_sectors));
	TAKE(s, STATS_INFLIGHT, get_number(o, "inflight", &s->inflight));
	TAKE(s, STATS_COW_UNITS, get_number(o, "cow_units", &s->cow_units));
	TAKE(s, STATS_COW_SECTORS, get_sectors(o, "cow_bytes", &s->cow_sectors));
	TAKE(s, STATS_COW_AHEAD_SECTORS,
	     get_sectors(o, "cow_ahead_bytes", &s->cow_ahead_sectors));
	TAKE(s, STATS_STORE_SECTORS, get_sectors(o, "store_bytes", &s->store_sectors));
	TAKE(s, STATS_HELD, get_number(o, "held", &s->held));
	TAKE(s, STATS_HELD_NS, get_number(o, "held_ns", &s->held_ns));
	for (i = 0; i < BLKSNAP_HOLD_BUCKETS && i < json_array_size(hist); i++) {
		count = json_integer_value(json_array_get(hist, i));
		s->held_hist[i] = count > 0 ? (uint64_t)count : 0;
	}
	TAKE(s, STATS_HELD_HIST, json_is_array(hist));
	TAKE(s, STATS_HELD_NOW, get_u32(o, "held_now", &s->held_now));
	TAKE(s, STATS_IMAGE_READS, get_number(o, "image_reads", &s->image_reads));
	TAKE(s, STATS_IMAGE_READ_SECTORS,
	     get_sectors(o, "image_read_bytes", &s->image_read_sectors));
	TAKE(s, STATS_IMAGE_AREA_SECTORS,
	     get_sectors(o, "image_area_bytes", &s->image_area_sectors));
	TAKE(s, STATS_IMAGE_RETRY_SECTORS,
	     get_sectors(o, "image_retry_bytes", &s->image_retry_sectors));
	TAKE(s, STATS_DISCARD_DROPPED_SECTORS,
	     get_sectors(o, "discard_dropped_bytes", &s->discard_dropped_sectors));
	TAKE(s, STATS_ERRORS, get_number(o, "errors", &s->errors));
	TAKE(s, STATS_MEMORY, get_number(o, "memory_bytes", &s->memory_bytes));
	TAKE(s, STATS_METADATA, get_number(o, "metadata_bytes", &s->metadata_bytes));
}

static const char *record_word(uint32_t type)
{
	return blksnap_record_word((enum blksnap_record_type)type);
}

static bool read_record(struct blksnap_record *record, const json_t *o)
{
	uint32_t type;

	if (!get_word(o, "type", &type, record_word))
		return false;
	record->type = (enum blksnap_record_type)type;
	get_id(o, "seq", &record->seq);
	get_id(o, "instance", &record->instance);
	get_number(o, "lost", &record->lost);
	record->resync = json_is_true(json_object_get(o, "resync"));
	record->replayed = json_is_true(json_object_get(o, "replayed"));
	record->reflected = json_is_true(json_object_get(o, "reflected"));
	return record->type != BLKSNAP_RECORD_EVENT ||
	       get_word(o, "event", &record->cmd, blksnap_command_word);
}

static void read_why(struct json_line *line, const json_t *o)
{
	uint32_t cause, reason;

	if (get_word(o, "cause", &cause, blksnap_change_cause_word)) {
		line->snapshot.cause = cause;
		line->device.cause = cause;
		TAKE(&line->snapshot, SNAPSHOT_CAUSE, 1);
		TAKE(&line->device, DEVICE_CAUSE, 1);
	}
	if (get_word(o, "reason", &reason, blksnap_del_reason_word)) {
		line->snapshot.reason = reason;
		line->device.reason = reason;
		TAKE(&line->snapshot, SNAPSHOT_REASON, 1);
		TAKE(&line->device, DEVICE_REASON, 1);
	}
}

static int read_mounts(struct json_line *line, const json_t *list)
{
	size_t i, count = json_array_size(list);
	const char *path;

	if (count > JSON_READ_MOUNTS_MAX)
		count = JSON_READ_MOUNTS_MAX;
	line->mounts = calloc(count + 1, sizeof(*line->mounts));
	if (!line->mounts)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct json_mount *mount = &line->mounts[line->n_mounts];
		const json_t *o = json_array_get(list, i);

		path = get_text(o, "path");
		if (!path || !get_dev(o, "dev", &mount->dev))
			continue;
		snprintf(mount->path, sizeof(mount->path), "%s", path);
		line->n_mounts++;
	}
	return 0;
}

static int read_object(struct json_line *line, const json_t *o, char *why, size_t size)
{
	const json_t *snapshot = json_object_get(o, "snapshot");
	const json_t *device = json_object_get(o, "device");
	const json_t *stats = json_object_get(o, "stats");
	const char *schema = get_text(o, "schema"), *type = get_text(o, "type");

	if (!schema || strcmp(schema, "blksnap.monitor/1")) {
		snprintf(why, size, "its schema is not blksnap.monitor/1");
		return -EINVAL;
	}
	get_number(o, "real_ns", &line->real_ns);
	get_number(o, "time_ns", &line->time_ns);
	line->is_stats = type && !strcmp(type, "stats");
	line->is_mounts = type && !strcmp(type, "mounts");
	if (line->is_mounts)
		return read_mounts(line, json_object_get(o, "mounts"));
	line->is_host = type && !strcmp(type, "host");
	if (line->is_host) {
		get_name(o, "host", line->host, sizeof(line->host));
		return 0;
	}
	if (!line->is_stats && !read_record(&line->record, o)) {
		snprintf(why, size, "its type \"%.20s\" is not known", type ? type : "");
		return -EINVAL;
	}
	read_why(line, o);
	if (json_is_object(snapshot)) {
		if (read_snapshot(&line->snapshot, snapshot))
			return -ENOMEM;
		line->has_snapshot = true;
		line->snapshot.time_ns = line->time_ns;
		line->record.snapshot = &line->snapshot;
	}
	if (json_is_object(device)) {
		read_device(&line->device, device);
		line->device.time_ns = line->time_ns;
		line->record.device = &line->device;
	}
	if (json_is_object(stats)) {
		read_stats(&line->stats, stats);
		line->has_stats = true;
		if (!line->time_ns)
			line->time_ns = line->stats.time_ns;
	}
	return 0;
}

int json_read_line(struct json_line *line, const char *text, size_t length,
		   char *why, size_t size)
{
	json_error_t error;
	json_t *o;
	int ret;

	memset(line, 0, sizeof(*line));
	if (length > JSON_READ_LINE_MAX) {
		snprintf(why, size, "it is longer than %u bytes", JSON_READ_LINE_MAX);
		return -EINVAL;
	}
	o = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(o)) {
		snprintf(why, size, "it is no JSON object");
		json_decref(o);
		return -EINVAL;
	}
	ret = read_object(line, o, why, size);
	if (ret)
		json_read_clear(line);
	json_decref(o);
	return ret;
}

void json_read_clear(struct json_line *line)
{
	blksnap_snapshot_clear(&line->snapshot);
	free(line->mounts);
	memset(line, 0, sizeof(*line));
}
