// SPDX-License-Identifier: GPL-2.0-or-later
/* Records of the client library become facts; see records.h. */
#include "records.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* CLOCK_REALTIME of something that has a CLOCK_BOOTTIME. */
static uint64_t real_of(const struct instant *now, uint64_t boot_ns)
{
	if (!boot_ns || boot_ns > now->boot_ns || now->boot_ns - boot_ns > now->real_ns)
		return now->real_ns;
	return now->real_ns - (now->boot_ns - boot_ns);
}

static struct devno devno_of(struct blksnap_dev dev)
{
	return (struct devno){ .major = dev.major, .minor = dev.minor };
}

static void name_of(char to[FACT_NAME_SIZE], const char *from, struct devno dev)
{
	if (from[0])
		snprintf(to, FACT_NAME_SIZE, "%s", from);
	else
		snprintf(to, FACT_NAME_SIZE, "%u:%u", dev.major, dev.minor);
}

static enum snapshot_state snapshot_state_of(uint32_t state)
{
	switch (state) {
	case BLKSNAP_SNAPSHOT_STATE_CREATED:
		return SNAPSHOT_CREATED;
	case BLKSNAP_SNAPSHOT_STATE_TAKING:
		return SNAPSHOT_TAKING;
	case BLKSNAP_SNAPSHOT_STATE_TAKEN:
		return SNAPSHOT_TAKEN;
	case BLKSNAP_SNAPSHOT_STATE_OVERFLOW:
		return SNAPSHOT_OVERFLOW;
	case BLKSNAP_SNAPSHOT_STATE_FAILED:
		return SNAPSHOT_FAILED;
	case BLKSNAP_SNAPSHOT_STATE_DESTROYING:
		return SNAPSHOT_DESTROYING;
	default:
		return SNAPSHOT_UNKNOWN;
	}
}

static enum area_level level_of(uint32_t level)
{
	switch (level) {
	case BLKSNAP_AREA_LEVEL_LOW:
		return LEVEL_LOW;
	case BLKSNAP_AREA_LEVEL_OVERFLOW:
		return LEVEL_OVERFLOW;
	default:
		return LEVEL_OK;
	}
}

static enum device_state device_state_of(uint32_t state)
{
	switch (state) {
	case BLKSNAP_DEVICE_STATE_SETTLING:
		return DEVICE_SETTLING;
	case BLKSNAP_DEVICE_STATE_TRACKED:
		return DEVICE_TRACKED;
	case BLKSNAP_DEVICE_STATE_SNAPSHOT:
		return DEVICE_SNAPSHOT;
	case BLKSNAP_DEVICE_STATE_GONE:
		return DEVICE_GONE;
	default:
		return DEVICE_UNKNOWN;
	}
}

static enum fact_cause cause_of(uint32_t cause)
{
	switch (cause) {
	case BLKSNAP_CHANGE_CAUSE_STATE:
		return CAUSE_STATE;
	case BLKSNAP_CHANGE_CAUSE_SETTINGS:
		return CAUSE_SETTINGS;
	case BLKSNAP_CHANGE_CAUSE_EXTENDED:
		return CAUSE_EXTENDED;
	case BLKSNAP_CHANGE_CAUSE_SHRUNK:
		return CAUSE_SHRUNK;
	case BLKSNAP_CHANGE_CAUSE_LEVEL:
		return CAUSE_LEVEL;
	case BLKSNAP_CHANGE_CAUSE_REMINDER:
		return CAUSE_REMINDER;
	case BLKSNAP_CHANGE_CAUSE_CBT_RESET:
		return CAUSE_CBT_RESET;
	case BLKSNAP_CHANGE_CAUSE_AREA_READ_ERROR:
		return CAUSE_AREA_READ_ERROR;
	case BLKSNAP_CHANGE_CAUSE_IMAGE:
		return CAUSE_IMAGE;
	default:
		return CAUSE_NONE;
	}
}

static enum fact_cause reason_of(uint32_t reason)
{
	switch (reason) {
	case BLKSNAP_DEL_REASON_TAKE_FAILED:
		return CAUSE_TAKE_FAILED;
	case BLKSNAP_DEL_REASON_OWNER_EXIT:
		return CAUSE_OWNER_EXIT;
	case BLKSNAP_DEL_REASON_DEVICE_GONE:
		return CAUSE_DEVICE_GONE;
	default:
		return CAUSE_REQUEST;
	}
}

