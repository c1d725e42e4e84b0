// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes down what is heard; see record.h. */
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>

struct recorder {
	FILE *out;
	uint64_t real_ns; /* of the last line */
	bool broken;
	bool said;
};

int recorder_open(struct recorder **recorder, const char *path, char *why, size_t size)
{
	int err;

	*recorder = calloc(1, sizeof(**recorder));
	if (!*recorder) {
		snprintf(why, size, "no memory");
		return -ENOMEM;
	}
	(*recorder)->out = fopen(path, "ae");
	if (!(*recorder)->out) {
		err = -errno;
		snprintf(why, size, "--record: %s: %s", path, strerror(errno));
		free(*recorder);
		*recorder = NULL;
		return err;
	}
	return 0;
}

/* Takes the document. */
static void recorder_write(struct recorder *recorder, json_t *doc, uint64_t real_ns)
{
	recorder->real_ns = real_ns;
	if (!recorder->broken && (!doc || json_dumpf(doc, recorder->out, JSON_COMPACT) ||
				  putc('\n', recorder->out) == EOF))
		recorder->broken = true;
	json_decref(doc);
}

static uint64_t real_of(const struct instant *now, uint64_t boot_ns)
{
	if (!boot_ns || boot_ns > now->boot_ns || now->boot_ns - boot_ns > now->real_ns)
		return now->real_ns;
	return now->real_ns - (now->boot_ns - boot_ns);
}

void recorder_record(struct recorder *recorder, const struct blksnap_record *record,
		     const struct instant *now)
{
	uint64_t boot_ns = 0;

	if (!recorder)
		return;
	if (record->type == BLKSNAP_RECORD_EVENT)
		boot_ns = record->snapshot ? record->snapshot->time_ns :
			  record->device   ? record->device->time_ns :
					     0;
	recorder_write(recorder, json_record(record, real_of(now, boot_ns)),
		       real_of(now, boot_ns));
}

void recorder_stats(struct recorder *recorder, const struct blksnap_stats *stats,
		    const struct instant *now)
{
	if (recorder)
		recorder_write(recorder, json_record_stats(stats, now->real_ns), now->real_ns);
}

void recorder_space(struct recorder *recorder, const struct blksnap_snapshot *snapshot,
		    const struct instant *now)
{
	if (recorder)
		recorder_write(recorder, json_record_space(snapshot, now->real_ns), now->real_ns);
}

void recorder_host(struct recorder *recorder, const char *host, const struct instant *now)
{
	if (recorder)
		recorder_write(recorder, json_record_host(host, now->real_ns, now->boot_ns),
			       now->real_ns);
}

void recorder_mounts(struct recorder *recorder, const struct fact_mount *mounts, size_t count,
		     const struct instant *now)
{
	struct json_mount *list;
	size_t i;

	if (!recorder)
		return;
	list = calloc(count + 1, sizeof(*list));
	for (i = 0; list && i < count; i++) {
		list[i].dev.major = mounts[i].dev.major;
		list[i].dev.minor = mounts[i].dev.minor;
		snprintf(list[i].path, sizeof(list[i].path), "%s", mounts[i].path);
	}
	if (list)
		recorder_write(recorder, json_record_mounts(list, count, now->real_ns),
			       now->real_ns);
	free(list);
}

void recorder_flush(struct recorder *recorder, struct model *model)
{
	if (!recorder || recorder->said)
		return;
	if (fflush(recorder->out))
		recorder->broken = true;
	if (!recorder->broken)
		return;
	recorder->said = true;
	model_say(model, SEVERITY_WARN, recorder->real_ns,
		  "the recording cannot be written any more; it ends here");
}

void recorder_close(struct recorder *recorder)
{
	if (!recorder)
		return;
	fclose(recorder->out);
	free(recorder);
}
