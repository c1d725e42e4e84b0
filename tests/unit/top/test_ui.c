// SPDX-License-Identifier: GPL-2.0-or-later
/* Order of the lines, selection and keys, over the made-up machine. */
#include <criterion/criterion.h>

#include "config.h"
#include "options.h"
#include "ui.h"
#include "world.h"

static struct model model;
static struct world world;
static struct rows rows;
static struct ui ui;

static void begin(void)
{
	model_init(&model);
	world_init(&world);
	ui_init(&ui);
	world_run(&world, &model, 31);
	cr_assert_eq(rows_create(&rows, &model, &ui.order), 0);
	ui_follow(&ui, &rows, 5);
}

static void end(void)
{
	rows_destroy(&rows);
	model_exit(&model);
}

static const char *order_of(enum column column, bool inverted)
{
	static char text[256];
	struct order order = { .column = column, .inverted = inverted };
	size_t i;

	rows_destroy(&rows);
	cr_assert_eq(rows_create(&rows, &model, &order), 0);
	text[0] = '\0';
	for (i = 0; i < rows.count; i++) {
		strcat(text, i ? " " : "");
		strcat(text, rows.row[i].child ? "." : "");
		strcat(text, rows.row[i].figures.name);
	}
	return text;
}

static void assert_order(enum column column, bool inverted, const char *wanted)
{
	const char *got = order_of(column, inverted);

	cr_assert_str_eq(got, wanted, "wanted %s\ngot    %s", wanted, got);
}

TestSuite(sort, .init = begin, .fini = end);
TestSuite(ui, .init = begin, .fini = end);

Test(sort, puts_devices_below_their_snapshot)
{
	assert_order(COLUMN_NAME, false,
		     "nightly .dm-3 .vda2 .vdb oldtest .vdd pre-upgrade .vda1 .vdc vde");
	assert_order(COLUMN_NAME, true,
		     "pre-upgrade .vdc .vda1 oldtest .vdd nightly .vdb .vda2 .dm-3 vde");
}

Test(sort, sorts_within_and_among_snapshots)
{
	assert_order(COLUMN_FILL, false,
		     "oldtest .vdd pre-upgrade .vda1 .vdc nightly .dm-3 .vda2 .vdb vde");
	assert_order(COLUMN_COW, false,
		     "nightly .vdb .vda2 .dm-3 pre-upgrade .vdc .vda1 oldtest .vdd vde");
}

Test(sort, puts_the_unknown_last_in_both_directions)
{
	assert_order(COLUMN_TTFULL, false,
		     "nightly .dm-3 .vda2 .vdb pre-upgrade .vda1 .vdc oldtest .vdd vde");
	assert_order(COLUMN_TTFULL, true,
		     "pre-upgrade .vda1 .vdc nightly .dm-3 .vda2 .vdb oldtest .vdd vde");
}

Test(sort, sorts_by_the_last_minute_and_by_images)
{
	assert_order(COLUMN_SPARK, false,
		     "nightly .vdb .vda2 .dm-3 pre-upgrade .vdc .vda1 oldtest .vdd vde");
	assert_order(COLUMN_IMAGE, false,
		     "nightly .vda2 .vdb .dm-3 oldtest .vdd pre-upgrade .vda1 .vdc vde");
	assert_order(COLUMN_IMAGE, true,
		     "nightly .dm-3 .vdb .vda2 oldtest .vdd pre-upgrade .vdc .vda1 vde");
}

Test(sort, keeps_one_object_with_what_is_below_it)
{
	struct pin one = { .id = 1 };
	struct order order = { .column = COLUMN_NAME, .only = &one };

	rows_destroy(&rows);
	cr_assert_eq(rows_create(&rows, &model, &order), 0);
	cr_assert_eq(rows.count, 4);
	cr_assert_str_eq(rows.row[0].figures.name, "nightly");
	one = (struct pin){ .dev = rows.row[2].dev->fact.dev };
	rows_destroy(&rows);
	cr_assert_eq(rows_create(&rows, &model, &order), 0);
	cr_assert_eq(rows.count, 1);
	cr_assert_str_eq(rows.row[0].figures.name, "vda2");
	cr_assert_not(rows.row[0].child);
}

