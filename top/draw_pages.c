// SPDX-License-Identifier: GPL-2.0-or-later
/* The pages of text: all of an object, what can be done with it, help, events. */
#include "draw.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "fields.h"
#include "glyph.h"

/* Names of keys, and the longest of what they do. */
#define HELP_KEY_WIDTH 50

#define LABEL_WIDTH 18
/* The table of members has all of its columns from this width on. */
#define TABLE_WIDTH 80

static void __attribute__((format(printf, 3, 4)))
say(struct pen *pen, const char *label, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	pen_entry(pen, label, ATTR_DIM, LABEL_WIDTH, text);
}

static char *bytes(char *text, uint64_t sectors, const struct ui *ui)
{
	return format_bytes(text, 15, sectors * FACT_SECTOR_BYTES, ui->units);
}

static const char *error_text(char *text, size_t size, int error)
{
	const char *name = error < 0 ? strerrorname_np(-error) : NULL;

	snprintf(text, size, "%s (%s)", name ? name : "unknown error", strerror(-error));
	return text;
}

static void detail_rates(struct pen *pen, const struct figures *f)
{
	char a[FORMAT_SIZE], b[FORMAT_SIZE], c[FORMAT_SIZE], d[FORMAT_SIZE];
	enum units units = pen->ui->units;

	say(pen, "rates", "COW %s/s  image %s/s  write %s/s", format_rate(a, 15, f->cow_rate, units),
	    format_rate(b, 15, f->image_rate, units), format_rate(c, 15, f->write_rate, units));
	if (f->held_rate >= 0)
		say(pen, "held writes", "%s a second  P99 %s%s",
		    format_count(a, 7, (uint64_t)f->held_rate), f->p99_open ? ">" : "",
		    f->has_p99 ? format_duration_ns(d, f->p99_ns) : "-");
}

/* Exclusively: it is mounted, or another device is made of it. */
static const char *openers_text(char *text, size_t size, const struct dev *dev)
{
	if (!dev->has_openers)
		return strcpy(text, "");
	if (!dev->openers)
		snprintf(text, size, "not open");
	else
		snprintf(text, size, "open %u time%s%s", dev->openers, dev->openers == 1 ? "" : "s",
			 dev->held ? ", exclusively" : "");
	return text;
}

static const char *member_error(char *text, size_t size, const struct dev *dev)
{
	return dev->member_error ? error_text(text, size, dev->member_error) : "";
}

/* The members as a table, with room for all of its columns. */
static void detail_table(struct pen *pen, const struct model *model, uint32_t id)
{
	char size[FORMAT_SIZE], rate[FORMAT_SIZE], word[64], open[FORMAT_SIZE];
	enum units units = pen->ui->units;
	int width = units == UNITS_BYTES ? 15 : 8;
	size_t i;

	grid_printf(pen->grid, pen_line(pen), 1, pen->grid->cols - 1, ATTR_TITLE,
		    "%-16s %*s %-12s %-6s %-10s %*s  %s", "DEVICE", width, "SIZE", "IMAGE", "OPEN",
		    "FREEZE", width, "COW/s", "MOUNTED ON");
	for (i = 0; i < model->n_devs; i++) {
		const struct dev *dev = &model->devs[i];

		if (dev->snapshot_id != id)
			continue;
		strcpy(open, "-");
		if (dev->has_openers)
			snprintf(open, sizeof(open), "%u%s", dev->openers, dev->held ? " held" : "");
		grid_printf(pen->grid, pen_line(pen), 1, pen->grid->cols - 1, ATTR_NORMAL,
			    "%-16s %*s %-12s %-6s %-10s %*s  %s%s%s", dev->fact.name, width,
			    format_bytes(size, width, dev->fact.capacity * FACT_SECTOR_BYTES,
					 units),
			    dev->image_name[0] ? dev->image_name : "-", open,
			    dev->freeze[0] ? dev->freeze : "-", width,
			    format_rate(rate, width, dev->cow_rate, units),
			    model_mount_of(model, dev->fact.dev), dev->member_error ? "  " : "",
			    member_error(word, sizeof(word), dev));
	}
}

