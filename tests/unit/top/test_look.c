// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions of keys over the made-up machine: filter, search, fold, pages, the
 * past, actions; and any keys at all.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "actions.h"
#include "draw.h"
#include "mutate.h"
#include "past.h"
#include "world.h"

static struct model model;
static struct world world;
static struct picture picture;
static struct ui ui;

static void show(void)
{
	cr_assert_eq(picture_draw(&picture, &model, &ui, 100, 30), 0);
}

static void begin(void)
{
	setenv("TZ", "UTC", 1);
	model_init(&model);
	world_init(&world);
	ui_init(&ui);
	cr_assert_eq(model_keep_past(&model), 0);
	world_run(&world, &model, 60);
	ui.now_ns = world.boot_ns + 60 * FACT_NS_PER_S;
	ui.real_ns = world.real_ns + 60 * FACT_NS_PER_S;
	picture_init(&picture);
	show();
}

static void end(void)
{
	picture_exit(&picture);
	ui_exit(&ui);
	model_exit(&model);
}

TestSuite(look, .init = begin, .fini = end);
TestSuite(past, .init = begin, .fini = end);

static void press(int key)
{
	ui_key(&ui, key, &model, &picture.rows, picture.layout.pane[PANE_BODY].height);
	show();
}

static void type(const char *text)
{
	while (*text)
		press(*text++);
}

static const char *names(void)
{
	static char text[512];
	size_t i;

	text[0] = '\0';
	for (i = 0; i < picture.rows.count; i++) {
		strcat(text, i ? " " : "");
		strcat(text, picture.rows.row[i].child ? "." : "");
		strcat(text, picture.rows.row[i].figures.name);
	}
	return text;
}

#define assert_names(wanted) \
	cr_assert_str_eq(names(), wanted, "wanted %s\ngot    %s", wanted, names())

static const char *selected(void)
{
	return picture.rows.row[ui.at].figures.name;
}

Test(look, filters_by_an_expression)
{
	type("\\fill>=90");
	press(KEY_RETURN);
	assert_names("oldtest .vdd pre-upgrade .vda1 .vdc");
	cr_assert_eq(picture.rows.left_out, 5);
	type("\\");
	press('U' & 0x1f);
	type("name=vdb");
	press(KEY_RETURN);
	assert_names("nightly .vdb");
	type("\\");
	press('U' & 0x1f);
	press(KEY_RETURN);
	cr_assert_eq(picture.rows.count, 10);
	cr_assert_eq(picture.rows.left_out, 0);
}

/* What is true of the sum is not true of each part. */
Test(look, leaves_out_devices_of_a_snapshot_that_do_not_match)
{
	type("\\cow>3M");
	press(KEY_RETURN);
	assert_names("nightly .vdb");
	type("\\");
	press('U' & 0x1f);
	type("kind=snapshot and fill>=90");
	press(KEY_RETURN);
	assert_names("oldtest .vdd pre-upgrade .vda1 .vdc");
	cr_assert_eq(picture.rows.left_out, 5);
}

Test(look, knows_the_word_of_the_column_and_that_of_the_kernel)
{
	type("\\state=full");
	press(KEY_RETURN);
	assert_names("oldtest .vdd");
	type("\\");
	press('U' & 0x1f);
	type("state=overflow and kind=snapshot");
	press(KEY_RETURN);
	assert_names("oldtest .vdd");
}

Test(look, keeps_the_filter_when_the_new_one_is_wrong)
{
	type("\\fill>=90");
	press(KEY_RETURN);
	type("\\!");
	press(KEY_RETURN);
	cr_assert_eq(ui.prompt.kind, PROMPT_FILTER, "it can be mended");
	cr_assert(ui.message[0]);
	press(KEY_ESCAPE);
	assert_names("oldtest .vdd pre-upgrade .vda1 .vdc");
}

Test(look, searches_while_one_types)
{
	type("/vd");
	cr_assert_str_eq(selected(), "vdd");
	type("b");
	cr_assert_str_eq(selected(), "vdb");
	press(KEY_RETURN);
	cr_assert_eq(ui.prompt.kind, PROMPT_NONE);
	type("/VD");
	press(KEY_RETURN);
	cr_assert_str_eq(selected(), "vdb", "in any case, from here on");
	type("n");
	cr_assert_str_eq(selected(), "vde");
	type("n");
	cr_assert_str_eq(selected(), "vdd", "and goes round");
	type("N");
	cr_assert_str_eq(selected(), "vde");
}