Test(sort, shows_a_device_whose_snapshot_is_unknown)
{
	struct fact_device fact = { .dev = { 8, 0 }, .name = "sda", .snapshot_id = 99 };
	struct fact_news news = { .kind = FACT_STATE, .seq = 1 };

	model_device(&model, &fact, &news);
	order_of(COLUMN_NAME, false);
	cr_assert_str_eq(rows.row[rows.count - 2].figures.name, "sda");
	cr_assert_not(rows.row[rows.count - 2].child);
}

Test(sort, of_nothing_is_nothing)
{
	struct model empty;

	model_init(&empty);
	rows_destroy(&rows);
	cr_assert_eq(rows_create(&rows, &empty, &ui.order), 0);
	cr_assert_eq(rows.count, 0);
	ui_follow(&ui, &rows, 5);
	ui_act(&ui, ACTION_DOWN, &rows, 5);
	cr_assert_eq(ui.at, 0);
}

static void press(const char *keys)
{
	for (; *keys; keys++)
		ui_act(&ui, keymap_action(&ui.keys, *keys), &rows, 5);
}

Test(ui, moves_and_stops_at_both_ends)
{
	press("k");
	cr_assert_eq(ui.at, 0);
	press("jjj");
	cr_assert_eq(ui.at, 3);
	press("jjjjjjjjjjjjjjjj");
	cr_assert_eq(ui.at, rows.count - 1);
}

Test(ui, keeps_the_selected_line_on_the_screen)
{
	int i;

	for (i = 0; i < 40; i++) {
		press(i < 20 ? "j" : "k");
		cr_assert(ui.at >= ui.top && ui.at < ui.top + 5, "at %zu, top %zu", ui.at, ui.top);
		cr_assert(ui.top + 5 <= rows.count, "top %zu leaves blank lines", ui.top);
	}
}

Test(ui, follows_the_selected_object_through_another_order)
{
	press("j");
	cr_assert_str_eq(rows.row[ui.at].figures.name, "vdd");
	order_of(COLUMN_COW, false);
	ui_follow(&ui, &rows, 5);
	cr_assert_str_eq(rows.row[ui.at].figures.name, "vdd");
	cr_assert_eq(ui.at, 8);
}

Test(ui, selects_the_neighbour_of_what_is_gone)
{
	struct fact_snapshot fact = model.snaps[2].fact;
	struct fact_news news = { .kind = FACT_DEL, .seq = 100000 };

	cr_assert_str_eq(rows.row[ui.at].figures.name, "oldtest");
	model_snapshot(&model, &fact, NULL, 0, &news);
	order_of(COLUMN_FILL, false);
	ui_follow(&ui, &rows, 5);
	cr_assert_eq(ui.at, 0);
	cr_assert_str_eq(rows.row[ui.at].figures.name, "pre-upgrade");
}

Test(ui, keeps_a_pinned_object_on_top)
{
	size_t tracked = rows.count - 1;

	ui_select(&ui, &rows, 0);
	while (strcmp(rows.row[ui.at].figures.name, "nightly"))
		press("j");
	cr_assert_neq(ui.at, 0);
	press("P");
	rows_destroy(&rows);
	cr_assert_eq(rows_create(&rows, &model, &ui.order), 0);
	ui_follow(&ui, &rows, 5);
	cr_assert_str_eq(rows.row[0].figures.name, "nightly", "before a fuller one");
	cr_assert(row_is_pinned(&ui.order, &rows.row[0]));
	cr_assert_not(row_is_pinned(&ui.order, &rows.row[1]), "its devices follow it");
	cr_assert_eq(ui.at, 0, "the mark goes with it");
	press("IP");
	rows_destroy(&rows);
	ui.order.inverted = false;
	cr_assert_eq(rows_create(&rows, &model, &ui.order), 0);
	cr_assert_str_neq(rows.row[0].figures.name, "nightly");
	cr_assert_eq(rows.count - 1, tracked);
}

Test(ui, steps_the_delay_within_its_limits)
{
	int i;

	cr_assert_eq(ui_delay_step(1000, 1), 2000);
	cr_assert_eq(ui_delay_step(1500, 1), 2000);
	cr_assert_eq(ui_delay_step(1500, -1), 1000);
	for (i = 0; i < 30; i++)
		press("+");
	cr_assert_eq(ui.delay_ms, UI_DELAY_MAX_MS);
	for (i = 0; i < 30; i++)
		press("-");
	cr_assert_eq(ui.delay_ms, UI_DELAY_MIN_MS);
}

