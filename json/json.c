// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * json: see json.h. A member whose value could not be made is left out by
 * jansson; the document as a whole is then checked when it is printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

#define PUT(object, key, value) json_object_set_new(object, key, value)

json_t *json_document(const char *thing)
{
	json_t *doc = json_object();
	char schema[64];

	snprintf(schema, sizeof(schema), "blksnap.%s/1", thing);
	PUT(doc, "schema", json_string(schema));
	return doc;
}

json_t *json_number(bool known, uint64_t value)
{
	/* jansson has signed integers only */
	if (!known || value > INT64_MAX)
		return json_null();
	return json_integer((json_int_t)value);
}

json_t *json_bytes(bool known, uint64_t sectors)
{
	return json_number(known && sectors <= INT64_MAX / BLKSNAP_SECTOR_BYTES,
			   sectors * BLKSNAP_SECTOR_BYTES);
}

json_t *json_id(bool known, uint64_t id)
{
	char text[24];

	if (!known)
		return json_null();
	snprintf(text, sizeof(text), "%llu", (unsigned long long)id);
	return json_string(text);
}

json_t *json_dev(bool known, struct blksnap_dev dev)
{
	char text[24];

	if (!known)
		return json_null();
	snprintf(text, sizeof(text), "%u:%u", dev.major, dev.minor);
	return json_string(text);
}

json_t *json_uuid(bool known, const uint8_t uuid[BLKSNAP_UUID_BYTES])
{
	char text[BLKSNAP_UUID_TEXT];

	return known ? json_string(blksnap_uuid_format(uuid, text)) : json_null();
}

