// SPDX-License-Identifier: GPL-2.0-or-later
/* Below the table: events, the selected object, keys, help; see draw.h. */
#include "draw.h"

#include <stdio.h>
#include <string.h>

#include "glyph.h"

int draw_event_head(struct grid *grid, int y, const struct event *event)
{
	unsigned int attr = event->sentence.severity == SEVERITY_OK ?
				    ATTR_NORMAL :
				    draw_severity(event->sentence.severity);
	char clock[FORMAT_SIZE];
	int x;

	x = grid_text(grid, y, 1, grid->cols - 1, ATTR_DIM,
		      format_clock(clock, event->real_ns, false)) +
	    1;
	x = grid_printf(grid, y, x, grid->cols - x, attr, "%-4s",
			alarm_word(event->sentence.severity)) +
	    2;
	if (event->object[0]) {
		int end = x + (grid->cols < 60 ? 0 : 11);

		x = grid_text(grid, y, x, grid->cols - x, ATTR_TITLE, event->object);
		x = (x < end ? end : x) + 1;
	}
	return x;
}

void draw_event(struct grid *grid, int y, const struct event *event)
{
	int x = draw_event_head(grid, y, event);

	grid_text(grid, y, x, grid->cols - x, ATTR_NORMAL, event->sentence.text);
}

void draw_events(struct picture *picture, const struct model *model,
		 const struct ui *ui)
{
	const struct span *rule = &picture->layout.pane[PANE_EVENTS_RULE];
	const struct span *span = &picture->layout.pane[PANE_EVENTS];
	struct grid *grid = &picture->grid;
	int i;

	if (rule->height) {
		grid_fill(grid, rule->y, 0, grid->cols, glyphs_of(ui->utf8)->rule, ATTR_DIM);
		if (ui->severity == SEVERITY_OK)
			grid_printf(grid, rule->y, 2, grid->cols - 2, ATTR_TITLE, " Events %llu ",
				    (unsigned long long)model->n_events);
		else
			grid_printf(grid, rule->y, 2, grid->cols - 2, ATTR_TITLE,
				    " Events from %s on ", alarm_word(ui->severity));
	}
	for (i = 0; i < span->height; i++) {
		const struct event *event = model_event_from(model, ui->severity, i);

		if (!event)
			break;
		draw_event(grid, span->y + i, event);
	}
}

static void detail_of_snap(char *text, size_t size, int cols, const struct row *row,
			   const struct model *model, const struct ui *ui)
{
	const struct fact_snapshot *fact = &row->snap->fact;
	char age[FORMAT_SIZE], low[FORMAT_SIZE], high[FORMAT_SIZE], free_text[FORMAT_SIZE];
	size_t members = 0, known = 0, i;
	uint64_t readers = 0;
	int n;

	for (i = 0; i < model->n_devs; i++) {
		if (model->keys[i].snapshot_id != fact->id)
			continue;
		members++;
		known += model->devs[i].has_openers;
		readers += model->devs[i].has_openers ? model->devs[i].openers : 0;
	}
	n = snprintf(text, size, "%s  %02x%02x%02x%02x  %zu device%s", fact->name,
		     fact->uuid[0], fact->uuid[1], fact->uuid[2], fact->uuid[3],
		     members, members == 1 ? "" : "s");
	if (fact->taken_ns && ui->now_ns > fact->taken_ns)
		n += snprintf(text + n, size - n, "  age %s",
			      format_seconds(age, (ui->now_ns - fact->taken_ns) / 1e9));
	if (fact->has_space && fact->total >= fact->used)
		n += snprintf(text + n, size - n, "  %s free",
			      format_bytes(free_text, 15,
					   (fact->total - fact->used) * FACT_SECTOR_BYTES,
					   ui->units));
	if (row->figures.eta.known) {
		format_seconds(low, row->figures.eta.low_s);
		format_seconds(high, row->figures.eta.high_s);
		n += snprintf(text + n, size - n,
			      strcmp(low, high) ? "  full in %s to %s" : "  full in %s", low, high);
	}
	/* Whole, or not at all: "readers 1" could be of 12. */
	snprintf(low, sizeof(low), "  readers %llu", (unsigned long long)readers);
	if (known && n + 1 + (int)strlen(low) <= cols)
		snprintf(text + n, size - n, "%s", low);
}