static enum fact_kind kind_of(const struct blksnap_record *record)
{
	if (record->type == BLKSNAP_RECORD_STATE)
		return FACT_STATE;
	switch (record->cmd) {
	case BLKSNAP_CMD_DEVICE_NEW_NTF:
	case BLKSNAP_CMD_SNAPSHOT_NEW_NTF:
		return FACT_NEW;
	case BLKSNAP_CMD_DEVICE_DEL_NTF:
	case BLKSNAP_CMD_SNAPSHOT_DEL_NTF:
		return FACT_DEL;
	case BLKSNAP_CMD_AREA_LEVEL_NTF:
		return FACT_LEVEL;
	default:
		return FACT_CHANGE;
	}
}

static void snapshot_fact(struct fact_snapshot *fact, const struct blksnap_snapshot *snapshot)
{
	size_t i;

	memset(fact, 0, sizeof(*fact));
	fact->id = snapshot->id;
	memcpy(fact->uuid, snapshot->uuid, sizeof(fact->uuid));
	if (snapshot->name[0])
		snprintf(fact->name, sizeof(fact->name), "%s", snapshot->name);
	else
		snprintf(fact->name, sizeof(fact->name), "#%u", snapshot->id);
	fact->state = snapshot_state_of(snapshot->state);
	fact->error = snapshot->error;
	fact->level = level_of(snapshot->level);
	fact->has_space = BLKSNAP_HAS(snapshot, SNAPSHOT_AREA_TOTAL) &&
			  BLKSNAP_HAS(snapshot, SNAPSHOT_AREA_USED);
	fact->total = snapshot->area_total_sectors;
	fact->used = snapshot->area_used_sectors;
	fact->taken_ns = snapshot->taken_ns;
	fact->time_ns = snapshot->time_ns;
	fact->taken_real_ns = snapshot->taken_real_ns;
	fact->gate_ns = snapshot->gate_ns;
	fact->freeze_ns = snapshot->freeze_ns;
	fact->low = snapshot->low_sectors;
	fact->clear = snapshot->clear_sectors;
	fact->grace_ms = snapshot->grace_ms;
	fact->phase = blksnap_snapshot_phase_word(snapshot->phase);
	fact->has_error_sector = BLKSNAP_HAS(snapshot, SNAPSHOT_ERROR_SECTOR);
	fact->error_sector = snapshot->error_sector;
	if (!BLKSNAP_HAS(snapshot, SNAPSHOT_ERROR_DEV))
		return;
	fact->error_dev = devno_of(snapshot->error_dev);
	for (i = 0; i < snapshot->n_members; i++)
		if (devno_equal(devno_of(snapshot->members[i].dev), fact->error_dev))
			name_of(fact->error_name, snapshot->members[i].name, fact->error_dev);
}

/* What of a member moves while nothing happens. */
static void tell_shares(struct model *model, const struct blksnap_snapshot *snapshot)
{
	size_t i;

	for (i = 0; i < snapshot->n_members; i++)
		if (BLKSNAP_HAS(&snapshot->members[i], MEMBER_AREA_USED))
			model_share(model, snapshot->id, devno_of(snapshot->members[i].dev),
				    snapshot->members[i].area_used_sectors);
	for (i = 0; i < snapshot->n_members; i++)
		if (BLKSNAP_HAS(&snapshot->members[i], MEMBER_IMAGE_OPENERS))
			model_openers(model, snapshot->id, devno_of(snapshot->members[i].dev),
				      snapshot->members[i].image_openers,
				      snapshot->members[i].image_held);
}

static int tell_snapshot(struct model *model,
			 const struct blksnap_snapshot *snapshot,
			 const struct fact_news *news)
{
	struct fact_member *members = NULL;
	struct fact_snapshot fact;
	size_t i;
	int err;

	if (snapshot->n_members) {
		members = calloc(snapshot->n_members, sizeof(*members));
		if (!members)
			return -ENOMEM;
	}
	for (i = 0; i < snapshot->n_members; i++) {
		const struct blksnap_member *from = &snapshot->members[i];
		struct fact_member *to = &members[i];

		to->dev = devno_of(from->dev);
		name_of(to->name, from->name, to->dev);
		snprintf(to->image_name, sizeof(to->image_name), "%s", from->image_name);
		to->capacity = from->capacity_sectors;
		to->error = from->error;
		to->has_openers = BLKSNAP_HAS(from, MEMBER_IMAGE_OPENERS);
		to->openers = from->image_openers;
		to->held = from->image_held;
		to->freeze = BLKSNAP_HAS(from, MEMBER_FREEZE_RESULT) ?
				     blksnap_freeze_result_word(from->freeze_result) :
				     "";
	}
	snapshot_fact(&fact, snapshot);
	err = model_snapshot(model, &fact, members, snapshot->n_members, news);
	tell_shares(model, snapshot);
	free(members);
	return err;
}