/* Bytes of the character of UTF-8 that begins here; 0: none does. */
static size_t json_sequence(const unsigned char *c)
{
	size_t i, len;

	if (*c < 0x80)
		len = 1;
	else if (*c < 0xc2 || *c > 0xf4)
		len = 0;
	else
		len = *c < 0xe0 ? 2 : *c < 0xf0 ? 3 : 4;
	for (i = 1; i < len; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	/* longer than need be, half of a pair, beyond the last one */
	if ((*c == 0xe0 && c[1] < 0xa0) || (*c == 0xed && c[1] > 0x9f) ||
	    (*c == 0xf0 && c[1] < 0x90) || (*c == 0xf4 && c[1] > 0x8f))
		return 0;
	return len;
}

json_t *json_text(bool known, const char *text)
{
	char *copy, *c;
	json_t *value;
	size_t len;

	if (!known || !text)
		return json_null();
	value = json_string(text);
	if (value)
		return value;
	copy = strdup(text);
	for (c = copy; c && *c; c += len) {
		len = json_sequence((const unsigned char *)c);
		if (!len) {
			*c = '?';
			len = 1;
		}
	}
	value = copy ? json_string(copy) : NULL;
	free(copy);
	return value;
}

static json_t *json_word(bool known, const char *word)
{
	return known ? json_string(word) : json_null();
}

json_t *json_info(const struct blksnap_info *info)
{
	json_t *o = json_object();

	PUT(o, "version", json_text(BLKSNAP_HAS(info, INFO_VERSION),
				    info->version));
	PUT(o, "instance", json_id(BLKSNAP_HAS(info, INFO_INSTANCE),
				   info->instance));
	PUT(o, "seq", json_id(BLKSNAP_HAS(info, INFO_SEQ), info->seq));
	PUT(o, "seq_oldest", json_id(BLKSNAP_HAS(info, INFO_SEQ_OLDEST),
				     info->seq_oldest));
	PUT(o, "features", json_id(BLKSNAP_HAS(info, INFO_FEATURES),
				   info->features));
	PUT(o, "ranges_per_request",
	    json_number(BLKSNAP_HAS(info, INFO_RANGES_PER_REQUEST),
			info->ranges_per_request));
	PUT(o, "memory_budget_bytes",
	    json_number(BLKSNAP_HAS(info, INFO_MEMORY_BUDGET),
			info->memory_budget_bytes));
	PUT(o, "memory_used_bytes",
	    json_number(BLKSNAP_HAS(info, INFO_MEMORY_USED),
			info->memory_used_bytes));
	PUT(o, "time_ns", json_number(BLKSNAP_HAS(info, INFO_TIME_NS),
				      info->time_ns));
	return o;
}

static json_t *json_errno(bool known, int32_t error)
{
	const char *name = strerrorname_np(error < 0 ? -error : error);

	return known && error ? json_string(name ? name : "unknown") : json_null();
}

#define HAS(id) BLKSNAP_HAS(d, DEVICE_##id)
json_t *json_device(const struct blksnap_device *d)
{
	json_t *o = json_object();

	PUT(o, "dev", json_dev(HAS(DEV), d->dev));
	PUT(o, "name", json_text(HAS(NAME), d->name));
	PUT(o, "state",
	    json_word(HAS(STATE), blksnap_device_state_word(d->state)));
	PUT(o, "capacity_bytes", json_bytes(HAS(CAPACITY), d->capacity_sectors));
	PUT(o, "snapshot_id", json_id(HAS(SNAPSHOT_ID), d->snapshot_id));
	PUT(o, "image_dev", json_dev(HAS(IMAGE), d->image));
	PUT(o, "keep", json_boolean(d->keep));
	PUT(o, "unit_bytes", json_number(HAS(UNIT), d->unit_bytes));
	PUT(o, "cbt_cell_bytes", json_number(HAS(CBT_CELL), d->cbt_cell_bytes));
	PUT(o, "cbt_generation",
	    json_uuid(HAS(CBT_GENERATION), d->cbt_generation));
	PUT(o, "cbt_number", json_number(HAS(CBT_NUMBER), d->cbt_number));
	PUT(o, "cbt_memory_bytes",
	    json_number(HAS(CBT_MEMORY), d->cbt_memory_bytes));
	PUT(o, "error", json_errno(HAS(ERROR), d->error));
	PUT(o, "seq", json_id(HAS(SEQ), d->seq));
	return o;
}
#undef HAS

#define HAS(id) BLKSNAP_HAS(m, MEMBER_##id)
json_t *json_member(const struct blksnap_member *m)
{
	char path[sizeof(m->image_name) + 8];
	json_t *o = json_object();

	PUT(o, "dev", json_dev(HAS(DEV), m->dev));
	PUT(o, "name", json_text(HAS(NAME), m->name));
	PUT(o, "image_dev", json_dev(HAS(IMAGE), m->image));
	PUT(o, "image_name", json_text(HAS(IMAGE_NAME), m->image_name));
	snprintf(path, sizeof(path), "/dev/%s", m->image_name);
	PUT(o, "image_path", json_text(HAS(IMAGE_NAME), path));
	PUT(o, "capacity_bytes", json_bytes(HAS(CAPACITY), m->capacity_sectors));
	PUT(o, "freeze_result",
	    json_word(HAS(FREEZE_RESULT),
		      blksnap_freeze_result_word(m->freeze_result)));
	PUT(o, "error", json_errno(HAS(ERROR), m->error));
	PUT(o, "cbt_generation",
	    json_uuid(HAS(CBT_GENERATION), m->cbt_generation));
	PUT(o, "cbt_number", json_number(HAS(CBT_NUMBER), m->cbt_number));
	PUT(o, "openers", json_number(HAS(IMAGE_OPENERS), m->image_openers));
	PUT(o, "held", HAS(IMAGE_OPENERS) ? json_boolean(m->image_held) : json_null());
	PUT(o, "area_used_bytes", json_bytes(HAS(AREA_USED), m->area_used_sectors));
	return o;
}
#undef HAS

#define HAS(id) BLKSNAP_HAS(s, SNAPSHOT_##id)
json_t *json_snapshot(const struct blksnap_snapshot *s)
{
	json_t *o = json_object();
	json_t *members = json_array();
	size_t i;

	PUT(o, "id", json_id(HAS(ID), s->id));
	PUT(o, "uuid", json_uuid(HAS(UUID), s->uuid));
	PUT(o, "name", json_text(HAS(NAME), s->name));
	PUT(o, "state",
	    json_word(HAS(STATE), blksnap_snapshot_state_word(s->state)));
	PUT(o, "error", json_errno(HAS(ERROR), s->error));
	PUT(o, "phase",
	    json_word(HAS(PHASE), blksnap_snapshot_phase_word(s->phase)));
	PUT(o, "error_dev", json_dev(HAS(ERROR_DEV), s->error_dev));
	PUT(o, "error_offset_bytes",
	    json_bytes(HAS(ERROR_SECTOR), s->error_sector));
	PUT(o, "level", json_word(HAS(LEVEL), blksnap_area_level_word(s->level)));
	PUT(o, "area_total_bytes",
	    json_bytes(HAS(AREA_TOTAL), s->area_total_sectors));
	PUT(o, "area_used_bytes",
	    json_bytes(HAS(AREA_USED), s->area_used_sectors));
	PUT(o, "low_bytes", json_bytes(HAS(LOW), s->low_sectors));
	PUT(o, "clear_bytes", json_bytes(HAS(CLEAR), s->clear_sectors));
	PUT(o, "grace_ms", json_number(HAS(GRACE_MS), s->grace_ms));
	PUT(o, "taken_ns", json_number(HAS(TAKEN_NS), s->taken_ns));
	PUT(o, "taken_real_ns",
	    json_number(HAS(TAKEN_REAL_NS), s->taken_real_ns));
	PUT(o, "gate_ns", json_number(HAS(GATE_NS), s->gate_ns));
	PUT(o, "freeze_ns", json_number(HAS(FREEZE_NS), s->freeze_ns));
	PUT(o, "seq", json_id(HAS(SEQ), s->seq));
	for (i = 0; i < s->n_members; i++)
		json_array_append_new(members, json_member(&s->members[i]));
	PUT(o, "members", members);
	return o;
}
#undef HAS

#define HAS(id) BLKSNAP_HAS(r, RANGE_INFO_##id)
json_t *json_range(const struct blksnap_range_info *r)
{
	json_t *o = json_object();

	PUT(o, "dev", json_dev(HAS(MAJOR) && HAS(MINOR), r->dev));
	PUT(o, "name", json_text(HAS(NAME), r->name));
	PUT(o, "start_bytes", json_bytes(HAS(START), r->start_sectors));
	PUT(o, "length_bytes", json_bytes(HAS(COUNT), r->count_sectors));
	PUT(o, "used_bytes", json_bytes(HAS(USED), r->used_sectors));
	return o;
}
#undef HAS

static json_t *json_hist(const struct blksnap_stats *stats)
{
	json_t *list;
	size_t i;

	if (!BLKSNAP_HAS(stats, STATS_HELD_HIST))
		return json_null();
	list = json_array();
	for (i = 0; i < BLKSNAP_HOLD_BUCKETS; i++)
		json_array_append_new(list,
				      json_number(true, stats->held_hist[i]));
	return list;
}

#define HAS(id) BLKSNAP_HAS(s, STATS_##id)
json_t *json_stats(const struct blksnap_stats *s)
{
	json_t *o = json_object();

	PUT(o, "dev", json_dev(HAS(DEV), s->dev));
	PUT(o, "name", json_text(HAS(NAME), s->name));
	PUT(o, "snapshot_id", json_id(HAS(SNAPSHOT_ID), s->snapshot_id));
	PUT(o, "time_ns", json_number(HAS(TIME_NS), s->time_ns));
	PUT(o, "epoch", json_id(HAS(EPOCH), s->epoch));
	PUT(o, "writes", json_number(HAS(WRITES), s->writes));
	PUT(o, "write_bytes", json_bytes(HAS(WRITE_SECTORS), s->write_sectors));
	PUT(o, "inflight", json_number(HAS(INFLIGHT), s->inflight));
	PUT(o, "cow_units", json_number(HAS(COW_UNITS), s->cow_units));
	PUT(o, "cow_bytes", json_bytes(HAS(COW_SECTORS), s->cow_sectors));
	PUT(o, "cow_ahead_bytes",
	    json_bytes(HAS(COW_AHEAD_SECTORS), s->cow_ahead_sectors));
	PUT(o, "store_bytes", json_bytes(HAS(STORE_SECTORS), s->store_sectors));
	PUT(o, "held", json_number(HAS(HELD), s->held));
	PUT(o, "held_ns", json_number(HAS(HELD_NS), s->held_ns));
	PUT(o, "held_histogram", json_hist(s));
	PUT(o, "held_now", json_number(HAS(HELD_NOW), s->held_now));
	PUT(o, "image_reads", json_number(HAS(IMAGE_READS), s->image_reads));
	PUT(o, "image_read_bytes",
	    json_bytes(HAS(IMAGE_READ_SECTORS), s->image_read_sectors));
	PUT(o, "image_area_bytes",
	    json_bytes(HAS(IMAGE_AREA_SECTORS), s->image_area_sectors));
	PUT(o, "image_retry_bytes",
	    json_bytes(HAS(IMAGE_RETRY_SECTORS), s->image_retry_sectors));
	PUT(o, "discard_dropped_bytes",
	    json_bytes(HAS(DISCARD_DROPPED_SECTORS), s->discard_dropped_sectors));
	PUT(o, "errors", json_number(HAS(ERRORS), s->errors));
	PUT(o, "memory_bytes", json_number(HAS(MEMORY), s->memory_bytes));
	PUT(o, "metadata_bytes", json_number(HAS(METADATA), s->metadata_bytes));
	return o;
}
#undef HAS

static json_t *json_cause(const struct blksnap_record *rec)
{
	if (rec->snapshot && BLKSNAP_HAS(rec->snapshot, SNAPSHOT_CAUSE))
		return json_string(blksnap_change_cause_word(rec->snapshot->cause));
	if (rec->device && BLKSNAP_HAS(rec->device, DEVICE_CAUSE))
		return json_string(blksnap_change_cause_word(rec->device->cause));
	return json_null();
}

static json_t *json_reason(const struct blksnap_record *rec)
{
	if (rec->snapshot && BLKSNAP_HAS(rec->snapshot, SNAPSHOT_REASON))
		return json_string(blksnap_del_reason_word(rec->snapshot->reason));
	if (rec->device && BLKSNAP_HAS(rec->device, DEVICE_REASON))
		return json_string(blksnap_del_reason_word(rec->device->reason));
	return json_null();
}

json_t *json_record(const struct blksnap_record *rec, uint64_t real_ns)
{
	json_t *o = json_document("monitor");

	PUT(o, "type", json_string(blksnap_record_word(rec->type)));
	PUT(o, "real_ns", json_number(true, real_ns));
	PUT(o, "seq", json_id(rec->type != BLKSNAP_RECORD_GONE &&
				      rec->type != BLKSNAP_RECORD_BACK,
			      rec->seq));
	switch (rec->type) {
	case BLKSNAP_RECORD_EVENT:
		PUT(o, "event", json_string(blksnap_command_word(rec->cmd)));
		PUT(o, "cause", json_cause(rec));
		PUT(o, "reason", json_reason(rec));
		PUT(o, "replayed", json_boolean(rec->replayed));
		PUT(o, "reflected", json_boolean(rec->reflected));
		break;
	case BLKSNAP_RECORD_LOST:
		PUT(o, "lost", json_number(rec->lost != 0, rec->lost));
		break;
	case BLKSNAP_RECORD_SYNC:
		PUT(o, "resync", json_boolean(rec->resync));
		PUT(o, "instance", json_id(true, rec->instance));
		break;
	default:
		break;
	}
	if (rec->snapshot) {
		PUT(o, "time_ns", json_number(rec->snapshot->time_ns, rec->snapshot->time_ns));
		PUT(o, "snapshot", json_snapshot(rec->snapshot));
	}
	if (rec->device) {
		PUT(o, "time_ns", json_number(rec->device->time_ns, rec->device->time_ns));
		PUT(o, "device", json_device(rec->device));
	}
	return o;
}

json_t *json_record_stats(const struct blksnap_stats *stats, uint64_t real_ns)
{
	json_t *o = json_document("monitor");

	PUT(o, "type", json_string("stats"));
	PUT(o, "real_ns", json_number(true, real_ns));
	PUT(o, "time_ns", json_number(stats->time_ns, stats->time_ns));
	PUT(o, "stats", json_stats(stats));
	return o;
}

json_t *json_record_space(const struct blksnap_snapshot *snapshot, uint64_t real_ns)
{
	json_t *o = json_document("monitor");

	PUT(o, "type", json_string("stats"));
	PUT(o, "real_ns", json_number(true, real_ns));
	PUT(o, "time_ns", json_number(snapshot->time_ns, snapshot->time_ns));
	PUT(o, "snapshot", json_snapshot(snapshot));
	return o;
}

json_t *json_record_mounts(const struct json_mount *mounts, size_t count, uint64_t real_ns)
{
	json_t *o = json_document("monitor");
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < count; i++) {
		json_t *mount = json_object();

		PUT(mount, "dev", json_dev(true, mounts[i].dev));
		PUT(mount, "path", json_text(true, mounts[i].path));
		json_array_append_new(list, mount);
	}
	PUT(o, "type", json_string("mounts"));
	PUT(o, "real_ns", json_number(true, real_ns));
	PUT(o, "mounts", list);
	return o;
}

