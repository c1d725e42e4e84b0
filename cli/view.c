// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view: see view.h. Prints to stdout.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "view.h"

#define VIEW_COUNT(array) (sizeof(array) / sizeof(*(array)))

const char *view_member(const struct blksnap_member *member,
			char text[OUT_PATH_MAX])
{
	return member->name[0] ? out_plain(member->name, text) :
				 out_dev(member->dev, text);
}

const char *view_fill(const struct blksnap_snapshot *s, char text[OUT_SIZE_MAX])
{
	if (!BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL) ||
	    !BLKSNAP_HAS(s, SNAPSHOT_AREA_USED) || !s->area_total_sectors)
		return "-";
	/* rounded down: 100% is full */
	snprintf(text, OUT_SIZE_MAX, "%u%%",
		 (unsigned int)(100.0 * (double)s->area_used_sectors /
				(double)s->area_total_sectors));
	return text;
}

static const char *view_snapshot_name(const struct blksnap_snapshot *snapshots,
				      size_t count, uint32_t id)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (snapshots[i].id == id)
			return snapshots[i].name;
	return NULL;
}

/* ---------------------------------------------------------- device rows */

static const char view_untracked[] = "untracked";
static const char *const view_device_states[] = { "settling", "tracked",
						  "snapshot", "gone",
						  view_untracked, NULL };

enum {
	DEVICE_NAME, DEVICE_DEV, DEVICE_STATE, DEVICE_SIZE, DEVICE_SNAPSHOT,
	DEVICE_IMAGE, DEVICE_KEEP, DEVICE_CELL, DEVICE_CBT_MEMORY, DEVICE_CBT_NUMBER,
	DEVICE_CBT_GENERATION, DEVICE_UNIT, DEVICE_DISCARDED, DEVICE_ERROR,
};

static const struct rows_column view_device_columns[] = {
	ROWS_COLUMN(DEVICE_NAME, "name", EXPR_TEXT, NULL, "DEVICE", "kernel name"),
	ROWS_COLUMN(DEVICE_DEV, "dev", EXPR_TEXT, NULL, "DEV", "number"),
	ROWS_COLUMN(DEVICE_STATE, "state", EXPR_WORD, view_device_states, "STATE", "state"),
	ROWS_COLUMN(DEVICE_SIZE, "size", EXPR_BYTES, NULL, "SIZE", "size"),
	ROWS_COLUMN(DEVICE_SNAPSHOT, "snapshot", EXPR_TEXT, NULL, "SNAPSHOT", "snapshot it is in"),
	ROWS_MORE(DEVICE_IMAGE, "image", EXPR_TEXT, NULL, "IMAGE", "number of its image"),
	ROWS_COLUMN(DEVICE_KEEP, "keep", EXPR_BOOL, NULL, "KEEP", "stays tracked without a snapshot"),
	ROWS_COLUMN(DEVICE_CELL, "cell", EXPR_BYTES, NULL, "CELL", "what a tracking cell covers"),
	ROWS_COLUMN(DEVICE_CBT_MEMORY, "cbt_memory", EXPR_BYTES, NULL, "CBT-MEM", "memory of tracking"),
	ROWS_MORE(DEVICE_CBT_NUMBER, "cbt_number", EXPR_COUNT, NULL, "INTERVAL", "running interval"),
	ROWS_MORE(DEVICE_CBT_GENERATION, "cbt_generation", EXPR_TEXT, NULL, "GENERATION", "generation of the intervals"),
	ROWS_MORE(DEVICE_UNIT, "unit", EXPR_BYTES, NULL, "UNIT", "copy-on-write unit"),
	ROWS_MORE(DEVICE_DISCARDED, "discarded", EXPR_BYTES, NULL, "DISCARDED", "discards not passed on"),
	ROWS_COLUMN(DEVICE_ERROR, "error", EXPR_TEXT, NULL, "ERROR", "what broke it"),
};

