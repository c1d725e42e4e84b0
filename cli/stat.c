// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stat: rates, as iostat prints them; but there is no first line of averages
 * since some distant time: the first one covers the first interval.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "rate.h"

#define STAT_MIB 1048576.0

struct stat_sample {
	struct blksnap_stats *stats;
	size_t count;
};

static const struct blksnap_stats *stat_find(const struct stat_sample *sample,
					     struct blksnap_dev dev)
{
	size_t i;

	for (i = 0; i < sample->count; i++)
		if (sample->stats[i].dev.major == dev.major &&
		    sample->stats[i].dev.minor == dev.minor)
			return &sample->stats[i];
	return NULL;
}

static void stat_put(json_t *o, const char *key, bool known, double value)
{
	json_object_set_new(o, key, known ? json_real(value) : json_null());
}

static json_t *stat_json(const struct blksnap_stats *now, bool known,
			 const struct rate *r)
{
	json_t *o = json_object();

	json_object_set_new(o, "dev", json_dev(true, now->dev));
	json_object_set_new(o, "name", json_text(now->name[0], now->name));
	json_object_set_new(o, "snapshot_id",
			    json_id(BLKSNAP_HAS(now, STATS_SNAPSHOT_ID),
				    now->snapshot_id));
	json_object_set_new(o, "time_ns", json_number(true, now->time_ns));
	stat_put(o, "seconds", known, r->seconds);
	stat_put(o, "writes_per_second", known, r->writes);
	stat_put(o, "write_bytes_per_second", known, r->write_bytes);
	stat_put(o, "cow_units_per_second", known, r->cow_units);
	stat_put(o, "cow_bytes_per_second", known, r->cow_bytes);
	stat_put(o, "cow_ahead_bytes_per_second", known, r->ahead_bytes);
	stat_put(o, "store_bytes_per_second", known, r->store_bytes);
	stat_put(o, "held_per_second", known, r->held);
	stat_put(o, "held_each_ns", known && r->held > 0, r->held_each_ns);
	stat_put(o, "image_reads_per_second", known, r->image_reads);
	stat_put(o, "image_read_bytes_per_second", known, r->image_read_bytes);
	json_object_set_new(o, "inflight", json_number(true, now->inflight));
	json_object_set_new(o, "held_now", json_number(true, now->held_now));
	json_object_set_new(o, "memory_bytes",
			    json_number(true, now->memory_bytes));
	return o;
}

static void stat_row(struct table *table, const struct blksnap_stats *now,
		     bool known, const struct rate *r)
{
	char (*row)[TABLE_CELL] = table_row(table);
	char text[OUT_SIZE_MAX], span[OUT_TIME_MAX];
	size_t i;

	table_set(row[0], "%s", now->name[0] ? now->name : out_dev(now->dev, span));
	for (i = 1; i < 10; i++)
		table_set(row[i], "-");
	if (known) {
		table_set(row[1], "%.0f", r->writes);
		table_set(row[2], "%.1f", r->write_bytes / STAT_MIB);
		table_set(row[3], "%.0f", r->cow_units);
		table_set(row[4], "%.1f", r->cow_bytes / STAT_MIB);
		table_set(row[5], "%.1f", r->store_bytes / STAT_MIB);
		table_set(row[6], "%.0f", r->held);
		if (r->held > 0)
			table_set(row[7], "%s",
				  out_span((uint64_t)r->held_each_ns, span));
		table_set(row[8], "%.0f", r->image_reads);
		table_set(row[9], "%.1f", r->image_read_bytes / STAT_MIB);
	}
	table_set(row[10], "%llu", (unsigned long long)now->inflight);
	table_set(row[11], "%s", out_size(now->memory_bytes, text));
}

static int stat_print(struct cli *cli, const struct stat_sample *before,
		      const struct stat_sample *after)
{
	static const char *const heads[] = {
		"DEVICE", ">W/s", ">WMiB/s", ">COW/s", ">COWMiB/s", ">AREAMiB/s",
		">HELD/s", ">HELD-AVG", ">IR/s", ">IRMiB/s", ">INFL", ">MEM",
	};
	struct table table = { .heads = heads, .columns = 12 };
	const struct blksnap_stats *old;
	struct rate rate = { 0 };
	json_t *doc, *list;
	bool known;
	size_t i;
	int ret = 0;

	doc = json_document("stat");
	list = json_array();
	for (i = 0; i < after->count; i++) {
		old = stat_find(before, after->stats[i].dev);
		known = old && rate_between(old, &after->stats[i], &rate);
		stat_row(&table, &after->stats[i], known, &rate);
		json_array_append_new(list,
				      stat_json(&after->stats[i], known, &rate));
	}
	json_object_set_new(doc, "devices", list);
	if (cli->args.json) {
		ret = cli_print_json(cli, doc);
	} else {
		json_decref(doc);
		table_print(&table, stdout);
		putchar('\n');
		fflush(stdout);
	}
	table_free(&table);
	return ret;
}

static int stat_sample(struct cli *cli, struct stat_sample *sample)
{
	struct blksnap_error err;
	int ret = blksnap_stats_list(cli->session, &sample->stats,
				     &sample->count, &err);

	if (!ret)
		return 0;
	return cli_fail(cli, NULL, &err, NULL);
}

static void stat_sleep_until(struct timespec *when, uint64_t seconds)
{
	when->tv_sec += (time_t)seconds;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, when, NULL) == EINTR)
		;
}

static int stat_numbers(struct cli *cli, uint64_t *interval, uint64_t *count)
{
	char why[PARSE_WHY];
	char **args = cli->args.args;

	*interval = 1;
	*count = cli->args.n_args == 1 ? UINT64_MAX : 1;
	if (cli->args.n_args > 0 &&
	    (parse_count(args[0], 86400, interval, why) || !*interval))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, args[0], NULL,
				  "%s", *interval ? why : "0 is no interval");
	if (cli->args.n_args > 1 &&
	    (parse_count(args[1], UINT32_MAX, count, why) || !*count))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, args[1], NULL,
				  "%s", *count ? why : "0 is no count");
	return 0;
}

int stat_cmd(struct cli *cli)
{
	struct stat_sample before = { 0 }, after = { 0 };
	uint64_t interval, count;
	struct timespec when;
	bool streaming = false;
	int ret;

	ret = stat_numbers(cli, &interval, &count);
	if (!ret)
		ret = cli_connect(cli);
	if (!ret)
		ret = stat_sample(cli, &before);
	cli->stream = true;
	clock_gettime(CLOCK_MONOTONIC, &when);
	while (!ret && count--) {
		stat_sleep_until(&when, interval);
		ret = stat_sample(cli, &after);
		if (ret) {
			if (ret == BLKSNAP_EXIT_ABSENT && streaming)
				ret = BLKSNAP_EXIT_GONE;
			break;
		}
		streaming = true;
		ret = stat_print(cli, &before, &after);
		free(before.stats);
		before = after;
		after = (struct stat_sample){ 0 };
	}
	free(before.stats);
	return ret;
}
