// SPDX-License-Identifier: GPL-2.0-or-later
/* What must be on the screen, at any size: figures, and not only their places. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "draw.h"
#include "world.h"

static struct model model;
static struct world world;
static struct ui ui;

static void begin(void)
{
	setenv("TZ", "UTC", 1);
	model_init(&model);
	world_init(&world);
	ui_init(&ui);
	strcpy(ui.host, "db01");
	world_run(&world, &model, 100);
	ui.now_ns = world.boot_ns + 100 * FACT_NS_PER_S;
	ui.real_ns = world.real_ns + 100 * FACT_NS_PER_S;
}

static void end(void)
{
	model_exit(&model);
}

TestSuite(header, .init = begin, .fini = end);

/* The screen, a line each; valid until the next call. */
static const char *screen(int cols, int rows)
{
	static char text[64 * 1024];
	FILE *out = fmemopen(text, sizeof(text), "w");
	struct picture picture;
	int y;

	picture_init(&picture);
	cr_assert_eq(picture_draw(&picture, &model, &ui, cols, rows), 0);
	for (y = 0; y < rows; y++) {
		grid_print_row(&picture.grid, y, out);
		putc('\n', out);
	}
	putc('\0', out);
	fclose(out);
	picture_exit(&picture);
	return text;
}

static const char *first_line(int cols)
{
	static char line[512];

	snprintf(line, sizeof(line), "%.*s", (int)strcspn(screen(cols, 24), "\n"), screen(cols, 24));
	return line;
}

#define assert_sees(text, wanted) \
	cr_assert_not_null(strstr(text, wanted), "wanted %s\ngot\n%s", wanted, text)
#define assert_sees_no(text, unwanted) \
	cr_assert_null(strstr(text, unwanted), "there is %s\n%s", unwanted, text)

Test(header, counts_events_on_80_columns)
{
	assert_sees(first_line(80), "db01 | 12:37:35 | 1.0s | LIVE | seq 84001 lost 0 | WARN 1 CRIT 1 FAIL 1");
	assert_sees(first_line(60), "seq 84001 lost 0");
	assert_sees(first_line(100), "blksnap-top | db01 | 2026-11-22 12:37:35 ");
}

Test(header, keeps_the_clock_and_the_count_when_the_source_is_gone)
{
	model_stale(&model, ui.now_ns - 14 * FACT_NS_PER_S, ui.real_ns - 14 * FACT_NS_PER_S,
		    "module unloaded");
	assert_sees(first_line(100), "12:37:35 ");
	assert_sees(first_line(100), "STALE 14s: module unloaded");
	assert_sees(first_line(100), "seq 84001 lost 0");
	assert_sees(first_line(80), "12:37:35 ");
	assert_sees(first_line(80), "seq 84001 lost 0");
	assert_sees(first_line(160), "STALE 14s: module unloaded at 12:37:21, waiting");
}

Test(header, has_the_machine_of_a_recording)
{
	ui.replay = true;
	assert_sees_no(first_line(100), "db01");
	strcpy(model.host, "web7");
	assert_sees(first_line(100), "web7 | ");
	assert_sees(first_line(80), "web7 | 12:37:35 | 1.0s | REPLAY | seq 84001 lost 0 | ");
	assert_sees_no(first_line(100), "db01");
}

TestSuite(totals, .init = begin, .fini = end);
TestSuite(graph, .init = begin, .fini = end);

static void select_named(const char *name)
{
	struct snap *snap = &model.snaps[0];

	while (strcmp(snap->fact.name, name))
		snap++;
	ui.has_selected = true;
	ui.selected_id = snap->fact.id;
}

Test(totals, say_how_far_back_they_go)
{
	assert_sees(screen(100, 30), "/s -1m40 ");
	assert_sees(screen(80, 24), "/s   -1m ");
}

Test(graph, has_round_times_and_both_ends)
{
	select_named("nightly");
	ui.page = PAGE_GRAPH;
	assert_sees(screen(80, 24), " -2m06             -1m30          -1m            -30s        now\n");
	assert_sees(screen(80, 24), " -1h03             -45m           -30m           -15m        now\n");
	assert_sees(screen(40, 10), " -2m05        -1m      now\n");
}

Test(graph, ends_at_the_time_of_a_picture_of_the_past)
{
	select_named("nightly");
	ui.page = PAGE_GRAPH;
	ui.paused = true;
	ui.at_ns = ui.now_ns - 60 * FACT_NS_PER_S;
	model.now_ns = ui.at_ns;
	assert_sees(screen(80, 24), " 12:36:35\n");
	assert_sees_no(screen(80, 24), "now\n");
}

TestSuite(detail, .init = begin, .fini = end);

static void select_device(const char *name)
{
	struct dev *dev = &model.devs[0];

	while (strcmp(dev->fact.name, name))
		dev++;
	ui.has_selected = true;
	ui.selected_id = 0;
	ui.selected_dev = dev->fact.dev;
	ui.page = PAGE_DETAIL;
}