static void view_device_row(struct rows *rows, struct rows_row *row,
			    const struct blksnap_device *d, const char *snapshot)
{
	char dev[OUT_DEV_MAX], uuid[BLKSNAP_UUID_TEXT];

	rows_text(rows, row, DEVICE_NAME, d->name[0], d->name);
	rows_text(rows, row, DEVICE_DEV, true, out_dev(d->dev, dev));
	rows_text(rows, row, DEVICE_STATE, true,
		  BLKSNAP_HAS(d, DEVICE_STATE) ?
			  blksnap_device_state_word(d->state) :
			  view_untracked);
	rows_whole(rows, row, DEVICE_SIZE, BLKSNAP_HAS(d, DEVICE_CAPACITY),
		   d->capacity_sectors * BLKSNAP_SECTOR_BYTES);
	rows_text(rows, row, DEVICE_SNAPSHOT, BLKSNAP_HAS(d, DEVICE_SNAPSHOT_ID),
		  snapshot);
	rows_text(rows, row, DEVICE_IMAGE, BLKSNAP_HAS(d, DEVICE_IMAGE),
		  out_dev(d->image, dev));
	rows_whole(rows, row, DEVICE_KEEP, true, d->keep);
	rows_whole(rows, row, DEVICE_CELL, BLKSNAP_HAS(d, DEVICE_CBT_CELL),
		   d->cbt_cell_bytes);
	rows_whole(rows, row, DEVICE_CBT_MEMORY, BLKSNAP_HAS(d, DEVICE_CBT_MEMORY),
		   d->cbt_memory_bytes);
	rows_whole(rows, row, DEVICE_CBT_NUMBER, BLKSNAP_HAS(d, DEVICE_CBT_NUMBER),
		   d->cbt_number);
	rows_text(rows, row, DEVICE_CBT_GENERATION,
		  BLKSNAP_HAS(d, DEVICE_CBT_GENERATION),
		  blksnap_uuid_format(d->cbt_generation, uuid));
	rows_whole(rows, row, DEVICE_UNIT, BLKSNAP_HAS(d, DEVICE_UNIT), d->unit_bytes);
	rows_text(rows, row, DEVICE_ERROR, d->error, out_errno(d->error));
}

const struct rows_column *devices_columns(size_t *count)
{
	*count = VIEW_COUNT(view_device_columns);
	return view_device_columns;
}

int view_devices_init(struct rows *rows, struct cli *cli)
{
	return rows_init(rows, cli, view_device_columns, VIEW_COUNT(view_device_columns));
}

/* What the counters of a device say. */
static void view_device_counters(struct rows *rows, struct rows_row *row,
				 const struct blksnap_device *d,
				 const struct blksnap_stats *stats, size_t count)
{
	const struct blksnap_stats *s;
	size_t i;

	for (i = 0; i < count; i++) {
		s = &stats[i];
		if (s->dev.major == d->dev.major && s->dev.minor == d->dev.minor)
			rows_whole(rows, row, DEVICE_DISCARDED,
				   BLKSNAP_HAS(s, STATS_DISCARD_DROPPED_SECTORS),
				   s->discard_dropped_sectors * BLKSNAP_SECTOR_BYTES);
	}
}

int view_devices(struct rows *rows, const struct blksnap_device *devices,
		 size_t count, const struct blksnap_snapshot *snapshots,
		 size_t n_snapshots)
{
	struct blksnap_stats *stats = NULL;
	struct blksnap_error err;
	struct rows_row *row;
	size_t i, n_stats = 0;
	json_t *doc;

	if (rows_wants(rows, DEVICE_DISCARDED) &&
	    blksnap_stats_list(rows->cli->session, &stats, &n_stats, &err))
		return cli_fail(rows->cli, NULL, &err, NULL);

	for (i = 0; i < count; i++) {
		doc = rows->cli->args.json ? json_device(&devices[i]) : NULL;
		if (doc && !BLKSNAP_HAS(&devices[i], DEVICE_STATE))
			json_object_set_new(doc, "state",
					    json_string(view_untracked));
		row = rows_add(rows, doc);
		view_device_row(rows, row, &devices[i],
				view_snapshot_name(snapshots, n_snapshots,
						   devices[i].snapshot_id));
		view_device_counters(rows, row, &devices[i], stats, n_stats);
	}
	free(stats);
	return rows_print(rows, "device.list", "devices");
}

