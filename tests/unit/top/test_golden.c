// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole screens, compared with files: characters, and what each cell means.
 * After a wanted change write them anew with BLKSNAP_WRITE_GOLDEN=1 and look at
 * the difference.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "batch.h"
#include "draw.h"
#include "golden.h"
#include "look.h"
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

TestSuite(golden, .init = begin, .fini = end);

static char *print_grid(const struct grid *grid)
{
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);
	int y, x;

	for (y = 0; y < grid->rows; y++) {
		grid_print_row(grid, y, out);
		putc('\n', out);
	}
	fputs("== meaning\n", out);
	for (y = 0; y < grid->rows; y++) {
		for (x = 0; x < grid->cols; x++)
			putc(golden_letter(grid_at(grid, y, x)->attr), out);
		putc('\n', out);
	}
	fclose(out);
	return text;
}

static void compare(const char *name, char *got)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s.txt", GOLDEN_DIR, name);
	golden_compare(path, got);
	free(got);
}

static void compare_screen(const char *name, int cols, int rows)
{
	struct picture picture;

	picture_init(&picture);
	cr_assert_eq(picture_draw(&picture, &model, &ui, cols, rows), 0);
	compare(name, print_grid(&picture.grid));
	picture_exit(&picture);
}

Test(golden, shows_100x30_in_ascii)
{
	compare_screen("100x30-ascii", 100, 30);
}

Test(golden, shows_100x30_in_utf8)
{
	ui.utf8 = true;
	compare_screen("100x30-utf8", 100, 30);
}

Test(golden, shows_80x24_in_ascii)
{
	compare_screen("80x24-ascii", 80, 24);
}

Test(golden, shows_80x24_in_utf8)
{
	ui.utf8 = true;
	compare_screen("80x24-utf8", 80, 24);
}

Test(golden, shows_40x10_in_ascii)
{
	compare_screen("40x10-ascii", 40, 10);
}

Test(golden, shows_40x10_in_utf8)
{
	ui.utf8 = true;
	compare_screen("40x10-utf8", 40, 10);
}

Test(golden, shows_20x5_in_ascii)
{
	compare_screen("20x5-ascii", 20, 5);
}

Test(golden, shows_20x5_in_utf8)
{
	ui.utf8 = true;
	compare_screen("20x5-utf8", 20, 5);
}

Test(golden, shows_60x15_in_ascii)
{
	compare_screen("60x15-ascii", 60, 15);
}

Test(golden, shows_60x15_in_utf8)
{
	ui.utf8 = true;
	compare_screen("60x15-utf8", 60, 15);
}

Test(golden, shows_200x60_in_utf8_with_images)
{
	ui.utf8 = true;
	ui.order.tree = TREE_IMAGES;
	compare_screen("200x60-images", 200, 60);
}

Test(golden, shows_a_single_line)
{
	compare_screen("60x1-ascii", 60, 1);
}

Test(golden, shows_a_wide_screen_in_all_digits)
{
	ui.units = UNITS_BYTES;
	compare_screen("200x60-bytes", 200, 60);
}

Test(golden, shows_a_source_that_went_away)
{
	model_stale(&model, ui.now_ns - 14 * FACT_NS_PER_S, ui.real_ns - 14 * FACT_NS_PER_S,
		    "module unloaded");
	compare_screen("100x30-stale", 100, 30);
}

Test(golden, shows_a_source_that_never_came)
{
	model_exit(&model);
	model_stale(&model, ui.now_ns, ui.real_ns, "module not loaded");
	compare_screen("80x24-waiting", 80, 24);
}

Test(golden, shows_the_help_page)
{
	ui.page = PAGE_HELP;
	compare_screen("100x30-help", 100, 30);
}

Test(golden, shows_a_held_picture_and_lost_events)
{
	ui.paused = true;
	ui.paused_ns = ui.now_ns - 7 * FACT_NS_PER_S;
	model_lost(&model, 12, ui.real_ns);
	ui.events = false;
	ui.order.column = COLUMN_COW;
	compare_screen("100x30-paused", 100, 30);
}

static void select_named(const char *name)
{
	struct snap *snap = &model.snaps[0];

	while (strcmp(snap->fact.name, name))
		snap++;
	ui.has_selected = true;
	ui.selected_id = snap->fact.id;
}