json_t *json_record_host(const char *host, uint64_t real_ns, uint64_t time_ns)
{
	json_t *o = json_document("monitor");

	PUT(o, "type", json_string("host"));
	PUT(o, "real_ns", json_number(true, real_ns));
	PUT(o, "time_ns", json_number(time_ns, time_ns));
	PUT(o, "host", json_text(true, host));
	return o;
}

json_t *json_error(const char *command, const char *subject,
		   const struct blksnap_error *err, const char *hint)
{
	json_t *doc = json_document("error");
	json_t *o = json_object();

	PUT(o, "exit", json_integer(err->exit));
	PUT(o, "code", json_string(blksnap_exit_word(err->exit)));
	PUT(o, "errno", json_errno(err->errnum != 0, -err->errnum));
	PUT(o, "command", json_text(command && *command, command));
	PUT(o, "subject", json_text(subject, subject));
	PUT(o, "message", json_text(true, err->message));
	PUT(o, "hint", json_text(hint, hint));
	PUT(o, "kernel", json_text(err->from_kernel, err->message));
	PUT(o, "attribute", json_text(err->attribute[0], err->attribute));
	PUT(o, "phase", json_word(err->phase != BLKSNAP_SNAPSHOT_PHASE_NONE,
				  blksnap_snapshot_phase_word(err->phase)));
	PUT(o, "dev", json_dev(err->has_dev, err->dev));
	PUT(o, "offset_bytes", json_bytes(err->has_sector, err->sector));
	PUT(doc, "error", o);
	return doc;
}
