// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan: how large an area a snapshot of these devices needs, from how much is
 * written to them now, or from what changed since the last backup.
 *
 * Every unit is copied once at most, so an area needs no more than what is written
 * meanwhile, a unit at least for each write, nor more than the devices themselves.
 * What changed since a backup is what a snapshot of that time would have copied,
 * rounded up to tracking cells; in a shorter time it cannot be more, in one that is
 * so many times as long not more than so many times as much.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "since.h"

#define PLAN_SAMPLE_MS 10000
#define PLAN_FOR_MS 3600000
#define PLAN_LEAST_SECONDS 1.0 /* a backup that ended just now */
#define PLAN_UNIT_BYTES 4096
/* Load changes: this much more than what was measured. */
#define PLAN_MARGIN_PERCENT 50

struct plan_device {
	const char *text;
	struct blksnap_dev dev;
	uint64_t size_bytes;
	uint64_t before_bytes;
	uint64_t written_bytes;
	uint64_t need_bytes;
};

/**
 * struct plan - one plan
 * @cli: run
 * @devices: array of @count
 * @count: number of @devices
 * @since: file of the numbers of the last backup; NULL: counters are looked at
 * @sample_ms: how long they are looked at
 * @for_seconds: how long the snapshot is needed; 0: as long as that backup is ago
 * @seconds: how long it took to write what was written
 */
struct plan {
	struct cli *cli;
	struct plan_device *devices;
	size_t count;
	const char *since;
	uint32_t sample_ms;
	double for_seconds;
	double seconds;
};

/* Bytes written since the machine started, by the kernel's own counters. */
static int plan_written(struct plan *plan, const struct plan_device *d,
			uint64_t *bytes)
{
	unsigned long long sectors, writes;
	char path[64];
	FILE *in;
	bool ok;

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/stat", d->dev.major,
		 d->dev.minor);
	in = fopen(path, "re");
	/* reads, merged, sectors, time, writes, merged, sectors */
	ok = in && fscanf(in, "%*u %*u %*u %*u %llu %*u %llu", &writes,
			  &sectors) == 2;
	if (in)
		fclose(in);
	if (ok) {
		*bytes = sectors * BLKSNAP_SECTOR_BYTES;
		if (*bytes < writes * PLAN_UNIT_BYTES)
			*bytes = writes * PLAN_UNIT_BYTES;
		return 0;
	}
	return cli_refuse(plan->cli, BLKSNAP_EXIT_NOT_FOUND, d->text, NULL,
			  "%s tells no counters", path);
}

static int plan_devices(struct plan *plan)
{
	struct cli *cli = plan->cli;
	struct plan_device *d;
	int ret = 0;

	while (command_value(&cli->args, "device", plan->count))
		plan->count++;
	plan->devices = calloc(plan->count + 1, sizeof(*plan->devices));
	if (!plan->devices)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	if (!plan->count)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, NULL, NULL,
				  "--device is missing");
	for (d = plan->devices; !ret && d < plan->devices + plan->count; d++) {
		d->text = command_value(&cli->args, "device",
					(size_t)(d - plan->devices));
		ret = cli_device(cli, d->text, &d->dev);
		if (!ret)
			d->size_bytes = BLKSNAP_SECTOR_BYTES *
					blksnap_stack_sectors(cli->stack, d->dev);
	}
	return ret;
}

/* ------------------------------------------------------------- counters */