Test(detail, has_the_units_that_were_asked_for)
{
	struct dev *vdb;

	select_named("nightly");
	ui.page = PAGE_DETAIL;
	ui.units = UNITS_SI;
	assert_sees(screen(100, 30), "vdb                536.8G ");
	ui.units = UNITS_BYTES;
	assert_sees(screen(100, 30), "vdb                 536870912000 ");
	select_device("vdb");
	vdb = model_find_dev(&model, ui.selected_dev);
	vdb->fact.cbt_cell_bytes = 65536;
	vdb->fact.cbt_memory_bytes = 1 << 20;
	vdb->stats.metadata_bytes = 4096;
	assert_sees(screen(100, 40), "cells of 65536, interval 0, 1048576 of memory");
	assert_sees(screen(100, 40), "4096 of metadata");
}

Test(detail, tells_who_uses_the_images)
{
	select_named("nightly");
	assert_sees(screen(100, 30), " readers 2\n");
	assert_sees_no(screen(80, 24), " re");
	ui.page = PAGE_DETAIL;
	assert_sees(screen(100, 30), "blksnap1     2 held ");
	assert_sees(screen(100, 30), "blksnap0     0 ");
	select_device("vdb");
	assert_sees(screen(100, 30), "/dev/blksnap1, open 2 times, exclusively");
	model_openers(&model, 1, ui.selected_dev, 1, false);
	assert_sees(screen(100, 30), "/dev/blksnap1, open 1 time\n");
	model_openers(&model, 2, ui.selected_dev, 7, false);
	assert_sees(screen(100, 30), "open 1 time\n");
}

Test(detail, tells_where_a_snapshot_broke)
{
	struct fact_snapshot *fact = &model.snaps[0].fact;

	select_named("nightly");
	ui.page = PAGE_DETAIL;
	fact->error = -5;
	fact->phase = "gate";
	fact->error_dev = (struct devno){ 252, 16 };
	strcpy(fact->error_name, "vdb");
	fact->has_error_sector = true;
	fact->error_sector = 2048;
	assert_sees(screen(100, 40), "broken by        EIO (Input/output error) in phase gate");
	assert_sees(screen(100, 40), "broken device    vdb  252:16  sector 2048");
}

TestSuite(small, .init = begin, .fini = end);

/* Each page through, as one would who presses Down: all that was on the screen. */
static const char *all_of(int cols, int rows)
{
	static char text[256 * 1024];
	const char *now;
	char last[4096] = "";
	size_t used = 0;
	int i;

	ui.scroll = 0;
	for (i = 0; i < 300; i++) {
		now = screen(cols, rows);
		if (!strcmp(now, last))
			break;
		snprintf(last, sizeof(last), "%s", now);
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s", now);
		ui.scroll++;
	}
	return text;
}

Test(small, detail_page_has_all_of_it)
{
	static const int sizes[][2] = { { 60, 15 }, { 40, 10 }, { 20, 5 }, { 20, 4 } };
	const char *text;
	size_t i;

	select_named("nightly");
	ui.page = PAGE_DETAIL;
	assert_sees(all_of(40, 10), "3f3f3f3f-3f3f-3f3f-3f3f-3f3f3f3f3f3f");
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		text = all_of(sizes[i][0], sizes[i][1]);
		assert_sees(text, "3f3f3f3f-3f3f-");
		assert_sees(text, "80%");
		assert_sees(text, "16m23s");
		assert_sees(text, "17m02s");
		assert_sees(text, "blksnap1,");
		assert_sees(text, "exclusively");
		assert_sees(text, "from 80.0G");
	}
}

Test(small, latency_page_has_all_quantiles)
{
	select_named("nightly");
	ui.page = PAGE_LATENCY;
	assert_sees(all_of(40, 10), "p90 4.1ms");
	assert_sees(all_of(40, 10), "p99.9 4.1ms");
	assert_sees(all_of(20, 5), "p50 ");
	assert_sees(all_of(20, 5), "p99.9 4.1ms");
	assert_sees(all_of(20, 5), "  4.1ms ");
}

Test(small, help_page_has_the_cost_and_whole_sentences)
{
	ui.page = PAGE_HELP;
	ui.cost.known = true;
	ui.cost.memory_bytes = 5 << 20;
	assert_sees(all_of(40, 10), "5.0M of memory");
	assert_sees(all_of(40, 10), "terminal.");
	assert_sees(all_of(20, 5), "memory,");
	ui.cost.bytes_s = 2600;
	assert_sees(all_of(100, 30), "sends 2.5K/s to the terminal");
	assert_sees(all_of(20, 5), "terminal.");
}

Test(small, event_page_has_whole_sentences)
{
	ui.page = PAGE_EVENTS;
	assert_sees(all_of(40, 10), "8 minutes\n");
	ui.event_at = model.n_events - 1;
	assert_sees(screen(40, 10), "80.0G)");
	ui.event_at = 1;
	assert_sees(screen(20, 5), "12:36:28 CRIT  pre");
}

Test(small, graph_is_a_line_of_signs)
{
	select_named("nightly");
	ui.page = PAGE_GRAPH;
	assert_sees(screen(20, 5), "peak 27.7M");
	assert_sees(screen(20, 5), "mean 18.5M in 2m06");
	assert_sees(screen(20, 5), "#");
	assert_sees(screen(20, 4), "#");
	ui.graph = GRAPH_FILL;
	assert_sees(screen(20, 5), "peak 89%");
}