Test(ui, scrolls_a_page_and_leaves_it)
{
	press("?");
	cr_assert_eq(ui.page, PAGE_HELP);
	press("jj");
	cr_assert_eq(ui.scroll, 2);
	cr_assert_eq(ui.at, 0, "the table does not move");
	press("q");
	cr_assert_eq(ui.page, PAGE_MAIN);
	cr_assert_not(ui.quit);
	press("q");
	cr_assert(ui.quit);
}

Test(ui, gives_no_key_two_meanings)
{
	const struct key_info *a;
	int i, k;

	for (i = 0; (a = keys_at(i)); i++)
		for (k = 0; k < KEYS_PER_ACTION && a->keys[k]; k++)
			cr_assert_eq(keymap_action(&ui.keys, a->keys[k]), a->action, "%s", a->name);
}

static char why[200];

static int parse(struct options *options, const char *no_colour, char **argv)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	options_init(options, no_colour, false);
	return options_parse(options, argc, argv, why, sizeof(why));
}

#define PARSE(...) parse(&options, NULL, (char *[]){ "blksnap-top", __VA_ARGS__, NULL })

Test(options, reads_what_is_right)
{
	struct options options;

	cr_assert_eq(PARSE("-b", "-n", "3", "-d", "0.25", "--sort=-cow", "-u", "si", "-w", "77"), 0);
	cr_assert_eq(options.task, TASK_BATCH);
	cr_assert_eq(options.count, 3);
	cr_assert_eq(options.delay_ms, 250);
	cr_assert_eq(options.order.column, COLUMN_COW);
	cr_assert(options.order.inverted);
	cr_assert_eq(options.units, UNITS_SI);
	cr_assert_eq(options.width, 77);
	cr_assert_eq(PARSE("--once"), 0);
	cr_assert_eq(options.count, 1);
}

Test(options, let_only_root_act_unless_told_otherwise)
{
	struct options options;

	options_init(&options, NULL, true);
	cr_assert_not(options.readonly);
	options_init(&options, NULL, false);
	cr_assert(options.readonly);
	cr_assert_eq(PARSE("--no-readonly"), 0);
	cr_assert_not(options.readonly);
	cr_assert_eq(PARSE("-S", "fill>1"), 0);
	cr_assert(options.readonly);
}

Test(options, refuses_what_is_wrong)
{
	struct options options;

	cr_assert_neq(PARSE("-d", "0"), 0);
	cr_assert_neq(PARSE("-d", "0.05"), 0);
	cr_assert_str_eq(why, "--delay: \"0.05\" is not possible: it is 0.1 to 60 seconds", "%s", why);
	cr_assert_neq(PARSE("-d", "61"), 0);
	cr_assert_neq(PARSE("-d", "1x"), 0);
	cr_assert_neq(PARSE("-d", "-1"), 0);
	cr_assert_neq(PARSE("-d", "99999999999999999999999"), 0);
	cr_assert_neq(PARSE("-n", "0", "-b"), 0);
	cr_assert_neq(PARSE("-n", "1"), 0, "without -b");
	cr_assert_neq(PARSE("--sort", "nothing"), 0);
	cr_assert_neq(PARSE("--color", "maybe"), 0);
	cr_assert_neq(PARSE("--no-such"), 0);
	cr_assert_neq(PARSE("-d"), 0);
	cr_assert_neq(PARSE("word"), 0);
}

Test(options, obeys_no_color_unless_told_otherwise)
{
	struct options options;

	parse(&options, "1", (char *[]){ "blksnap-top", NULL });
	cr_assert_not(options.colour);
	parse(&options, "", (char *[]){ "blksnap-top", NULL });
	cr_assert(options.colour, "an empty NO_COLOR means nothing");
	parse(&options, "1", (char *[]){ "blksnap-top", "--color=always", NULL });
	cr_assert(options.colour);
}


static char *keys_of(enum action action)
{
	static char text[KEYS_TEXT_SIZE];

	return keymap_names(&ui.keys, action, text);
}

