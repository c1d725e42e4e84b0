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
#include "undo.h"
#include "view.h"

/* ---------------------------------------------------------------- list */

static json_t *area_json(const struct blksnap_snapshot *s,
			 const struct blksnap_range_info *ranges, size_t count,
			 const struct fill *fill)
{
	double rate = 0, left = 0;
	json_t *o = json_object();
	json_t *list = json_array();
	char uuid[BLKSNAP_UUID_TEXT];
	size_t i;

	for (i = 0; i < count; i++)
		json_array_append_new(list, json_range(&ranges[i]));
	json_object_set_new(o, "snapshot", json_text(true, s->name));
	json_object_set_new(o, "uuid",
			    json_string(blksnap_uuid_format(s->uuid, uuid)));
	json_object_set_new(o, "state",
			    json_string(blksnap_snapshot_state_word(s->state)));
	json_object_set_new(o, "error", json_text(s->error, out_errno(s->error)));
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
	json_object_set_new(o, "fill_bytes_per_second",
			    fill_rate(fill, s, &rate) ? json_real(rate) :
							json_null());
	json_object_set_new(o, "time_to_full_seconds",
			    fill_time(fill, s, &left) ? json_real(left) :
							json_null());
	json_object_set_new(o, "seq", json_id(BLKSNAP_HAS(s, SNAPSHOT_SEQ), s->seq));
	json_object_set_new(o, "ranges", list);
	return o;
}

static int area_rows(struct cli *cli, const struct blksnap_snapshot *all,
		     size_t count, const struct fill *fill, struct rows *rows)
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
		view_areas_add(rows, &all[i], n, fill,
			       cli->args.json ? area_json(&all[i], ranges, n, fill) :
						NULL);
		free(ranges);
	}
	return rows_print(rows, "area.list", "areas");
}

/* All snapshots, or the one that is named. */
static int area_look(struct cli *cli, struct blksnap_snapshot **all, size_t *count)
{
	struct blksnap_error err;
	int ret = 0;

	*all = NULL;
	*count = 0;
	if (cli->args.n_args) {
		*all = calloc(1, sizeof(**all));
		ret = *all ? cli_snapshot(cli, cli->args.args[0], *all) :
			     cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
					"out of memory");
		*count = *all && !ret;
	} else if (blksnap_snapshot_list(cli->session, all, count, &err)) {
		ret = cli_fail(cli, NULL, &err, NULL);
	}
	if (ret) {
		free(*all);
		*all = NULL;
	}
	return ret;
}

/* What the kernel's clock says is when it was seen. */
static int area_sample(struct cli *cli, struct fill *fill,
		       struct blksnap_snapshot **all, size_t *count)
{
	struct blksnap_error err;
	struct blksnap_info info;
	size_t i;

	if (blksnap_info_get(cli->session, &info, &err))
		return cli_fail(cli, NULL, &err, NULL);
	for (i = 0; i < *count; i++)
		fill_note(fill, &(*all)[i], info.time_ns);
	return 0;
}

int area_sample_ms(struct cli *cli, const char *text, uint32_t *ms)
{
	char why[PARSE_WHY];
	bool wrong = parse_duration(text, ms, why);

	if (!wrong && *ms >= FILL_LEAST_NS / 1000000 && *ms <= FILL_MOST_NS / 1000000)
		return 0;
	return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--sample", NULL, "%s",
			  wrong ? why : "from 400ms to 10s are sensible");
}

static int area_look_twice(struct cli *cli, const char *sample, struct fill *fill,
			   struct blksnap_snapshot **all, size_t *count)
{
	uint32_t ms;
	int ret = area_sample_ms(cli, sample, &ms);

	if (ret)
		return ret;
	ret = area_look(cli, all, count);
	if (!ret)
		ret = area_sample(cli, fill, all, count);
	blksnap_snapshots_free(*all, *count);
	*all = NULL;
	*count = 0;
	if (ret)
		return ret;
	cli_sleep(cli, ms);
	ret = area_look(cli, all, count);
	return ret ? ret : area_sample(cli, fill, all, count);
}

int area_snapshots(struct cli *cli, const char *sample, struct fill *fill,
		   struct blksnap_snapshot **all, size_t *count)
{
	return sample ? area_look_twice(cli, sample, fill, all, count) :
			area_look(cli, all, count);
}