void view_device(const struct blksnap_device *d)
{
	char text[OUT_SIZE_MAX], dev[OUT_DEV_MAX], uuid[BLKSNAP_UUID_TEXT];
	char path[OUT_PATH_MAX];

	printf("%s  %s  %s\n", out_plain(d->name, path), out_dev(d->dev, dev),
	       blksnap_device_state_word(d->state));
	printf("  size             %s\n",
	       out_sectors(BLKSNAP_HAS(d, DEVICE_CAPACITY), d->capacity_sectors,
			   text));
	if (BLKSNAP_HAS(d, DEVICE_SNAPSHOT_ID))
		printf("  snapshot         %u\n", d->snapshot_id);
	if (BLKSNAP_HAS(d, DEVICE_IMAGE))
		printf("  image            %s\n", out_dev(d->image, dev));
	printf("  kept             %s\n",
	       d->keep ? "yes" : "no, detached with its snapshot");
	if (d->error)
		printf("  error            %s\n", out_errno(d->error));
	printf("  unit             %s\n", out_size(d->unit_bytes, text));
	printf("  tracking cell    %s\n", out_size(d->cbt_cell_bytes, text));
	if (BLKSNAP_HAS(d, DEVICE_CBT_GENERATION))
		printf("  generation       %s:%u\n",
		       blksnap_uuid_format(d->cbt_generation, uuid),
		       d->cbt_number);
	printf("  tracking memory  %s\n", out_size(d->cbt_memory_bytes, text));
}

/* -------------------------------------------------------- snapshot rows */

static const char *const view_snapshot_states[] = { "created",	"taking",
						    "taken",	"overflow",
						    "failed",	"destroying",
						    NULL };
static const char *const view_levels[] = { "ok", "low", "overflow", NULL };

enum {
	SNAPSHOT_NAME, SNAPSHOT_UUID, SNAPSHOT_ID, SNAPSHOT_STATE, SNAPSHOT_DEVICES,
	SNAPSHOT_LEVEL, SNAPSHOT_FILL, SNAPSHOT_USED, SNAPSHOT_FREE, SNAPSHOT_SIZE,
	SNAPSHOT_LOW, SNAPSHOT_CLEAR, SNAPSHOT_GRACE, SNAPSHOT_READERS, SNAPSHOT_TAKEN,
	SNAPSHOT_AGE, SNAPSHOT_GATE, SNAPSHOT_FROZEN, SNAPSHOT_ERROR, SNAPSHOT_RATE,
	SNAPSHOT_TTFULL, SNAPSHOT_RANGES, SNAPSHOT_COLUMNS,
};

static const struct rows_column view_snapshot_columns[] = {
	ROWS_COLUMN(SNAPSHOT_NAME, "name", EXPR_TEXT, NULL, "NAME", "name"),
	ROWS_MORE(SNAPSHOT_UUID, "uuid", EXPR_TEXT, NULL, "UUID", "identity"),
	ROWS_COLUMN(SNAPSHOT_ID, "id", EXPR_TEXT, NULL, "ID", "first characters of the UUID"),
	ROWS_COLUMN(SNAPSHOT_STATE, "state", EXPR_WORD, view_snapshot_states, "STATE", "state"),
	[SNAPSHOT_DEVICES] = { { "devices", EXPR_COUNT, NULL, "members" }, "members", "DEVICES", false },
	ROWS_COLUMN(SNAPSHOT_LEVEL, "level", EXPR_WORD, view_levels, "LEVEL", "level of the area"),
	ROWS_COLUMN(SNAPSHOT_FILL, "fill", EXPR_PERCENT, NULL, "FILL", "used part of the area"),
	ROWS_COLUMN(SNAPSHOT_USED, "used", EXPR_BYTES, NULL, "USED", "used of the area"),
	ROWS_MORE(SNAPSHOT_FREE, "free", EXPR_BYTES, NULL, "FREE", "free in the area"),
	[SNAPSHOT_SIZE] = { { "size", EXPR_BYTES, NULL, "size of the area" }, "total", "AREA", false },
	ROWS_MORE(SNAPSHOT_LOW, "low", EXPR_BYTES, NULL, "LOW", "low while less is free"),
	ROWS_MORE(SNAPSHOT_CLEAR, "clear", EXPR_BYTES, NULL, "CLEAR", "ok again when so much is free"),
	ROWS_MORE(SNAPSHOT_GRACE, "grace", EXPR_SECONDS, NULL, "GRACE", "how long writes wait for space"),
	ROWS_MORE(SNAPSHOT_READERS, "readers", EXPR_COUNT, NULL, "READERS", "how many times its images are open"),
	ROWS_COLUMN(SNAPSHOT_TAKEN, "taken", EXPR_TEXT, NULL, "TAKEN", "instant, local time"),
	ROWS_MORE(SNAPSHOT_AGE, "age", EXPR_SECONDS, NULL, "AGE", "time since then"),
	ROWS_MORE(SNAPSHOT_GATE, "gate", EXPR_SECONDS, NULL, "GATE", "how long the take held writes"),
	ROWS_MORE(SNAPSHOT_FROZEN, "frozen", EXPR_SECONDS, NULL, "FROZEN", "how long it froze file systems"),
	ROWS_MORE(SNAPSHOT_ERROR, "error", EXPR_TEXT, NULL, "ERROR", "what broke it"),
	ROWS_MORE(SNAPSHOT_RATE, "rate", EXPR_RATE, NULL, "RATE", "how fast it fills, with --sample"),
	ROWS_MORE(SNAPSHOT_TTFULL, "ttfull", EXPR_SECONDS, NULL, "TO-FULL", "time until it is full at this rate, with --sample"),
	ROWS_MORE(SNAPSHOT_RANGES, "ranges", EXPR_COUNT, NULL, "RANGES", "ranges of the area"),
};