Test(keys, can_be_given_to_other_actions)
{
	keymap_init(&ui.keys);
	cr_assert_eq(keymap_set(&ui.keys, "pause  F8 Ctrl-p #\tu", why, sizeof(why)), 0, "%s", why);
	cr_assert_str_eq(keys_of(ACTION_PAUSE), "F8 Ctrl-P # u");
	cr_assert_str_eq(keys_of(ACTION_UNITS), "F7", "a key does one thing");
	cr_assert_eq(keymap_action(&ui.keys, 'u'), ACTION_PAUSE);
	cr_assert_eq(keymap_action(&ui.keys, 'z'), ACTION_NONE);
	cr_assert_eq(keymap_set(&ui.keys, "pause none", why, sizeof(why)), 0);
	cr_assert_str_eq(keys_of(ACTION_PAUSE), "");
	cr_assert_eq(keymap_action(&ui.keys, KEY_FUNCTION + 8), ACTION_NONE);
}

Test(keys, are_as_they_were_after_a_mistake)
{
	static const char *const wrong[] = {
		"", "pause", "paus z", "pause zz", "pause F13", "pause F0", "pause Ctrl-C", "pause Ctrl-M",
		"pause a b c d e", "pause z none", "pause \xc3", "pause Ctrl-", "pausez z", "pause F1x",
	};
	size_t i;

	keymap_init(&ui.keys);
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		why[0] = '\0';
		cr_assert_neq(keymap_set(&ui.keys, wrong[i], why, sizeof(why)), 0, "%s", wrong[i]);
		cr_assert(why[0], "%s", wrong[i]);
		cr_assert_str_eq(keys_of(ACTION_PAUSE), "z p Space F8", "%s", wrong[i]);
	}
}

Test(keys, are_called_what_they_are_given_by)
{
	const struct key_info *info;
	struct keymap again;
	char line[200];
	int i;

	keymap_init(&ui.keys);
	for (i = 0; (info = keys_at(i)); i++) {
		snprintf(line, sizeof(line), "%s %s", info->name, keys_of(info->action));
		again = ui.keys;
		cr_assert_eq(keymap_set(&again, line, why, sizeof(why)), 0, "%s: %s", line, why);
		cr_assert_arr_eq(&again, &ui.keys, sizeof(again), "%s", line);
	}
}

Test(ui, obeys_the_keys_that_were_asked_for)
{
	cr_assert_eq(keymap_set(&ui.keys, "quit Q", why, sizeof(why)), 0);
	cr_assert_eq(keymap_set(&ui.keys, "help q", why, sizeof(why)), 0);
	ui_key(&ui, 'q', &model, &rows, 5);
	cr_assert_eq(ui.page, PAGE_HELP);
	ui_key(&ui, 'Q', &model, &rows, 5);
	ui_key(&ui, 'Q', &model, &rows, 5);
	cr_assert(ui.quit);
}

static const char *columns_text(void)
{
	static char text[COLUMNS_TEXT_SIZE];

	return columns_print(&ui.columns, text);
}

Test(columns, are_chosen_by_name_in_their_order)
{
	columns_init(&ui.columns);
	cr_assert_str_eq(columns_text(), "all");
	cr_assert_eq(columns_parse(&ui.columns, "ttfull,Last-Min, state,ttfull", why, sizeof(why)), 0);
	cr_assert_str_eq(columns_text(), "name,ttfull,last-min,state");
	cr_assert_neq(columns_parse(&ui.columns, "fill,nothing", why, sizeof(why)), 0);
	cr_assert_str_eq(why, "there is no column \"nothing\"");
	cr_assert_neq(columns_parse(&ui.columns, " , ", why, sizeof(why)), 0);
	cr_assert_str_eq(columns_text(), "name,ttfull,last-min,state", "as it was");
	cr_assert_eq(columns_parse(&ui.columns, "space", why, sizeof(why)), 0);
	cr_assert_str_eq(columns_text(), "name,state,fill,used,total,ttfull");
	cr_assert_eq(columns_parse(&ui.columns, "all", why, sizeof(why)), 0);
	cr_assert_str_eq(columns_text(), "all");
}

Test(columns, take_back_what_they_print)
{
	int column, i;

	columns_init(&ui.columns);
	for (column = 0; column < 2 * COLUMN_COUNT; column++) {
		struct columns again;

		columns_toggle(&ui.columns, column % COLUMN_COUNT);
		columns_move(&ui.columns, (7 * column) % COLUMN_COUNT, column % 2 ? 1 : -1);
		cr_assert_eq(ui.columns.at[0], COLUMN_NAME);
		cr_assert_not(ui.columns.hidden[COLUMN_NAME]);
		cr_assert_eq(columns_parse(&again, columns_text(), why, sizeof(why)), 0, "%s", why);
		for (i = 0; i < COLUMN_COUNT; i++)
			cr_assert_eq(again.hidden[i], ui.columns.hidden[i], "%s", columns_text());
	}
}

