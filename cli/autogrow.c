// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * autogrow: gives areas that run low more space, from a list, up to a limit.
 *
 * It remembers nothing that matters: which device of the list is taken, the
 * kernel knows; so it may be ended and started at any time, and finds those
 * that are low already.
 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/signalfd.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "area.h"
#include "cli.h"
#include "imagepath.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "source.h"
#include "take.h"

/* What stays free on a file system that files are made on. */
#define AUTOGROW_RESERVE_PERCENT 5

/**
 * struct autogrow_one - what is known of a snapshot
 * @id: snapshot
 * @look: something was heard of it
 * @exhausted: it has been said that nothing is left for it
 */
struct autogrow_one {
	uint32_t id;
	bool look;
	bool exhausted;
};

struct autogrow {
	struct cli *cli;
	struct autogrow_one *ones;
	size_t count;
	uint64_t limit_sectors; /* 0: none */
	uint32_t grace_ms;
	bool follow;
	bool gone;
	int signal_fd;
	char reason[300]; /* why the last piece could not be added */
};

/* ----------------------------------------------------------------- tell */

static int autogrow_tell(struct autogrow *grow, const char *type,
			 const struct blksnap_snapshot *s, const char *spec,
			 const char *text)
{
	char time[OUT_TIME_MAX];
	json_t *doc;

	if (!grow->cli->args.json) {
		printf("%s %s: %s\n", out_time(out_real_ns(0), time), s->name, text);
		fflush(stdout);
		return ferror(stdout) ? BLKSNAP_EXIT_OTHER : 0;
	}
	doc = json_document("autogrow");
	json_object_set_new(doc, "type", json_string(type));
	json_object_set_new(doc, "real_ns", json_number(true, out_real_ns(0)));
	json_object_set_new(doc, "spec", json_text(spec, spec));
	json_object_set_new(doc, "text", json_text(true, text));
	json_object_set_new(doc, "snapshot", json_snapshot(s));
	return cli_print_json(grow->cli, doc);
}

static int autogrow_extended(struct autogrow *grow, const char *spec,
			     const struct blksnap_snapshot *after)
{
	char text[400], used[OUT_SIZE_MAX], total[OUT_SIZE_MAX];

	snprintf(text, sizeof(text), "extended by %.200s, %s of %s used", spec,
		 out_sectors(true, after->area_used_sectors, used),
		 out_sectors(true, after->area_total_sectors, total));
	return autogrow_tell(grow, "extended", after, spec, text);
}

/* ----------------------------------------------------------------- grow */

/* A file shall not fill the file system it is made on. */
static bool autogrow_room(struct autogrow *grow, const struct parse_area *area)
{
	char path[PATH_MAX];
	struct statvfs fs;
	uint64_t free_bytes;

	snprintf(path, sizeof(path), "%s", area->path);
	if (statvfs(dirname(path), &fs))
		return true; /* making the file says why */
	free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (free_bytes >= area->size_bytes &&
	    free_bytes - area->size_bytes >=
		    (uint64_t)fs.f_blocks * fs.f_frsize / 100 *
			    AUTOGROW_RESERVE_PERCENT)
		return true;
	snprintf(grow->reason, sizeof(grow->reason),
		 "%.200s: less than %d%% of the file system would stay free",
		 area->path, AUTOGROW_RESERVE_PERCENT);
	return false;
}

static uint64_t autogrow_sectors(struct autogrow *grow, const struct parse_area *area)
{
	struct blksnap_range range = { 0 };

	if (area->kind != PARSE_AREA_DEVICE)
		return area->size_bytes / BLKSNAP_SECTOR_BYTES;
	if (area->has_extent && area->extent.count_sectors)
		return area->extent.count_sectors;
	if (blksnap_stack_resolve(grow->cli->stack, area->path, &range.dev, NULL))
		return 0;
	source_whole(grow->cli->stack, &range);
	return range.count_sectors ? range.count_sectors :
				     blksnap_stack_sectors(grow->cli->stack, range.dev);
}

/* May it be added? Otherwise the reason says why not. */
static bool autogrow_fits(struct autogrow *grow, const char *spec,
			  const struct blksnap_snapshot *s)
{
	struct parse_area area;
	char why[PARSE_WHY];
	bool fits = true;

	if (parse_area(spec, &area, why)) {
		snprintf(grow->reason, sizeof(grow->reason), "%.100s: %s", spec, why);
		return false;
	}
	if (grow->limit_sectors &&
	    s->area_total_sectors + autogrow_sectors(grow, &area) >
		    grow->limit_sectors) {
		snprintf(grow->reason, sizeof(grow->reason),
			 "%.100s: it would be more than the limit", spec);
		fits = false;
	} else if (area.kind == PARSE_AREA_FILE) {
		fits = autogrow_room(grow, &area);
	}
	parse_area_free(&area);
	return fits;
}

/* 0: added, with @s as it is now; -1: not this one; otherwise an exit status */
static int autogrow_try(struct autogrow *grow, const char *spec,
			struct blksnap_snapshot *s)
{
	struct blksnap_snapshot after;
	struct cli *cli = grow->cli;
	struct blksnap_error err;
	int ret;

