// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * runner: see runner.h.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "cli.h"
#include "runner.h"

struct replay kernel;
char *out_text, *err_text;

static void setup_device(void)
{
	struct blksnap_device *d = &kernel.devices[0];

	*d = replay_device(16, BLKSNAP_DEVICE_STATE_SNAPSHOT, 90);
	d->has = ~UINT64_C(0);
	strcpy(d->name, "vdb");
	d->snapshot_id = 1;
	kernel.n_devices = 1;
	kernel.stats[0].has = ~UINT64_C(0);
	kernel.stats[0].dev = d->dev;
	strcpy(kernel.stats[0].name, "vdb");
	kernel.stats[0].snapshot_id = 1;
	kernel.stats[0].cow_sectors = 8;
	kernel.stats[0].held_hist[3] = 2;
	kernel.stats[0].held_hist[12] = 3;
	kernel.stats[0].held_ns = 20000;
	kernel.n_stats = 1;
}

static void setup_snapshot(void)
{
	struct blksnap_snapshot *s = &kernel.snapshots[0];
	struct blksnap_member *m = calloc(1, sizeof(*m));

	*s = replay_snapshot(1, BLKSNAP_SNAPSHOT_STATE_TAKEN, 95);
	strcpy(s->name, "nightly");
	s->has = ~UINT64_C(0);
	s->area_total_sectors = 1000;
	s->area_used_sectors = 410;
	s->taken_ns = 4000000000;
	m->has = ~UINT64_C(0);
	m->dev = (struct blksnap_dev){ 254, 16 };
	strcpy(m->name, "vdb");
	m->image = (struct blksnap_dev){ 252, 3 };
	strcpy(m->image_name, "blksnap3");
	m->cbt_number = 4;
	s->members = m;
	s->n_members = 1;
	kernel.n_snapshots = 1;
}

void setup(void)
{
	setenv("TZ", "UTC", 1);
	setenv("BLKSNAP_CONF", "/dev/null", 1);
	replay_init(&kernel);
	strcpy(kernel.info.version, "1.0");
	kernel.info.time_ns = 10000000000;
	setup_device();
	setup_snapshot();
}

void teardown(void)
{
	free(kernel.snapshots[0].members);
	replay_exit(&kernel);
	free(out_text);
	free(err_text);
}

static int split(char *line, char **argv)
{
	char *word, *c;
	int argc = 0;

	for (word = strtok(line, " "); word; word = strtok(NULL, " ")) {
		for (c = word; *c; c++)
			if (*c == '_')
				*c = ' ';
			else if (*c == 1)
				*c = '_';
		argv[argc++] = word;
	}
	argv[argc] = NULL;
	return argc;
}

int run(const char *line)
{
	FILE *real_out = stdout, *real_err = stderr;
	struct cli cli = { 0 };
	static char copy[512];
	size_t out_size, err_size;
	char why[256], *argv[32];
	int argc, ret;

	free(out_text);
	free(err_text);
	snprintf(copy, sizeof(copy), "blksnap %s", line);
	argc = split(copy, argv);
	cr_assert_eq(command_parse(argc, argv, &cli.args, why, sizeof(why)), 0, "%s",
		     why);
	cr_assert_eq(session_open(replay_make, &kernel, &cli.session, NULL), 0);

	stdout = open_memstream(&out_text, &out_size);
	stderr = open_memstream(&err_text, &err_size);
	ret = cli.args.batch ? batch_run(&cli) : cli.args.command->run(&cli);
	fclose(stdout);
	fclose(stderr);
	stdout = real_out;
	stderr = real_err;

	blksnap_close(cli.session);
	blksnap_stack_close(cli.stack);
	conf_free(cli.conf);
	command_args_free(&cli.args);
	return ret;
}

json_t *document(const char *thing)
{
	char want[64];
	json_error_t why;
	json_t *doc = json_loads(out_text, 0, &why);

	cr_assert(doc, "%s: %s in %s", thing, why.text, out_text);
	snprintf(want, sizeof(want), "blksnap.%s/1", thing);
	cr_expect_str_eq(json_string_value(json_object_get(doc, "schema")), want);
	return doc;
}