Test(golden, shows_all_of_a_snapshot)
{
	select_named("nightly");
	ui.page = PAGE_DETAIL;
	compare_screen("100x30-detail", 100, 30);
}

Test(golden, shows_a_graph_with_both_axes)
{
	select_named("nightly");
	ui.page = PAGE_GRAPH;
	compare_screen("100x30-graph-ascii", 100, 30);
	ui.utf8 = true;
	compare_screen("80x24-graph-utf8", 80, 24);
	ui.graph = GRAPH_FILL;
	compare_screen("60x15-graph-fill", 60, 15);
}

Test(golden, shows_how_long_writes_were_held)
{
	select_named("nightly");
	ui.page = PAGE_LATENCY;
	ui.utf8 = true;
	compare_screen("80x24-latency", 80, 24);
}

Test(golden, shows_a_filter_while_it_is_typed)
{
	cr_assert_eq(ui_set_filter(&ui, "fill>=90", NULL), 0);
	prompt_open(&ui.prompt, PROMPT_FILTER, "Filter: ", "fill>=90 and ");
	ui_say(&ui, SEVERITY_OK, "a field is missing at the end");
	compare_screen("80x24-filter", 80, 24);
	ui_exit(&ui);
}

Test(golden, shows_what_can_be_done)
{
	select_named("nightly");
	ui.page = PAGE_ACTIONS;
	compare_screen("80x24-actions", 80, 24);
}

Test(golden, prints_plain_text)
{
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	cr_assert_eq(batch_print(out, &model, &ui, BATCH_WIDTH, 0), 0);
	fclose(out);
	compare("batch", text);
}

/* As a terminal gets it: `cat` shows the file as it looks. */
static char *print_colours(const struct grid *grid, enum theme theme, int colours)
{
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);
	int y, x;

	for (y = 0; y < grid->rows; y++) {
		struct look last = { .colour = -1, .background = -1 };

		for (x = 0; x < grid->cols; x++) {
			struct grid one = { .cols = 1, .rows = 1, .cells = grid_at(grid, y, x) };
			struct look look = look_of(theme, colours, one.cells);

			if (look.colour != last.colour || look.background != last.background ||
			    look.flags != last.flags) {
				fputs("\033[0", out);
				fputs(look.flags & LOOK_BOLD ? ";1" : "", out);
				fputs(look.flags & LOOK_DIM ? ";2" : "", out);
				fputs(look.flags & LOOK_UNDERLINE ? ";4" : "", out);
				fputs(look.flags & LOOK_REVERSE ? ";7" : "", out);
				if (look.colour >= 16)
					fprintf(out, ";38;5;%d", look.colour);
				else if (look.colour >= 0)
					fprintf(out, ";%d",
						look.colour % 8 + (look.colour < 8 ? 30 : 90));
				if (look.background >= 0)
					fprintf(out, ";48;5;%d", look.background);
				putc('m', out);
				last = look;
			}
			if (one.cells->ch == ' ')
				putc(' ', out);
			else
				grid_print_row(&one, 0, out);
		}
		fputs("\033[0m\n", out);
	}
	fclose(out);
	return text;
}

static void compare_colours(const char *name, enum theme wanted, int colours,
			    const char *background)
{
	enum theme theme = look_theme(wanted, colours, background);
	struct picture picture;

	ui.utf8 = true;
	picture_init(&picture);
	cr_assert_eq(picture_draw(&picture, &model, &ui, 80, 24), 0);
	compare(name, print_colours(&picture.grid, theme, colours));
	picture_exit(&picture);
}

Test(golden, shows_256_colours)
{
	compare_colours("colour-256", THEME_AUTO, 256, NULL);
}

Test(golden, shows_16_colours)
{
	compare_colours("colour-16", THEME_AUTO, 16, NULL);
}

Test(golden, shows_8_colours)
{
	compare_colours("colour-8", THEME_AUTO, 8, "15;0");
}

Test(golden, shows_no_colours)
{
	compare_colours("colour-none", THEME_AUTO, 0, NULL);
	compare_colours("colour-none", THEME_MONO, 256, NULL);
	compare_colours("colour-none", THEME_LIGHT, 2, NULL);
}

