// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recorded sessions, played again: session/NAME.txt has keys, and below each what
 * it changed on the screen: lines by their number, with what their cells mean if
 * that is not plain.
 *
 *	size COLSxROWS		of the screen, from then on
 *	utf8			more than ASCII, from then on
 *	wait SECONDS		so much happens on the machine
 *	key KEY			as settings name keys: j, Enter, F5, Ctrl-U
 *	type TEXT		a key for each character
 *	# TEXT			a remark
 *
 * Write these lines alone, and have the rest recorded with
 * BLKSNAP_WRITE_GOLDEN=1: then look at it.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "draw.h"
#include "golden.h"
#include "held.h"
#include "world.h"

#define LINE_MAX_BYTES 2048

struct player {
	struct world world;
	struct model model;
	struct held held;
	struct ui ui;
	struct picture picture;
	struct grid before;
	int cols, rows;
	FILE *out;
};

static void player_begin(struct player *p, FILE *out)
{
	memset(p, 0, sizeof(*p));
	setenv("TZ", "UTC", 1);
	model_init(&p->model);
	cr_assert_eq(model_keep_past(&p->model), 0);
	held_init(&p->held);
	world_init(&p->world);
	ui_init(&p->ui);
	strcpy(p->ui.host, "db01");
	picture_init(&p->picture);
	grid_init(&p->before);
	p->cols = 80;
	p->rows = 24;
	p->out = out;
	world_run(&p->world, &p->model, 60);
}

static void player_end(struct player *p)
{
	grid_exit(&p->before);
	picture_exit(&p->picture);
	ui_exit(&p->ui);
	held_exit(&p->held);
	model_exit(&p->model);
}

static bool is_plain(const struct grid *grid, int y)
{
	int x;

	for (x = 0; x < grid->cols; x++)
		if (grid_at(grid, y, x)->attr != ATTR_NORMAL)
			return false;
	return true;
}

static bool is_same(const struct grid *a, const struct grid *b, int y)
{
	int x;

	for (x = 0; x < a->cols; x++)
		if (grid_at(a, y, x)->ch != grid_at(b, y, x)->ch ||
		    grid_at(a, y, x)->attr != grid_at(b, y, x)->attr)
			return false;
	return true;
}

static void print_line(FILE *out, const struct grid *grid, int y)
{
	int x;

	fprintf(out, "%3d|", y);
	grid_print_row(grid, y, out);
	putc('\n', out);
	if (is_plain(grid, y))
		return;
	fputs("   |", out);
	for (x = 0; x < grid->cols; x++)
		putc(golden_letter(grid_at(grid, y, x)->attr), out);
	putc('\n', out);
}

/* As watch.c does it, but for the terminal and the clock. */
static void player_show(struct player *p)
{
	struct model *shown = held_shown(&p->held, &p->ui, &p->model);
	struct grid *now = &p->picture.grid;
	int y;

	if (p->ui.paused)
		model_follow_source(shown, &p->model);
	p->ui.now_ns = p->world.boot_ns + p->world.second * FACT_NS_PER_S;
	p->ui.real_ns = p->world.real_ns + p->world.second * FACT_NS_PER_S;
	cr_assert_eq(picture_draw(&p->picture, shown, &p->ui, p->cols, p->rows), 0);
	for (y = 0; y < now->rows; y++)
		if (p->before.cols != now->cols || p->before.rows != now->rows ||
		    !is_same(now, &p->before, y))
			print_line(p->out, now, y);
	cr_assert_eq(grid_resize(&p->before, now->cols, now->rows), 0);
	memcpy(p->before.cells, now->cells, (size_t)now->cols * now->rows * sizeof(*now->cells));
}

static void player_key(struct player *p, int key)
{
	int height = p->ui.page == PAGE_MAIN || p->rows < 4 ?
			     p->picture.layout.pane[PANE_BODY].height :
			     p->rows - 4;

	ui_key(&p->ui, key, held_shown(&p->held, &p->ui, &p->model), &p->picture.rows, height);
	held_follow(&p->held, &p->ui, &p->model);
	if (p->ui.request != UI_REQUEST_NONE)
		fprintf(p->out, "    asked for %d: %s\n", p->ui.request, p->ui.request_text);
	p->ui.request = UI_REQUEST_NONE;
	if (p->ui.quit)
		fputs("    over\n", p->out);
}

/* As settings name it. */
static int key_named(const char *name)
{
	struct keymap map;
	char text[80], why[100];

	keymap_init(&map);
	snprintf(text, sizeof(text), "pause %.60s", name);
	cr_assert_eq(keymap_set(&map, text, why, sizeof(why)), 0, "%s", why);
	return map.keys[ACTION_PAUSE][0];
}

static void player_line(struct player *p, const char *line)
{
	const char *c;
	int n;

	if (sscanf(line, "size %dx%d", &p->cols, &p->rows) == 2)
		;
	else if (!strcmp(line, "utf8"))
		p->ui.utf8 = true;
	else if (sscanf(line, "wait %d", &n) == 1)
		world_run(&p->world, &p->model, p->world.second + (unsigned int)n);
	else if (!strncmp(line, "key ", 4))
		player_key(p, key_named(line + 4));
	else if (!strncmp(line, "type ", 5))
		for (c = line + 5; *c; c++)
			player_key(p, (unsigned char)*c);
	else
		cr_assert(false, "what is \"%s\"?", line);
	player_show(p);
}

/* Screens that were recorded are passed over, and recorded again. */
static char *play(const char *recorded)
{
	struct player *p = malloc(sizeof(*p));
	char line[LINE_MAX_BYTES];
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size), *in;

	in = fmemopen((void *)recorded, strlen(recorded), "r");
	player_begin(p, out);
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == ' ' || !line[0])
			continue;
		fprintf(out, "%s%s\n", line[0] != '#' && ftell(out) ? "\n" : "", line);
		if (line[0] != '#')
			player_line(p, line);
	}
	player_end(p);
	fclose(in);
	fclose(out);
	free(p);
	return text;
}

static void compare_session(const char *name)
{
	char path[512];
	char *recorded, *got;

	snprintf(path, sizeof(path), "%s/%s.txt", SESSION_DIR, name);
	recorded = golden_read(path);
	got = play(recorded);
	golden_compare(path, got);
	free(recorded);
	free(got);
}

Test(session, looks_for_what_is_urgent)
{
	compare_session("urgent");
}

Test(session, chooses_and_arranges_lines)
{
	compare_session("lines");
}

Test(session, goes_back_in_time)
{
	compare_session("time");
}

Test(session, acts_on_a_small_screen)
{
	compare_session("act");
}
