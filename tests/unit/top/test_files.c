// SPDX-License-Identifier: GPL-2.0-or-later
/* What comes from files and goes to programs: settings, recordings, CSV, JSON. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "batch.h"
#include "config.h"
#include "export.h"
#include "mounts.h"
#include "mutate.h"
#include "source.h"
#include "world.h"

static char why[CONFIG_WHY_SIZE];

static struct options settings(const char *text, unsigned int bad)
{
	struct options options;

	options_init(&options, NULL, false);
	cr_assert_eq(config_text(&options, text, strlen(text), why, sizeof(why)), bad, "%s", why);
	return options;
}

Test(config, takes_settings)
{
	struct options options = settings("# mine\n delay = 2.5 \n\nunits=si\r\nsort = -cow\n"
					  "select = fill>=70\nmouse = yes\nwarn-fill = 75%\n"
					  "crit-time = 2m\nview = flat\nevents = no",
					  0);

	cr_assert_eq(options.delay_ms, 2500);
	cr_assert_eq(options.units, UNITS_SI);
	cr_assert_eq(options.order.column, COLUMN_COW);
	cr_assert(options.order.inverted);
	cr_assert_str_eq(options.filter, "fill>=70");
	cr_assert(options.mouse);
	cr_assert_eq(options.thresholds.usual.warn_permille, 750);
	cr_assert_eq(options.thresholds.usual.crit_s, 120);
	cr_assert_eq(options.order.tree, TREE_FLAT);
	cr_assert(options.no_events);
}

Test(config, says_what_is_wrong_and_goes_on)
{
	struct options options = settings("delay = often\nunits = si\nrecord = /etc/passwd\nx\n", 3);

	cr_assert_str_eq(why, "line 1: delay: \"often\" is not possible: it is 0.1 to 60 seconds");
	cr_assert_eq(options.delay_ms, 1000);
	cr_assert_eq(options.units, UNITS_SI);
	cr_assert_null(options.record, "a file of settings starts no recording");
	settings("select = fred>1\n", 1);
	cr_assert_str_eq(why, "line 1: select: \"fred>1\" is not possible: "
			      "there is no field \"fred\"; is \"free\" meant?");
}

Test(config, takes_back_what_it_wrote)
{
	struct options options;
	struct ui ui;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ui_init(&ui);
	ui.delay_ms = 200;
	ui.order.column = COLUMN_TTFULL;
	ui.order.inverted = true;
	ui.order.tree = TREE_FOLDED;
	ui.units = UNITS_BYTES;
	ui.events = false;
	cr_assert_eq(columns_parse(&ui.columns, "ttfull,last-min,err", why, sizeof(why)), 0);
	cr_assert_eq(ui_set_filter(&ui, "state=crit", NULL), 0);
	config_print(out, &ui);
	fclose(out);
	options = settings(text, 0);
	cr_assert_eq(options.delay_ms, 200);
	cr_assert_eq(options.order.column, COLUMN_TTFULL);
	cr_assert(options.order.inverted);
	cr_assert_eq(options.order.tree, TREE_FOLDED);
	cr_assert_eq(options.units, UNITS_BYTES);
	cr_assert(options.no_events);
	cr_assert_arr_eq(&options.columns, &ui.columns, sizeof(ui.columns));
	cr_assert_str_eq(options.filter, "state=crit");
	ui_exit(&ui);
	free(text);
}

Test(config, survives_any_text)
{
	static const char *const samples[] = {
		"delay = 2.5\nunits = si\n",
		"# x\nsort = -cow\nselect = fill>=70 and p99>1ms\n",
		"warn-fill = 75%\ncrit-time = 2m\ntheme = light\nmax-bps = 1k\n",
		"key = pause z F8 Ctrl-P\ncolumns = fill,ttfull\nkey = quit none\n",
		"limits = a*[b warn-fill=95 crit-time=1m\non-alarm = tell 'me now' \"x\"\n",
	};
	uint64_t seed, rounds = mutate_env("FUZZ_ROUNDS", 5000);

	for (seed = mutate_env("FUZZ_SEED", 1); rounds--; seed++) {
		uint64_t state = seed;
		struct options options;
		char text[700];
		size_t length = mutate(&state, text, sizeof(text), samples, 5);

		options_init(&options, NULL, false);
		config_text(&options, text, length, why, sizeof(why));
	}
}

/* Everything of a recording that is in a file, told to a model. */
static struct model replay(const char *text, size_t length)
{
	char path[] = "/tmp/blksnap-top-XXXXXX";
	struct source *source;
	struct model model;
	int fd = mkstemp(path), rounds = 0;