int area_cmd_list(struct cli *cli)
{
	const char *sample = command_value(&cli->args, "sample", 0);
	struct blksnap_snapshot *all = NULL;
	struct fill fill = { 0 };
	size_t count = 0;
	struct rows rows;
	int ret;

	ret = view_areas_init(&rows, cli, sample);
	if (!ret)
		ret = cli_connect(cli);
	if (!ret)
		ret = area_snapshots(cli, sample, &fill, &all, &count);
	if (!ret)
		ret = area_rows(cli, all, count, &fill, &rows);
	blksnap_snapshots_free(all, count);
	fill_free(&fill);
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

	view_snapshot_head(s);
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
		json_object_set_new(doc, "area", area_json(&s, ranges, n, NULL));
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
		     const struct blksnap_snapshot *s, bool changed)
{
	char a[OUT_SIZE_MAX], b[OUT_SIZE_MAX];
	json_t *doc;

	if (cli->args.json) {
		doc = json_document(thing);
		json_object_set_new(doc, "snapshot", json_snapshot(s));
		return cli_print_done(cli, doc, changed);
	}
	printf("%s: %s%s of %s used (%s)\n", s->name,
	       !changed	     ? "unchanged, " :
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
		undo_extended(cli, s, sources.ranges, sources.count);
		source_keep(&sources);
	}
	free(members);
	return ret;
}

/* How much of a range the area has. */
static uint64_t area_covered(const struct blksnap_range *range,
			     const struct blksnap_range_info *have, size_t count)
{
	uint64_t end = range->start_sectors + range->count_sectors, sum = 0;
	uint64_t from, to;
	size_t i;

	for (i = 0; i < count; i++) {
		if (have[i].dev.major != range->dev.major ||
		    have[i].dev.minor != range->dev.minor)
			continue;
		from = have[i].start_sectors;
		to = from + have[i].count_sectors;
		if (from < range->start_sectors)
			from = range->start_sectors;
		if (to > end)
			to = end;
		if (from < to)
			sum += to - from;
	}
	return sum;
}

/* A range that stands for a device that was made; it is used up by that. */
static bool area_take_made(struct blksnap_range_info *have, size_t count,
			   const struct parse_area *area)
{
	const char *name = area->kind == PARSE_AREA_FILE ? "loop" : "zram";
	size_t i;

	for (i = 0; i < count; i++)
		if (have[i].count_sectors == area->size_bytes / BLKSNAP_SECTOR_BYTES &&
		    !strncmp(have[i].name, name, 4)) {
			have[i].count_sectors = 0;
			return true;
		}
	return false;
}

static int area_has(struct cli *cli, const struct parse_area *area, const char *spec,
		    struct blksnap_range_info *have, size_t count, bool made,
		    bool *missing, uint64_t *sectors)
{
	struct blksnap_range range = { 0 };
	uint64_t covered;
	int ret;

	if (area->kind != PARSE_AREA_DEVICE) {
		*missing = !made || !area_take_made(have, count, area);
		*sectors += *missing ? area->size_bytes / BLKSNAP_SECTOR_BYTES : 0;
		return 0;
	}
	ret = cli_device(cli, area->path, &range.dev);
	if (ret)
		return ret;
	range.start_sectors = area->extent.start_sectors;
	range.count_sectors = area->extent.count_sectors;
	if (!area->has_extent)
		source_whole(cli->stack, &range);
	if (!range.count_sectors)
		range.count_sectors = blksnap_stack_sectors(cli->stack, range.dev);
	covered = area_covered(&range, have, count);
	*missing = !covered;
	*sectors += *missing ? range.count_sectors : 0;
	if (!covered || covered == range.count_sectors)
		return 0;
	return cli_refuse(cli, BLKSNAP_EXIT_CONFLICT, spec,
			  "`blksnap area show` tells which",
			  "the area has a part of it");
}

int area_missing(struct cli *cli, const struct blksnap_snapshot *s,
		 const char *const *specs, size_t count, bool made,
		 const char **missing, size_t *n_missing, uint64_t *sectors)
{
	struct blksnap_range_info *have;
	struct blksnap_error err;
	struct parse_area area;
	char why[PARSE_WHY];
	bool is_missing;
	size_t i, n;
	int ret = 0;

	*n_missing = 0;
	*sectors = 0;
	if (blksnap_area_list(cli->session, s->id, &have, &n, &err))
		return cli_fail(cli, s->name, &err, NULL);
	for (i = 0; !ret && i < count; i++) {
		if (parse_area(specs[i], &area, why)) {
			ret = cli_refuse(cli, BLKSNAP_EXIT_USAGE, specs[i], NULL,
					 "%s", why);
			break;
		}
		ret = area_has(cli, &area, specs[i], have, n, made, &is_missing,
			       sectors);
		parse_area_free(&area);
		if (!ret && is_missing)
			missing[(*n_missing)++] = specs[i];
	}
	free(have);
	return ret;
}

