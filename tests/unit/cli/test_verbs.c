/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole commands that watch: check, wait, metrics, over a made-up kernel.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "runner.h"

static void used(unsigned int percent, uint32_t state, uint32_t level)
{
	kernel.snapshots[0].area_used_sectors = 10 * percent;
	kernel.snapshots[0].state = state;
	kernel.snapshots[0].level = level;
}

/* ---------------------------------------------------------------- check */

TestSuite(check, .init = setup, .fini = teardown);

Test(check, tells_by_its_status_how_things_are)
{
	cr_expect_eq(run("check"), 0);
	cr_expect_str_eq(out_text, "ok        2 objects looked at\n");
	used(80, BLKSNAP_SNAPSHOT_STATE_TAKEN, BLKSNAP_AREA_LEVEL_OK);
	cr_expect_eq(run("check"), BLKSNAP_EXIT_WARNING);
	cr_expect_str_eq(out_text,
			 "warning   snapshot nightly: area ok, 80% used\n");
	used(50, BLKSNAP_SNAPSHOT_STATE_TAKEN, BLKSNAP_AREA_LEVEL_LOW);
	cr_expect_eq(run("check"), BLKSNAP_EXIT_WARNING);
	used(90, BLKSNAP_SNAPSHOT_STATE_TAKEN, BLKSNAP_AREA_LEVEL_LOW);
	cr_expect_eq(run("check"), BLKSNAP_EXIT_CRITICAL);
	used(50, BLKSNAP_SNAPSHOT_STATE_OVERFLOW, BLKSNAP_AREA_LEVEL_OVERFLOW);
	cr_expect_eq(run("check"), BLKSNAP_EXIT_CRITICAL);
	cr_expect_eq(run("check vdb"), 0, "asked about the device alone");
}

Test(check, takes_other_thresholds)
{
	cr_expect_eq(run("check --warn fill>=40"), BLKSNAP_EXIT_WARNING);
	cr_expect_eq(run("check --crit age>5s"), BLKSNAP_EXIT_CRITICAL);
	cr_expect_eq(run("check --crit age>7s"), 0);
	cr_expect_eq(run("check --warn fil>=40"), BLKSNAP_EXIT_USAGE);
	cr_expect(strstr(err_text, "fil"), "%s", err_text);
}

Test(check, speaks_with_nagios)
{
	cr_expect_eq(run("check --nagios"), 0);
	cr_expect_str_eq(out_text,
			 "BLKSNAP OK - 2 objects looked at | 'used_nightly'=209920B;;;0;512000"
			 " snapshots=1 devices=1\n");
	used(80, BLKSNAP_SNAPSHOT_STATE_TAKEN, BLKSNAP_AREA_LEVEL_OK);
	cr_expect_eq(run("check --nagios"), 1);
	used(50, BLKSNAP_SNAPSHOT_STATE_FAILED, BLKSNAP_AREA_LEVEL_OK);
	cr_expect_eq(run("check --nagios"), 2);
	cr_expect(strstr(out_text, "CRITICAL - snapshot nightly is failed"), "%s",
		  out_text);
	cr_expect_eq(run("check --nagios nope"), 3);
	kernel.played.absent = true;
	cr_expect_eq(run("check --nagios"), 3);
	cr_expect(strstr(out_text, "BLKSNAP UNKNOWN - "), "%s", out_text);
	cr_expect_str_empty(err_text);
	cr_expect_eq(run("check"), BLKSNAP_EXIT_ABSENT);
}

Test(check, prints_a_document_with_every_object)
{
	json_t *doc, *list;

	used(80, BLKSNAP_SNAPSHOT_STATE_TAKEN, BLKSNAP_AREA_LEVEL_OK);
	cr_expect_eq(run("-j check"), BLKSNAP_EXIT_WARNING);
	doc = document("check");
	list = json_object_get(doc, "objects");
	cr_expect_str_eq(json_string_value(json_object_get(doc, "level")), "warning");
	cr_expect_eq(json_array_size(list), 2);
	cr_expect(json_is_null(json_object_get(json_array_get(list, 0), "device")));
	json_decref(doc);
}

/* ----------------------------------------------------------------- wait */

TestSuite(wait, .init = setup, .fini = teardown, .timeout = 60);

