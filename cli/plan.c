// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan: how large an area a snapshot of these devices needs, from how much is
 * written to them now.
 *
 * Every unit is copied once at most, so an area needs no more than what is written
 * meanwhile, a unit at least for each write, nor more than the devices themselves.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "json.h"
#include "out.h"
#include "parse.h"

#define PLAN_SAMPLE_MS 10000
#define PLAN_FOR_MS 3600000
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

struct plan {
	struct cli *cli;
	struct plan_device *devices;
	size_t count;
	uint32_t sample_ms;
	uint32_t for_ms;
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
		if (!ret)
			ret = plan_written(plan, d, &d->before_bytes);
	}
	return ret;
}

static int plan_sample(struct plan *plan)
{
	struct timespec before, after, span;
	uint64_t now;
	size_t i;
	int ret = 0;

	span.tv_sec = plan->sample_ms / 1000;
	span.tv_nsec = plan->sample_ms % 1000 * 1000000L;
	clock_gettime(CLOCK_MONOTONIC, &before);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &span, NULL);
	clock_gettime(CLOCK_MONOTONIC, &after);
	plan->seconds = (double)(after.tv_sec - before.tv_sec) +
			(double)(after.tv_nsec - before.tv_nsec) / 1e9;
	for (i = 0; !ret && i < plan->count; i++) {
		struct plan_device *d = &plan->devices[i];
		double need;

		ret = plan_written(plan, d, &now);
		if (ret)
			break;
		d->written_bytes = now > d->before_bytes ? now - d->before_bytes : 0;
		need = (double)d->written_bytes / plan->seconds * plan->for_ms / 1e3 *
		       (100 + PLAN_MARGIN_PERCENT) / 100;
		d->need_bytes = need < (double)d->size_bytes ? (uint64_t)need :
							       d->size_bytes;
	}
	return ret;
}

static int plan_print(struct plan *plan)
{
	static const char *const heads[] = { "DEVICE", ">SIZE", ">WRITTEN/s",
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
		json_object_set_new(doc, "sample_seconds", json_real(plan->seconds));
		json_object_set_new(doc, "for_seconds", json_real(plan->for_ms / 1e3));
		json_object_set_new(doc, "margin_percent",
				    json_integer(PLAN_MARGIN_PERCENT));
		json_object_set_new(doc, "area_bytes", json_number(true, total));
		json_object_set_new(doc, "devices", list);
		return cli_print_json(plan->cli, doc);
	}
	json_decref(list);
	table_print(&table, stdout);
	table_free(&table);
	printf("An area of %s is enough for %.4g min if no more is written than in these %.3g s, and half as much again.\n",
	       out_size(total, text), plan->for_ms / 6e4, plan->seconds);
	return 0;
}

int snapshot_cmd_plan(struct cli *cli)
{
	const char *sample = command_value(&cli->args, "sample", 0);
	const char *span = command_value(&cli->args, "for", 0);
	struct plan plan = { .cli = cli };
	char why[PARSE_WHY];
	int ret;

	plan.sample_ms = PLAN_SAMPLE_MS;
	plan.for_ms = PLAN_FOR_MS;
	if (sample && (parse_duration(sample, &plan.sample_ms, why) || !plan.sample_ms))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--sample", NULL, "%s",
				  plan.sample_ms ? why : "a time above 0 is needed");
	if (span && (parse_duration(span, &plan.for_ms, why) || !plan.for_ms))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--for", NULL, "%s",
				  plan.for_ms ? why : "a time above 0 is needed");
	ret = plan_devices(&plan);
	if (!ret)
		ret = plan_sample(&plan);
	if (!ret)
		ret = plan_print(&plan);
	free(plan.devices);
	return ret;
}