static void detail_of_dev(char *text, size_t size, const struct row *row,
			  const struct ui *ui)
{
	const struct dev *dev = row->dev;
	char capacity[FORMAT_SIZE];
	int n;

	n = snprintf(text, size, "%s  %u:%u  %s", dev->fact.name, dev->fact.dev.major,
		     dev->fact.dev.minor,
		     format_bytes(capacity, 15, dev->fact.capacity * FACT_SECTOR_BYTES,
				  ui->units));
	if (dev->image_name[0])
		n += snprintf(text + n, size - n, "  image %s", dev->image_name);
	if (!dev->tracked)
		n += snprintf(text + n, size - n, "  no longer tracked");
	if (dev->has_stats && dev->stats.errors)
		snprintf(text + n, size - n, "  %llu I/O errors",
			 (unsigned long long)dev->stats.errors);
}

/* What keys do on pages; there is more than one way out of each. */
static const struct page_key {
	enum page page;
	enum action action; /* its keys in force are shown, unless ... */
	const char *key;
	const char *word;
} page_keys[] = {
	{ PAGE_DETAIL, ACTION_DOWN, NULL, "scroll" },
	{ PAGE_DETAIL, ACTION_GRAPH, NULL, "graph" },
	{ PAGE_DETAIL, ACTION_LATENCY, NULL, "latency" },
	{ PAGE_DETAIL, ACTION_EXPORT, NULL, "export" },
	{ PAGE_DETAIL, ACTION_ACTIONS, NULL, "actions" },
	{ PAGE_GRAPH, ACTION_GRAPH, NULL, "next figure" },
	{ PAGE_GRAPH, ACTION_DOWN, NULL, "next object" },
	{ PAGE_GRAPH, ACTION_UNITS, NULL, "units" },
	{ PAGE_GRAPH, ACTION_PAUSE, NULL, "pause" },
	{ PAGE_LATENCY, ACTION_DOWN, NULL, "next object" },
	{ PAGE_LATENCY, ACTION_GRAPH, NULL, "graph" },
	{ PAGE_LATENCY, ACTION_PAUSE, NULL, "pause" },
	{ PAGE_EVENTS, ACTION_DOWN, NULL, "select" },
	{ PAGE_EVENTS, ACTION_NONE, "Enter", "its object" },
	{ PAGE_EVENTS, ACTION_SEVERITY, NULL, "severity" },
	{ PAGE_ACTIONS, ACTION_NONE, "a letter", "chooses, and asks first" },
	{ PAGE_COLUMNS, ACTION_DOWN, NULL, "select" },
	{ PAGE_COLUMNS, ACTION_NONE, "Space", "show or hide" },
	{ PAGE_COLUMNS, ACTION_NONE, "< >", "move" },
	{ PAGE_COLUMNS, ACTION_NONE, "1 2 3", "all, space, speed" },
	{ PAGE_COLUMNS, ACTION_SAVE, NULL, "keep" },
	{ PAGE_HELP, ACTION_DOWN, NULL, "scroll" },
};

static int draw_key(struct grid *grid, int y, int x, const char *key, const char *word)
{
	if (!*key || x + (int)(strlen(key) + 1 + strlen(word)) > grid->cols)
		return x;
	x = grid_text(grid, y, x, grid->cols - x, ATTR_KEY, key) + 1;
	return grid_text(grid, y, x, grid->cols - x, ATTR_NORMAL, word) + 2;
}

static void draw_page_keys(struct grid *grid, int y, const struct ui *ui)
{
	char key[KEYS_TEXT_SIZE];
	size_t i;
	int x = draw_key(grid, y, 0, keymap_first(&ui->keys, ACTION_QUIT, key), "back");

	for (i = 0; i < sizeof(page_keys) / sizeof(page_keys[0]); i++) {
		const struct page_key *line = &page_keys[i];

		if (line->page != ui->page)
			continue;
		if (!line->key)
			keymap_first(&ui->keys, line->action, key);
		x = draw_key(grid, y, x, line->key ? line->key : key, line->word);
	}
}

