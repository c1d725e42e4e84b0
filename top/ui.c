// SPDX-License-Identifier: GPL-2.0-or-later
/* How it is looked at; see ui.h. */
#include "ui.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "fields.h"

static const unsigned int delays_ms[] = {
	UI_DELAY_MIN_MS,
	200,
	500,
	1000,
	2000,
	5000,
	10000,
	20000,
	30000,
	UI_DELAY_MAX_MS,
};

#define DELAYS (sizeof(delays_ms) / sizeof(delays_ms[0]))

void ui_init(struct ui *ui)
{
	memset(ui, 0, sizeof(*ui));
	ui->delay_ms = 1000;
	ui->order.column = COLUMN_FILL;
	ui->events = true;
	columns_init(&ui->columns);
	keymap_init(&ui->keys);
}

void ui_exit(struct ui *ui)
{
	expr_free(ui->filter);
	ui->filter = NULL;
	ui->order.filter = NULL;
}

void ui_say(struct ui *ui, enum severity severity, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(ui->message, sizeof(ui->message), format, args);
	va_end(args);
	ui->message_severity = severity;
}

int ui_set_filter(struct ui *ui, const char *text, struct expr_error *error)
{
	const struct expr_field *fields;
	struct expr *filter = NULL;
	size_t count;
	int err;

	fields = fields_table(&count);
	if (text[strspn(text, " ")]) {
		err = expr_parse(&filter, text, fields, count, error);
		if (err)
			return err;
	}
	expr_free(ui->filter);
	ui->filter = filter;
	ui->order.filter = filter;
	snprintf(ui->filter_text, sizeof(ui->filter_text), "%s", filter ? text : "");
	return 0;
}

unsigned int ui_delay_step(unsigned int delay_ms, int step)
{
	size_t i;

	if (step > 0) {
		for (i = 0; i < DELAYS; i++)
			if (delays_ms[i] > delay_ms)
				return delays_ms[i];
		return UI_DELAY_MAX_MS;
	}
	for (i = DELAYS; i-- > 0;)
		if (delays_ms[i] < delay_ms)
			return delays_ms[i];
	return UI_DELAY_MIN_MS;
}

static bool is_selected(const struct ui *ui, const struct row *row)
{
	if (row->snap)
		return ui->selected_id == row->snap->fact.id;
	return !ui->selected_id && row->image == ui->selected_image &&
	       devno_equal(ui->selected_dev, row->dev->fact.dev);
}

void ui_select(struct ui *ui, const struct rows *rows, size_t at)
{
	const struct row *row;

	if (!rows->count)
		return;
	if (at >= rows->count)
		at = rows->count - 1;
	row = &rows->row[at];
	ui->at = at;
	ui->has_selected = true;
	ui->selected_id = row->snap ? row->snap->fact.id : 0;
	ui->selected_image = row->image;
	if (row->dev)
		ui->selected_dev = row->dev->fact.dev;
}

static void ui_scroll(struct ui *ui, const struct rows *rows, int height)
{
	size_t lines = height > 0 ? height : 1;

	if (ui->at < ui->top)
		ui->top = ui->at;
	if (ui->at >= ui->top + lines)
		ui->top = ui->at - lines + 1;
	/* No blank lines at the bottom while there is something above. */
	if (ui->top + lines > rows->count)
		ui->top = rows->count > lines ? rows->count - lines : 0;
}

void ui_follow(struct ui *ui, const struct rows *rows, int height)
{
	size_t i;

	/* It points into itself, and may have been copied. */
	ui->order.folded = ui->folded;
	ui->order.n_folded = ui->n_folded;
	ui->order.pinned = ui->pinned;
	ui->order.n_pinned = ui->n_pinned;
	if (!rows->count) {
		ui->at = 0;
		ui->top = 0;
		return;
	}
	for (i = 0; ui->has_selected && i < rows->count; i++)
		if (is_selected(ui, &rows->row[i]))
			break;
	/* Nothing was chosen yet: the first line is looked at, whatever is there. */
	if (!ui->has_selected) {
		ui_select(ui, rows, 0);
		ui->has_selected = false;
	} else {
		ui_select(ui, rows, i < rows->count ? i : ui->at);
	}
	ui_scroll(ui, rows, height);
}

