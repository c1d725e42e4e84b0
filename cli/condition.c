// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * condition: see condition.h.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "condition.h"
#include "imagepath.h"
#include "json.h"
#include "out.h"

#define CONDITION_UUID_MIN 4

enum condition_field {
	FIELD_OBJECT,
	FIELD_NAME,
	FIELD_STATE,
	FIELD_LEVEL,
	FIELD_ERROR,
	FIELD_FILL,
	FIELD_USED,
	FIELD_FREE,
	FIELD_TOTAL,
	FIELD_LOW,
	FIELD_GRACE,
	FIELD_AGE,
	FIELD_TTFULL,
	FIELD_MEMBERS,
	FIELD_DEVICES,
	FIELD_SNAPSHOT,
	FIELD_SIZE,
	FIELD_KEEP,
	FIELD_INFLIGHT,
	FIELD_HELD_NOW,
	FIELD_ERRORS,
	FIELD_DISCARDED,
};

static const char *const condition_objects[] = { "snapshot", "device", NULL };
static const char *const condition_states[] = {
	"created", "taking",   "taken",	  "overflow", "failed", "destroying",
	"settling", "tracked", "snapshot", "gone",	"absent", NULL
};
static const char *const condition_levels[] = { "ok", "low", "overflow", NULL };

static const struct expr_field condition_fields[] = {
	[FIELD_OBJECT] = { "object", EXPR_WORD, condition_objects,
			   "snapshot or device" },
	[FIELD_NAME] = { "name", EXPR_TEXT, NULL, "its name" },
	[FIELD_STATE] = { "state", EXPR_WORD, condition_states,
			  "its state; absent if there is none of this name" },
	[FIELD_LEVEL] = { "level", EXPR_WORD, condition_levels,
			  "how full the area is" },
	[FIELD_ERROR] = { "error", EXPR_WORD, NULL, "what broke it, as EIO" },
	[FIELD_FILL] = { "fill", EXPR_PERCENT, NULL, "used part of the area" },
	[FIELD_USED] = { "used", EXPR_BYTES, NULL, "used space of the area" },
	[FIELD_FREE] = { "free", EXPR_BYTES, NULL, "free space of the area" },
	[FIELD_TOTAL] = { "total", EXPR_BYTES, NULL, "space of the area" },
	[FIELD_LOW] = { "low", EXPR_BYTES, NULL, "threshold of the area" },
	[FIELD_GRACE] = { "grace", EXPR_SECONDS, NULL,
			  "how long writes wait for an extension" },
	[FIELD_AGE] = { "age", EXPR_SECONDS, NULL, "time since the instant" },
	[FIELD_TTFULL] = { "ttfull", EXPR_SECONDS, NULL,
			   "time until the area is full at this rate" },
	[FIELD_MEMBERS] = { "members", EXPR_COUNT, NULL, "number of members" },
	[FIELD_DEVICES] = { "devices", EXPR_COUNT, NULL, "the same" },
	[FIELD_SNAPSHOT] = { "snapshot", EXPR_TEXT, NULL,
			     "of a device: the snapshot it is in" },
	[FIELD_SIZE] = { "size", EXPR_BYTES, NULL, "size of the device, or of the area" },
	[FIELD_KEEP] = { "keep", EXPR_BOOL, NULL,
			 "of a device: tracked beyond its snapshot" },
	[FIELD_INFLIGHT] = { "inflight", EXPR_COUNT, NULL,
			     "of a device: writes under way" },
	[FIELD_HELD_NOW] = { "held_now", EXPR_COUNT, NULL,
			 "of a device: writes held for a copy now" },
	[FIELD_ERRORS] = { "errors", EXPR_COUNT, NULL,
			   "of a device: I/O errors met" },
	[FIELD_DISCARDED] = { "discarded", EXPR_BYTES, NULL,
			      "of a device: discards not passed on" },
};

#define CONDITION_FIELDS (sizeof(condition_fields) / sizeof(*condition_fields))

