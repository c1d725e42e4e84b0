// SPDX-License-Identifier: GPL-2.0-or-later
/* What a filter can ask of a line; see fields.h. */
#include "fields.h"

#include <stdio.h>
#include <string.h>

enum field {
	FIELD_NAME,
	FIELD_KIND,
	FIELD_SNAPSHOT,
	FIELD_STATE,
	FIELD_FILL,
	FIELD_TTFULL,
	FIELD_FREE,
	FIELD_USED,
	FIELD_TOTAL,
	FIELD_COW,
	FIELD_IMG,
	FIELD_WRITE,
	FIELD_HELD,
	FIELD_P99,
	FIELD_SIZE,
	FIELD_ERRORS,
	FIELD_IMAGE,
	FIELD_MOUNT,
	FIELD_COUNT,
};

static const char *const kinds[] = { "snapshot", "device", "image", NULL };

/* What the STATE column says, then what the kernel does. */
static const char *const states[] = {
	"ok",
	"warn",
	"crit",
	"fail",
	"full",
	"new",
	"ending",
	"track",
	"settle",
	"gone",
	"created",
	"taking",
	"taken",
	"overflow",
	"failed",
	"destroying",
	"settling",
	"tracked",
	"snapshot",
	NULL,
};

static const struct expr_field fields[FIELD_COUNT] = {
	[FIELD_NAME] = { "name", EXPR_TEXT, NULL, "of the snapshot, device or image" },
	[FIELD_KIND] = { "kind", EXPR_WORD, kinds, "snapshot, device or image" },
	[FIELD_SNAPSHOT] = { "snapshot", EXPR_TEXT, NULL, "the snapshot it is or belongs to" },
	[FIELD_STATE] = { "state", EXPR_WORD, states, "STATE, or the kernel's word" },
	[FIELD_FILL] = { "fill", EXPR_PERCENT, NULL, "FILL" },
	[FIELD_TTFULL] = { "ttfull", EXPR_SECONDS, NULL, "TTFULL, the middle of the range" },
	[FIELD_FREE] = { "free", EXPR_BYTES, NULL, "area not in use" },
	[FIELD_USED] = { "used", EXPR_BYTES, NULL, "USED" },
	[FIELD_TOTAL] = { "total", EXPR_BYTES, NULL, "TOTAL" },
	[FIELD_COW] = { "cow", EXPR_RATE, NULL, "COW/s" },
	[FIELD_IMG] = { "img", EXPR_RATE, NULL, "IMG/s" },
	[FIELD_WRITE] = { "write", EXPR_RATE, NULL, "WRITE/s" },
	[FIELD_HELD] = { "held", EXPR_COUNT, NULL, "HELD/s" },
	[FIELD_P99] = { "p99", EXPR_SECONDS, NULL, "P99" },
	[FIELD_SIZE] = { "size", EXPR_BYTES, NULL, "SIZE" },
	[FIELD_ERRORS] = { "errors", EXPR_COUNT, NULL, "ERR" },
	[FIELD_IMAGE] = { "image", EXPR_TEXT, NULL, "IMAGE" },
	[FIELD_MOUNT] = { "mount", EXPR_TEXT, NULL, "where the device is mounted" },
};

const struct expr_field *fields_table(size_t *count)
{
	*count = FIELD_COUNT;
	return fields;
}

static const char *kernel_word(const struct row *row)
{
	static const char *const snapshot_words[] = {
		[SNAPSHOT_UNKNOWN] = "",
		[SNAPSHOT_CREATED] = "created",
		[SNAPSHOT_TAKING] = "taking",
		[SNAPSHOT_TAKEN] = "taken",
		[SNAPSHOT_OVERFLOW] = "overflow",
		[SNAPSHOT_FAILED] = "failed",
		[SNAPSHOT_DESTROYING] = "destroying",
	};
	static const char *const device_words[] = {
		[DEVICE_UNKNOWN] = "",
		[DEVICE_SETTLING] = "settling",
		[DEVICE_TRACKED] = "tracked",
		[DEVICE_SNAPSHOT] = "snapshot",
		[DEVICE_GONE] = "gone",
	};

	return row->snap ? snapshot_words[row->snap->fact.state] :
			   device_words[row->dev->fact.state];
}

/* One thread draws; the value is used up before the next is asked for. */
static const char *state_of(const struct row *row)
{
	static char text[32];

	snprintf(text, sizeof(text), "%s|%s", row->figures.word, kernel_word(row));
	return text;
}

static bool number(struct expr_value *value, bool known, double n)
{
	value->number = n;
	return known;
}

bool fields_get(const void *arg, size_t field, struct expr_value *value)
{
	const struct row *row = arg;
	const struct figures *f = &row->figures;

	switch ((enum field)field) {
	case FIELD_NAME:
		value->text = f->name;
		return true;
	case FIELD_KIND:
		value->text = kinds[row->snap ? 0 : row->image ? 2 :
								 1];
		return true;
	case FIELD_SNAPSHOT:
		value->text = row->owner ? row->owner->fact.name : "";
		return row->owner;
	case FIELD_STATE:
		value->text = state_of(row);
		return true;
	case FIELD_FILL:
		return number(value, f->has_fill, f->permille / 10.0);
	case FIELD_TTFULL:
		return number(value, f->eta.known, f->eta.mid_s);
	case FIELD_FREE:
		return number(value, f->has_used && f->has_total,
			      (double)f->total_bytes - (double)f->used_bytes);
	case FIELD_USED:
		return number(value, f->has_used, (double)f->used_bytes);
	case FIELD_TOTAL:
		return number(value, f->has_total, (double)f->total_bytes);
	case FIELD_COW:
		return number(value, f->cow_rate >= 0, f->cow_rate);
	case FIELD_IMG:
		return number(value, f->image_rate >= 0, f->image_rate);
	case FIELD_WRITE:
		return number(value, f->write_rate >= 0, f->write_rate);
	case FIELD_HELD:
		return number(value, f->held_rate >= 0, f->held_rate);
	case FIELD_P99:
		return number(value, f->has_p99, (double)f->p99_ns / 1e9);
	case FIELD_SIZE:
		return number(value, true, (double)f->size_bytes);
	case FIELD_ERRORS:
		return number(value, f->has_errors, (double)f->errors);
	case FIELD_IMAGE:
		value->text = f->image;
		return *f->image;
	case FIELD_MOUNT:
		value->text = f->mount;
		return *f->mount;
	case FIELD_COUNT:
		break;
	}
	return false;
}