static void ui_move(struct ui *ui, const struct rows *rows, long by)
{
	long at = (long)ui->at + by;

	ui_select(ui, rows, at < 0 ? 0 : (size_t)at);
}

static void ui_sort(struct ui *ui, int step)
{
	ui->order.column = column_next(ui->order.column, step);
	ui->order.inverted = false;
}

static const struct row *selected_row(const struct ui *ui, const struct rows *rows)
{
	return ui->at < rows->count ? &rows->row[ui->at] : NULL;
}

static void ui_fold(struct ui *ui, const struct rows *rows, bool fold)
{
	const struct row *row = selected_row(ui, rows);
	uint32_t id;
	size_t i;

	if (!row || !row->owner)
		return;
	id = row->owner->fact.id;
	for (i = 0; i < ui->n_folded && ui->folded[i] != id; i++)
		;
	if (fold && i == ui->n_folded && i < UI_FOLDED_MAX)
		ui->folded[ui->n_folded++] = id;
	if (!fold && i < ui->n_folded)
		ui->folded[i] = ui->folded[--ui->n_folded];
	ui->order.folded = ui->folded;
	ui->order.n_folded = ui->n_folded;
	/* The selected line may be one that vanishes. */
	if (fold && !row->snap) {
		ui->selected_id = id;
		ui->selected_image = false;
	}
}

static void ui_pin(struct ui *ui, const struct rows *rows)
{
	const struct row *row = selected_row(ui, rows);
	struct pin pin = { 0 };
	size_t i;

	if (!row || row->image)
		return;
	pin.id = row->snap ? row->snap->fact.id : 0;
	if (!row->snap)
		pin.dev = row->dev->fact.dev;
	for (i = 0; i < ui->n_pinned; i++)
		if (ui->pinned[i].id == pin.id && devno_equal(ui->pinned[i].dev, pin.dev))
			break;
	if (i < ui->n_pinned)
		ui->pinned[i] = ui->pinned[--ui->n_pinned];
	else if (i < UI_PINNED_MAX)
		ui->pinned[ui->n_pinned++] = pin;
	else
		ui_say(ui, SEVERITY_WARN, "no more than %d stay on top", UI_PINNED_MAX);
	ui->order.pinned = ui->pinned;
	ui->order.n_pinned = ui->n_pinned;
}

static void ui_find(struct ui *ui, const struct rows *rows, size_t from, int step)
{
	size_t i, at = from;

	if (!ui->search[0] || !rows->count)
		return;
	for (i = 0; i < rows->count; i++, at = (at + rows->count + step) % rows->count) {
		const struct figures *figures = &rows->row[at % rows->count].figures;

		if (strcasestr(figures->name, ui->search) ||
		    strcasestr(figures->mount, ui->search)) {
			ui_select(ui, rows, at % rows->count);
			return;
		}
	}
	ui_say(ui, SEVERITY_WARN, "nothing on the screen is called \"%s\"", ui->search);
}

static void ui_open(struct ui *ui, enum page page)
{
	ui->page = page;
	ui->scroll = 0;
}

/* Hold the picture, at a moment before. */
static void ui_travel(struct ui *ui, int frames, int64_t ns)
{
	if (!ui->paused && (frames > 0 || ns > 0) && !ui->replay)
		return;
	if (!ui->paused && (frames < 0 || ns < 0)) {
		ui->paused = true;
		ui->paused_ns = ui->now_ns;
		ui->at_ns = 0;
	}
	ui->travel += frames;
	ui->travel_ns += ns;
}

static void ui_pause(struct ui *ui)
{
	ui->paused = !ui->paused;
	ui->paused_ns = ui->now_ns;
	ui->at_ns = 0;
	ui->travel = 0;
	ui->travel_ns = 0;
}

static void ui_offer_actions(struct ui *ui, const struct rows *rows)
{
	struct action_offer offer[ACTIONS_MAX];
	const struct row *row = selected_row(ui, rows);

	if (ui->readonly)
		ui_say(ui, SEVERITY_WARN, "%s",
		       ui->replay ?
			       "this is a recording: there is nothing to act upon" :
			       "read-only: start as root, without --readonly, to act upon objects");
	else if (!row || !actions_for(offer, row))
		ui_say(ui, SEVERITY_WARN, "nothing can be done with this line");
	else
		ui_open(ui, PAGE_ACTIONS);
}

