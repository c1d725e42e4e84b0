// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * journal: see journal.h.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "journal.h"
#include "out.h"

/* ---------------------------------------------------------------- kinds */

/* The ids are for ever: people search for them. */
struct journal_kind {
	const char *id;
	int priority;
};

static const struct journal_kind snapshot_taken = { "36692e21aa2c403e95863063d9cd3866", LOG_INFO },
				 snapshot_ended = { "bdd7d463e4694861bca376a82c7a3d32", LOG_INFO },
				 snapshot_lost = { "bec08bf8b9aa4b9e85d35e2022c059c0", LOG_ERR },
				 take_failed = { "1f8e599ceaa24eb38b0bec9d027173f3", LOG_ERR },
				 area_low = { "6cc454bfee154a42b437c287674301a1", LOG_WARNING },
				 area_enough = { "7213d8bc595f48389d37fccae86bd300", LOG_INFO },
				 area_changed = { "dbd369d17b4f436ea37580cf1373b783", LOG_INFO },
				 area_unreadable = { "167ecb277ef84618bcb91b71c5ccedd8", LOG_ERR },
				 device_tracked = { "8dbf001f64144d8db58b6fd04badd382", LOG_INFO },
				 device_released = { "26b8e945c11b4833a9bd4015c74db9bf", LOG_INFO },
				 device_gone = { "3a0bae4819fa490995d2e45cfef3282c", LOG_ERR },
				 tracking_anew = { "af3a4a1f2a5543438837207475838dd7",
						   LOG_WARNING },
				 events_lost = { "42df3537a4c74a0296c69cca2673442b", LOG_WARNING };

static const struct journal_kind *journal_state(const struct blksnap_snapshot *s)
{
	switch (s->state) {
	case BLKSNAP_SNAPSHOT_STATE_TAKEN:
		return &snapshot_taken;
	case BLKSNAP_SNAPSHOT_STATE_OVERFLOW:
	case BLKSNAP_SNAPSHOT_STATE_FAILED:
		return &snapshot_lost;
	default: /* on its way */
		return NULL;
	}
}

static const struct journal_kind *journal_level(const struct blksnap_snapshot *s)
{
	if (s->cause == BLKSNAP_CHANGE_CAUSE_REMINDER)
		return NULL;
	switch (s->level) {
	case BLKSNAP_AREA_LEVEL_LOW:
		return &area_low;
	case BLKSNAP_AREA_LEVEL_OK:
		return &area_enough;
	default: /* the snapshot is lost, and that is told */
		return NULL;
	}
}

static const struct journal_kind *journal_snapshot(const struct blksnap_record *rec)
{
	const struct blksnap_snapshot *s = rec->snapshot;

	if (rec->type == BLKSNAP_RECORD_STATE)
		return journal_state(s);
	switch (rec->cmd) {
	case BLKSNAP_CMD_AREA_LEVEL_NTF:
		return journal_level(s);
	case BLKSNAP_CMD_SNAPSHOT_DEL_NTF:
		return s->reason == BLKSNAP_DEL_REASON_TAKE_FAILED ? &take_failed : &snapshot_ended;
	case BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF:
		break;
	default:
		return NULL;
	}
	switch (s->cause) {
	case BLKSNAP_CHANGE_CAUSE_NONE:
	case BLKSNAP_CHANGE_CAUSE_STATE:
		return journal_state(s);
	case BLKSNAP_CHANGE_CAUSE_EXTENDED:
	case BLKSNAP_CHANGE_CAUSE_SHRUNK:
		return &area_changed;
	case BLKSNAP_CHANGE_CAUSE_AREA_READ_ERROR:
		return &area_unreadable;
	default:
		return NULL;
	}
}

static const struct journal_kind *journal_device(const struct blksnap_record *rec)
{
	const struct blksnap_device *d = rec->device;

	if (d->state == BLKSNAP_DEVICE_STATE_GONE)
		return &device_gone;
	if (rec->type == BLKSNAP_RECORD_STATE)
		return &device_tracked;
	switch (rec->cmd) {
	case BLKSNAP_CMD_DEVICE_NEW_NTF:
		return &device_tracked;
	case BLKSNAP_CMD_DEVICE_DEL_NTF:
		return d->reason == BLKSNAP_DEL_REASON_DEVICE_GONE ? &device_gone :
								     &device_released;
	case BLKSNAP_CMD_DEVICE_CHANGE_NTF:
		return d->cause == BLKSNAP_CHANGE_CAUSE_CBT_RESET ? &tracking_anew : NULL;
	default:
		return NULL;
	}
}