static int plan_sample(struct plan *plan)
{
	struct timespec before, after, span;
	struct plan_device *d;
	uint64_t now;
	int ret = 0;

	if (plan->cli->recording)
		return cli_refuse(plan->cli, BLKSNAP_EXIT_USAGE, "--source",
				  "with --since it is a matter of the recording alone",
				  "a recording has no counters of its disks");
	for (d = plan->devices; !ret && d < plan->devices + plan->count; d++)
		ret = plan_written(plan, d, &d->before_bytes);
	if (ret)
		return ret;
	span.tv_sec = plan->sample_ms / 1000;
	span.tv_nsec = plan->sample_ms % 1000 * 1000000L;
	clock_gettime(CLOCK_MONOTONIC, &before);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &span, NULL);
	clock_gettime(CLOCK_MONOTONIC, &after);
	plan->seconds = (double)(after.tv_sec - before.tv_sec) +
			(double)(after.tv_nsec - before.tv_nsec) / 1e9;
	for (d = plan->devices; !ret && d < plan->devices + plan->count; d++) {
		ret = plan_written(plan, d, &now);
		d->written_bytes = !ret && now > d->before_bytes ? now - d->before_bytes : 0;
	}
	return ret;
}

/* -------------------------------------------------------------- changes */

static int plan_on_extent(const struct blksnap_extent *extent, void *arg)
{
	uint64_t *bytes = arg;

	*bytes += extent->count_sectors * BLKSNAP_SECTOR_BYTES;
	return 0;
}

static int plan_changed(struct plan *plan, struct plan_device *d,
			const struct since *numbers)
{
	const struct blksnap_cbt *since = since_of(numbers, d->text);
	struct blksnap_error err;

	if (!since)
		return cli_refuse(plan->cli, BLKSNAP_EXIT_NOT_FOUND, plan->since,
				  "`blksnap run --since` keeps them, by the names devices are given there",
				  "it has no numbers of %s", d->text);
	if (!blksnap_cbt_extents(plan->cli->session, d->dev, since, plan_on_extent,
				 &d->written_bytes, NULL, &err))
		return 0;
	return cli_fail(plan->cli, d->text, &err,
			err.errnum == ESTALE ?
				"what changed is not known; leave --since out" :
				NULL);
}

/* How long ago the backup was that wrote the file. */
static double plan_age(const struct plan *plan)
{
	struct timespec now;
	struct stat st;
	double seconds;

	if (stat(plan->since, &st))
		return 0;
	clock_gettime(CLOCK_REALTIME, &now);
	seconds = (double)(now.tv_sec - st.st_mtim.tv_sec) +
		  (double)(now.tv_nsec - st.st_mtim.tv_nsec) / 1e9;
	return seconds > PLAN_LEAST_SECONDS ? seconds : PLAN_LEAST_SECONDS;
}

static int plan_since(struct plan *plan)
{
	struct cli *cli = plan->cli;
	struct since numbers = { 0 };
	enum blksnap_exit exit;
	char why[SINCE_WHY];
	size_t i;
	int ret;

	plan->seconds = plan_age(plan);
	ret = since_read(plan->since, &numbers, why);
	exit = ret == -EINVAL ? BLKSNAP_EXIT_USAGE : blksnap_exit_class(-ret);
	if (ret)
		return cli_refuse(cli, exit, plan->since, NULL, "%s", why);
	ret = cli_connect(cli);
	for (i = 0; !ret && i < plan->count; i++)
		ret = plan_changed(plan, &plan->devices[i], &numbers);
	since_free(&numbers);
	return ret;
}

/* ----------------------------------------------------------------- need */

static void plan_need(struct plan *plan)
{
	double times, need;
	size_t i;

	if (plan->for_seconds <= 0)
		plan->for_seconds = plan->since ? plan->seconds : PLAN_FOR_MS / 1e3;
	times = plan->for_seconds / plan->seconds;
	if (plan->since && times < 1)
		times = 1;
	for (i = 0; i < plan->count; i++) {
		struct plan_device *d = &plan->devices[i];

		need = (double)d->written_bytes * times * (100 + PLAN_MARGIN_PERCENT) / 100;
		d->need_bytes = need < (double)d->size_bytes ? (uint64_t)need :
							       d->size_bytes;
	}
}