static void ui_export(struct ui *ui)
{
	char name[64], clock[FORMAT_SIZE], *c;

	format_clock(clock, ui->real_ns, true);
	for (c = clock; *c; c++)
		if (*c == ' ' || *c == ':')
			*c = *c == ' ' ? '-' : '.';
	snprintf(name, sizeof(name), "blksnap-top-%s.txt", clock);
	prompt_open(&ui->prompt, PROMPT_EXPORT, "Write to (.txt, .csv, .json): ", name);
}

/* Lines of pages are scrolled, lines of the table selected. */
static bool ui_act_page(struct ui *ui, enum action action, int height)
{
	long step = action == ACTION_UP ? -1 : action == ACTION_DOWN ? 1 :
				       action == ACTION_PAGE_UP	     ? -height :
				       action == ACTION_PAGE_DOWN    ? height :
				       action == ACTION_FIRST	     ? -100000 :
				       action == ACTION_LAST	     ? 100000 :
								       0;
	long at;

	if (!step || ui->page == PAGE_MAIN || ui->page == PAGE_GRAPH ||
	    ui->page == PAGE_LATENCY)
		return false;
	if (ui->page == PAGE_EVENTS) {
		at = (long)ui->event_at + step;
		ui->event_at = at < 0 ? 0 : (uint64_t)at;
	} else if (ui->page == PAGE_COLUMNS) {
		at = ui->column_at + step;
		ui->column_at = at < 0 ? 0 : at >= COLUMN_COUNT ? COLUMN_COUNT - 1 : (int)at;
	} else {
		at = ui->scroll + step;
		ui->scroll = at < 0 ? 0 : (int)at;
	}
	return true;
}