const struct expr_field *condition_table(size_t *count)
{
	*count = CONDITION_FIELDS;
	return condition_fields;
}

int condition_parse(struct cli *cli, const char *subject, const char *text,
		    struct expr **expr)
{
	struct expr_error error;

	if (!expr_parse(expr, text, condition_fields, CONDITION_FIELDS, &error))
		return 0;
	return cli_refuse(cli, BLKSNAP_EXIT_USAGE, subject,
			  "blksnap(8) lists what it can ask for",
			  "%s (at \"%.20s\")", error.text,
			  error.at < strlen(text) ? text + error.at : "");
}

/* Fields of one kind of object alone. */
static bool condition_of_device(size_t field)
{
	return field == FIELD_SNAPSHOT || field >= FIELD_KEEP;
}

static bool condition_of_snapshot(size_t field)
{
	return field >= FIELD_LEVEL && field <= FIELD_DEVICES && field != FIELD_ERROR;
}

const char *condition_foreign(const struct expr *expr, bool snapshot, bool device)
{
	size_t i;

	/* whoever asks for the kind has thought of both */
	if (expr_uses(expr, FIELD_OBJECT))
		return NULL;
	for (i = 0; i < CONDITION_FIELDS; i++)
		if (expr_uses(expr, i) && ((condition_of_snapshot(i) && !snapshot) ||
					   (condition_of_device(i) && !device)))
			return condition_fields[i].name;
	return NULL;
}

/* --------------------------------------------------------------- values */

static double condition_bytes(uint64_t sectors)
{
	return (double)sectors * BLKSNAP_SECTOR_BYTES;
}

#define HAS(id) BLKSNAP_HAS(s, SNAPSHOT_##id)
static bool condition_snapshot(const struct condition_row *row,
			       enum condition_field field,
			       struct expr_value *value)
{
	const struct blksnap_snapshot *s = row->snapshot;
	bool area = HAS(AREA_TOTAL) && HAS(AREA_USED) && s->area_total_sectors;

	switch (field) {
	case FIELD_NAME:
		value->text = s->name;
		return HAS(NAME);
	case FIELD_STATE:
		value->text = blksnap_snapshot_state_word(s->state);
		return HAS(STATE);
	case FIELD_LEVEL:
		value->text = blksnap_area_level_word(s->level);
		return HAS(LEVEL);
	case FIELD_ERROR:
		value->text = out_errno(s->error);
		return s->error;
	case FIELD_FILL:
		if (area)
			value->number = 100.0 * (double)s->area_used_sectors /
					(double)s->area_total_sectors;
		return area;
	case FIELD_USED:
		value->number = condition_bytes(s->area_used_sectors);
		return HAS(AREA_USED);
	case FIELD_FREE:
		value->number = condition_bytes(s->area_total_sectors -
						s->area_used_sectors);
		return area && s->area_used_sectors <= s->area_total_sectors;
	case FIELD_TOTAL:
	case FIELD_SIZE:
		value->number = condition_bytes(s->area_total_sectors);
		return HAS(AREA_TOTAL);
	case FIELD_LOW:
		value->number = condition_bytes(s->low_sectors);
		return HAS(LOW);
	case FIELD_GRACE:
		value->number = s->grace_ms / 1e3;
		return HAS(GRACE_MS);
	case FIELD_AGE:
		value->number = ((double)row->world->now_ns -
				 (double)s->taken_ns) /
				1e9;
		return HAS(TAKEN_NS) && row->world->now_ns >= s->taken_ns;
	case FIELD_TTFULL:
		return fill_time(row->world->fill, s, &value->number);
	case FIELD_MEMBERS:
	case FIELD_DEVICES:
		value->number = (double)s->n_members;
		return true;
	default:
		return false;
	}
}
#undef HAS

static const struct blksnap_stats *condition_stats(const struct condition_row *row)
{
	const struct condition_world *w = row->world;
	size_t i;

	for (i = 0; i < w->n_stats; i++)
		if (w->stats[i].dev.major == row->device->dev.major &&
		    w->stats[i].dev.minor == row->device->dev.minor)
			return &w->stats[i];
	return NULL;
}