static void detail_members(struct pen *pen, const struct model *model, uint32_t id)
{
	char size[FORMAT_SIZE], rate[FORMAT_SIZE], word[64], open[64];
	enum units units = pen->ui->units;
	size_t i;

	pen_line(pen);
	if (pen->grid->cols >= TABLE_WIDTH + (units == UNITS_BYTES ? 14 : 0)) {
		detail_table(pen, model, id);
		return;
	}
	for (i = 0; i < model->n_devs; i++) {
		const struct dev *dev = &model->devs[i];
		const char *mount = model_mount_of(model, dev->fact.dev);

		if (dev->snapshot_id != id)
			continue;
		say(pen, dev->fact.name, "%s%s%s  COW %s/s  image %s%s%s%s%s%s%s",
		    format_bytes(size, 15, dev->fact.capacity * FACT_SECTOR_BYTES, units),
		    *mount ? "  on " : "", mount, format_rate(rate, 15, dev->cow_rate, units),
		    dev->image_name[0] ? dev->image_name : "none", dev->has_openers ? ", " : "",
		    openers_text(open, sizeof(open), dev), dev->freeze[0] ? "  freeze " : "",
		    dev->freeze, dev->member_error ? "  " : "",
		    member_error(word, sizeof(word), dev));
	}
}

static void detail_snap(struct pen *pen, const struct row *row, const struct model *model)
{
	const struct fact_snapshot *fact = &row->snap->fact;
	struct alarm_limits limits = thresholds_of(&model->thresholds, fact->name);
	char a[FORMAT_SIZE], b[FORMAT_SIZE], c[FORMAT_SIZE], d[FORMAT_SIZE], word[80];
	const unsigned char *u = fact->uuid;

	say(pen, "snapshot", "%s  number %u", fact->name, fact->id);
	say(pen, "uuid", "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	    u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12],
	    u[13], u[14], u[15]);
	say(pen, "state", "%s", row->figures.word);
	if (fact->error)
		say(pen, "broken by", "%s%s%s", error_text(word, sizeof(word), fact->error),
		    fact->phase && strcmp(fact->phase, "none") ? " in phase " : "",
		    fact->phase && strcmp(fact->phase, "none") ? fact->phase : "");
	if (fact->error_dev.major || fact->error_dev.minor) {
		a[0] = '\0';
		if (fact->has_error_sector)
			snprintf(a, sizeof(a), "  sector %llu", (unsigned long long)fact->error_sector);
		say(pen, "broken device", "%s%s%u:%u%s", fact->error_name,
		    fact->error_name[0] ? "  " : "", fact->error_dev.major, fact->error_dev.minor, a);
	}
	if (fact->taken_real_ns && pen->ui->now_ns >= fact->taken_ns)
		say(pen, "taken", "%s, %s ago", format_clock(a, fact->taken_real_ns, true),
		    format_seconds(b, (double)(pen->ui->now_ns - fact->taken_ns) / 1e9));
	if (fact->gate_ns)
		say(pen, "writes held", "%s at the take", format_duration_ns(a, fact->gate_ns));
	if (fact->freeze_ns)
		say(pen, "frozen", "%s at the take", format_duration_ns(a, fact->freeze_ns));
	if (fact->has_space) {
		say(pen, "area", "%s of %s used (%s)", bytes(a, fact->used, pen->ui),
		    bytes(b, fact->total, pen->ui), format_percent(c, row->figures.permille));
		say(pen, "free", "%s; low below %s, ok from %s",
		    bytes(a, fact->used < fact->total ? fact->total - fact->used : 0, pen->ui),
		    bytes(b, fact->low, pen->ui), bytes(c, fact->clear, pen->ui));
		say(pen, "grace", "%u ms", fact->grace_ms);
		say(pen, "warns from", "%s full or %s to full; critical from %s or %s",
		    format_percent(a, limits.warn_permille), format_seconds(b, limits.warn_s),
		    format_percent(c, limits.crit_permille), format_seconds(d, limits.crit_s));
	}
	if (row->figures.eta.known) {
		format_seconds(a, row->figures.eta.low_s);
		format_seconds(b, row->figures.eta.high_s);
		say(pen, "full in", strcmp(a, b) ? "%s to %s" : "%s", a, b);
	}
	detail_rates(pen, &row->figures);
	detail_members(pen, model, fact->id);
}