void ui_act(struct ui *ui, enum action action, const struct rows *rows, int height)
{
	ui->message[0] = '\0';
	if (ui_act_page(ui, action, height))
		return;
	switch (action) {
	case ACTION_NONE:
		break;
	case ACTION_BACK:
		if (ui->page != PAGE_MAIN)
			ui_open(ui, PAGE_MAIN);
		else if (ui->paused)
			ui_pause(ui);
		break;
	case ACTION_QUIT:
		ui->quit = ui->page == PAGE_MAIN;
		ui_open(ui, PAGE_MAIN);
		break;
	case ACTION_UP:
		ui_move(ui, rows, -1);
		break;
	case ACTION_DOWN:
		ui_move(ui, rows, 1);
		break;
	case ACTION_PAGE_UP:
		ui_move(ui, rows, -(long)height);
		break;
	case ACTION_PAGE_DOWN:
		ui_move(ui, rows, height);
		break;
	case ACTION_FIRST:
		ui_select(ui, rows, 0);
		break;
	case ACTION_LAST:
		ui_select(ui, rows, rows->count);
		break;
	case ACTION_FOLD:
		ui_fold(ui, rows, true);
		break;
	case ACTION_UNFOLD:
		ui_fold(ui, rows, false);
		break;
	case ACTION_OPEN:
		if (rows->count)
			ui_open(ui, ui->page == PAGE_DETAIL ? PAGE_MAIN : PAGE_DETAIL);
		break;
	case ACTION_TREE:
		ui->order.tree = (ui->order.tree + 1) % TREE_COUNT;
		break;
	case ACTION_SORT_LEFT:
		ui_sort(ui, -1);
		break;
	case ACTION_SORT_RIGHT:
		ui_sort(ui, 1);
		break;
	case ACTION_INVERT:
		ui->order.inverted = !ui->order.inverted;
		break;
	case ACTION_FILTER:
		prompt_open(&ui->prompt, PROMPT_FILTER, "Filter: ", ui->filter_text);
		break;
	case ACTION_SEARCH:
		ui->search_from = ui->at;
		prompt_open(&ui->prompt, PROMPT_SEARCH, "Search: ", "");
		break;
	case ACTION_NEXT:
		ui_find(ui, rows, ui->at + 1, 1);
		break;
	case ACTION_PREVIOUS:
		ui_find(ui, rows, ui->at + rows->count - 1, -1);
		break;
	case ACTION_PAUSE:
		ui_pause(ui);
		break;
	case ACTION_EARLIER:
		ui_travel(ui, -1, 0);
		break;
	case ACTION_LATER:
		ui_travel(ui, 1, 0);
		break;
	case ACTION_MINUTE_EARLIER:
		ui_travel(ui, 0, -60ll * (int64_t)FACT_NS_PER_S);
		break;
	case ACTION_MINUTE_LATER:
		ui_travel(ui, 0, 60ll * (int64_t)FACT_NS_PER_S);
		break;
	case ACTION_FASTER:
		ui->delay_ms = ui_delay_step(ui->delay_ms, -1);
		break;
	case ACTION_SLOWER:
		ui->delay_ms = ui_delay_step(ui->delay_ms, 1);
		break;
	case ACTION_UNITS:
		ui->units = (ui->units + 1) % UNITS_COUNT;
		break;
	case ACTION_GRAPH:
		if (ui->page == PAGE_GRAPH)
			ui->graph = (ui->graph + 1) % GRAPH_COUNT;
		ui_open(ui, PAGE_GRAPH);
		break;
	case ACTION_LATENCY:
		ui_open(ui, ui->page == PAGE_LATENCY ? PAGE_MAIN : PAGE_LATENCY);
		break;
	case ACTION_EVENTS:
		if (ui->page == PAGE_EVENTS)
			ui_open(ui, PAGE_MAIN);
		else
			ui->events = !ui->events;
		break;
	case ACTION_EVENT_LIST:
		ui->event_at = 0;
		ui_open(ui, ui->page == PAGE_EVENTS ? PAGE_MAIN : PAGE_EVENTS);
		break;
	case ACTION_SEVERITY:
		ui->severity = (ui->severity + 1) % (SEVERITY_FAIL + 1);
		ui->event_at = 0;
		ui_say(ui, SEVERITY_OK, "events from %s on", alarm_word(ui->severity));
		break;
	case ACTION_EXPORT:
		ui_export(ui);
		break;
	case ACTION_ACTIONS:
		ui_offer_actions(ui, rows);
		break;
	case ACTION_SAVE:
		ui->request = UI_REQUEST_SAVE;
		break;
	case ACTION_PIN:
		ui_pin(ui, rows);
		break;
	case ACTION_COLUMNS:
		ui_open(ui, ui->page == PAGE_COLUMNS ? PAGE_MAIN : PAGE_COLUMNS);
		break;
	case ACTION_COUNT:
		break;
	case ACTION_HELP:
		ui_open(ui, ui->page == PAGE_HELP ? PAGE_MAIN : PAGE_HELP);
		break;
	case ACTION_REDRAW:
		ui->redraw = true;
		break;
	}
	ui_scroll(ui, rows, height);
}

/* The object an event is about becomes the selected one. */
static void ui_go_to_event(struct ui *ui, const struct model *model, const struct rows *rows)
{
	const struct event *event = model_event_from(model, ui->severity, ui->event_at);
	size_t i;

	ui_open(ui, PAGE_MAIN);
	for (i = 0; event && i < rows->count; i++)
		if (!strcmp(rows->row[i].figures.name, event->object)) {
			ui_select(ui, rows, i);
			return;
		}
	if (event)
		ui_say(ui, SEVERITY_WARN, "%s is not on the screen any more",
		       event->object[0] ? event->object : "its object");
}

static void ui_choose_action(struct ui *ui, int key, const struct rows *rows)
{
	struct action_offer offer[ACTIONS_MAX];
	const struct row *row = selected_row(ui, rows);
	size_t n = row ? actions_for(offer, row) : 0, i;

	for (i = 0; i < n; i++)
		if (offer[i].key == key) {
			prompt_open(&ui->prompt, PROMPT_COMMAND, "Run: ", offer[i].command);
			if (offer[i].ask)
				ui_say(ui, SEVERITY_OK, "add %s", offer[i].ask);
			return;
		}
	ui_open(ui, PAGE_MAIN);
}

static void ui_request(struct ui *ui, enum ui_request request, const char *text)
{
	ui->request = request;
	snprintf(ui->request_text, sizeof(ui->request_text), "%s", text);
}

