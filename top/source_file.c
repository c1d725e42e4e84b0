// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A recording as a source. The recording's clock runs as the real one does, or
 * faster; lines are told when their time has come. A round of samples is over
 * when a line of another time follows.
 */
#include "source.h"

#include <errno.h>
#include <json_read.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "records.h"

/* Samples of one round are read within this. */
#define ROUND_NS 50000000ull
/* With no clock of its own, a round is as much as is told at once. */
#define LINES_AT_ONCE 100000u

struct source_file {
	struct source source;
	FILE *in;
	char *text;
	size_t size;
	uint64_t number; /* of the line */
	struct json_line next;
	bool has_next;
	bool ended;
	bool said_end;
	bool synced; /* a SYNC was told since the last BACK or LOST */
	unsigned int bad;

	double speed; /* 0: no clock but the lines */
	uint64_t wall_ns; /* when it was opened, of this machine */
	uint64_t first_ns; /* real_ns of the first line */
	uint64_t skipped_ns;
	uint64_t told_ns; /* real_ns of the last line that was told */
	uint64_t boot_less_ns; /* CLOCK_REALTIME less CLOCK_BOOTTIME there */
	bool round; /* samples were told, and are not settled */
	uint64_t round_ns;
};

static struct source_file *to_file(struct source *source)
{
	return (struct source_file *)source;
}

static uint64_t wall_now(void)
{
	struct timespec ts = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * FACT_NS_PER_S + ts.tv_nsec;
}

static struct instant file_now(struct source *source)
{
	struct source_file *file = to_file(source);
	struct instant now = { .real_ns = file->told_ns };

	if (file->speed > 0)
		now.real_ns = file->first_ns + file->skipped_ns +
			      (uint64_t)((double)(wall_now() - file->wall_ns) * file->speed);
	/* After its end the clock stands still, or a day would become an age. */
	if (file->ended && !file->has_next && now.real_ns > file->told_ns)
		now.real_ns = file->told_ns;
	now.boot_ns = now.real_ns - file->boot_less_ns;
	return now;
}

static int file_fd(struct source *source)
{
	return -1;
}

static void file_complain(struct source_file *file, struct model *model, const char *why)
{
	char text[NARRATE_SIZE];

	if (file->bad++ > 3)
		return;
	snprintf(text, sizeof(text), "line %llu of the recording was skipped: %s",
		 (unsigned long long)file->number, why);
	model_say(model, SEVERITY_WARN, file->told_ns, text);
}

/* Read up to the next line that makes sense. */
static void file_read(struct source_file *file, struct model *model)
{
	char why[100];
	ssize_t length;

	while (!file->has_next && !file->ended) {
		length = getline(&file->text, &file->size, file->in);
		if (length < 0) {
			file->ended = true;
			return;
		}
		file->number++;
		if (length == 1)
			continue;
		if (json_read_line(&file->next, file->text, length, why, sizeof(why))) {
			if (model)
				file_complain(file, model, why);
			continue;
		}
		file->has_next = true;
	}
}

static void file_settle(struct source_file *file, struct model *model)
{
	if (file->round)
		model_settle(model, file->round_ns - file->boot_less_ns, file->round_ns);
	file->round = false;
}

static void file_mounts(const struct json_line *line, struct model *model)
{
	struct fact_mount *list = calloc(line->n_mounts + 1, sizeof(*list));
	size_t i;

	for (i = 0; list && i < line->n_mounts; i++) {
		list[i].dev.major = line->mounts[i].dev.major;
		list[i].dev.minor = line->mounts[i].dev.minor;
		snprintf(list[i].path, sizeof(list[i].path), "%s", line->mounts[i].path);
	}
	if (list)
		model_mounts(model, list, line->n_mounts);
	free(list);
}