/* As keys of the page that is open. */
static void type(const char *keys)
{
	for (; *keys; keys++)
		ui_key(&ui, *keys, &model, &rows, 5);
}

Test(ui, chooses_columns_on_their_page)
{
	type("c");
	cr_assert_eq(ui.page, PAGE_COLUMNS);
	type("3j ");
	cr_assert_str_eq(columns_text(), "name,cow,last-min,img,p99,write,held", "the state is hidden");
	type(" >");
	cr_assert_str_eq(columns_text(), "name,cow,state,last-min,img,p99,write,held");
	type("1q");
	cr_assert_eq(ui.page, PAGE_MAIN);
	cr_assert_str_eq(columns_text(), "all");
}

Test(thresholds, can_be_those_of_some_snapshots)
{
	struct thresholds thresholds;
	struct alarm_limits limits;

	thresholds_init(&thresholds);
	cr_assert_eq(thresholds_add(&thresholds, "arch* warn-fill=95 crit-fill=98%", why, sizeof(why)), 0, "%s", why);
	cr_assert_eq(thresholds_add(&thresholds, "archive crit-time=1m", why, sizeof(why)), 0, "%s", why);
	limits = thresholds_of(&thresholds, "archive");
	cr_assert_eq(limits.warn_permille, 950);
	cr_assert_eq(limits.crit_permille, 980);
	cr_assert_eq(limits.warn_s, 900);
	cr_assert_eq(limits.crit_s, 60);
	limits = thresholds_of(&thresholds, "nightly");
	cr_assert_eq(limits.warn_permille, 800);
	cr_assert_eq(limits.crit_s, 300);
	cr_assert_eq(thresholds_check(&thresholds, why, sizeof(why)), 0);
	cr_assert_eq(thresholds_add(&thresholds, "n* warn-fill=95", why, sizeof(why)), 0);
	cr_assert_neq(thresholds_check(&thresholds, why, sizeof(why)), 0);
	cr_assert_str_eq(why, "of n*: --warn-fill is above --crit-fill");
}

Test(thresholds, are_refused_with_a_reason)
{
	static const char *const wrong[] = {
		"", "night", "night warn-fill", "night warn-fill=", "night warn-fill=101", "night fill=3",
		"night warn-time=x", "night crit-fill=1or2", "night warn-fill=70 crit-fill",
	};
	struct thresholds thresholds;
	size_t i;

	thresholds_init(&thresholds);
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		why[0] = '\0';
		cr_assert_neq(thresholds_add(&thresholds, wrong[i], why, sizeof(why)), 0, "%s", wrong[i]);
		cr_assert(why[0], "%s", wrong[i]);
		cr_assert_eq(thresholds.count, 0);
	}
	for (i = 0; i < THRESHOLD_RULES_MAX; i++)
		cr_assert_eq(thresholds_add(&thresholds, "x warn-fill=1", why, sizeof(why)), 0);
	cr_assert_neq(thresholds_add(&thresholds, "x warn-fill=1", why, sizeof(why)), 0);
}

Test(options, leave_the_command_of_the_machine_to_what_happens_now)
{
	static const char line[] = "on-alarm = page 'all of us'\n";
	struct options options;

	options_init(&options, NULL, false);
	cr_assert_eq(config_text(&options, line, strlen(line), why, sizeof(why)), 0, "%s", why);
	cr_assert_eq(options_parse(&options, 1, (char *[]){ "blksnap-top", NULL }, why, sizeof(why)), 0);
	cr_assert_str_eq(options.on_alarm, "page 'all of us'");
	cr_assert_eq(options_parse(&options, 3, (char *[]){ "blksnap-top", "--source", "x", NULL }, why, sizeof(why)), 0);
	cr_assert_str_eq(options.on_alarm, "", "not for a recording");
	cr_assert_eq(PARSE("--source", "x", "--on-alarm", "try me"), 0);
	cr_assert_str_eq(options.on_alarm, "try me", "unless it is asked for");
	cr_assert_neq(PARSE("--on-alarm", "'open"), 0);
}