static void ui_prompt_taken(struct ui *ui, const struct rows *rows)
{
	struct prompt prompt = ui->prompt;
	struct expr_error error;

	ui->prompt.kind = PROMPT_NONE;
	ui->message[0] = '\0';
	switch (prompt.kind) {
	case PROMPT_FILTER:
		if (ui_set_filter(ui, prompt.text, &error)) {
			ui_say(ui, SEVERITY_WARN, "%s", error.text);
			ui->prompt = prompt;
			ui->prompt.at = error.at < strlen(prompt.text) ? error.at :
									 strlen(prompt.text);
		}
		break;
	case PROMPT_SEARCH:
		ui_find(ui, rows, ui->at, 1);
		break;
	case PROMPT_EXPORT:
		ui_request(ui, UI_REQUEST_EXPORT, prompt.text);
		break;
	case PROMPT_COMMAND:
		ui_request(ui, UI_REQUEST_NONE, prompt.text);
		prompt_open(&ui->prompt, PROMPT_CONFIRM, "Run it? Type yes: ", "");
		ui_say(ui, SEVERITY_WARN, "%s", prompt.text);
		break;
	case PROMPT_CONFIRM:
		ui_open(ui, PAGE_MAIN);
		if (strcmp(prompt.text, "yes"))
			ui_say(ui, SEVERITY_OK, "not done");
		else
			ui->request = UI_REQUEST_RUN;
		break;
	case PROMPT_NONE:
		break;
	}
}

static void ui_prompt_key(struct ui *ui, int key, const struct rows *rows)
{
	struct expr_error error;
	struct expr *filter;
	size_t count;

	switch (prompt_key(&ui->prompt, key)) {
	case PROMPT_TAKEN:
		ui_prompt_taken(ui, rows);
		return;
	case PROMPT_GIVEN_UP:
		if (ui->prompt.kind == PROMPT_COMMAND || ui->prompt.kind == PROMPT_CONFIRM)
			ui_open(ui, PAGE_MAIN);
		ui->prompt.kind = PROMPT_NONE;
		ui->message[0] = '\0';
		return;
	case PROMPT_GOES_ON:
		break;
	}
	if (ui->prompt.kind == PROMPT_SEARCH) {
		ui->message[0] = '\0';
		snprintf(ui->search, sizeof(ui->search), "%.63s", ui->prompt.text);
		ui_find(ui, rows, ui->search_from, 1);
	}
	if (ui->prompt.kind == PROMPT_FILTER) {
		const struct expr_field *fields = fields_table(&count);

		ui->message[0] = '\0';
		if (expr_parse(&filter, ui->prompt.text, fields, count, &error) == -EINVAL &&
		    ui->prompt.text[0])
			ui_say(ui, SEVERITY_OK, "%s", error.text);
		expr_free(filter);
	}
}

/* Return: the key was one of the page of columns. */
static bool ui_choose_columns(struct ui *ui, int key)
{
	static const char *const sets[] = { "all", "space", "speed" };
	char why[80];

	switch (key) {
	case ' ':
	case KEY_RETURN:
		columns_toggle(&ui->columns, ui->column_at);
		return true;
	case KEY_LEFT_SIDE:
	case '<':
		ui->column_at = columns_move(&ui->columns, ui->column_at, -1);
		return true;
	case KEY_RIGHT_SIDE:
	case '>':
		ui->column_at = columns_move(&ui->columns, ui->column_at, 1);
		return true;
	case '1':
	case '2':
	case '3':
		columns_parse(&ui->columns, sets[key - '1'], why, sizeof(why));
		return true;
	}
	return false;
}

void ui_key(struct ui *ui, int key, const struct model *model, const struct rows *rows, int height)
{
	ui->moved_ns = ui->now_ns;
	if (ui->prompt.kind != PROMPT_NONE)
		ui_prompt_key(ui, key, rows);
	else if (ui->page == PAGE_EVENTS && key == KEY_RETURN)
		ui_go_to_event(ui, model, rows);
	else if (ui->page == PAGE_ACTIONS && key < KEY_LINE_UP)
		ui_choose_action(ui, key, rows);
	else if (ui->page != PAGE_COLUMNS || !ui_choose_columns(ui, key))
		ui_act(ui, keymap_action(&ui->keys, key), rows, height);
	ui_scroll(ui, rows, height);
}