Test(wait, ends_at_once_if_it_is_so)
{
	cr_expect_eq(run("wait state=taken nightly"), 0);
	cr_expect_str_empty(out_text);
	cr_expect_eq(run("wait fill>40_and_level=ok"), 0);
	cr_expect_str_eq(out_text, "snapshot nightly\n");
	cr_expect_eq(run("wait size!=unknown_and_not_keep vdb"), 0);
	cr_expect_eq(run("wait state=absent nope"), 0);
	cr_expect_eq(run("wait state=taken 0101"), 0, "the beginning of its UUID");
	cr_expect_eq(run("wait state=taken blksnap3"), 0, "its image");
	cr_expect_eq(run("wait state=taken /dev/blksnap/nightly/vdb"), 0);
	cr_expect_eq(run("wait state=taken --any"), 0);
	cr_expect_eq(run("-j wait object=device"), 0);
	json_decref(document("wait"));
}

static void fill_up(struct replay *replay, uint8_t cmd)
{
	/* after two looks, without any event */
	if (cmd == BLKSNAP_CMD_SNAPSHOT_GET)
		replay->snapshots[0].area_used_sectors += 200;
}

Test(wait, sees_what_changes_without_an_event)
{
	kernel.on_request = fill_up;
	cr_expect_eq(run("wait fill>=90 nightly"), 0);
}

static void vanish(struct replay *replay, uint8_t cmd)
{
	static int looks;

	if (cmd == BLKSNAP_CMD_SNAPSHOT_GET && ++looks == 3)
		replay->n_snapshots = 0;
}

Test(wait, does_not_wait_for_what_is_gone)
{
	kernel.on_request = vanish;
	cr_expect_eq(run("wait fill>=90 nightly"), BLKSNAP_EXIT_NOT_FOUND);
}

Test(wait, gives_up_in_time)
{
	cr_expect_eq(run("wait fill>=90 nightly --timeout 10ms"),
		     BLKSNAP_EXIT_TIMEOUT);
	cr_expect_eq(run("wait state=taken nope --timeout 10ms"),
		     BLKSNAP_EXIT_TIMEOUT);
}

Test(wait, refuses_what_is_no_expression)
{
	cr_expect_eq(run("wait state=taking_or nightly"), BLKSNAP_EXIT_USAGE);
	cr_expect_eq(run("wait state=takne nightly"), BLKSNAP_EXIT_USAGE);
	cr_expect_eq(run("wait colour=red nightly"), BLKSNAP_EXIT_USAGE);
	cr_expect_eq(kernel.n_seen, 0, "nothing is asked for before");
}

/* -------------------------------------------------------------- metrics */

TestSuite(metrics, .init = setup, .fini = teardown);

/* Every sample stands below the TYPE of its family, which comes once. */
static void check_openmetrics(char *text, bool old)
{
	static const char *const endings[] = { "_total", "_bucket", "_count", "_sum",
					       "",	 NULL };
	char *line, *rest, family[128] = "", name[128], type[32];
	static char types[8192];
	bool ended = false;
	size_t i;

	types[0] = 0;
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		cr_assert_not(ended, "%s after the end", line);
		if (sscanf(line, "# TYPE %127s %31s", family, type) == 2) {
			/* those that the textfile collector knows as well */
			cr_expect(!strcmp(type, "gauge") || !strcmp(type, "counter") ||
				  !strcmp(type, "histogram"), "%s is a %s", family, type);
			/* there a counter is called as its samples are */
			if (!strcmp(type, "counter"))
				cr_expect_eq(!strcmp(family + strlen(family) - 6, "_total"),
					     old, "%s", line);
			snprintf(name, sizeof(name), " %.120s ", family);
			cr_expect_null(strstr(types, name), "%s twice", family);
			strncat(types, name, sizeof(types) - strlen(types) - 1);
			continue;
		}
		ended = !strcmp(line, "# EOF");
		if (*line == '#')
			continue;
		for (i = 0; endings[i]; i++) {
			snprintf(name, sizeof(name), "%.100s%s", family, endings[i]);
			if (!strncmp(line, name, strlen(name)) &&
			    (line[strlen(name)] == '{' || line[strlen(name)] == ' '))
				break;
		}
		cr_expect(endings[i], "%s is not of %s", line, family);
	}
	cr_expect_eq(ended, !old);
}