Test(look, folds_a_snapshot_and_the_rest)
{
	type("/pre");
	press(KEY_RETURN);
	press(KEY_LEFT_SIDE);
	assert_names("oldtest .vdd pre-upgrade nightly .dm-3 .vda2 .vdb vde");
	cr_assert_eq(picture.rows.row[2].members, 2);
	press(KEY_RIGHT_SIDE);
	cr_assert_eq(picture.rows.count, 10);
	type("t");
	cr_assert_eq(ui.order.tree, TREE_IMAGES);
	cr_assert_eq(picture.rows.count, 16, "an image for each member");
	type("t");
	assert_names("oldtest pre-upgrade nightly vde");
	type("t");
	cr_assert_eq(ui.order.tree, TREE_FLAT);
	cr_assert_eq(picture.rows.count, 10);
	cr_assert_not(picture.rows.row[1].child);
}

Test(look, keeps_the_selected_device_when_its_snapshot_is_folded)
{
	type("/vdb");
	press(KEY_RETURN);
	press(KEY_LEFT_SIDE);
	cr_assert_str_eq(selected(), "nightly");
}

Test(look, moves_no_line_while_keys_are_pressed)
{
	char before[512];

	type("t");
	type("jk");
	strcpy(before, names());
	/* nightly is the fullest now */
	model.snaps[0].fact.used = model.snaps[0].fact.total;
	model.snaps[2].fact.used = 0;
	model.n_snaps++;
	model.snaps = realloc(model.snaps, model.n_snaps * sizeof(*model.snaps));
	model.snaps[3] = model.snaps[1];
	model.snaps[3].fact.id = 77;
	strcpy(model.snaps[3].fact.name, "new");
	show();
	strcat(before, " new");
	assert_names(before);
	cr_assert(picture.rows.row[1].child);
	cr_assert_eq(picture.rows.row[1].last, picture.rows.row[2].image, "the tree is right");
	ui.now_ns += 4 * FACT_NS_PER_S;
	show();
	cr_assert_str_neq(names(), before);
	cr_assert_str_eq(picture.rows.row[0].figures.name, "nightly");
}

Test(look, opens_pages_and_comes_back)
{
	static const struct {
		int key;
		enum page page;
	} pages[] = {
		{ KEY_RETURN, PAGE_DETAIL },
		{ 'g', PAGE_GRAPH },
		{ 'l', PAGE_LATENCY },
		{ 'E', PAGE_EVENTS },
		{ '?', PAGE_HELP },
		{ 'a', PAGE_ACTIONS },
	};
	size_t i;

	for (i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		press(pages[i].key);
		cr_assert_eq(ui.page, pages[i].page);
		press(KEY_ESCAPE);
		cr_assert_eq(ui.page, PAGE_MAIN);
	}
}

Test(look, goes_from_an_event_to_its_object)
{
	const struct event *event = model_event_from(&model, SEVERITY_WARN, 0);

	type("Ev");
	cr_assert_eq(ui.severity, SEVERITY_WARN);
	press(KEY_RETURN);
	cr_assert_eq(ui.page, PAGE_MAIN);
	cr_assert_str_eq(selected(), event->object);
}

Test(look, asks_before_anything_is_changed)
{
	type("/nightly");
	press(KEY_RETURN);
	type("a");
	cr_assert_eq(ui.page, PAGE_ACTIONS);
	type("d");
	cr_assert_str_eq(ui.prompt.text, "blksnap snapshot destroy nightly");
	press(KEY_RETURN);
	cr_assert_eq(ui.prompt.kind, PROMPT_CONFIRM);
	cr_assert_eq(ui.request, UI_REQUEST_NONE);
	press('y');
	press(KEY_RETURN);
	cr_assert_eq(ui.request, UI_REQUEST_NONE, "y is not yes");
	type("ad");
	press(KEY_RETURN);
	type("yes");
	press(KEY_RETURN);
	cr_assert_eq(ui.request, UI_REQUEST_RUN);
	cr_assert_str_eq(ui.request_text, "blksnap snapshot destroy nightly");
}

