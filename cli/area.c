// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * area: where overwritten blocks are kept.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "cli.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "source.h"
#include "view.h"

/* ---------------------------------------------------------------- list */

static json_t *area_json(const struct blksnap_snapshot *s,
			 const struct blksnap_range_info *ranges, size_t count)
{
	json_t *o = json_object();
	json_t *list = json_array();
	char uuid[BLKSNAP_UUID_TEXT];
	size_t i;

	for (i = 0; i < count; i++)
		json_array_append_new(list, json_range(&ranges[i]));
	json_object_set_new(o, "snapshot", json_text(true, s->name));
	json_object_set_new(o, "uuid",
			    json_string(blksnap_uuid_format(s->uuid, uuid)));
	json_object_set_new(o, "level",
			    json_string(blksnap_area_level_word(s->level)));
	json_object_set_new(o, "total_bytes",
			    json_bytes(BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL),
				       s->area_total_sectors));
	json_object_set_new(o, "used_bytes",
			    json_bytes(BLKSNAP_HAS(s, SNAPSHOT_AREA_USED),
				       s->area_used_sectors));
	json_object_set_new(o, "low_bytes",
			    json_bytes(BLKSNAP_HAS(s, SNAPSHOT_LOW),
				       s->low_sectors));
	json_object_set_new(o, "clear_bytes",
			    json_bytes(BLKSNAP_HAS(s, SNAPSHOT_CLEAR),
				       s->clear_sectors));
	json_object_set_new(o, "grace_ms",
			    json_number(BLKSNAP_HAS(s, SNAPSHOT_GRACE_MS),
					s->grace_ms));
	json_object_set_new(o, "ranges", list);
	return o;
}

static int area_rows(struct cli *cli, const struct blksnap_snapshot *all,
		     size_t count, struct rows *rows)
{
	struct blksnap_range_info *ranges;
	struct blksnap_error err;
	size_t i, n;

	for (i = 0; i < count; i++) {
		if (blksnap_area_list(cli->session, all[i].id, &ranges, &n, &err)) {
			/* destroyed since it was listed */
			if (err.exit == BLKSNAP_EXIT_NOT_FOUND && count > 1)
				continue;
			return cli_fail(cli, all[i].name, &err, NULL);
		}
		view_areas_add(rows, &all[i], n,
			       cli->args.json ? area_json(&all[i], ranges, n) : NULL);
		free(ranges);
	}
	return rows_print(rows, "area.list", "areas");
}

int area_cmd_list(struct cli *cli)
{
	struct blksnap_snapshot *all = NULL;
	struct blksnap_error err;
	size_t count = 0;
	struct rows rows;
	int ret;

	ret = view_areas_init(&rows, cli);
	if (!ret)
		ret = cli_connect(cli);
	if (!ret && cli->args.n_args) {
		all = calloc(1, sizeof(*all));
		count = all ? 1 : 0;
		ret = all ? cli_snapshot(cli, cli->args.args[0], all) :
			    cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				       "out of memory");
	} else if (!ret &&
		   blksnap_snapshot_list(cli->session, &all, &count, &err)) {
		ret = cli_fail(cli, NULL, &err, NULL);
	}
	if (!ret)
		ret = area_rows(cli, all, count, &rows);
	blksnap_snapshots_free(all, count);
	rows_free(&rows);
	return ret == ROWS_HELP ? 0 : ret;
}

/* ---------------------------------------------------------------- show */

static void area_print(const struct blksnap_snapshot *s,
		       const struct blksnap_range_info *ranges, size_t count)
{
	static const char *const heads[] = { "DEVICE", ">START", ">LENGTH", ">USED" };
	struct table table = { .heads = heads, .columns = 4 };
	char text[OUT_SIZE_MAX], dev[OUT_DEV_MAX];
	char (*row)[TABLE_CELL];
	size_t i;

	view_area(s);
	for (i = 0; i < count; i++) {
		row = table_row(&table);
		table_set(row[0], "%s",
			  ranges[i].name[0] ? ranges[i].name :
					      out_dev(ranges[i].dev, dev));
		table_set(row[1], "%s",
			  out_sectors(true, ranges[i].start_sectors, text));
		table_set(row[2], "%s",
			  out_sectors(true, ranges[i].count_sectors, text));
		table_set(row[3], "%s",
			  out_sectors(BLKSNAP_HAS(&ranges[i], RANGE_INFO_USED),
				      ranges[i].used_sectors, text));
	}
	table_print(&table, stdout);
	table_free(&table);
}

int area_cmd_show(struct cli *cli)
{
	struct blksnap_range_info *ranges;
	struct blksnap_snapshot s;
	struct blksnap_error err;
	json_t *doc;
	size_t n;
	int ret = cli_snapshot(cli, cli->args.args[0], &s);

	if (ret)
		return ret;
	if (blksnap_area_list(cli->session, s.id, &ranges, &n, &err)) {
		ret = cli_fail(cli, s.name, &err, NULL);
	} else if (cli->args.json) {
		doc = json_document("area.show");
		json_object_set_new(doc, "area", area_json(&s, ranges, n));
		ret = cli_print_json(cli, doc);
		free(ranges);
	} else {
		area_print(&s, ranges, n);
		free(ranges);
	}
	blksnap_snapshot_clear(&s);
	return ret;
}

/* ---------------------------------------------------- extend and remove */