static bool condition_counter(const struct condition_row *row,
			      enum condition_field field,
			      struct expr_value *value)
{
	const struct blksnap_stats *stats = condition_stats(row);

	if (!stats)
		return false;
	switch (field) {
	case FIELD_INFLIGHT:
		value->number = (double)stats->inflight;
		return BLKSNAP_HAS(stats, STATS_INFLIGHT);
	case FIELD_HELD_NOW:
		value->number = stats->held_now;
		return BLKSNAP_HAS(stats, STATS_HELD_NOW);
	case FIELD_ERRORS:
		value->number = (double)stats->errors;
		return BLKSNAP_HAS(stats, STATS_ERRORS);
	default:
		value->number = condition_bytes(stats->discard_dropped_sectors);
		return BLKSNAP_HAS(stats, STATS_DISCARD_DROPPED_SECTORS);
	}
}

static bool condition_device(const struct condition_row *row,
			     enum condition_field field,
			     struct expr_value *value)
{
	const struct blksnap_device *d = row->device;
	const struct condition_world *w = row->world;
	size_t i;

	switch (field) {
	case FIELD_NAME:
		value->text = d->name;
		return d->name[0];
	case FIELD_STATE:
		value->text = blksnap_device_state_word(d->state);
		return BLKSNAP_HAS(d, DEVICE_STATE);
	case FIELD_ERROR:
		value->text = out_errno(d->error);
		return d->error;
	case FIELD_SNAPSHOT:
		for (i = 0; i < w->n_snapshots; i++)
			if (BLKSNAP_HAS(d, DEVICE_SNAPSHOT_ID) &&
			    w->snapshots[i].id == d->snapshot_id) {
				value->text = w->snapshots[i].name;
				return true;
			}
		return false;
	case FIELD_SIZE:
		value->number = condition_bytes(d->capacity_sectors);
		return BLKSNAP_HAS(d, DEVICE_CAPACITY);
	case FIELD_KEEP:
		value->number = d->keep;
		return true;
	case FIELD_INFLIGHT:
	case FIELD_HELD_NOW:
	case FIELD_ERRORS:
	case FIELD_DISCARDED:
		return condition_counter(row, field, value);
	default:
		return false;
	}
}

static bool condition_get(const void *arg, size_t field, struct expr_value *value)
{
	const struct condition_row *row = arg;

	if (field == FIELD_OBJECT) {
		value->text = row->snapshot ? "snapshot" : "device";
		return row->snapshot || row->device;
	}
	if (row->snapshot)
		return condition_snapshot(row, field, value);
	if (row->device)
		return condition_device(row, field, value);
	value->text = "absent";
	return field == FIELD_STATE;
}

bool condition_match(const struct expr *expr, const struct condition_row *row)
{
	return expr_match(expr, condition_get, row);
}

/* ---------------------------------------------------------------- world */

bool condition_wants_past(const struct expr *expr)
{
	return expr_uses(expr, FIELD_TTFULL);
}

int condition_look(struct cli *cli, struct fill *fill,
		   struct condition_world *world)
{
	struct blksnap_error err;
	struct blksnap_info info;
	size_t i;

	memset(world, 0, sizeof(*world));
	if (blksnap_info_get(cli->session, &info, &err) ||
	    blksnap_snapshot_list(cli->session, &world->snapshots,
				  &world->n_snapshots, &err) ||
	    blksnap_device_list(cli->session, &world->devices,
				&world->n_devices, &err) ||
	    blksnap_stats_list(cli->session, &world->stats, &world->n_stats,
			       &err)) {
		condition_forget(world);
		return cli_fail(cli, NULL, &err, NULL);
	}
	world->now_ns = info.time_ns;
	world->fill = fill;
	for (i = 0; fill && i < world->n_snapshots; i++)
		fill_note(fill, &world->snapshots[i], world->now_ns);
	return 0;
}