static void plan_say(const struct plan *plan, uint64_t total)
{
	char size[OUT_SIZE_MAX], wanted[OUT_TIME_MAX], seen[OUT_TIME_MAX];

	out_size(total, size);
	out_span((uint64_t)(plan->for_seconds * 1e9), wanted);
	out_span((uint64_t)(plan->seconds * 1e9), seen);
	if (plan->since)
		printf("An area of %s is enough for %s if no more changes than in the %s since the last backup, and half as much again.\n",
		       size, wanted, seen);
	else
		printf("An area of %s is enough for %s if no more is written than in these %s, and half as much again.\n",
		       size, wanted, seen);
}

static int plan_print(struct plan *plan)
{
	static const char *const heads[] = { "DEVICE", ">SIZE", ">CHANGE/s",
					     ">AREA" };
	struct table table = { .heads = heads, .columns = 4 };
	json_t *doc, *list = json_array(), *o;
	char text[OUT_SIZE_MAX];
	char (*row)[TABLE_CELL];
	uint64_t total = 0;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		const struct plan_device *d = &plan->devices[i];
		double rate = (double)d->written_bytes / plan->seconds;

		total += d->need_bytes;
		row = table_row(&table);
		table_set(row[0], "%s", d->text);
		table_set(row[1], "%s", out_size(d->size_bytes, text));
		table_set(row[2], "%s", out_size((uint64_t)rate, text));
		table_set(row[3], "%s", out_size(d->need_bytes, text));
		o = json_object();
		json_object_set_new(o, "dev", json_dev(true, d->dev));
		json_object_set_new(o, "device", json_text(true, d->text));
		json_object_set_new(o, "size_bytes", json_number(true, d->size_bytes));
		json_object_set_new(o, "write_bytes_per_second", json_real(rate));
		json_object_set_new(o, "area_bytes", json_number(true, d->need_bytes));
		json_array_append_new(list, o);
	}
	if (plan->cli->args.json) {
		table_free(&table);
		doc = json_document("snapshot.plan");
		json_object_set_new(doc, "basis",
				    json_string(plan->since ? "changes" : "counters"));
		json_object_set_new(doc, "sample_seconds", json_real(plan->seconds));
		json_object_set_new(doc, "for_seconds", json_real(plan->for_seconds));
		json_object_set_new(doc, "margin_percent",
				    json_integer(PLAN_MARGIN_PERCENT));
		json_object_set_new(doc, "area_bytes", json_number(true, total));
		json_object_set_new(doc, "devices", list);
		return cli_print_json(plan->cli, doc);
	}
	json_decref(list);
	table_print(&table, stdout);
	table_free(&table);
	plan_say(plan, total);
	return 0;
}

static int plan_options(struct plan *plan)
{
	struct cli *cli = plan->cli;
	const char *sample = command_value(&cli->args, "sample", 0);
	const char *span = command_value(&cli->args, "for", 0);
	char why[PARSE_WHY];
	uint32_t ms = 0;

	plan->since = command_value(&cli->args, "since", 0);
	plan->sample_ms = PLAN_SAMPLE_MS;
	if (sample && plan->since)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--sample", NULL,
				  "with --since nothing is waited for");
	if (sample && (parse_duration(sample, &plan->sample_ms, why) || !plan->sample_ms))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--sample", NULL, "%s",
				  plan->sample_ms ? why : "a time above 0 is needed");
	if (span && parse_duration(span, &ms, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--for", NULL, "%s", why);
	if (span && !ms)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--for", NULL,
				  "a time above 0 is needed");
	plan->for_seconds = ms / 1e3;
	return 0;
}

int snapshot_cmd_plan(struct cli *cli)
{
	struct plan plan = { .cli = cli };
	int ret = plan_options(&plan);

	if (!ret)
		ret = plan_devices(&plan);
	if (!ret)
		ret = plan.since ? plan_since(&plan) : plan_sample(&plan);
	if (!ret) {
		plan_need(&plan);
		ret = plan_print(&plan);
	}
	free(plan.devices);
	return ret;
}