static void view_snapshot_area(struct rows *rows, struct rows_row *row,
			       const struct blksnap_snapshot *s)
{
	bool total = BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL);
	bool used = BLKSNAP_HAS(s, SNAPSHOT_AREA_USED);
	bool both = total && used && s->area_used_sectors <= s->area_total_sectors;

	rows_text(rows, row, SNAPSHOT_LEVEL, true, blksnap_area_level_word(s->level));
	rows_real(rows, row, SNAPSHOT_FILL, both && s->area_total_sectors,
		  both && s->area_total_sectors ?
			  100.0 * (double)s->area_used_sectors /
				  (double)s->area_total_sectors :
			  0);
	rows_whole(rows, row, SNAPSHOT_USED, used,
		   s->area_used_sectors * BLKSNAP_SECTOR_BYTES);
	rows_whole(rows, row, SNAPSHOT_FREE, both,
		   (s->area_total_sectors - s->area_used_sectors) *
			   BLKSNAP_SECTOR_BYTES);
	rows_whole(rows, row, SNAPSHOT_SIZE, total,
		   s->area_total_sectors * BLKSNAP_SECTOR_BYTES);
	rows_whole(rows, row, SNAPSHOT_LOW, BLKSNAP_HAS(s, SNAPSHOT_LOW),
		   s->low_sectors * BLKSNAP_SECTOR_BYTES);
	rows_whole(rows, row, SNAPSHOT_CLEAR, BLKSNAP_HAS(s, SNAPSHOT_CLEAR),
		   s->clear_sectors * BLKSNAP_SECTOR_BYTES);
	rows_real(rows, row, SNAPSHOT_GRACE, BLKSNAP_HAS(s, SNAPSHOT_GRACE_MS),
		  s->grace_ms / 1e3);
}

/* How many times the images are open; false if that is not known of one. */
static bool view_readers(const struct blksnap_snapshot *s, uint64_t *readers)
{
	size_t i;

	*readers = 0;
	for (i = 0; i < s->n_members; i++) {
		if (!BLKSNAP_HAS(&s->members[i], MEMBER_IMAGE_OPENERS))
			return false;
		*readers += s->members[i].image_openers;
	}
	return true;
}

