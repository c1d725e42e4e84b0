// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * narrate: see narrate.h.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "narrate.h"
#include "out.h"

struct narrate_line {
	char *text;
	size_t size;
	size_t used;
};

static void narrate_add(struct narrate_line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void narrate_add(struct narrate_line *line, const char *format, ...)
{
	va_list args;
	int len;

	if (line->used >= line->size)
		return;
	va_start(args, format);
	len = vsnprintf(line->text + line->used, line->size - line->used, format,
			args);
	va_end(args);
	if (len > 0)
		line->used += (size_t)len;
}

static void narrate_error(struct narrate_line *line,
			  const struct blksnap_snapshot *s)
{
	char dev[OUT_DEV_MAX];

	if (!s->error)
		return;
	narrate_add(line, ", %s", out_errno(s->error));
	if (s->phase)
		narrate_add(line, " in phase %s",
			    blksnap_snapshot_phase_word(s->phase));
	if (BLKSNAP_HAS(s, SNAPSHOT_ERROR_DEV))
		narrate_add(line, " on %s", out_dev(s->error_dev, dev));
	if (BLKSNAP_HAS(s, SNAPSHOT_ERROR_SECTOR))
		narrate_add(line, " at sector %llu",
			    (unsigned long long)s->error_sector);
}

static void narrate_area(struct narrate_line *line,
			 const struct blksnap_snapshot *s)
{
	char a[OUT_SIZE_MAX], b[OUT_SIZE_MAX];

	if (!BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL))
		return;
	narrate_add(line, ", area %s (%s of %s)",
		    blksnap_area_level_word(s->level),
		    out_sectors(BLKSNAP_HAS(s, SNAPSHOT_AREA_USED),
				s->area_used_sectors, a),
		    out_sectors(true, s->area_total_sectors, b));
}

static void narrate_taken(struct narrate_line *line,
			  const struct blksnap_snapshot *s)
{
	char span[OUT_TIME_MAX];

	if (s->state != BLKSNAP_SNAPSHOT_STATE_TAKEN)
		return;
	if (BLKSNAP_HAS(s, SNAPSHOT_FREEZE_NS) && s->freeze_ns)
		narrate_add(line, ", frozen %s", out_span(s->freeze_ns, span));
	if (BLKSNAP_HAS(s, SNAPSHOT_GATE_NS))
		narrate_add(line, ", writes held %s", out_span(s->gate_ns, span));
}

static void narrate_change(struct narrate_line *line,
			   const struct blksnap_snapshot *s)
{
	switch (s->cause) {
	case BLKSNAP_CHANGE_CAUSE_STATE:
	case BLKSNAP_CHANGE_CAUSE_NONE:
		narrate_add(line, "%s", blksnap_snapshot_state_word(s->state));
		narrate_taken(line, s);
		break;
	default:
		narrate_add(line, "%s", blksnap_change_cause_word(s->cause));
		break;
	}
	narrate_error(line, s);
	if (s->cause != BLKSNAP_CHANGE_CAUSE_SETTINGS)
		narrate_area(line, s);
}

static void narrate_level(struct narrate_line *line,
			  const struct blksnap_snapshot *s)
{
	char text[OUT_SIZE_MAX];

	narrate_add(line, "area %s%s", s->cause == BLKSNAP_CHANGE_CAUSE_REMINDER ?
					       "still " :
					       "",
		    blksnap_area_level_word(s->level));
	if (BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL) &&
	    BLKSNAP_HAS(s, SNAPSHOT_AREA_USED) &&
	    s->area_used_sectors <= s->area_total_sectors) {
		narrate_add(line, ", %s free of ",
			    out_sectors(true,
					s->area_total_sectors -
						s->area_used_sectors,
					text));
		narrate_add(line, "%s",
			    out_sectors(true, s->area_total_sectors, text));
	}
	narrate_error(line, s);
}