static int area_done(struct cli *cli, const char *thing,
		     const struct blksnap_snapshot *s)
{
	char a[OUT_SIZE_MAX], b[OUT_SIZE_MAX];
	json_t *doc;

	if (cli->args.json) {
		doc = json_document(thing);
		json_object_set_new(doc, "snapshot", json_snapshot(s));
		return cli_print_done(cli, doc, true);
	}
	printf("%s: %s%s of %s used (%s)\n", s->name,
	       cli->args.dry ? "would be changed, now " : "",
	       out_sectors(BLKSNAP_HAS(s, SNAPSHOT_AREA_USED),
			   s->area_used_sectors, a),
	       out_sectors(BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL),
			   s->area_total_sectors, b),
	       blksnap_area_level_word(s->level));
	return 0;
}

static struct blksnap_dev *area_members(const struct blksnap_snapshot *s)
{
	struct blksnap_dev *devs = calloc(s->n_members + 1, sizeof(*devs));
	size_t i;

	for (i = 0; devs && i < s->n_members; i++)
		devs[i] = s->members[i].dev;
	return devs;
}

int area_grow(struct cli *cli, const struct blksnap_snapshot *s,
	      const char *const *specs, size_t count,
	      struct blksnap_snapshot *after)
{
	struct blksnap_dev *members = area_members(s);
	struct source_list sources = { 0 };
	struct blksnap_error err;
	int ret;

	if (!members)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	ret = source_open(cli, specs, count, members, s->n_members, s->uuid,
			  &sources);
	if (!ret && source_interrupted()) {
		source_drop(&sources);
		ret = cli_refuse(cli, BLKSNAP_EXIT_INTERRUPTED, s->name,
				 "nothing was appended", "interrupted");
	} else if (!ret && cli->args.dry) {
		source_drop(&sources);
		if (blksnap_snapshot_copy(after, s))
			ret = cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
					 "out of memory");
	} else if (!ret && blksnap_area_append(cli->session, s->id, sources.ranges,
					       sources.count, after, &err)) {
		ret = cli_fail(cli, s->name, &err, NULL);
		source_drop(&sources);
	} else if (!ret) {
		source_keep(&sources);
	}
	free(members);
	return ret;
}

int area_cmd_extend(struct cli *cli)
{
	struct blksnap_snapshot s, after;
	int ret = cli_snapshot(cli, cli->args.args[0], &s);

	if (ret)
		return ret;
	ret = area_grow(cli, &s, (const char *const *)cli->args.args + 1,
			(size_t)cli->args.n_args - 1, &after);
	if (!ret) {
		ret = area_done(cli, "area.extend", &after);
		blksnap_snapshot_clear(&after);
	}
	blksnap_snapshot_clear(&s);
	return ret;
}

static int area_range(struct cli *cli, const char *text,
		      struct blksnap_range *range)
{
	struct parse_area area;
	char why[PARSE_WHY];
	int ret;

	if (parse_area(text, &area, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, text, NULL, "%s", why);
	if (area.kind != PARSE_AREA_DEVICE)
		ret = cli_refuse(cli, BLKSNAP_EXIT_USAGE, text,
				 "`blksnap area show` lists them",
				 "only devices and ranges of them can be removed");
	else
		ret = cli_device(cli, area.path, &range->dev);
	if (area.has_extent) {
		range->start_sectors = area.extent.start_sectors;
		range->count_sectors = area.extent.count_sectors;
	}
	parse_area_free(&area);
	return ret;
}

/* A device alone means every range of it that the area has. */
static int area_expand(struct cli *cli, const struct blksnap_snapshot *s,
		       const struct blksnap_range *asked, size_t n_asked,
		       struct blksnap_range **ranges, size_t *count)
{
	struct blksnap_range_info *have;
	struct blksnap_error err;
	size_t i, j, n;

	if (blksnap_area_list(cli->session, s->id, &have, &n, &err))
		return cli_fail(cli, s->name, &err, NULL);
	*ranges = calloc(n_asked * (n + 1), sizeof(**ranges));
	*count = 0;
	for (i = 0; *ranges && i < n_asked; i++) {
		if (asked[i].count_sectors)
			(*ranges)[(*count)++] = asked[i];
		for (j = 0; !asked[i].count_sectors && j < n; j++)
			if (have[j].dev.major == asked[i].dev.major &&
			    have[j].dev.minor == asked[i].dev.minor)
				(*ranges)[(*count)++] = (struct blksnap_range){
					have[j].dev, have[j].start_sectors,
					have[j].count_sectors
				};
	}
	free(have);
	if (*ranges && *count)
		return 0;
	free(*ranges);
	return cli_refuse(cli, BLKSNAP_EXIT_NOT_FOUND, s->name,
			  "`blksnap area show` lists them",
			  "the area has nothing on that device");
}

int area_cmd_remove(struct cli *cli)
{
	size_t count, i, n_asked = (size_t)cli->args.n_args - 1;
	const char *name = cli->args.args[0];
	struct blksnap_range *asked, *ranges = NULL;
	struct blksnap_snapshot s, after;
	struct blksnap_error err;
	int ret = cli_snapshot(cli, name, &s);

	if (ret)
		return ret;
	asked = calloc(n_asked, sizeof(*asked));
	if (!asked)
		ret = cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				 "out of memory");
	for (i = 0; !ret && i < n_asked; i++)
		ret = area_range(cli, cli->args.args[i + 1], &asked[i]);
	if (!ret)
		ret = area_expand(cli, &s, asked, n_asked, &ranges, &count);
	if (!ret && cli->args.dry) {
		ret = area_done(cli, "area.remove", &s);
		free(ranges);
	} else if (!ret) {
		if (blksnap_area_remove(cli->session, s.id, ranges, count, &after,
					&err)) {
			ret = cli_fail(cli, name, &err, NULL);
		} else {
			ret = area_done(cli, "area.remove", &after);
			blksnap_snapshot_clear(&after);
		}
		free(ranges);
	}
	free(asked);
	blksnap_snapshot_clear(&s);
	return ret;
}