Test(look, changes_nothing_when_it_is_read_only)
{
	ui.readonly = true;
	type("a");
	cr_assert_eq(ui.page, PAGE_MAIN);
	cr_assert(ui.message[0]);
}

Test(look, survives_any_keys)
{
	static const int more[] = {
		KEY_RETURN,
		KEY_ESCAPE,
		KEY_ERASE,
		KEY_LINE_UP,
		KEY_LINE_DOWN,
		KEY_LEFT_SIDE,
		KEY_RIGHT_SIDE,
		KEY_SCREEN_UP,
		KEY_SCREEN_DOWN,
		KEY_FIRST,
		KEY_LAST,
		KEY_FUNCTION + 1,
		KEY_FUNCTION + 4,
		KEY_FUNCTION + 9,
		0x1f3,
		1,
	};
	uint64_t seed = mutate_env("FUZZ_SEED", 1), rounds = mutate_env("FUZZ_ROUNDS", 4000);
	uint64_t state = seed;

	while (rounds--) {
		size_t n = mutate_below(&state, 95 + sizeof(more) / sizeof(*more));
		int key = n < 95 ? (int)n + ' ' : more[n - 95];

		ui_key(&ui, key, &model, &picture.rows,
		       picture.layout.pane[PANE_BODY].height);
		ui.request = UI_REQUEST_NONE;
		cr_assert_eq(picture_draw(&picture, &model, &ui,
					  (int)mutate_below(&state, 120),
					  (int)mutate_below(&state, 50)),
			     0);
	}
}

Test(actions, split_as_a_shell_would)
{
	char line[] = "  blksnap  area extend 'my snap' \"a b\"c '' ";
	char open_quote[] = "x 'y";
	char *words[8];

	cr_assert_eq(actions_split(words, 8, line), 6);
	cr_assert_str_eq(words[0], "blksnap");
	cr_assert_str_eq(words[3], "my snap");
	cr_assert_str_eq(words[4], "a bc");
	cr_assert_str_eq(words[5], "");
	cr_assert_null(words[6]);
	cr_assert_lt(actions_split(words, 8, open_quote), 0);
	cr_assert_lt(actions_split(words, 2, (char[]){ "a b" }), 0);
}

Test(past, shows_what_was)
{
	struct model then;
	uint64_t at, real_ns, used = model.snaps[0].fact.used;

	model_init(&then);
	at = past_step(model.past, 0, -30);
	cr_assert_eq(at, world.boot_ns + 30 * FACT_NS_PER_S);
	cr_assert_eq(model_copy(&then, &model), 0);
	cr_assert_eq(past_show(model.past, &then, at, &real_ns), 0);
	cr_assert_eq(real_ns, world.real_ns + 30 * FACT_NS_PER_S);
	cr_assert_eq(then.n_snaps, 3);
	cr_assert_lt(then.snaps[0].fact.used, used);
	cr_assert_eq(model.snaps[0].fact.used, used, "the present is not touched");
	cr_assert_lt(then.n_events, model.n_events, "events end there");
	cr_assert_eq(picture_draw(&picture, &then, &ui, 100, 30), 0);
	show();
	model_exit(&then);
}

Test(past, ends_at_its_first_and_last_picture)
{
	cr_assert_eq(past_step(model.past, 0, 5), world.boot_ns + 60 * FACT_NS_PER_S);
	cr_assert_eq(past_step(model.past, 0, -1000), world.boot_ns);
	cr_assert_eq(past_near(model.past, world.boot_ns + 31 * FACT_NS_PER_S - 1),
		     world.boot_ns + 31 * FACT_NS_PER_S);
}

Test(past, grows_coarser_instead_of_larger)
{
	struct past *past = past_create();
	unsigned int i;

	for (i = 1; i <= 3 * PAST_FRAMES; i++) {
		model.heard_ns = i * FACT_NS_PER_S;
		past_keep(past, &model, i * FACT_NS_PER_S);
	}
	cr_assert_eq(past_step(past, 0, 0), 3 * PAST_FRAMES * FACT_NS_PER_S);
	cr_assert_eq(past_step(past, 0, -1), (3 * PAST_FRAMES - 1) * FACT_NS_PER_S,
		     "the latest are kept all");
	cr_assert_lt(past_step(past, 0, -2 * (int)PAST_FRAMES), PAST_FRAMES * FACT_NS_PER_S,
		     "and it reaches far back");
	past_destroy(past);
}