	cr_assert(fd >= 0 && write(fd, text, length) == (ssize_t)length);
	close(fd);
	model_init(&model);
	cr_assert_eq(model_keep_past(&model), 0);
	if (!source_open_file(&source, path, 0, why, sizeof(why))) {
		while (!source->ops->at_end(source) && rounds++ < 1000)
			cr_assert_eq(source->ops->dispatch(source, &model), 0);
		cr_assert_lt(rounds, 1000);
		source->ops->close(source);
	}
	unlink(path);
	return model;
}

#define LINE(type, rest) \
	"{\"schema\":\"blksnap.monitor/1\",\"type\":\"" type "\"," rest "}\n"
#define SNAP(used)                                                                \
	"\"snapshot\":{\"id\":\"1\",\"name\":\"a\",\"state\":\"taken\","          \
	"\"area_total_bytes\":1048576,\"area_used_bytes\":" used ",\"members\":[" \
	"{\"dev\":\"8:1\",\"name\":\"sda1\",\"image_name\":\"blksnap1\",\"area_used_bytes\":" used "}]}"
#define STATS(cow, time)                                                            \
	"\"stats\":{\"dev\":\"8:1\",\"time_ns\":" time "000000000,\"epoch\":\"1\"," \
	"\"cow_bytes\":" cow ",\"held_histogram\":[1,2]}"
#define AT(seconds) "\"real_ns\":" seconds "000000000,\"time_ns\":" seconds "000000000,"

static const char recording[] =
	LINE("state", AT("100") "\"seq\":\"4\"," SNAP("0"))
		LINE("state", AT("100") "\"seq\":\"4\",\"device\":{\"dev\":\"8:1\",\"name\":\"sda1\","
					"\"state\":\"snapshot\",\"snapshot_id\":\"1\",\"capacity_bytes\":9000960}")
			LINE("sync", AT("100") "\"seq\":\"4\"")
				LINE("stats", AT("100") STATS("0", "100"))
					LINE("stats", AT("100") SNAP("0"))
						LINE("stats", AT("101") STATS("4096", "101"))
							LINE("stats", AT("101") SNAP("4096"))
								LINE("event", AT("101") "\"seq\":\"5\",\"event\":\"area-level-ntf\",\"cause\":\"level\","
											"\"snapshot\":{\"id\":\"1\",\"name\":\"a\",\"level\":\"low\",\"state\":\"taken\"}");

Test(recording, is_told_like_the_kernel)
{
	struct model model = replay(recording, strlen(recording));
	const struct dev *dev = model_find_dev(&model, (struct devno){ 8, 1 });

	cr_assert_not_null(dev, "%s", why);
	cr_assert_str_eq(dev->fact.name, "sda1");
	cr_assert_str_eq(dev->image_name, "");
	cr_assert_float_eq(dev->cow_rate, 4096, 0.1);
	cr_assert_eq(model.snaps[0].fact.level, LEVEL_LOW);
	cr_assert_eq(model.seq, 5);
	cr_assert_eq(model.source, SOURCE_STALE);
	cr_assert_str_eq(model.stale_why, "end of the recording");
	model_exit(&model);
}

Test(recording, says_what_is_mounted_where_and_takes_how_much)
{
	const char text[] = LINE("state", AT("100") "\"seq\":\"4\"," SNAP("4096"))
		LINE("mounts", AT("100") "\"mounts\":[{\"dev\":\"8:1\",\"path\":\"/old\"}]")
			LINE("mounts", AT("101") "\"mounts\":[7,{\"dev\":\"8:1\",\"path\":\"/srv\"},"
						 "{\"dev\":\"x\",\"path\":\"/y\"}]")
				LINE("sync", AT("101") "\"seq\":\"4\"");
	struct model model = replay(text, strlen(text));

	cr_assert_eq(model.n_mounts, 1);
	cr_assert_str_eq(model_mount_of(&model, (struct devno){ 8, 1 }), "/srv");
	cr_assert(model.devs[0].has_used);
	cr_assert_eq(model.devs[0].used, 8);
	cr_assert_str_eq(model_mount_of(&model, (struct devno){ 8, 2 }), "");
	cr_assert_eq(model.n_events, 1, "only that it is over");
	model_exit(&model);
}

