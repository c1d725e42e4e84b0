// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view: see view.h. Prints to stdout.
 */
#include <stdio.h>

#include "view.h"

const char *view_member(const struct blksnap_member *member,
			char text[OUT_DEV_MAX])
{
	return member->name[0] ? member->name : out_dev(member->dev, text);
}

const char *view_fill(const struct blksnap_snapshot *s, char text[OUT_SIZE_MAX])
{
	if (!BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL) ||
	    !BLKSNAP_HAS(s, SNAPSHOT_AREA_USED) || !s->area_total_sectors)
		return "-";
	snprintf(text, OUT_SIZE_MAX, "%.0f%%",
		 100.0 * (double)s->area_used_sectors /
			 (double)s->area_total_sectors);
	return text;
}

static const char *view_snapshot_name(const struct blksnap_snapshot *snapshots,
				      size_t count, uint32_t id)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (snapshots[i].id == id)
			return snapshots[i].name;
	return "-";
}

void view_devices(const struct blksnap_device *devices, size_t count,
		  const struct blksnap_snapshot *snapshots, size_t n_snapshots)
{
	static const char *const heads[] = { "DEVICE", "DEV", "STATE", ">SIZE",
					     "SNAPSHOT", "KEEP", ">CELL",
					     ">CBT-MEM", "ERROR" };
	struct table table = { .heads = heads, .columns = 9 };
	char text[OUT_SIZE_MAX], dev[OUT_DEV_MAX];
	const struct blksnap_device *d;
	char (*row)[TABLE_CELL];
	size_t i;

	for (i = 0; i < count; i++) {
		d = &devices[i];
		row = table_row(&table);
		table_set(row[0], "%s", d->name);
		table_set(row[1], "%s", out_dev(d->dev, dev));
		table_set(row[2], "%s", blksnap_device_state_word(d->state));
		table_set(row[3], "%s",
			  out_sectors(BLKSNAP_HAS(d, DEVICE_CAPACITY),
				      d->capacity_sectors, text));
		table_set(row[4], "%s",
			  BLKSNAP_HAS(d, DEVICE_SNAPSHOT_ID) ?
				  view_snapshot_name(snapshots, n_snapshots,
						     d->snapshot_id) :
				  "-");
		table_set(row[5], "%s", d->keep ? "yes" : "no");
		table_set(row[6], "%s", out_size(d->cbt_cell_bytes, text));
		table_set(row[7], "%s", out_size(d->cbt_memory_bytes, text));
		table_set(row[8], "%s", d->error ? out_errno(d->error) : "-");
	}
	table_print(&table, stdout);
	table_free(&table);
}