static void detail_dev(struct pen *pen, const struct row *row)
{
	char a[FORMAT_SIZE], b[FORMAT_SIZE], c[FORMAT_SIZE], word[80];
	const struct dev *dev = row->dev;
	const struct fact_stats *s = &dev->stats;

	say(pen, "device", "%s  %u:%u  %s", dev->fact.name, dev->fact.dev.major,
	    dev->fact.dev.minor, bytes(a, dev->fact.capacity, pen->ui));
	say(pen, "state", "%s", row->figures.word);
	if (dev->fact.error || dev->member_error)
		say(pen, "error", "%s", error_text(word, sizeof(word), dev->fact.error ? dev->fact.error : dev->member_error));
	say(pen, "snapshot", "%s", row->owner ? row->owner->fact.name : "none");
	if (row->figures.mount[0])
		say(pen, "mounted on", "%s", row->figures.mount);
	if (dev->image_name[0])
		say(pen, "image", "/dev/%s%s%s", dev->image_name, dev->has_openers ? ", " : "",
		    openers_text(word, sizeof(word), dev));
	if (dev->freeze[0])
		say(pen, "file system", "%s at the take", dev->freeze);
	if (dev->fact.cbt_cell_bytes)
		say(pen, "change tracking", "cells of %s, interval %u, %s of memory",
		    format_bytes(a, 15, dev->fact.cbt_cell_bytes, pen->ui->units),
		    dev->fact.cbt_number,
		    format_bytes(b, 15, dev->fact.cbt_memory_bytes, pen->ui->units));
	detail_rates(pen, &row->figures);
	if (!dev->has_stats || dev->is_then)
		return;
	say(pen, "writes", "%s, %s  in flight %llu", format_count(a, 7, s->writes),
	    bytes(b, s->write_sectors, pen->ui), (unsigned long long)s->inflight);
	say(pen, "copied", "%s, of that %s ahead of writes  stored %s", bytes(a, s->cow_sectors, pen->ui),
	    bytes(b, s->cow_ahead_sectors, pen->ui), bytes(c, s->store_sectors, pen->ui));
	say(pen, "held", "%s writes ever, %llu now", format_count(a, 7, s->held),
	    (unsigned long long)s->held_now);
	say(pen, "image read", "%s, of that %s from the area", bytes(a, s->image_read_sectors, pen->ui),
	    bytes(b, s->image_area_sectors, pen->ui));
	say(pen, "discards dropped", "%s", bytes(a, s->discard_dropped_sectors, pen->ui));
	say(pen, "memory", "%s of copies not stored yet, %s of metadata",
	    format_bytes(a, 15, s->memory_bytes, pen->ui->units),
	    format_bytes(b, 15, s->metadata_bytes, pen->ui->units));
	say(pen, "I/O errors", "%llu", (unsigned long long)s->errors);
}

static void page_event(struct pen *pen, const struct event *event)
{
	int y = pen_line(pen), x = draw_event_head(pen->grid, y, event);

	pen_text(pen, y, x, pen->grid->cols < 60 ? 3 : x, ATTR_NORMAL, event->sentence.text);
}

/* What happened to the object, as far as it is kept. */
static void detail_events(struct pen *pen, const struct model *model, const char *name)
{
	const struct event *event;
	bool any = false;
	uint64_t i;

	for (i = 0; (event = model_event(model, i)); i++) {
		if (strcmp(event->object, name))
			continue;
		if (!any) {
			pen_line(pen);
			grid_text(pen->grid, pen_line(pen), 1, pen->grid->cols - 1, ATTR_TITLE, "EVENTS");
		}
		any = true;
		page_event(pen, event);
	}
}

