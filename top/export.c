// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of the table for programs; see export.h. */
#include "export.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

enum kind { TEXT,
	    WHOLE,
	    REAL };

/* A figure; NAN and NULL are unknown. */
struct value {
	const char *text;
	double number;
};

static double known(bool is, double number)
{
	return is ? number : NAN;
}

static double rate(double number)
{
	return number >= 0 ? number : NAN;
}

/* One place says what there is of each column; each takes from the line. */
#define FIELDS(X)                                                                                \
	X("kind", COLUMN_NAME, TEXT,                                                             \
	  .text = row->snap  ? "snapshot" :                                                      \
		  row->image ? "image" :                                                         \
			       "device")                                                         \
	X("name", COLUMN_NAME, TEXT, .text = f->name)                                            \
	X("snapshot", COLUMN_NAME, TEXT, .text = row->owner ? row->owner->fact.name : NULL)      \
	X("state", COLUMN_STATE, TEXT, .text = f->word)                                          \
	X("cow_bytes_per_second", COLUMN_COW, REAL, .number = rate(f->cow_rate))                 \
	X("image_read_bytes_per_second", COLUMN_IMAGE_RATE, REAL, .number = rate(f->image_rate)) \
	X("write_bytes_per_second", COLUMN_WRITE_RATE, REAL, .number = rate(f->write_rate))      \
	X("held_per_second", COLUMN_HELD, REAL, .number = rate(f->held_rate))                    \
	X("held_p99_seconds", COLUMN_P99, REAL,                                                  \
	  .number = known(f->has_p99, (double)f->p99_ns / 1e9))                                  \
	X("fill_percent", COLUMN_FILL, REAL, .number = known(f->has_fill, f->permille / 10.0))   \
	X("used_bytes", COLUMN_USED, WHOLE, .number = known(f->has_used, (double)f->used_bytes)) \
	X("total_bytes", COLUMN_TOTAL, WHOLE,                                                    \
	  .number = known(f->has_total, (double)f->total_bytes))                                 \
	X("time_to_full_seconds", COLUMN_TTFULL, REAL,                                           \
	  .number = known(f->eta.known, f->eta.mid_s))                                           \
	X("time_to_full_low_seconds", COLUMN_TTFULL, REAL,                                       \
	  .number = known(f->eta.known, f->eta.low_s))                                           \
	X("time_to_full_high_seconds", COLUMN_TTFULL, REAL,                                      \
	  .number = known(f->eta.known, f->eta.high_s))                                          \
	X("size_bytes", COLUMN_SIZE, WHOLE, .number = (double)f->size_bytes)                     \
	X("errors", COLUMN_ERRORS, WHOLE, .number = known(f->has_errors, (double)f->errors))     \
	X("image", COLUMN_IMAGE, TEXT, .text = f->image && *f->image ? f->image : NULL)          \
	/* the last one, see fields_wanted() */                                                  \
	X("mount", COLUMN_NAME, TEXT, .text = *f->mount ? f->mount : NULL)

#define NAME_AND_KIND(name, column, kind, ...) { name, column, kind },
static const struct {
	const char *name;
	enum column column;
	enum kind kind;
} fields[] = { FIELDS(NAME_AND_KIND) };

#define COUNT (sizeof(fields) / sizeof(fields[0]))

/*
 * Which of them are wanted, in the order of their columns. Where a device is
 * mounted is no column: it comes with all of them.
 */
static size_t fields_wanted(size_t order[COUNT], const struct columns *wanted)
{
	bool all = true;
	size_t n = 0, i;
	int place;

	for (place = 0; place < COLUMN_COUNT; place++) {
		enum column column = wanted->at[place];

		if (wanted->hidden[column]) {
			all = false;
			continue;
		}
		for (i = 0; i < COUNT - 1; i++)
			if (fields[i].column == column)
				order[n++] = i;
	}
	if (all)
		order[n++] = COUNT - 1;
	return n;
}

static void values_of(struct value value[COUNT], const struct row *row)
{
	const struct figures *f = &row->figures;
	size_t i = 0;

#define TAKE(name, column, kind, ...) value[i++] = (struct value){ __VA_ARGS__ };
	FIELDS(TAKE)
#undef TAKE
}

/* Not printf("%f"): a point is a point in every locale. */
static void print_number(FILE *out, double number, enum kind kind)
{
	uint64_t millionths;

	if (kind == WHOLE || number > 1e12) {
		fprintf(out, "%.0f", number);
		return;
	}
	millionths = (uint64_t)(number * 1e6 + 0.5);
	fprintf(out, "%llu.%06u", (unsigned long long)(millionths / 1000000),
		(unsigned int)(millionths % 1000000));
}