static void view_snapshot_row(struct rows *rows, struct rows_row *row,
			      const struct blksnap_snapshot *s)
{
	char time[OUT_TIME_MAX], uuid[BLKSNAP_UUID_TEXT];
	uint64_t now = out_boot_ns(), readers;
	bool known = view_readers(s, &readers);

	rows_whole(rows, row, SNAPSHOT_READERS, known, readers);
	rows_text(rows, row, SNAPSHOT_NAME, true, s->name);
	blksnap_uuid_format(s->uuid, uuid);
	rows_text(rows, row, SNAPSHOT_UUID, true, uuid);
	uuid[8] = 0;
	rows_text(rows, row, SNAPSHOT_ID, true, uuid);
	rows_text(rows, row, SNAPSHOT_STATE, true,
		  blksnap_snapshot_state_word(s->state));
	rows_whole(rows, row, SNAPSHOT_DEVICES, true, s->n_members);
	view_snapshot_area(rows, row, s);
	rows_text(rows, row, SNAPSHOT_TAKEN, BLKSNAP_HAS(s, SNAPSHOT_TAKEN_REAL_NS),
		  out_time(s->taken_real_ns, time));
	rows_real(rows, row, SNAPSHOT_AGE,
		  BLKSNAP_HAS(s, SNAPSHOT_TAKEN_NS) && now >= s->taken_ns,
		  (double)(now - s->taken_ns) / 1e9);
	rows_real(rows, row, SNAPSHOT_GATE, BLKSNAP_HAS(s, SNAPSHOT_GATE_NS),
		  (double)s->gate_ns / 1e9);
	rows_real(rows, row, SNAPSHOT_FROZEN, BLKSNAP_HAS(s, SNAPSHOT_FREEZE_NS),
		  (double)s->freeze_ns / 1e9);
	rows_text(rows, row, SNAPSHOT_ERROR, s->error, out_errno(s->error));
}

/* All but what the area alone has. */
static const struct rows_column *view_snapshots_columns(bool sampled)
{
	static struct rows_column columns[SNAPSHOT_RANGES];

	memcpy(columns, view_snapshot_columns, sizeof(columns));
	columns[SNAPSHOT_RATE].hidden = columns[SNAPSHOT_TTFULL].hidden = !sampled;
	return columns;
}

const struct rows_column *snapshots_columns(size_t *count)
{
	*count = SNAPSHOT_RANGES;
	return view_snapshots_columns(false);
}

int view_snapshots_init(struct rows *rows, struct cli *cli, bool sampled)
{
	return rows_init(rows, cli, view_snapshots_columns(sampled), SNAPSHOT_RANGES);
}

static void view_snapshot_fill(struct rows *rows, struct rows_row *row,
			       const struct blksnap_snapshot *s,
			       const struct fill *fill)
{
	double rate = 0, left = 0;
	/* before they are read: arguments have no order */
	bool has_rate = fill_rate(fill, s, &rate);
	bool has_left = fill_time(fill, s, &left);

	rows_real(rows, row, SNAPSHOT_RATE, has_rate, rate);
	rows_real(rows, row, SNAPSHOT_TTFULL, has_left, left);
}

json_t *view_snapshot_json(const struct blksnap_snapshot *s, const struct fill *fill)
{
	json_t *o = json_snapshot(s);
	double value = 0;

	json_object_set_new(o, "fill_bytes_per_second",
			    fill_rate(fill, s, &value) ? json_real(value) : json_null());
	json_object_set_new(o, "time_to_full_seconds",
			    fill_time(fill, s, &value) ? json_real(value) : json_null());
	return o;
}

int view_snapshots(struct rows *rows, const struct blksnap_snapshot *snapshots,
		   size_t count, const struct fill *fill)
{
	struct rows_row *row;
	json_t *doc;
	size_t i;

	for (i = 0; i < count; i++) {
		doc = rows->cli->args.json ? view_snapshot_json(&snapshots[i], fill) : NULL;
		row = rows_add(rows, doc);
		view_snapshot_row(rows, row, &snapshots[i]);
		view_snapshot_fill(rows, row, &snapshots[i], fill);
	}
	return rows_print(rows, "snapshot.list", "snapshots");
}

/* ------------------------------------------------------------ area rows */

/* Those of snapshots, with others shown. */
static const struct rows_column *view_areas_columns(bool sampled)
{
	static struct rows_column columns[SNAPSHOT_COLUMNS];
	size_t i;

	memcpy(columns, view_snapshot_columns, sizeof(columns));
	columns[SNAPSHOT_NAME].field.name = "snapshot";
	columns[SNAPSHOT_NAME].alias = "name";
	columns[SNAPSHOT_NAME].head = "SNAPSHOT";
	columns[SNAPSHOT_SIZE].head = "SIZE";
	for (i = 0; i < SNAPSHOT_COLUMNS; i++)
		columns[i].hidden = i == SNAPSHOT_UUID || i == SNAPSHOT_ID ||
				    i == SNAPSHOT_DEVICES || i == SNAPSHOT_CLEAR ||
				    (i >= SNAPSHOT_READERS && i < SNAPSHOT_RATE) ||
				    (i >= SNAPSHOT_RATE && i < SNAPSHOT_RANGES && !sampled);
	return columns;
}