Test(recording, says_who_uses_an_image_and_where_it_broke)
{
	const char text[] =
		LINE("event", AT("100") "\"seq\":\"4\",\"event\":\"snapshot-change-ntf\",\"cause\":\"state\","
			      "\"snapshot\":{\"id\":\"1\",\"name\":\"a\",\"state\":\"failed\",\"error\":\"EIO\","
			      "\"error_dev\":\"8:1\",\"error_offset_bytes\":1048576,\"members\":["
			      "{\"dev\":\"8:1\",\"name\":\"sda1\",\"openers\":2,\"held\":true}]}");
	struct model model = replay(text, strlen(text));

	cr_assert(model.devs[0].has_openers);
	cr_assert_eq(model.devs[0].openers, 2);
	cr_assert(model.devs[0].held);
	cr_assert_str_eq(model_event(&model, 0)->sentence.text,
			 "failed (EIO on sda1 at sector 2048): images invalid, origins unaffected",
			 "%s", model_event(&model, 0)->sentence.text);
	model_exit(&model);
}

static void assert_mounts(const char *text, const char *wanted)
{
	char got[500] = "", *copy = strdup(text);
	FILE *in = fmemopen(copy, strlen(copy), "r");
	struct fact_mount *list;
	size_t count, i;

	cr_assert_eq(mounts_parse(in, &list, &count), 0);
	for (i = 0; i < count; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%u:%u %s", i ? ", " : "",
			 list[i].dev.major, list[i].dev.minor, list[i].path);
	cr_assert_str_eq(got, wanted, "wanted %s\ngot    %s", wanted, got);
	free(list);
	fclose(in);
	free(copy);
}

Test(mounts, are_of_block_devices)
{
	assert_mounts("22 1 254:1 / / rw - ext4 /dev/vda1 rw\n"
		      "23 22 0:21 / /proc rw - proc proc rw\n"
		      "24 22 0:22 / /mnt rw - 9p host rw\n"
		      "25 22 254:16 / /srv/a\\0401\\134c rw shared:1 - xfs /dev/vdb rw\n",
		      "254:1 /, 254:16 /srv/a 1\\c");
}

Test(mounts, are_where_all_of_the_file_system_is)
{
	assert_mounts("22 1 8:1 /sub /bind rw - ext4 /dev/sda1 rw\n"
		      "23 1 8:1 / /whole rw - ext4 /dev/sda1 rw\n"
		      "24 1 8:1 / /again rw - ext4 /dev/sda1 rw\n"
		      "25 1 8:2 /@home /home rw - ext4 /dev/sda2 rw\n"
		      "26 1 8:2 /@ / rw - ext4 /dev/sda2 rw\n",
		      "8:1 /whole, 8:2 /home");
}

Test(mounts, are_none_in_nonsense)
{
	assert_mounts("x\n1 2 3\n1 2 a:b / /\n25 1 0:33 / /a rw - btrfs /nowhere/dev rw\n"
		      "26 1 0:34 / /b rw - btrfs\n",
		      "");
	assert_mounts("25 1 8:16 / /cut", "8:16 /cut");
}

Test(mounts, are_read_once_and_when_they_change)
{
	struct mounts mounts;
	struct fact_mount *list;
	size_t count;

	mounts_open(&mounts);
	cr_assert(mounts_changed(&mounts));
	cr_assert_eq(mounts_read(&list, &count), 0);
	free(list);
	mounts_close(&mounts);
	/* without /proc */
	cr_assert_not(mounts_changed(&mounts));
}

Test(recording, goes_on_after_lines_that_are_none)
{
	char text[4096] = "nonsense\n{}\n\n";
	struct model model;

	strcat(text, recording);
	strcat(text, "{\"cut");
	model = replay(text, strlen(text));
	cr_assert_eq(model.n_snaps, 1);
	cr_assert(strstr(model.events[model.n_events - 2].sentence.text, "line 12 of the recording"),
		  "%s", model.events[model.n_events - 2].sentence.text);
	model_exit(&model);
}