static void file_tell(struct source_file *file, struct model *model)
{
	const struct json_line *line = &file->next;
	struct instant now = { .real_ns = line->real_ns };

	if (line->real_ns && line->time_ns && line->time_ns <= line->real_ns)
		file->boot_less_ns = line->real_ns - line->time_ns;
	now.boot_ns = now.real_ns - file->boot_less_ns;
	if (file->round && line->real_ns > file->round_ns + ROUND_NS)
		file_settle(file, model);
	if (line->is_host) {
		snprintf(model->host, sizeof(model->host), "%s", line->host);
	} else if (line->is_mounts) {
		file_mounts(line, model);
	} else if (line->is_stats) {
		if (line->has_stats)
			records_stats(model, &line->stats);
		else if (line->has_snapshot)
			records_space(model, &line->snapshot);
		if (!file->round)
			file->round_ns = line->real_ns;
		file->round = true;
	} else {
		if (line->record.type == BLKSNAP_RECORD_STATE && !file->synced &&
		    model->source == SOURCE_WAITING && !model->n_snaps && !model->n_devs)
			model_sync_begin(model);
		file->synced = line->record.type == BLKSNAP_RECORD_SYNC;
		records_tell(model, &line->record, &now);
	}
	if (line->real_ns > file->told_ns)
		file->told_ns = line->real_ns;
	json_read_clear(&file->next);
	file->has_next = false;
}

/* Whether the next line's time has come. */
static bool file_due(const struct source_file *file, uint64_t now_ns)
{
	if (!file->has_next)
		return false;
	if (file->speed > 0)
		return file->next.real_ns <= now_ns;
	/* One round of samples, and what was before it. */
	return !file->round || file->next.real_ns <= file->round_ns + ROUND_NS;
}

static int file_dispatch(struct source *source, struct model *model)
{
	struct source_file *file = to_file(source);
	uint64_t now_ns = file_now(source).real_ns;
	unsigned int lines;

	if (!(file->speed > 0))
		file_settle(file, model);
	file_read(file, model);
	for (lines = 0; lines < LINES_AT_ONCE && file_due(file, now_ns); lines++) {
		file_tell(file, model);
		file_read(file, model);
	}
	if (!file->has_next || file->next.real_ns > file->round_ns + ROUND_NS)
		file_settle(file, model);
	if (file->ended && !file->has_next && !file->said_end) {
		file->said_end = true;
		model_stale(model, file->told_ns - file->boot_less_ns, file->told_ns,
			    "end of the recording");
	}
	return 0;
}

static int file_sample(struct source *source, struct model *model)
{
	return 0;
}

static void file_skip(struct source *source, uint64_t ns)
{
	struct source_file *file = to_file(source);

	if (file->speed > 0)
		file->skipped_ns += ns;
}

static bool file_at_end(struct source *source)
{
	return to_file(source)->said_end;
}

static void file_close(struct source *source)
{
	struct source_file *file = to_file(source);

	json_read_clear(&file->next);
	free(file->text);
	if (file->in && file->in != stdin)
		fclose(file->in);
	free(file);
}

static const struct source_ops file_ops = {
	.now = file_now,
	.fd = file_fd,
	.dispatch = file_dispatch,
	.sample = file_sample,
	.skip = file_skip,
	.at_end = file_at_end,
	.close = file_close,
};

int source_open_file(struct source **source, const char *path, double speed,
		     char *why, size_t size)
{
	struct source_file *file = calloc(1, sizeof(*file));
	int err;

	if (!file) {
		snprintf(why, size, "no memory");
		return -ENOMEM;
	}
	file->source.ops = &file_ops;
	file->speed = speed;
	file->wall_ns = wall_now();
	file->in = strcmp(path, "-") ? fopen(path, "re") : stdin;
	if (!file->in) {
		err = -errno;
		snprintf(why, size, "--source: %s: %s", path, strerror(errno));
		file_close(&file->source);
		return err;
	}
	file_read(file, NULL);
	if (!file->has_next) {
		snprintf(why, size, "--source: %s: there is no line of a recording in it", path);
		file_close(&file->source);
		return -EINVAL;
	}
	file->first_ns = file->next.real_ns;
	file->told_ns = file->next.real_ns;
	if (file->next.time_ns && file->next.time_ns <= file->next.real_ns)
		file->boot_less_ns = file->next.real_ns - file->next.time_ns;
	*source = &file->source;
	return 0;
}