int area_cmd_extend(struct cli *cli)
{
	const char *const *specs = (const char *const *)cli->args.args + 1;
	size_t n_missing, count = (size_t)cli->args.n_args - 1;
	const char **missing = calloc(count, sizeof(*missing));
	struct blksnap_snapshot s, after;
	uint64_t sectors;
	int ret;

	if (!missing)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	ret = cli_snapshot(cli, cli->args.args[0], &s);
	if (ret) {
		free(missing);
		return ret;
	}
	ret = area_missing(cli, &s, specs, count, false, missing, &n_missing,
			   &sectors);
	if (!ret && !n_missing)
		ret = area_done(cli, "area.extend", &s, false);
	else if (!ret)
		ret = area_grow(cli, &s, missing, n_missing, &after);
	if (!ret && n_missing) {
		ret = area_done(cli, "area.extend", &after, true);
		blksnap_snapshot_clear(&after);
	}
	blksnap_snapshot_clear(&s);
	free(missing);
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

/* Those of one device, or the one that is asked for; none if the area has nothing of it. */
static size_t area_of(const struct blksnap_range *asked,
		      const struct blksnap_range_info *have, size_t n,
		      struct blksnap_range *ranges)
{
	size_t j, count = 0;

	if (asked->count_sectors) {
		*ranges = *asked;
		return area_covered(asked, have, n) ? 1 : 0;
	}
	for (j = 0; j < n; j++)
		if (have[j].dev.major == asked->dev.major &&
		    have[j].dev.minor == asked->dev.minor)
			ranges[count++] = (struct blksnap_range){
				have[j].dev, have[j].start_sectors,
				have[j].count_sectors
			};
	return count;
}

/*
 * A device alone means every range of it that the area has. Nothing of one is a
 * failure, or as wished with --if-exists.
 */
static int area_expand(struct cli *cli, const struct blksnap_snapshot *s,
		       const struct blksnap_range *asked, size_t n_asked,
		       struct blksnap_range **ranges, size_t *count)
{
	bool if_exists = command_value(&cli->args, "if-exists", 0);
	struct blksnap_range_info *have;
	struct blksnap_error err;
	size_t i, n, found;
	int ret = 0;

	if (blksnap_area_list(cli->session, s->id, &have, &n, &err))
		return cli_fail(cli, s->name, &err, NULL);
	*ranges = calloc(n_asked * (n + 1), sizeof(**ranges));
	*count = 0;
	if (!*ranges)
		ret = cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL, "out of memory");
	for (i = 0; !ret && i < n_asked; i++) {
		found = area_of(&asked[i], have, n, *ranges + *count);
		if (!found && !if_exists)
			ret = cli_refuse(cli, BLKSNAP_EXIT_NOT_FOUND,
					 cli->args.args[i + 1],
					 "`blksnap area show` lists what it has",
					 "the area of %s has nothing there", s->name);
		*count += found;
	}
	free(have);
	if (ret) {
		free(*ranges);
		*ranges = NULL;
	}
	return ret;
}

static int area_take_away(struct cli *cli, const struct blksnap_snapshot *s,
			  const struct blksnap_range *ranges, size_t count)
{
	struct blksnap_snapshot after;
	struct blksnap_error err;
	int ret;

	if (!count || cli->args.dry)
		return area_done(cli, "area.remove", s, count);
	if (blksnap_area_remove(cli->session, s->id, ranges, count, &after, &err))
		return cli_fail(cli, s->name, &err, NULL);
	ret = area_done(cli, "area.remove", &after, true);
	blksnap_snapshot_clear(&after);
	return ret;
}

int area_cmd_remove(struct cli *cli)
{
	size_t count = 0, i, n_asked = (size_t)cli->args.n_args - 1;
	struct blksnap_range *asked, *ranges = NULL;
	struct blksnap_snapshot s;
	int ret = cli_snapshot(cli, cli->args.args[0], &s);

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
	if (!ret)
		ret = area_take_away(cli, &s, ranges, count);
	free(ranges);
	free(asked);
	blksnap_snapshot_clear(&s);
	return ret;
}