Test(metrics, are_open_metrics)
{
	cr_expect_eq(run("metrics"), 0);
	cr_expect(strstr(out_text, "\nblksnap_area_used_bytes{snapshot=\"nightly\"} "
				   "209920\n"));
	cr_expect(strstr(out_text, "\nblksnap_cow_bytes_total{device=\"vdb\"} 4096\n"));
	cr_expect(strstr(out_text, "{snapshot=\"nightly\",blksnap_snapshot_state="
				   "\"taken\"} 1\n"));
	cr_expect(strstr(out_text, "le=\"8.192e-06\"} 5\n"), "%s", out_text);
	cr_expect(strstr(out_text, "le=\"1.024e-06\"} 2\n"));
	cr_expect(strstr(out_text, "le=\"+Inf\"} 5\n"));
	check_openmetrics(out_text, false);
}

Test(metrics, come_in_the_format_before_open_metrics)
{
	cr_expect_eq(run("metrics --format text"), 0);
	cr_expect(strstr(out_text, "\n# HELP blksnap_cow_bytes_total "));
	cr_expect(strstr(out_text, "\nblksnap_cow_bytes_total{device=\"vdb\"} 4096\n"));
	check_openmetrics(out_text, true);
	cr_expect_eq(run("metrics --format xml"), BLKSNAP_EXIT_USAGE);
}

/* how often a text is there */
static int times(const char *text)
{
	const char *at = out_text;
	int n = 0;

	for (; (at = strstr(at, text)); at++)
		n++;
	return n;
}

Test(metrics, have_no_series_twice_when_a_disk_came_back)
{
	kernel.devices[1] = kernel.devices[0];
	kernel.devices[0].state = BLKSNAP_DEVICE_STATE_GONE;
	kernel.devices[1].dev.minor = 32;
	kernel.stats[1] = kernel.stats[0];
	kernel.stats[1].dev.minor = 32;
	kernel.stats[1].cow_sectors = 16;
	kernel.n_devices = kernel.n_stats = 2;
	cr_expect_eq(run("metrics"), 0);
	cr_expect_eq(times("\nblksnap_cow_bytes_total{device=\"vdb\"}"), 1);
	cr_expect_eq(times("\nblksnap_cow_bytes_total{device=\"vdb\"} 8192\n"), 1);
	cr_expect_eq(times("\nblksnap_device_info{device=\"vdb\","), 1);
	kernel.n_devices = kernel.n_stats = 1;
	cr_expect_eq(run("metrics"), 0);
	cr_expect_eq(times("\nblksnap_device_info{device=\"vdb\","), 1, "it is all there is");
}

Test(metrics, say_that_the_module_is_not_there)
{
	kernel.played.absent = true;
	cr_expect_eq(run("metrics"), 0);
	cr_expect(strstr(out_text, "\nblksnap_up 0\n# EOF\n"));
	check_openmetrics(out_text, false);
}

Test(metrics, replace_a_file)
{
	char path[] = "/tmp/blksnap-metrics.XXXXXX", line[512], text[64] = "";
	FILE *in;

	close(mkstemp(path));
	/* the name is made of what run() leaves as it is */
	snprintf(line, sizeof(line), "metrics --output %s", path);
	cr_expect_eq(run(line), 0, "%s", err_text);
	in = fopen(path, "r");
	cr_expect(fgets(text, sizeof(text), in) && !strcmp(text, "# TYPE blksnap_up gauge\n"));
	fclose(in);
	unlink(path);
	cr_expect_eq(run("metrics --output /nowhere/file"), BLKSNAP_EXIT_NOT_FOUND);
}

/* -------------------------------------------------------------- monitor */

TestSuite(monitor, .init = setup, .fini = teardown, .timeout = 60);

static void happen(struct replay *replay, uint8_t cmd)
{
	if (cmd != BLKSNAP_CMD_DEVICE_GET || replay->played.n_steps)
		return;
	replay_event(replay, BLKSNAP_CMD_AREA_LEVEL_NTF, &replay->snapshots[0], NULL,
		     true);
	replay_family(replay, false);
}

Test(monitor, runs_a_command_for_every_event)
{
	char path[] = "/tmp/blksnap-monitor.XXXXXX", line[256], text[256] = "";
	size_t used;
	FILE *in;

	close(mkstemp(path));
	kernel.snapshots[0].level = BLKSNAP_AREA_LEVEL_LOW;
	kernel.on_request = happen;
	snprintf(line, sizeof(line),
		 "monitor --exec echo_${BLKSNAP%cEVENT-none}_$BLKSNAP%cLEVEL_>>%s", 1, 1,
		 path);
	cr_expect_eq(run(line), BLKSNAP_EXIT_GONE);
	in = fopen(path, "r");
	used = fread(text, 1, sizeof(text) - 1, in);
	text[used] = 0;
	fclose(in);
	unlink(path);
	cr_expect_str_eq(text, "area-level-ntf low\nnone\n", "%s%s", text, err_text);
}