	/* Devices come and go: look again. */
	blksnap_stack_close(cli->stack);
	cli->stack = NULL;
	if (cli_stack(cli))
		return BLKSNAP_EXIT_OTHER;
	if (!autogrow_fits(grow, spec, s))
		return -1;
	cli->caught = &err;
	ret = area_grow(cli, s, &spec, 1, &after);
	cli->caught = NULL;
	if (ret) {
		snprintf(grow->reason, sizeof(grow->reason), "%.100s: %.180s",
			 spec, err.message);
		return -1;
	}
	blksnap_snapshot_clear(s);
	*s = after;
	return autogrow_extended(grow, spec, s);
}

/* Adds the first piece of the file that can be added. */
static int autogrow_list(struct autogrow *grow, const char *path,
			 struct blksnap_snapshot *s)
{
	FILE *in = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int ret = -1;

	if (!in) {
		snprintf(grow->reason, sizeof(grow->reason), "%.200s: %s", path,
			 strerror(errno));
		return -1;
	}
	while (ret < 0 && getline(&line, &size, in) >= 0) {
		line[strcspn(line, "#\n")] = 0;
		while (*line && strchr(" \t\r", line[strlen(line) - 1]))
			line[strlen(line) - 1] = 0;
		if (*line)
			ret = autogrow_try(grow, line, s);
	}
	free(line);
	fclose(in);
	return ret;
}

static int autogrow_piece(struct autogrow *grow, struct blksnap_snapshot *s)
{
	const char *list = command_value(&grow->cli->args, "list", 0), *spec;
	int ret = -1;
	size_t i;

	strcpy(grow->reason, "the list is empty");
	for (i = 0; ret < 0 && (spec = command_value(&grow->cli->args, "area", i)); i++)
		ret = autogrow_try(grow, spec, s);
	if (ret < 0 && list)
		ret = autogrow_list(grow, list, s);
	return ret;
}

/* At least the grace that was asked for, so that an extension can arrive. */
static void autogrow_grace(struct autogrow *grow, struct blksnap_snapshot *s)
{
	struct blksnap_settings settings = { .grace_ms = grow->grace_ms,
					     .has_grace = true };
	struct blksnap_error err;

	if (s->grace_ms >= grow->grace_ms)
		return;
	if (blksnap_snapshot_set(grow->cli->session, s->id, &settings, NULL, &err))
		fprintf(stderr, "blksnap: autogrow: %s: cannot set grace: %s\n",
			s->name, err.message);
}

/*
 * Is it the name of this one, its UUID, or a path of its image? The beginning of a
 * UUID would do for another snapshot while the one of that name is not there yet.
 */
static bool autogrow_means(const char *text, const struct blksnap_snapshot *s)
{
	char uuid[BLKSNAP_UUID_TEXT];
	size_t i, j;

	blksnap_uuid_format(s->uuid, uuid);
	return !strcmp(text, s->name) || !strcasecmp(text, uuid) ||
	       imagepath_find(text, NULL, s, 1, &i, &j);
}

static bool autogrow_meant(struct autogrow *grow, const struct blksnap_snapshot *s)
{
	int i;

	for (i = 0; i < grow->cli->args.n_args; i++)
		if (autogrow_means(grow->cli->args.args[i], s))
			return true;
	return !grow->cli->args.n_args;
}

/*
 * The kernel moves the level a moment after the numbers: right after an extension
 * the numbers say whether it was enough.
 */
static bool autogrow_short(const struct blksnap_snapshot *s)
{
	return s->level == BLKSNAP_AREA_LEVEL_LOW &&
	       (s->area_used_sectors > s->area_total_sectors ||
		s->area_total_sectors - s->area_used_sectors < s->clear_sectors);
}

static int autogrow_snapshot(struct autogrow *grow, struct autogrow_one *one)
{
	struct blksnap_snapshot s;
	char text[400];
	int ret = 0;

	/* Gone meanwhile, or the module is: an event says so. */
	if (blksnap_snapshot_get(grow->cli->session, one->id, &s, NULL))
		return 0;
	if (autogrow_meant(grow, &s) && s.state == BLKSNAP_SNAPSHOT_STATE_TAKEN) {
		autogrow_grace(grow, &s);
		if (s.level == BLKSNAP_AREA_LEVEL_OK)
			one->exhausted = false;
		while (!ret && autogrow_short(&s)) {
			ret = autogrow_piece(grow, &s);
			if (!ret)
				one->exhausted = false;
		}
		if (ret < 0) {
			ret = 0;
			snprintf(text, sizeof(text),
				 "low, and nothing is left to add (%s)",
				 grow->reason);
			if (!one->exhausted)
				ret = autogrow_tell(grow, "exhausted", &s, NULL,
						    text);
			one->exhausted = true;
		}
	}
	blksnap_snapshot_clear(&s);
	return ret;
}

/* --------------------------------------------------------------- events */

static struct autogrow_one *autogrow_one(struct autogrow *grow, uint32_t id)
{
	struct autogrow_one *grown;
	size_t i;

