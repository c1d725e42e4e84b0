// SPDX-License-Identifier: GPL-2.0-or-later
/* Order of the lines, selection and keys, over the made-up machine. */
#include <criterion/criterion.h>

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
		ui_act(&ui, keys_action(*keys), &rows, 5);
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
			cr_assert_eq(keys_action(a->keys[k]), a->action, "%s", a->names);
}

static int parse(struct options *options, const char *no_colour, char **argv)
{
	char why[200];
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

Test(options, refuses_what_is_wrong)
{
	struct options options;

	cr_assert_neq(PARSE("-d", "0"), 0);
	cr_assert_neq(PARSE("-d", "0.05"), 0);
	cr_assert_neq(PARSE("-d", "61"), 0);
	cr_assert_neq(PARSE("-d", "1x"), 0);
	cr_assert_neq(PARSE("-d", "-1"), 0);
	cr_assert_neq(PARSE("-d", "99999999999999999999999"), 0);
	cr_assert_neq(PARSE("-n", "0", "-b"), 0);
	cr_assert_neq(PARSE("-n", "1"), 0, "without -b");
	cr_assert_neq(PARSE("--sort", "nothing"), 0);
	cr_assert_neq(PARSE("--sort", "image"), 0);
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