Test(golden, shows_dark_colours_on_a_light_background)
{
	compare_colours("colour-light-256", THEME_AUTO, 256, "0;15");
	compare_colours("colour-light-16", THEME_LIGHT, 16, NULL);
	compare_colours("colour-light-8", THEME_LIGHT, 8, NULL);
}

Test(golden, shows_colours_that_all_can_tell_apart)
{
	compare_colours("colour-safe-256", THEME_SAFE, 256, NULL);
	compare_colours("colour-safe-16", THEME_SAFE, 16, NULL);
	compare_colours("colour-safe-8", THEME_SAFE, 8, NULL);
}

/* Whoever sees no colours can tell severities apart as well, beside the word. */
Test(theme, tells_severities_apart_without_colours)
{
	static const enum attr urgent[] = { ATTR_GOOD, ATTR_WARN, ATTR_CRIT, ATTR_FAIL };
	int i, j;

	for (i = 0; i < 4; i++)
		for (j = 0; j < i; j++) {
			const struct cell a = { 'x', urgent[i] }, b = { 'x', urgent[j] };

			cr_assert_neq(look_of(THEME_MONO, 0, &a).flags,
				      look_of(THEME_MONO, 0, &b).flags, "%d and %d", urgent[i],
				      urgent[j]);
		}
}

static bool is_ascii(uint32_t ch)
{
	return ch >= ' ' && ch < 0x7f;
}

/* ASCII means ASCII, and no size makes the program fall over. */
Test(draw, survives_every_size, .init = begin, .fini = end)
{
	struct picture picture;
	int cols, rows, i;

	picture_init(&picture);
	for (rows = 0; rows <= 70; rows++)
		for (cols = 0; cols <= 160; cols += rows % 10 ? 7 : 1) {
			ui.page = (rows + cols) % (PAGE_HELP + 1);
			cr_assert_eq(picture_draw(&picture, &model, &ui, cols, rows), 0);
			for (i = 0; i < cols * rows; i++)
				cr_assert(is_ascii(picture.grid.cells[i].ch),
					  "%dx%d: cell %d is %x", cols, rows, i,
					  picture.grid.cells[i].ch);
		}
	cr_assert_eq(picture_draw(&picture, &model, &ui, 500, 200), 0);
	picture_exit(&picture);
}

Test(draw, never_lets_a_name_move_the_cursor, .init = begin, .fini = end)
{
	struct picture picture;
	int i;

	strcpy(model.snaps[0].fact.name, "\033[2J\n\xc3\xa4");
	picture_init(&picture);
	cr_assert_eq(picture_draw(&picture, &model, &ui, 80, 24), 0);
	for (i = 0; i < 80 * 24; i++)
		cr_assert(is_ascii(picture.grid.cells[i].ch));
	picture_exit(&picture);
}

static const char *drawn(bool utf8, const char *text)
{
	static char printed[80];
	struct grid grid;
	FILE *out = fmemopen(printed, sizeof(printed), "w");

	grid_init(&grid);
	cr_assert_eq(grid_resize(&grid, 20, 1), 0);
	grid.utf8 = utf8;
	grid_text(&grid, 0, 0, 20, ATTR_NORMAL, text);
	cr_assert_eq(grid_text_columns(&grid, text), grid_text(&grid, 0, 0, 20, ATTR_NORMAL, text));
	grid_print_row(&grid, 0, out);
	putc('\0', out);
	fclose(out);
	grid_exit(&grid);
	return printed;
}

Test(draw, shows_letters_where_there_are_such)
{
	cr_assert_str_eq(drawn(true, "/srv/b\xc3\xbcro"), "/srv/b\xc3\xbcro");
	cr_assert_str_eq(drawn(false, "/srv/b\xc3\xbcro"), "/srv/b??ro");
	cr_assert_str_eq(drawn(true, "\xce\xb1 \xd0\xb6 \xe1\xba\x9e"), "\xce\xb1 \xd0\xb6 \xe1\xba\x9e");
	/* what joins, is wide, turns the direction, controls, or is cut off */
	cr_assert_str_eq(drawn(true, "a\xcc\x88 \xe4\xb8\xad \xd7\x90 \xc2\x9b \xc2\xad \xc3"), "a? ? ? ? ? ?");
	cr_assert_str_eq(drawn(true, "\xc0\xaf \xf0\x9f\x98\x80 \xe1\xba \xed\xa0\x80"), "?? ???? ?? ?");
}