void draw_detail(struct picture *picture, const struct model *model, struct ui *ui)
{
	const struct row *row = picture_selected(picture, ui);
	char title[120];
	struct pen pen;

	snprintf(title, sizeof(title), "All of %s", row ? row->figures.name : "nothing");
	if (!pen_begin(&pen, picture, ui, title) || !row)
		return;
	if (row->snap)
		detail_snap(&pen, row, model);
	else
		detail_dev(&pen, row);
	detail_events(&pen, model, row->snap ? row->figures.name : row->dev->fact.name);
	pen_end(&pen);
}

void draw_actions(struct picture *picture, struct ui *ui)
{
	const struct row *row = picture_selected(picture, ui);
	struct action_offer offer[ACTIONS_MAX];
	size_t n, i;
	struct pen pen;
	char title[120], command[PROMPT_SIZE + 4];

	snprintf(title, sizeof(title), "What can be done with %s", row ? row->figures.name : "it");
	if (!pen_begin(&pen, picture, ui, title) || !row)
		return;
	n = actions_for(offer, row);
	pen_line(&pen);
	for (i = 0; i < n; i++) {
		int y = pen_line(&pen), x;

		grid_put(pen.grid, y, 2, offer[i].key, ATTR_KEY);
		x = grid_printf(pen.grid, y, 4, 36, ATTR_TITLE, "%-34s", offer[i].what) + 2;
		snprintf(command, sizeof(command), "%s%s", offer[i].command,
			 offer[i].ask ? "..." : "");
		pen_text(&pen, y, x, pen.grid->cols < 60 ? 6 : x, ATTR_NORMAL, command);
	}
	pen_line(&pen);
	pen_text(&pen, pen_line(&pen), 2, 2, ATTR_DIM,
		 "The command line is shown, can be changed, and runs only after a yes.");
	pen_end(&pen);
}

/* The lines of a page among which one is selected. */
static void keep_in_view(struct pen *pen, int at)
{
	int room = pen->bottom - pen->top;

	if (at < pen->ui->scroll)
		pen->ui->scroll = at;
	if (at >= pen->ui->scroll + room)
		pen->ui->scroll = at - room + 1;
}

void draw_columns(struct picture *picture, struct ui *ui)
{
	const struct columns *columns = &ui->columns;
	struct pen pen;
	int place;

	if (!pen_begin(&pen, picture, ui, "Columns of the table, from the left"))
		return;
	keep_in_view(&pen, ui->column_at);
	for (place = 0; place < COLUMN_COUNT; place++) {
		const struct column_info *info = column_info(columns->at[place]);
		bool hidden = columns->hidden[columns->at[place]];
		unsigned int attr = hidden ? ATTR_DIM : ATTR_NORMAL;
		int y = pen_line(&pen);

		grid_text(pen.grid, y, 1, 3, attr, place ? hidden ? "[ ]" : "[x]" : " * ");
		grid_text(pen.grid, y, 5, 10, hidden ? ATTR_DIM : ATTR_TITLE, info->title);
		grid_text(pen.grid, y, 16, pen.grid->cols - 17, attr, info->help);
		if (place == ui->column_at && y >= 0)
			grid_mark_row(pen.grid, y, 0, pen.grid->cols);
	}
	pen_end(&pen);
}

static void help_columns(struct pen *pen)
{
	int i;

	pen_line(pen);
	grid_text(pen->grid, pen_line(pen), 1, pen->grid->cols - 1, ATTR_TITLE, "COLUMNS");
	for (i = 0; i < COLUMN_COUNT; i++) {
		const struct column_info *column = column_info(column_at(i));

		pen_entry(pen, column->title, ATTR_KEY, 15, column->help);
	}
}

static void help_fields(struct pen *pen)
{
	const struct expr_field *fields;
	size_t count, i;
	char text[256];

	fields = fields_table(&count);
	pen_line(pen);
	pen_text(pen, pen_line(pen), 1, 1, ATTR_TITLE,
		 "FIELDS OF A FILTER, as in: fill>=70 and (ttfull<30m or cow>10M)");
	for (i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "%s (%s)", fields[i].help,
			 expr_kind_help(fields[i].kind));
		pen_entry(pen, fields[i].name, ATTR_KEY, 15, text);
	}
}

