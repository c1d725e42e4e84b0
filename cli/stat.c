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
#include "rows.h"

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

enum {
	STAT_NAME, STAT_WRITES, STAT_WRITE_RATE, STAT_COW, STAT_COW_RATE, STAT_AHEAD_RATE,
	STAT_STORE_RATE, STAT_HELD, STAT_HELD_EACH, STAT_IMAGE_READS, STAT_IMAGE_RATE,
	STAT_INFLIGHT, STAT_HELD_NOW, STAT_MEMORY, STAT_SECONDS, STAT_COLUMNS,
};

static const struct rows_column stat_table[] = {
	ROWS_COLUMN(STAT_NAME, "name", EXPR_TEXT, NULL, "DEVICE", "device"),
	ROWS_COLUMN(STAT_WRITES, "writes", EXPR_COUNT, NULL, "W/s", "writes a second"),
	ROWS_COLUMN(STAT_WRITE_RATE, "written", EXPR_RATE, NULL, "WRITE/s", "written a second"),
	ROWS_COLUMN(STAT_COW, "cow_units", EXPR_COUNT, NULL, "UNITS/s", "units copied a second"),
	ROWS_COLUMN(STAT_COW_RATE, "cow", EXPR_RATE, NULL, "COW/s", "copied a second"),
	ROWS_MORE(STAT_AHEAD_RATE, "ahead", EXPR_RATE, NULL, "AHEAD/s", "of that what no write had asked for"),
	ROWS_COLUMN(STAT_STORE_RATE, "store", EXPR_RATE, NULL, "AREA/s", "written to the area a second"),
	ROWS_COLUMN(STAT_HELD, "held", EXPR_COUNT, NULL, "HELD/s", "writes held a second"),
	ROWS_COLUMN(STAT_HELD_EACH, "held_each", EXPR_SECONDS, NULL, "HELD-AVG", "how long one was held on average"),
	ROWS_COLUMN(STAT_IMAGE_READS, "reads", EXPR_COUNT, NULL, "IR/s", "reads of the image a second"),
	ROWS_COLUMN(STAT_IMAGE_RATE, "read", EXPR_RATE, NULL, "IREAD/s", "read of the image a second"),
	ROWS_COLUMN(STAT_INFLIGHT, "inflight", EXPR_COUNT, NULL, "INFL", "writes not ended yet"),
	ROWS_MORE(STAT_HELD_NOW, "held_now", EXPR_COUNT, NULL, "HELD", "writes held now"),
	ROWS_COLUMN(STAT_MEMORY, "memory", EXPR_BYTES, NULL, "MEM", "copies not stored yet"),
	ROWS_MORE(STAT_SECONDS, "seconds", EXPR_SECONDS, NULL, "TIME", "time the rates are over"),
};

const struct rows_column *stat_columns(size_t *count)
{
	*count = STAT_COLUMNS;
	return stat_table;
}

static void stat_row(struct rows *rows, struct rows_row *row,
		     const struct blksnap_stats *now, bool known, const struct rate *r)
{
	char dev[OUT_DEV_MAX];

	rows_text(rows, row, STAT_NAME, true,
		  now->name[0] ? now->name : out_dev(now->dev, dev));
	rows_real(rows, row, STAT_WRITES, known, r->writes);
	rows_real(rows, row, STAT_WRITE_RATE, known, r->write_bytes);
	rows_real(rows, row, STAT_COW, known, r->cow_units);
	rows_real(rows, row, STAT_COW_RATE, known, r->cow_bytes);
	rows_real(rows, row, STAT_AHEAD_RATE, known, r->ahead_bytes);
	rows_real(rows, row, STAT_STORE_RATE, known, r->store_bytes);
	rows_real(rows, row, STAT_HELD, known, r->held);
	rows_real(rows, row, STAT_HELD_EACH, known && r->held > 0,
		  r->held_each_ns / 1e9);
	rows_real(rows, row, STAT_IMAGE_READS, known, r->image_reads);
	rows_real(rows, row, STAT_IMAGE_RATE, known, r->image_read_bytes);
	rows_whole(rows, row, STAT_INFLIGHT, true, now->inflight);
	rows_whole(rows, row, STAT_HELD_NOW, true, now->held_now);
	rows_whole(rows, row, STAT_MEMORY, true, now->memory_bytes);
	rows_real(rows, row, STAT_SECONDS, known, r->seconds);
}

static int stat_print(struct cli *cli, struct rows *rows,
		      const struct stat_sample *before,
		      const struct stat_sample *after)
{
	const struct blksnap_stats *old, *now;
	struct rate rate = { 0 };
	bool known;
	size_t i;
	int ret;

	for (i = 0; i < after->count; i++) {
		now = &after->stats[i];
		old = stat_find(before, now->dev);
		known = old && rate_between(old, now, &rate);
		stat_row(rows,
			 rows_add(rows, cli->args.json ?
						stat_json(now, known, &rate) :
						NULL),
			 now, known, &rate);
	}
	ret = rows_print(rows, "stat", "devices");
	if (!cli->args.json && !command_value(&cli->args, "no-headings", 0))
		putchar('\n');
	fflush(stdout);
	rows_clear(rows);
	return ret ? ret : ferror(stdout) ? BLKSNAP_EXIT_OTHER : 0;
}

/* @streaming: something was printed, so that the module was there */
static int stat_sample(struct cli *cli, struct stat_sample *sample, bool streaming)
{
	struct blksnap_error err;
	int ret = blksnap_stats_list(cli->session, &sample->stats,
				     &sample->count, &err);

	if (!ret)
		return 0;
	if (err.exit == BLKSNAP_EXIT_ABSENT && streaming)
		return cli_refuse(cli, BLKSNAP_EXIT_GONE, NULL,
				  "begin again when it is back", "the module went away");
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

	snprintf(why, sizeof(why), "0 is no interval");
	*interval = 1;
	*count = cli->args.n_args == 1 ? UINT64_MAX : 1;
	if (cli->args.n_args > 0 &&
	    (parse_count(args[0], 86400, interval, why) || !*interval))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, args[0], NULL,
				  "%s", why);
	snprintf(why, sizeof(why), "0 is no count");
	if (cli->args.n_args > 1 &&
	    (parse_count(args[1], UINT32_MAX, count, why) || !*count))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, args[1], NULL,
				  "%s", why);
	return 0;
}

static int stat_loop(struct cli *cli, struct rows *rows, uint64_t interval,
		     uint64_t count)
{
	struct stat_sample before = { 0 }, after = { 0 };
	struct timespec when;
	bool streaming = false;
	int ret = stat_sample(cli, &before, false);

	clock_gettime(CLOCK_MONOTONIC, &when);
	while (!ret && count--) {
		/* what was recorded does not come later by waiting */
		if (!cli->recording)
			stat_sleep_until(&when, interval);
		ret = stat_sample(cli, &after, streaming);
		if (ret)
			break;
		streaming = true;
		ret = stat_print(cli, rows, &before, &after);
		free(before.stats);
		before = after;
		after = (struct stat_sample){ 0 };
	}
	free(before.stats);
	return ret;
}

int stat_cmd(struct cli *cli)
{
	uint64_t interval, count;
	struct rows rows;
	int ret;

	ret = rows_init(&rows, cli, stat_table, STAT_COLUMNS);
	if (!ret)
		ret = stat_numbers(cli, &interval, &count);
	if (!ret)
		ret = cli_connect(cli);
	cli->stream = true;
	if (!ret)
		ret = stat_loop(cli, &rows, interval, count);
	rows_free(&rows);
	return ret == ROWS_HELP ? 0 : ret;
}