void condition_forget(struct condition_world *world)
{
	blksnap_snapshots_free(world->snapshots, world->n_snapshots);
	free(world->devices);
	free(world->stats);
	memset(world, 0, sizeof(*world));
}

bool condition_at(const struct condition_world *world, size_t i,
		  struct condition_row *row)
{
	*row = (struct condition_row){ .world = world };
	if (i < world->n_snapshots)
		row->snapshot = &world->snapshots[i];
	else if (i - world->n_snapshots < world->n_devices)
		row->device = &world->devices[i - world->n_snapshots];
	return row->snapshot || row->device;
}

static bool condition_is(const struct condition_row *row, const char *text)
{
	const char *name = strncmp(text, "/dev/", 5) ? text : text + 5;
	char uuid[BLKSNAP_UUID_TEXT], dev[OUT_DEV_MAX];

	if (row->snapshot)
		return !strcmp(row->snapshot->name, text) ||
		       !strcmp(blksnap_uuid_format(row->snapshot->uuid, uuid),
			       text);
	return !strcmp(row->device->name, name) ||
	       !strcmp(out_dev(row->device->dev, dev), text);
}

/* The only snapshot whose UUID begins so. */
static bool condition_by_uuid(const struct condition_world *world, const char *text,
			      struct condition_row *row)
{
	size_t i, len = strlen(text), found = 0;
	char uuid[BLKSNAP_UUID_TEXT];

	for (i = 0; len >= CONDITION_UUID_MIN && i < world->n_snapshots; i++) {
		blksnap_uuid_format(world->snapshots[i].uuid, uuid);
		if (!strncasecmp(uuid, text, len) && !found++)
			row->snapshot = &world->snapshots[i];
	}
	if (found == 1)
		return true;
	row->snapshot = NULL;
	return false;
}

/* The path or kernel name of an image, or a path to a device. */
static bool condition_by_path(struct cli *cli, const struct condition_world *world,
			      const char *text, struct condition_row *row)
{
	struct blksnap_error quiet, *before = cli->caught;
	struct blksnap_dev dev;
	size_t i, j;
	bool path = text[0] == '/';

	cli->caught = &quiet;
	path = path && !cli_stack(cli);
	cli->caught = before;
	if (imagepath_find(text, cli->stack, world->snapshots, world->n_snapshots, &i,
			   &j)) {
		row->snapshot = &world->snapshots[i];
		return true;
	}
	if (!path || blksnap_stack_resolve(cli->stack, text, &dev, NULL))
		return false;
	for (i = 0; i < world->n_devices; i++)
		if (world->devices[i].dev.major == dev.major &&
		    world->devices[i].dev.minor == dev.minor) {
			row->device = &world->devices[i];
			return true;
		}
	return false;
}

void condition_find(struct cli *cli, const struct condition_world *world,
		    const char *text, struct condition_row *row)
{
	size_t i;

	for (i = 0; condition_at(world, i, row); i++)
		if (condition_is(row, text))
			return;
	*row = (struct condition_row){ .world = world };
	if (!condition_by_uuid(world, text, row))
		condition_by_path(cli, world, text, row);
}

const char *condition_label(const struct condition_row *row, char *text,
			    size_t size)
{
	char dev[OUT_DEV_MAX];

	if (row->snapshot)
		snprintf(text, size, "snapshot %s", row->snapshot->name);
	else if (row->device)
		snprintf(text, size, "device %s",
			 row->device->name[0] ? row->device->name :
						out_dev(row->device->dev, dev));
	else
		snprintf(text, size, "nothing");
	return text;
}

json_t *condition_json(const struct condition_row *row)
{
	json_t *o = json_object();

	json_object_set_new(o, "snapshot",
			    row->snapshot ? json_snapshot(row->snapshot) :
					    json_null());
	json_object_set_new(o, "device", row->device ? json_device(row->device) :
						       json_null());
	return o;
}