static void help_cost(struct pen *pen)
{
	const struct ui_cost *cost = &pen->ui->cost;
	char rate[FORMAT_SIZE], memory[FORMAT_SIZE], text[160];

	if (!cost->known)
		return;
	snprintf(text, sizeof(text),
		 "This monitor takes %.1f %% of a processor, %s of memory, sends %s/s to the terminal.",
		 cost->cpu_permille / 10, format_bytes(memory, 8, cost->memory_bytes, UNITS_IEC),
		 format_rate(rate, 8, cost->bytes_s, UNITS_IEC));
	pen_text(pen, pen_line(pen), 1, 1, ATTR_NORMAL, text);
	pen_line(pen);
}

static void help_key(struct pen *pen, int y, int x, const struct key_info *info)
{
	char names[KEYS_TEXT_SIZE];

	grid_text(pen->grid, y, x + 1, 13, ATTR_KEY,
		  keymap_names(&pen->ui->keys, info->action, names));
	grid_text(pen->grid, y, x + 15, pen->grid->cols - x - 15, ATTR_NORMAL, info->help);
}

void draw_help(struct picture *picture, struct ui *ui)
{
	int i, lines, count;
	struct pen pen;
	bool wide;

	if (!pen_begin(&pen, picture, ui, "blksnap-top " BLKSNAP_VERSION ": keys, columns, filters"))
		return;
	help_cost(&pen);
	/* Side by side where there is room, so that all of it is seen at once. */
	wide = pen.grid->cols >= 2 * HELP_KEY_WIDTH;
	for (count = 0; keys_at(count); count++)
		;
	lines = wide ? (count + 1) / 2 : count;
	for (i = 0; i < lines; i++) {
		char names[KEYS_TEXT_SIZE];
		int y;

		if (!wide) {
			pen_entry(&pen, keymap_names(&ui->keys, keys_at(i)->action, names),
				  ATTR_KEY, 15, keys_at(i)->help);
			continue;
		}
		y = pen_line(&pen);
		help_key(&pen, y, 0, keys_at(i));
		if (keys_at(i + lines))
			help_key(&pen, y, HELP_KEY_WIDTH, keys_at(i + lines));
	}
	help_columns(&pen);
	help_fields(&pen);
	pen_end(&pen);
}

void draw_event_page(struct picture *picture, const struct model *model, struct ui *ui)
{
	const struct event *event;
	struct pen pen, blind;
	uint64_t count, i;
	char title[120];
	int y;

	for (count = 0; model_event_from(model, ui->severity, count); count++)
		;
	snprintf(title, sizeof(title), "Events from %s on: %llu of %llu (v: severity, Enter: object)",
		 alarm_word(ui->severity), (unsigned long long)count,
		 (unsigned long long)model->n_events);
	if (!pen_begin(&pen, picture, ui, title))
		return;
	if (count && ui->event_at >= count)
		ui->event_at = count - 1;
	/* How many lines those before the selected one take. */
	blind = pen;
	blind.bottom = blind.top;
	for (i = 0; i < ui->event_at && i < count; i++)
		page_event(&blind, model_event_from(model, ui->severity, i));
	i = (uint64_t)blind.lines;
	if (count)
		page_event(&blind, model_event_from(model, ui->severity, ui->event_at));
	/* All of it, or at least its begin. */
	keep_in_view(&pen, blind.lines - 1);
	keep_in_view(&pen, (int)i);
	for (i = 0; (event = model_event_from(model, ui->severity, i)); i++) {
		y = pen.top + pen.lines - ui->scroll;
		page_event(&pen, event);
		if (i == ui->event_at && y >= pen.top && y < pen.bottom)
			grid_mark_row(pen.grid, y, 0, pen.grid->cols);
	}
	pen_end(&pen);
}