static void draw_key_names(struct grid *grid, int y, const struct ui *ui)
{
	const struct key_info *info;
	char key[KEYS_TEXT_SIZE];
	int x = 0, i;

	for (i = 0; (info = keys_at(i)); i++)
		if (info->brief)
			x = draw_key(grid, y, x, keymap_brief(&ui->keys, info, key), info->brief);
}

/* Typed text longer than the line is shown around the place of the cursor. */
static void draw_prompt(struct grid *grid, int y, const struct prompt *prompt)
{
	int x, room, from;
	char c;

	grid_fill(grid, y, 0, grid->cols, ' ', ATTR_NORMAL);
	x = grid_text(grid, y, 0, grid->cols / 2, ATTR_TITLE, prompt->label);
	room = grid->cols - x - 1;
	from = room > 0 && (int)prompt->at > room ? (int)prompt->at - room : 0;
	grid_text(grid, y, x, grid->cols - x, ATTR_NORMAL, prompt->text + from);
	x += (int)prompt->at - from;
	c = prompt->text[prompt->at];
	grid_put(grid, y, x, c ? (unsigned char)c : ' ', ATTR_KEY);
}

static void draw_message(struct grid *grid, int y, const struct ui *ui)
{
	grid_fill(grid, y, 0, grid->cols, ' ', ATTR_NORMAL);
	grid_text(grid, y, 0, grid->cols,
		  ui->message_severity == SEVERITY_OK ? ATTR_TITLE :
							draw_severity(ui->message_severity),
		  ui->message);
}

void draw_keys(struct picture *picture, const struct ui *ui)
{
	struct grid *grid = &picture->grid;
	int y = grid->rows - 1;

	if (ui->prompt.kind != PROMPT_NONE) {
		draw_prompt(grid, y, &ui->prompt);
		if (ui->message[0] && y > 0)
			draw_message(grid, y - 1, ui);
	} else if (ui->message[0]) {
		draw_message(grid, y, ui);
	} else if (picture->layout.pane[PANE_KEYS].height) {
		if (ui->page == PAGE_MAIN)
			draw_key_names(grid, y, ui);
		else
			draw_page_keys(grid, y, ui);
	}
}

static const char *left_out(char text[32], const struct picture *picture)
{
	if (picture->rows.left_out)
		snprintf(text, 32, " of %zu", picture->rows.count + picture->rows.left_out);
	else
		text[0] = '\0';
	return text;
}

void draw_footer(struct picture *picture, const struct model *model,
		 const struct ui *ui)
{
	const struct span *detail = &picture->layout.pane[PANE_DETAIL];
	const struct span *status = &picture->layout.pane[PANE_STATUS];
	const struct column_info *info = column_info(ui->order.column);
	bool ascending = info->ascending != ui->order.inverted;
	struct grid *grid = &picture->grid;
	char text[256] = "", hidden[32];

	if (detail->height && ui->at < picture->rows.count) {
		const struct row *row = &picture->rows.row[ui->at];

		if (row->snap)
			detail_of_snap(text, sizeof(text), grid->cols, row, model, ui);
		else
			detail_of_dev(text, sizeof(text), row, ui);
		grid_text(grid, detail->y, 1, grid->cols - 1, ATTR_NORMAL, text);
	}
	if (status->height)
		grid_printf(grid, status->y, 1, grid->cols - 1, ATTR_DIM,
			    "sort: %s %s  view: %s  units: %s  filter: %s  lines: %zu%s  resyncs: %llu",
			    info->title, ascending ? "up" : "down", tree_word(ui->order.tree),
			    format_units_word(ui->units), ui->filter ? ui->filter_text : "none",
			    picture->rows.count, left_out(hidden, picture),
			    (unsigned long long)model->resyncs);
}