const struct rows_column *areas_columns(size_t *count)
{
	*count = SNAPSHOT_COLUMNS;
	return view_areas_columns(false);
}

int view_areas_init(struct rows *rows, struct cli *cli, bool sampled)
{
	return rows_init(rows, cli, view_areas_columns(sampled), SNAPSHOT_COLUMNS);
}

void view_areas_add(struct rows *rows, const struct blksnap_snapshot *s,
		    size_t ranges, const struct fill *fill, json_t *doc)
{
	struct rows_row *row = rows_add(rows, doc);

	view_snapshot_row(rows, row, s);
	rows_whole(rows, row, SNAPSHOT_RANGES, true, ranges);
	view_snapshot_fill(rows, row, s, fill);
}

static void view_members(const struct blksnap_snapshot *s)
{
	char text[OUT_SIZE_MAX], name[OUT_PATH_MAX], path[OUT_PATH_MAX];
	char uuid[BLKSNAP_UUID_TEXT];
	const struct blksnap_member *m;
	size_t i;

	for (i = 0; i < s->n_members; i++) {
		m = &s->members[i];
		printf("  %s  ->  %s", view_member(m, name),
		       BLKSNAP_HAS(m, MEMBER_IMAGE_NAME) ?
			       out_path(m->image_name, path) :
			       "no image");
		printf("  %s", out_sectors(BLKSNAP_HAS(m, MEMBER_CAPACITY),
					   m->capacity_sectors, text));
		if (BLKSNAP_HAS(m, MEMBER_FREEZE_RESULT))
			printf("  %s", blksnap_freeze_result_word(m->freeze_result));
		if (m->error)
			printf("  %s", out_errno(m->error));
		putchar('\n');
		if (BLKSNAP_HAS(m, MEMBER_CBT_GENERATION))
			printf("      since-number %s:%u\n",
			       blksnap_uuid_format(m->cbt_generation, uuid),
			       m->cbt_number);
	}
}

void view_area(const struct blksnap_snapshot *s)
{
	char a[OUT_SIZE_MAX], b[OUT_SIZE_MAX];

	printf("  area        %s of %s (%s)",
	       out_sectors(BLKSNAP_HAS(s, SNAPSHOT_AREA_USED),
			   s->area_used_sectors, a),
	       out_sectors(BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL),
			   s->area_total_sectors, b),
	       blksnap_area_level_word(s->level));
	if (s->low_sectors)
		printf(", low below %s free", out_sectors(true, s->low_sectors, a));
	putchar('\n');
	if (s->grace_ms)
		printf("  grace       %u ms\n", s->grace_ms);
}

/* What broke a snapshot, in words; NULL if there is no more to say. */
static const char *view_why(const struct blksnap_snapshot *s)
{
	static const struct {
		uint32_t phase;
		int error;
		const char *why;
	} whys[] = {
		{ BLKSNAP_SNAPSHOT_PHASE_COPY, ENOSPC, "its area was full" },
		{ BLKSNAP_SNAPSHOT_PHASE_COPY, EIO,
		  "the origin could not be read before it was overwritten" },
		{ BLKSNAP_SNAPSHOT_PHASE_COPY, ENODEV,
		  "the origin went away, or became smaller" },
		{ BLKSNAP_SNAPSHOT_PHASE_COPY, ETIMEDOUT,
		  "an origin answered no read for too long while writes to another one waited" },
		{ BLKSNAP_SNAPSHOT_PHASE_COPY, ECANCELED,
		  "a secure erase was to leave nothing of the past" },
		{ BLKSNAP_SNAPSHOT_PHASE_COPY, EHOSTDOWN,
		  "the machine hibernated" },
		{ BLKSNAP_SNAPSHOT_PHASE_STORE, ENOSPC, "its area was full" },
		{ BLKSNAP_SNAPSHOT_PHASE_STORE, EIO,
		  "its area could not be written" },
		{ BLKSNAP_SNAPSHOT_PHASE_STORE, ENODEV,
		  "a device of its area went away" },
		{ BLKSNAP_SNAPSHOT_PHASE_STORE, ETIMEDOUT,
		  "its area took nothing for too long" },
		{ BLKSNAP_SNAPSHOT_PHASE_STORE, ENOMEM,
		  "there was no memory to remember where copies are" },
	};
	size_t i;

	for (i = 0; i < sizeof(whys) / sizeof(whys[0]); i++)
		if (s->phase == whys[i].phase && abs(s->error) == whys[i].error)
			return whys[i].why;
	return NULL;
}