Test(monitor, goes_on_where_another_one_ended)
{
	replay_event(&kernel, BLKSNAP_CMD_AREA_LEVEL_NTF, &kernel.snapshots[0], NULL,
		     false);
	replay_event(&kernel, BLKSNAP_CMD_AREA_LEVEL_NTF, &kernel.snapshots[0], NULL,
		     false);
	cr_expect_eq(run("monitor --now --since 101"), 0, "%s", err_text);
	cr_expect_null(strstr(out_text, "#101"), "%s", out_text);
	cr_expect(strstr(out_text, "#102"), "%s", out_text);
	cr_expect_null(strstr(out_text, " =  "), "the state was not asked for");
	kernel.ring_lost = 3;
	cr_expect_eq(run("-j monitor --now --since 98"), 0);
	cr_expect(strstr(out_text, "\"lost\":3"), "%s", out_text);
	cr_expect_eq(run("-j monitor --now --since 7777:100"), 0);
	cr_expect(strstr(out_text, "\"lost\":null"), "%s", out_text);
	cr_expect(strstr(out_text, "\"type\":\"state\""), "%s", out_text);
	cr_expect_eq(run("monitor --since x"), BLKSNAP_EXIT_USAGE);
	cr_expect_eq(run("monitor --since 1:"), BLKSNAP_EXIT_USAGE);
}

static void leave(struct replay *replay, uint8_t cmd)
{
	static int samples;

	if (cmd == BLKSNAP_CMD_STATS_GET && ++samples == 3)
		replay_family(replay, false);
}

Test(monitor, prints_counters_between_events)
{
	const char *type;
	char *line, *rest;
	int stats = 0;
	json_t *doc;

	kernel.on_request = leave;
	cr_expect_eq(run("-j monitor --stats 100ms"), BLKSNAP_EXIT_GONE);
	for (line = strtok_r(out_text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		doc = json_loads(line, 0, NULL);
		cr_assert(doc, "%s", line);
		type = json_string_value(json_object_get(doc, "type"));
		stats += type && !strcmp(type, "stats");
		json_decref(doc);
	}
	cr_expect(stats >= 6, "%d of device and area in three samples", stats);
	cr_expect_eq(run("monitor --stats 10ms"), BLKSNAP_EXIT_USAGE);
}

/* ------------------------------------------------------------- autogrow */

TestSuite(autogrow, .init = setup, .fini = teardown, .timeout = 60);

/* The module goes away once the state was told. */
static void end(struct replay *replay, uint8_t cmd)
{
	if (cmd == BLKSNAP_CMD_DEVICE_GET && !replay->played.n_steps)
		replay_family(replay, false);
}

/* It sets the grace of those that are meant, whatever their level. */
static bool cares_for(const char *name)
{
	char line[160];

	snprintf(line, sizeof(line),
		 "autogrow %s --list /dev/null --limit 1G --grace 7s", name);
	kernel.n_seen = 0;
	cr_expect_eq(run(line), BLKSNAP_EXIT_GONE, "%s", err_text);
	return replay_saw(&kernel, BLKSNAP_CMD_SNAPSHOT_SET);
}

static void expect_cared_for(const char *name, bool want)
{
	kernel.on_request = end;
	cr_expect_eq(cares_for(name), want, "%s", name);
}

Test(autogrow, cares_for_all_if_none_is_named)
{
	expect_cared_for("", true);
}

Test(autogrow, cares_for_one_by_its_name)
{
	expect_cared_for("nightly", true);
}

Test(autogrow, cares_for_one_by_its_whole_uuid)
{
	expect_cared_for("01010101-0101-0101-0101-010101010101", true);
}

Test(autogrow, cares_for_one_by_a_path_of_its_image)
{
	expect_cared_for("/dev/blksnap/nightly/vdb", true);
}

Test(autogrow, leaves_those_alone_that_are_not_meant)
{
	expect_cared_for("0101", false); /* may be of a snapshot to come */
}