static int tell_device(struct model *model, const struct blksnap_device *device,
		       const struct fact_news *news)
{
	struct fact_device fact = {
		.dev = devno_of(device->dev),
		.state = device_state_of(device->state),
		.capacity = device->capacity_sectors,
		.snapshot_id = device->snapshot_id,
		.error = device->error,
		.unit_bytes = device->unit_bytes,
		.cbt_cell_bytes = device->cbt_cell_bytes,
		.cbt_number = device->cbt_number,
		.cbt_memory_bytes = device->cbt_memory_bytes,
	};

	name_of(fact.name, device->name, fact.dev);
	return model_device(model, &fact, news);
}

static int tell_object(struct model *model, const struct blksnap_record *record,
		       const struct instant *now)
{
	struct fact_news news = { .kind = kind_of(record), .seq = record->seq };

	if (record->snapshot) {
		news.real_ns = real_of(now, record->snapshot->time_ns);
		news.cause = news.kind == FACT_DEL ? reason_of(record->snapshot->reason) :
						     cause_of(record->snapshot->cause);
		return tell_snapshot(model, record->snapshot, &news);
	}
	if (record->device) {
		news.real_ns = real_of(now, record->device->time_ns);
		news.cause = news.kind == FACT_DEL ? reason_of(record->device->reason) :
						     cause_of(record->device->cause);
		return tell_device(model, record->device, &news);
	}
	return 0;
}

int records_tell(struct model *model, const struct blksnap_record *record,
		 const struct instant *now)
{
	switch (record->type) {
	case BLKSNAP_RECORD_STATE:
	case BLKSNAP_RECORD_EVENT:
		return tell_object(model, record, now);
	case BLKSNAP_RECORD_SYNC:
		model_sync_end(model, record->seq);
		break;
	case BLKSNAP_RECORD_LOST:
		model_lost(model, record->lost, now->real_ns);
		model_sync_begin(model);
		break;
	case BLKSNAP_RECORD_GONE:
		model_stale(model, now->boot_ns, now->real_ns,
			    model->source == SOURCE_WAITING ? "module not loaded" :
							      "module unloaded");
		break;
	case BLKSNAP_RECORD_BACK:
		if (model->source == SOURCE_STALE)
			model_say(model, SEVERITY_OK, now->real_ns, "module is back");
		model_sync_begin(model);
		break;
	}
	return 0;
}

void records_stats(struct model *model, const struct blksnap_stats *from)
{
	struct fact_stats stats = {
		.dev = devno_of(from->dev),
		.time_ns = from->time_ns,
		.epoch = from->epoch,
		.write_sectors = from->write_sectors,
		.cow_sectors = from->cow_sectors,
		.held = from->held,
		.image_read_sectors = from->image_read_sectors,
		.errors = from->errors,
		.writes = from->writes,
		.inflight = from->inflight,
		.cow_ahead_sectors = from->cow_ahead_sectors,
		.store_sectors = from->store_sectors,
		.held_now = from->held_now,
		.image_area_sectors = from->image_area_sectors,
		.discard_dropped_sectors = from->discard_dropped_sectors,
		.memory_bytes = from->memory_bytes,
		.metadata_bytes = from->metadata_bytes,
	};

	_Static_assert(sizeof(stats.held_hist) == sizeof(from->held_hist),
		       "the histogram has as many buckets as the protocol says");
	memcpy(stats.held_hist, from->held_hist, sizeof(stats.held_hist));
	model_stats(model, &stats);
}

void records_space(struct model *model, const struct blksnap_snapshot *from)
{
	struct fact_snapshot fact;

	snapshot_fact(&fact, from);
	model_space(model, &fact);
	tell_shares(model, from);
}