	for (i = 0; i < grow->count; i++)
		if (grow->ones[i].id == id)
			return &grow->ones[i];
	grown = reallocarray(grow->ones, grow->count + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	grow->ones = grown;
	grown[grow->count] = (struct autogrow_one){ .id = id };
	return &grown[grow->count++];
}

/* Only notes: requests follow when the subscription is not busy. */
static int autogrow_on_record(const struct blksnap_record *rec, void *arg)
{
	struct autogrow *grow = arg;
	struct autogrow_one *one;

	if (rec->type == BLKSNAP_RECORD_GONE) {
		grow->gone = true;
		grow->count = 0; /* numbers start over */
	}
	if (rec->type == BLKSNAP_RECORD_BACK)
		grow->gone = false;
	if (!rec->snapshot)
		return 0;
	one = autogrow_one(grow, rec->snapshot->id);
	if (!one)
		return -ENOMEM;
	if (rec->cmd == BLKSNAP_CMD_SNAPSHOT_DEL_NTF &&
	    rec->type == BLKSNAP_RECORD_EVENT)
		*one = grow->ones[--grow->count];
	else
		one->look = true;
	return 0;
}

static int autogrow_look(struct autogrow *grow)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < grow->count; i++)
		if (grow->ones[i].look) {
			grow->ones[i].look = false;
			ret = autogrow_snapshot(grow, &grow->ones[i]);
		}
	return ret;
}

static int autogrow_signal(struct autogrow *grow)
{
	struct signalfd_siginfo info;

	if (read(grow->signal_fd, &info, sizeof(info)) != sizeof(info))
		return -1;
	/* SIGTERM is how a service is told to end. */
	return info.ssi_signo == SIGTERM ? 0 : 128 + (int)info.ssi_signo;
}

static int autogrow_loop(struct autogrow *grow, struct blksnap_events *events)
{
	struct pollfd fds[2] = {
		{ .fd = blksnap_events_fd(events), .events = POLLIN },
		{ .fd = grow->signal_fd, .events = POLLIN },
	};
	struct blksnap_error err;
	int ret;

	for (;;) {
		if (grow->gone && !grow->follow)
			return cli_refuse(grow->cli, BLKSNAP_EXIT_GONE, NULL,
					  "--follow waits for it",
					  "the module went away");
		ret = autogrow_look(grow);
		if (ret)
			return ret;
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return cli_refuse(grow->cli, BLKSNAP_EXIT_OTHER, NULL,
					  NULL, "poll: %s", strerror(errno));
		if (fds[1].revents) {
			ret = autogrow_signal(grow);
			if (ret >= 0)
				return ret;
		}
		if (blksnap_events_dispatch(events, &err) < 0)
			return cli_fail(grow->cli, NULL, &err, NULL);
	}
}

/* -------------------------------------------------------------- options */

static int autogrow_check_areas(struct autogrow *grow)
{
	struct cli *cli = grow->cli;
	struct parse_area area;
	char why[PARSE_WHY];
	const char *spec;
	bool device;
	size_t i;

	for (i = 0; (spec = command_value(&cli->args, "area", i)); i++) {
		if (parse_area(spec, &area, why))
			return cli_refuse(cli, BLKSNAP_EXIT_USAGE, spec, NULL,
					  "%s", why);
		device = area.kind == PARSE_AREA_DEVICE;
		parse_area_free(&area);
		if (!device && !grow->limit_sectors)
			return cli_refuse(cli, BLKSNAP_EXIT_USAGE, spec,
					  "give --limit",
					  "it could be added again and again without end");
	}
	if (!i && !command_value(&cli->args, "list", 0))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, NULL, NULL,
				  "--area or --list is missing");
	if (command_value(&cli->args, "list", 0) && !grow->limit_sectors)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--list", "give --limit",
				  "its files could be added again and again without end");
	return 0;
}

static int autogrow_options(struct autogrow *grow)
{
	struct cli *cli = grow->cli;
	const char *limit = command_value(&cli->args, "limit", 0);
	const char *grace = command_value(&cli->args, "grace", 0);
	char why[PARSE_WHY];

	if (limit && parse_sectors(limit, &grow->limit_sectors, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--limit", NULL, "%s",
				  why);
	if (grace && parse_grace(grace, &grow->grace_ms, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--grace", NULL, "%s",
				  why);
	grow->follow = command_value(&cli->args, "follow", 0);
	return autogrow_check_areas(grow);
}

int autogrow_cmd(struct cli *cli)
{
	struct autogrow grow = { .cli = cli };
	struct blksnap_events *events;
	struct blksnap_error err;
	int ret = autogrow_options(&grow);

	if (!ret)
		ret = cli_connect(cli);
	if (ret)
		return ret;
	cli->stream = true;
	grow.signal_fd = take_signals();
	if (blksnap_events_open(cli->session,
				grow.follow ? BLKSNAP_EVENTS_WAIT : 0,
				autogrow_on_record, &grow, &events, &err)) {
		ret = cli_fail(cli, NULL, &err, NULL);
	} else {
		ret = autogrow_loop(&grow, events);
		blksnap_events_close(events);
	}
	free(grow.ones);
	close(grow.signal_fd);
	return ret;
}