/* "EIO in phase store on 8:16 at sector 5" */
static void view_error(const struct blksnap_snapshot *s)
{
	char dev[OUT_DEV_MAX];

	fputs(out_errno(s->error), stdout);
	if (s->phase)
		printf(" in phase %s", blksnap_snapshot_phase_word(s->phase));
	if (BLKSNAP_HAS(s, SNAPSHOT_ERROR_DEV))
		printf(" on %s", out_dev(s->error_dev, dev));
	if (BLKSNAP_HAS(s, SNAPSHOT_ERROR_SECTOR))
		printf(" at sector %llu", (unsigned long long)s->error_sector);
}

int view_state_of(struct cli *cli, const struct blksnap_snapshot *all, size_t count,
		  const struct fill *fill, bool sampled)
{
	static struct rows_column columns[SNAPSHOT_COLUMNS];
	struct rows_row *row;
	char name[OUT_PATH_MAX];
	struct rows rows;
	size_t i;
	int ret;

	memcpy(columns, view_snapshot_columns, sizeof(columns));
	columns[SNAPSHOT_READERS].hidden = false;
	columns[SNAPSHOT_TTFULL].hidden = !sampled;
	ret = rows_init(&rows, cli, columns, SNAPSHOT_COLUMNS);
	for (i = 0; !ret && i < count; i++) {
		row = rows_add(&rows, NULL);
		view_snapshot_row(&rows, row, &all[i]);
		view_snapshot_fill(&rows, row, &all[i], fill);
	}
	if (!ret)
		ret = rows_print(&rows, "status", "snapshots");
	rows_free(&rows);
	for (i = 0; !ret && i < count; i++) {
		if (!all[i].error)
			continue;
		printf("\n%s was broken by ", out_plain(all[i].name, name));
		view_error(&all[i]);
		printf("%s%s\n", view_why(&all[i]) ? ": " : "",
		       view_why(&all[i]) ? view_why(&all[i]) : "");
	}
	return ret;
}

void view_snapshot_head(const struct blksnap_snapshot *s)
{
	char uuid[BLKSNAP_UUID_TEXT];

	printf("%s  %s  %s\n", s->name, blksnap_uuid_format(s->uuid, uuid),
	       blksnap_snapshot_state_word(s->state));
	if (s->error) {
		fputs("  broken by   ", stdout);
		view_error(s);
		putchar('\n');
		if (view_why(s))
			printf("              %s\n", view_why(s));
	}
}

void view_snapshot(const struct blksnap_snapshot *s)
{
	char time[OUT_TIME_MAX];

	view_snapshot_head(s);
	if (BLKSNAP_HAS(s, SNAPSHOT_TAKEN_REAL_NS))
		printf("  taken       %s\n", out_time(s->taken_real_ns, time));
	if (BLKSNAP_HAS(s, SNAPSHOT_GATE_NS))
		printf("  writes held %s\n", out_span(s->gate_ns, time));
	if (BLKSNAP_HAS(s, SNAPSHOT_FREEZE_NS))
		printf("  frozen      %s\n", out_span(s->freeze_ns, time));
	view_area(s);
	view_members(s);
}

/* ----------------------------------------------------------- image rows */

enum {
	IMAGE_SNAPSHOT, IMAGE_ORIGIN, IMAGE_PATH, IMAGE_DEV, IMAGE_SIZE, IMAGE_STATE,
	IMAGE_READABLE, IMAGE_OPENERS, IMAGE_CBT,
};