Test(recording, survives_any_bytes)
{
	const char *samples[] = { recording };
	uint64_t seed, rounds = mutate_env("FUZZ_ROUNDS", 400);

	for (seed = mutate_env("FUZZ_SEED", 1); rounds--; seed++) {
		uint64_t state = seed;
		static char text[8192];
		size_t length = mutate(&state, text, sizeof(text), samples, 1);
		struct picture picture;
		struct model model;
		struct ui ui;

		if (!length)
			continue;
		model = replay(text, length);
		ui_init(&ui);
		picture_init(&picture);
		cr_assert_eq(picture_draw(&picture, &model, &ui, 100, 30), 0);
		picture_exit(&picture);
		model_exit(&model);
	}
}

static struct columns all;

static struct rows all_rows(struct model *model)
{
	static struct world world;
	struct order order = { .column = COLUMN_NAME };
	struct rows rows;

	columns_init(&all);
	model_init(model);
	world_init(&world);
	world_run(&world, model, 30);
	strcpy(model->snaps[0].fact.name, "=a,\"b\"\xff");
	cr_assert_eq(rows_create(&rows, model, &order), 0);
	return rows;
}

Test(export, writes_json_that_can_be_read)
{
	struct model model;
	struct rows rows = all_rows(&model);
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *doc, *row;

	cr_assert_eq(export_json(out, &model, &rows, &all, 12345, 0), 0);
	fclose(out);
	doc = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(doc, "%s", text);
	cr_assert_str_eq(json_string_value(json_object_get(doc, "schema")), "blksnap.top/1");
	cr_assert_eq(json_array_size(json_object_get(doc, "rows")), rows.count);
	row = json_array_get(json_object_get(doc, "rows"), rows.count - 1);
	cr_assert_str_eq(json_string_value(json_object_get(row, "name")), "vde");
	cr_assert(json_is_null(json_object_get(row, "fill_percent")), "unknown is null");
	cr_assert_eq(strchr(text, '\n'), text + strlen(text) - 1, "one line");
	json_decref(doc);
	free(text);
	rows_destroy(&rows);
	model_exit(&model);
}

Test(export, writes_csv_with_as_many_fields_in_each_line)
{
	struct model model;
	struct rows rows = all_rows(&model);
	size_t size, fields = 0, n = 1;
	char *text, *c;
	FILE *out = open_memstream(&text, &size);
	bool quoted = false;

	export_csv_head(out, &all);
	export_csv(out, &rows, &all, 12345);
	fclose(out);
	cr_assert_not_null(strstr(text, "\"=a,\"\"b\"\""), "%s", text);
	for (c = text; *c; c++) {
		quoted ^= *c == '"';
		n += *c == ',' && !quoted;
		if (*c != '\n')
			continue;
		cr_assert(!fields || n == fields, "%zu and %zu fields", fields, n);
		fields = n;
		n = 1;
	}
	free(text);
	rows_destroy(&rows);
	model_exit(&model);
}

Test(export, has_the_chosen_columns_in_their_order_and_no_others)
{
	struct model model;
	struct rows rows = all_rows(&model);
	struct columns few;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	cr_assert_eq(columns_parse(&few, "fill,cow", why, sizeof(why)), 0);
	export_csv_head(out, &few);
	export_json(out, &model, &rows, &few, 12345, model.n_events);
	fclose(out);
	cr_assert_eq(strncmp(text, "real_ns,kind,name,snapshot,fill_percent,cow_bytes_per_second\n", 61), 0,
		     "%s", text);
	cr_assert_not_null(strstr(text, "\"name\":\"vda2\",\"snapshot\":"), "%s", text);
	cr_assert_not_null(strstr(text, ",\"fill_percent\":null,\"cow_bytes_per_second\":"), "%s", text);
	cr_assert_null(strstr(text, "mount"), "%s", text);
	free(text);
	out = open_memstream(&text, &size);
	export_csv_head(out, &all);
	fclose(out);
	cr_assert_not_null(strstr(text, ",mount\n"), "%s", text);
	free(text);
	rows_destroy(&rows);
	model_exit(&model);
}