static const struct journal_kind *journal_kind(const struct blksnap_record *rec)
{
	switch (rec->type) {
	case BLKSNAP_RECORD_STATE:
	case BLKSNAP_RECORD_EVENT:
		if (rec->snapshot)
			return journal_snapshot(rec);
		return rec->device ? journal_device(rec) : NULL;
	case BLKSNAP_RECORD_LOST:
		return &events_lost;
	default:
		return NULL;
	}
}

/* --------------------------------------------------------------- fields */

struct journal_fields {
	char *entry;
	size_t size;
	size_t used;
};

static void journal_add(struct journal_fields *fields, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * A field, whole or not at all. A line feed would end it: names with control
 * characters are shown without.
 */
static void journal_add(struct journal_fields *fields, const char *format, ...)
{
	size_t left = fields->size - fields->used;
	char *at = fields->entry + fields->used, *c;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(at, left, format, args);
	va_end(args);
	if (len < 0 || (size_t)len + 1 >= left)
		return;
	for (c = at; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = '?';
	*c = '\n';
	fields->used += (size_t)len + 1;
}

static void journal_add_snapshot(struct journal_fields *fields, const struct blksnap_snapshot *s)
{
	size_t i;

	journal_add(fields, "BLKSNAP_SNAPSHOT=%s", s->name);
	journal_add(fields, "BLKSNAP_STATE=%s", blksnap_snapshot_state_word(s->state));
	journal_add(fields, "BLKSNAP_LEVEL=%s", blksnap_area_level_word(s->level));
	if (s->cause)
		journal_add(fields, "BLKSNAP_CAUSE=%s", blksnap_change_cause_word(s->cause));
	if (s->reason)
		journal_add(fields, "BLKSNAP_REASON=%s", blksnap_del_reason_word(s->reason));
	if (s->error)
		journal_add(fields, "BLKSNAP_ERROR=%s", out_errno(s->error));
	if (BLKSNAP_HAS(s, SNAPSHOT_AREA_USED))
		journal_add(fields, "BLKSNAP_AREA_USED=%llu",
			    (unsigned long long)s->area_used_sectors << 9);
	if (BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL))
		journal_add(fields, "BLKSNAP_AREA_TOTAL=%llu",
			    (unsigned long long)s->area_total_sectors << 9);
	/* a field may be there several times */
	for (i = 0; i < s->n_members; i++)
		journal_add(fields, "BLKSNAP_DEVICE=%s", s->members[i].name);
}

static void journal_add_device(struct journal_fields *fields, const struct blksnap_device *d)
{
	journal_add(fields, "BLKSNAP_DEVICE=%s", d->name);
	journal_add(fields, "BLKSNAP_STATE=%s", blksnap_device_state_word(d->state));
	if (d->cause)
		journal_add(fields, "BLKSNAP_CAUSE=%s", blksnap_change_cause_word(d->cause));
	if (d->reason)
		journal_add(fields, "BLKSNAP_REASON=%s", blksnap_del_reason_word(d->reason));
	if (d->error)
		journal_add(fields, "BLKSNAP_ERROR=%s", out_errno(d->error));
}

size_t journal_entry(const struct blksnap_record *rec, const char *text, char *entry, size_t size)
{
	const struct journal_kind *kind = journal_kind(rec);
	struct journal_fields fields = { entry, size, 0 };

	if (!kind)
		return 0;
	journal_add(&fields, "MESSAGE=%s", text);
	journal_add(&fields, "MESSAGE_ID=%s", kind->id);
	journal_add(&fields, "PRIORITY=%d", kind->priority);
	journal_add(&fields, "SYSLOG_IDENTIFIER=blksnap");
	journal_add(&fields, "BLKSNAP_TYPE=%s", blksnap_record_word(rec->type));
	if (rec->type == BLKSNAP_RECORD_EVENT) {
		journal_add(&fields, "BLKSNAP_EVENT=%s", blksnap_command_word(rec->cmd));
		journal_add(&fields, "BLKSNAP_SEQ=%llu", (unsigned long long)rec->seq);
	}
	if (rec->type == BLKSNAP_RECORD_LOST)
		journal_add(&fields, "BLKSNAP_LOST=%llu", (unsigned long long)rec->lost);
	else if (rec->snapshot)
		journal_add_snapshot(&fields, rec->snapshot);
	else
		journal_add_device(&fields, rec->device);
	return fields.used;
}

/* --------------------------------------------------------------- socket */

int journal_open(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, ret;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

int journal_send(int fd, const char *entry, size_t length)
{
	ssize_t sent;

	do
		sent = send(fd, entry, length, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}