static void narrate_snapshot(struct narrate_line *line,
			     const struct blksnap_record *rec)
{
	const struct blksnap_snapshot *s = rec->snapshot;

	narrate_add(line, "snapshot %s: ", s->name[0] ? s->name : "?");
	if (rec->type == BLKSNAP_RECORD_STATE) {
		narrate_add(line, "%s, %zu device%s",
			    blksnap_snapshot_state_word(s->state), s->n_members,
			    s->n_members == 1 ? "" : "s");
		narrate_error(line, s);
		narrate_area(line, s);
		return;
	}
	switch (rec->cmd) {
	case BLKSNAP_CMD_SNAPSHOT_NEW_NTF:
		narrate_add(line, "new, %s, %zu device%s",
			    blksnap_snapshot_state_word(s->state), s->n_members,
			    s->n_members == 1 ? "" : "s");
		narrate_area(line, s);
		break;
	case BLKSNAP_CMD_SNAPSHOT_DEL_NTF:
		narrate_add(line, "gone (%s)", blksnap_del_reason_word(s->reason));
		narrate_error(line, s);
		break;
	case BLKSNAP_CMD_AREA_LEVEL_NTF:
		narrate_level(line, s);
		break;
	default:
		narrate_change(line, s);
		break;
	}
}

static void narrate_device(struct narrate_line *line,
			   const struct blksnap_record *rec)
{
	const struct blksnap_device *d = rec->device;
	char text[OUT_SIZE_MAX], dev[OUT_DEV_MAX];

	narrate_add(line, "device %s: ", d->name[0] ? d->name :
						      out_dev(d->dev, dev));
	switch (rec->type == BLKSNAP_RECORD_STATE ? 0 : rec->cmd) {
	case BLKSNAP_CMD_DEVICE_NEW_NTF:
		narrate_add(line, "attached, %s",
			    blksnap_device_state_word(d->state));
		break;
	case BLKSNAP_CMD_DEVICE_DEL_NTF:
		narrate_add(line, "detached (%s)",
			    blksnap_del_reason_word(d->reason));
		break;
	case BLKSNAP_CMD_DEVICE_CHANGE_NTF:
		if (d->cause != BLKSNAP_CHANGE_CAUSE_STATE &&
		    d->cause != BLKSNAP_CHANGE_CAUSE_NONE)
			narrate_add(line, "%s, ",
				    blksnap_change_cause_word(d->cause));
		/* fall through */
	default:
		narrate_add(line, "%s", blksnap_device_state_word(d->state));
		if (BLKSNAP_HAS(d, DEVICE_CAPACITY))
			narrate_add(line, ", %s",
				    out_sectors(true, d->capacity_sectors, text));
		break;
	}
	if (d->error)
		narrate_add(line, ", %s", out_errno(d->error));
}

void narrate_record(const struct blksnap_record *rec, char *text, size_t size)
{
	struct narrate_line line = { text, size, 0 };

	text[0] = 0;
	switch (rec->type) {
	case BLKSNAP_RECORD_STATE:
	case BLKSNAP_RECORD_EVENT:
		if (rec->snapshot)
			narrate_snapshot(&line, rec);
		else if (rec->device)
			narrate_device(&line, rec);
		break;
	case BLKSNAP_RECORD_SYNC:
		narrate_add(&line, rec->resync ? "this is the state again" :
						 "this is the state");
		break;
	case BLKSNAP_RECORD_LOST:
		if (rec->lost)
			narrate_add(&line, "%llu events are lost",
				    (unsigned long long)rec->lost);
		else
			narrate_add(&line, "events are lost");
		break;
	case BLKSNAP_RECORD_GONE:
		narrate_add(&line, "the module is gone");
		break;
	case BLKSNAP_RECORD_BACK:
		narrate_add(&line, "the module is there");
		break;
	}
	if (rec->replayed)
		narrate_add(&line, " (late)");
	for (; *text; text++) /* a name may hold anything */
		if (iscntrl((unsigned char)*text))
			*text = '?';
}