static const struct rows_column view_image_columns[] = {
	ROWS_COLUMN(IMAGE_SNAPSHOT, "snapshot", EXPR_TEXT, NULL, "SNAPSHOT", "snapshot"),
	ROWS_COLUMN(IMAGE_ORIGIN, "origin", EXPR_TEXT, NULL, "ORIGIN", "device it shows"),
	ROWS_COLUMN(IMAGE_PATH, "image", EXPR_TEXT, NULL, "IMAGE", "path"),
	ROWS_COLUMN(IMAGE_DEV, "dev", EXPR_TEXT, NULL, "DEV", "number"),
	ROWS_COLUMN(IMAGE_SIZE, "size", EXPR_BYTES, NULL, "SIZE", "size"),
	ROWS_COLUMN(IMAGE_STATE, "state", EXPR_WORD, view_snapshot_states, "STATE", "state of the snapshot"),
	ROWS_MORE(IMAGE_READABLE, "readable", EXPR_BOOL, NULL, "READABLE", "can be read"),
	ROWS_MORE(IMAGE_OPENERS, "openers", EXPR_COUNT, NULL, "OPENERS", "how many times it is open"),
	ROWS_MORE(IMAGE_CBT, "since", EXPR_TEXT, NULL, "SINCE", "GENERATION:NUMBER of its changes"),
};

static void view_image_row(struct rows *rows, struct rows_row *row,
			   const struct blksnap_snapshot *s,
			   const struct blksnap_member *m)
{
	char text[BLKSNAP_UUID_TEXT + 12], dev[OUT_DEV_MAX], path[OUT_PATH_MAX];
	char name[OUT_PATH_MAX];

	rows_text(rows, row, IMAGE_SNAPSHOT, true, s->name);
	rows_text(rows, row, IMAGE_ORIGIN, true, view_member(m, name));
	rows_text(rows, row, IMAGE_PATH, BLKSNAP_HAS(m, MEMBER_IMAGE_NAME),
		  out_path(m->image_name, path));
	rows_text(rows, row, IMAGE_DEV, true, out_dev(m->image, dev));
	rows_whole(rows, row, IMAGE_SIZE, BLKSNAP_HAS(m, MEMBER_CAPACITY),
		   m->capacity_sectors * BLKSNAP_SECTOR_BYTES);
	rows_text(rows, row, IMAGE_STATE, true, blksnap_snapshot_state_word(s->state));
	rows_whole(rows, row, IMAGE_READABLE, true,
		   s->state == BLKSNAP_SNAPSHOT_STATE_TAKEN);
	rows_whole(rows, row, IMAGE_OPENERS, BLKSNAP_HAS(m, MEMBER_IMAGE_OPENERS),
		   m->image_openers);
	blksnap_uuid_format(m->cbt_generation, text);
	snprintf(text + strlen(text), 12, ":%u", m->cbt_number);
	rows_text(rows, row, IMAGE_CBT, BLKSNAP_HAS(m, MEMBER_CBT_GENERATION), text);
}

json_t *view_image_json(const struct blksnap_snapshot *s,
			const struct blksnap_member *m)
{
	json_t *o = json_member(m);
	char uuid[BLKSNAP_UUID_TEXT];

	json_object_set_new(o, "snapshot", json_text(true, s->name));
	json_object_set_new(o, "snapshot_uuid",
			    json_string(blksnap_uuid_format(s->uuid, uuid)));
	json_object_set_new(o, "state",
			    json_string(blksnap_snapshot_state_word(s->state)));
	json_object_set_new(o, "seq", json_id(BLKSNAP_HAS(s, SNAPSHOT_SEQ), s->seq));
	json_object_set_new(o, "readable",
			    json_boolean(s->state == BLKSNAP_SNAPSHOT_STATE_TAKEN));
	return o;
}

const struct rows_column *images_columns(size_t *count)
{
	*count = VIEW_COUNT(view_image_columns);
	return view_image_columns;
}

int view_images_init(struct rows *rows, struct cli *cli)
{
	return rows_init(rows, cli, view_image_columns, VIEW_COUNT(view_image_columns));
}

int view_images(struct rows *rows, const struct blksnap_snapshot *snapshots,
		size_t count)
{
	const struct blksnap_member *m;
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < snapshots[i].n_members; j++) {
			m = &snapshots[i].members[j];
			if (BLKSNAP_HAS(m, MEMBER_IMAGE))
				view_image_row(rows,
					       rows_add(rows,
							view_image_json(&snapshots[i],
									m)),
					       &snapshots[i], m);
		}
	return rows_print(rows, "image.list", "images");
}