void view_device(const struct blksnap_device *d)
{
	char text[OUT_SIZE_MAX], dev[OUT_DEV_MAX], uuid[BLKSNAP_UUID_TEXT];

	printf("%s  %s  %s\n", d->name, out_dev(d->dev, dev),
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

void view_snapshots(const struct blksnap_snapshot *snapshots, size_t count)
{
	static const char *const heads[] = { "NAME", "UUID", "STATE", ">DEVICES",
					     "LEVEL", ">FILL", ">USED", ">AREA",
					     "TAKEN" };
	struct table table = { .heads = heads, .columns = 9 };
	char text[OUT_SIZE_MAX], time[OUT_TIME_MAX], uuid[BLKSNAP_UUID_TEXT];
	const struct blksnap_snapshot *s;
	char (*row)[TABLE_CELL];
	size_t i;

	for (i = 0; i < count; i++) {
		s = &snapshots[i];
		row = table_row(&table);
		table_set(row[0], "%s", s->name);
		table_set(row[1], "%.8s", blksnap_uuid_format(s->uuid, uuid));
		table_set(row[2], "%s", blksnap_snapshot_state_word(s->state));
		table_set(row[3], "%zu", s->n_members);
		table_set(row[4], "%s", blksnap_area_level_word(s->level));
		table_set(row[5], "%s", view_fill(s, text));
		table_set(row[6], "%s",
			  out_sectors(BLKSNAP_HAS(s, SNAPSHOT_AREA_USED),
				      s->area_used_sectors, text));
		table_set(row[7], "%s",
			  out_sectors(BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL),
				      s->area_total_sectors, text));
		table_set(row[8], "%s",
			  BLKSNAP_HAS(s, SNAPSHOT_TAKEN_REAL_NS) ?
				  out_time(s->taken_real_ns, time) :
				  "-");
	}
	table_print(&table, stdout);
	table_free(&table);
}

static void view_members(const struct blksnap_snapshot *s)
{
	char text[OUT_SIZE_MAX], dev[OUT_DEV_MAX], path[OUT_PATH_MAX];
	char uuid[BLKSNAP_UUID_TEXT];
	const struct blksnap_member *m;
	size_t i;

	for (i = 0; i < s->n_members; i++) {
		m = &s->members[i];
		printf("  %s  ->  %s", view_member(m, dev),
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

void view_snapshot(const struct blksnap_snapshot *s)
{
	char a[OUT_SIZE_MAX], b[OUT_SIZE_MAX], time[OUT_TIME_MAX];
	char uuid[BLKSNAP_UUID_TEXT], dev[OUT_DEV_MAX];

	printf("%s  %s  %s\n", s->name, blksnap_uuid_format(s->uuid, uuid),
	       blksnap_snapshot_state_word(s->state));
	if (s->error) {
		printf("  broken by   %s", out_errno(s->error));
		if (s->phase)
			printf(" in phase %s",
			       blksnap_snapshot_phase_word(s->phase));
		if (BLKSNAP_HAS(s, SNAPSHOT_ERROR_DEV))
			printf(" on %s", out_dev(s->error_dev, dev));
		if (BLKSNAP_HAS(s, SNAPSHOT_ERROR_SECTOR))
			printf(" at sector %llu",
			       (unsigned long long)s->error_sector);
		putchar('\n');
	}
	if (BLKSNAP_HAS(s, SNAPSHOT_TAKEN_REAL_NS))
		printf("  taken       %s\n", out_time(s->taken_real_ns, time));
	if (BLKSNAP_HAS(s, SNAPSHOT_GATE_NS))
		printf("  writes held %s\n", out_span(s->gate_ns, time));
	if (BLKSNAP_HAS(s, SNAPSHOT_FREEZE_NS))
		printf("  frozen      %s\n", out_span(s->freeze_ns, time));
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
	view_members(s);
}

void view_images(const struct blksnap_snapshot *snapshots, size_t count)
{
	static const char *const heads[] = { "SNAPSHOT", "ORIGIN", "IMAGE",
					     "DEV", ">SIZE", "STATE" };
	struct table table = { .heads = heads, .columns = 6 };
	char text[OUT_SIZE_MAX], dev[OUT_DEV_MAX], path[OUT_PATH_MAX];
	const struct blksnap_member *m;
	char (*row)[TABLE_CELL];
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < snapshots[i].n_members; j++) {
			m = &snapshots[i].members[j];
			if (!BLKSNAP_HAS(m, MEMBER_IMAGE))
				continue;
			row = table_row(&table);
			table_set(row[0], "%s", snapshots[i].name);
			table_set(row[1], "%s", view_member(m, dev));
			table_set(row[2], "%s", out_path(m->image_name, path));
			table_set(row[3], "%s", out_dev(m->image, dev));
			table_set(row[4], "%s",
				  out_sectors(BLKSNAP_HAS(m, MEMBER_CAPACITY),
					      m->capacity_sectors, text));
			table_set(row[5], "%s",
				  blksnap_snapshot_state_word(
					  snapshots[i].state));
		}
	table_print(&table, stdout);
	table_free(&table);
}