static void print_text(FILE *out, const char *text)
{
	bool plain = !strpbrk(text, ",\"\r\n");

	/* A spreadsheet must not take a name for a formula. */
	if (plain && (!*text || !strchr("=+-@", *text))) {
		fputs(text, out);
		return;
	}
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

void export_csv_head(FILE *out, const struct columns *wanted)
{
	size_t order[COUNT], count = fields_wanted(order, wanted), i;

	fputs("real_ns", out);
	for (i = 0; i < count; i++)
		fprintf(out, ",%s", fields[order[i]].name);
	putc('\n', out);
}

void export_csv(FILE *out, const struct rows *rows, const struct columns *wanted, uint64_t real_ns)
{
	size_t order[COUNT], count = fields_wanted(order, wanted), r, n;
	struct value value[COUNT];

	for (r = 0; r < rows->count; r++) {
		values_of(value, &rows->row[r]);
		fprintf(out, "%llu", (unsigned long long)real_ns);
		for (n = 0; n < count; n++) {
			size_t i = order[n];

			putc(',', out);
			if (fields[i].kind == TEXT)
				print_text(out, value[i].text ? value[i].text : "");
			else if (!isnan(value[i].number))
				print_number(out, value[i].number, fields[i].kind);
		}
		putc('\n', out);
	}
}

/* A name that is no UTF-8 is told with "?" in it. */
static json_t *json_name(const char *text)
{
	json_t *value = text ? json_string(text) : json_null();
	char copy[256];
	char *c;

	if (value)
		return value;
	snprintf(copy, sizeof(copy), "%s", text);
	for (c = copy; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	return json_string(copy);
}

static json_t *json_row(const struct row *row, const struct columns *wanted)
{
	struct value value[COUNT];
	size_t order[COUNT], count = fields_wanted(order, wanted), n;
	json_t *o = json_object();

	values_of(value, row);
	for (n = 0; n < count; n++) {
		size_t i = order[n];
		json_t *v;

		if (fields[i].kind == TEXT)
			v = json_name(value[i].text);
		else if (isnan(value[i].number))
			v = json_null();
		else if (fields[i].kind == WHOLE)
			v = json_integer((json_int_t)fmin(value[i].number, 9.2e18));
		else
			v = json_real(value[i].number);
		json_object_set_new(o, fields[i].name, v);
	}
	return o;
}

static json_t *json_id(uint64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)id);
	return json_string(text);
}

static json_t *json_event(const struct event *event)
{
	json_t *o = json_object();

	json_object_set_new(o, "real_ns", json_integer((json_int_t)event->real_ns));
	json_object_set_new(o, "seq", event->seq ? json_id(event->seq) : json_null());
	json_object_set_new(o, "severity", json_string(alarm_word(event->sentence.severity)));
	json_object_set_new(o, "object", event->object[0] ? json_name(event->object) : json_null());
	json_object_set_new(o, "text", json_name(event->sentence.text));
	return o;
}

int export_json(FILE *out, const struct model *model, const struct rows *rows,
		const struct columns *wanted, uint64_t real_ns, uint64_t events_from)
{
	static const char *const sources[] = { "waiting", "live", "stale" };
	uint64_t news = model->n_events - events_from;
	json_t *doc = json_object(), *list = json_array(), *events = json_array();
	size_t i;
	int err;

	for (i = 0; i < rows->count; i++)
		json_array_append_new(list, json_row(&rows->row[i], wanted));
	while (news-- > 0)
		if (model_event(model, news))
			json_array_append_new(events, json_event(model_event(model, news)));
	json_object_set_new(doc, "schema", json_string("blksnap.top/1"));
	json_object_set_new(doc, "real_ns", json_integer((json_int_t)real_ns));
	json_object_set_new(doc, "sample_ns", json_integer((json_int_t)model->sample_ns));
	json_object_set_new(doc, "source", json_string(sources[model->source]));
	json_object_set_new(doc, "seq", json_id(model->seq));
	json_object_set_new(doc, "lost", json_integer((json_int_t)model->lost));
	json_object_set_new(doc, "rows", list);
	json_object_set_new(doc, "events", events);
	err = json_dumpf(doc, out, JSON_COMPACT | JSON_REAL_PRECISION(9)) ? -ENOMEM : 0;
	json_decref(doc);
	putc('\n', out);
	return err;
}
