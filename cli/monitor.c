// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * monitor: the state, then every event, one flushed line each; between them, if
 * wanted, samples of the counters. Each event may start a command. Or changes
 * are told to the journal, and nothing is printed.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "cli.h"
#include "journal.h"
#include "json.h"
#include "narrate.h"
#include "out.h"
#include "parse.h"
#include "rate.h"

struct monitor {
	struct cli *cli;
	const char *exec;
	bool since; /* events after that of @since_seq, instead of the state */
	uint64_t since_instance; /* 0: whatever it is */
	uint64_t since_seq;
	int journal; /* descriptor, or -1 */
	bool follow;
	bool gone;
	int failed; /* exit status when the output broke */
	uint32_t stats_ms; /* 0: no samples */
	int64_t next_ms; /* when the next one is due */
	struct blksnap_stats *before;
	size_t n_before;
};

/* ----------------------------------------------------------------- exec */

static void monitor_tell(struct child_env *env, const struct blksnap_record *rec)
{
	const struct blksnap_snapshot *s = rec->snapshot;
	const struct blksnap_device *d = rec->device;

	child_env_set(env, "BLKSNAP_TYPE", "%s", blksnap_record_word(rec->type));
	child_env_set(env, "BLKSNAP_SEQ", "%llu", (unsigned long long)rec->seq);
	if (rec->type == BLKSNAP_RECORD_EVENT)
		child_env_set(env, "BLKSNAP_EVENT", "%s",
			      blksnap_command_word(rec->cmd));
	if (s) {
		child_env_set(env, "BLKSNAP_OBJECT", "snapshot");
		child_env_set(env, "BLKSNAP_NAME", "%s", s->name);
		child_env_set(env, "BLKSNAP_STATE", "%s",
			      blksnap_snapshot_state_word(s->state));
		child_env_set(env, "BLKSNAP_LEVEL", "%s",
			      blksnap_area_level_word(s->level));
		child_env_set(env, "BLKSNAP_CAUSE", "%s",
			      blksnap_change_cause_word(s->cause));
	} else if (d) {
		child_env_set(env, "BLKSNAP_OBJECT", "device");
		child_env_set(env, "BLKSNAP_NAME", "%s", d->name);
		child_env_set(env, "BLKSNAP_STATE", "%s",
			      blksnap_device_state_word(d->state));
		child_env_set(env, "BLKSNAP_CAUSE", "%s",
			      blksnap_change_cause_word(d->cause));
	}
}

/*
 * One after the other, in the order of events; those that come meanwhile are
 * kept by the kernel, and told late if need be.
 */
static void monitor_exec(struct monitor *monitor, const struct blksnap_record *rec,
			 uint64_t real_ns)
{
	char *argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)monitor->exec,
			 NULL };
	struct child_env env = { 0 };
	struct child_end end;
	struct child child;
	char text[512];
	json_t *doc;
	char *json;
	int ret;

	if (rec->type == BLKSNAP_RECORD_STATE || rec->type == BLKSNAP_RECORD_SYNC)
		return;
	monitor_tell(&env, rec);
	narrate_record(rec, text, sizeof(text));
	child_env_set(&env, "BLKSNAP_TEXT", "%s", text);
	doc = json_record(rec, real_ns);
	json = json_dumps(doc, JSON_COMPACT);
	child_env_set(&env, "BLKSNAP_RECORD", "%s", json ? json : "");
	free(json);
	json_decref(doc);
	ret = child_start(argv, &env, CHILD_NO_INPUT | CHILD_TO_ERR, &child);
	if (!ret)
		ret = child_wait(&child, -1, -1, &end);
	if (ret)
		fprintf(stderr, "blksnap: monitor: --exec: cannot be run: %s\n",
			strerror(-ret));
	else if (end.status)
		fprintf(stderr, "blksnap: monitor: --exec: ended with status %d (%s)\n",
			child_exit(end.status), text);
	child_env_free(&env);
}

/* -------------------------------------------------------------- samples */

static int64_t monitor_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void monitor_rates(const struct monitor *monitor,
			  const struct blksnap_stats *now, uint64_t real_ns)
{
	char time[OUT_TIME_MAX], a[OUT_SIZE_MAX], b[OUT_SIZE_MAX], c[OUT_SIZE_MAX];
	struct rate rate;
	size_t i;

	for (i = 0; i < monitor->n_before; i++) {
		if (monitor->before[i].dev.major != now->dev.major ||
		    monitor->before[i].dev.minor != now->dev.minor ||
		    !rate_between(&monitor->before[i], now, &rate))
			continue;
		printf("%s %6s  device %s: writes %s/s, copied %s/s, image read %s/s\n",
		       out_time(real_ns, time), "~", now->name,
		       out_size((uint64_t)rate.write_bytes, a),
		       out_size((uint64_t)rate.cow_bytes, b),
		       out_size((uint64_t)rate.image_read_bytes, c));
	}
}

/* Counters of every device, and how full every area is. */
static int monitor_sample(struct monitor *monitor)
{
	struct cli *cli = monitor->cli;
	struct blksnap_snapshot *snapshots = NULL;
	struct blksnap_stats *stats = NULL;
	size_t n_stats, n_snapshots, i;
	struct blksnap_error err;
	uint64_t real_ns;
	int ret = 0;

	if (blksnap_stats_list(cli->session, &stats, &n_stats, &err) ||
	    blksnap_snapshot_list(cli->session, &snapshots, &n_snapshots, &err)) {
		free(stats);
		/* an event tells when the module is gone */
		return err.exit == BLKSNAP_EXIT_ABSENT ? 0 : cli_fail(cli, NULL, &err, NULL);
	}
	real_ns = out_real_ns(0);
	for (i = 0; !ret && i < n_stats; i++)
		if (cli->args.json)
			ret = cli_print_json(cli, json_record_stats(&stats[i], real_ns));
		else
			monitor_rates(monitor, &stats[i], real_ns);
	for (i = 0; !ret && cli->args.json && i < n_snapshots; i++)
		ret = cli_print_json(cli, json_record_space(&snapshots[i], real_ns));
	blksnap_snapshots_free(snapshots, n_snapshots);
	free(monitor->before);
	monitor->before = stats;
	monitor->n_before = n_stats;
	fflush(stdout);
	return ret || ferror(stdout) ? BLKSNAP_EXIT_OTHER : 0;
}

/* how long to wait for an event; -1: for ever */
static int monitor_pause(const struct monitor *monitor)
{
	int64_t left;

	if (!monitor->stats_ms)
		return -1;
	left = monitor->next_ms - monitor_now_ms();
	return left < 0 ? 0 : (int)left;
}

/* Samples that could not be taken in time are left out, not made up for. */
static int monitor_due(struct monitor *monitor)
{
	int64_t now = monitor_now_ms();

	if (!monitor->stats_ms || now < monitor->next_ms)
		return 0;
	monitor->next_ms += monitor->stats_ms;
	if (monitor->next_ms <= now)
		monitor->next_ms = now + monitor->stats_ms;
	return monitor->gone ? 0 : monitor_sample(monitor);
}

/* --------------------------------------------------------------- events */

static uint64_t monitor_real_ns(const struct blksnap_record *rec)
{
	uint64_t boot_ns = 0;

	if (rec->type == BLKSNAP_RECORD_EVENT)
		boot_ns = rec->snapshot ? rec->snapshot->time_ns :
					  rec->device->time_ns;
	return out_real_ns(boot_ns);
}

static void monitor_line(const struct blksnap_record *rec, uint64_t real_ns)
{
	char time[OUT_TIME_MAX], number[24] = "-", text[512];

	narrate_record(rec, text, sizeof(text));
	if (rec->type == BLKSNAP_RECORD_EVENT || rec->type == BLKSNAP_RECORD_SYNC)
		snprintf(number, sizeof(number), "#%llu",
			 (unsigned long long)rec->seq);
	else if (rec->type == BLKSNAP_RECORD_STATE)
		strcpy(number, "=");
	printf("%s %6s  %s\n", out_time(real_ns, time), number, text);
	fflush(stdout);
}

/* One that cannot be told does not keep back those that follow. */
static void monitor_journal(const struct monitor *monitor,
			    const struct blksnap_record *rec)
{
	char text[512], entry[JOURNAL_MAX];
	size_t length;
	int ret;

	narrate_record(rec, text, sizeof(text));
	length = journal_entry(rec, text, entry, sizeof(entry));
	ret = length ? journal_send(monitor->journal, entry, length) : 0;
	if (ret)
		fprintf(stderr, "blksnap: monitor: the journal: %s (%s)\n",
			strerror(-ret), text);
}

static int monitor_on_record(const struct blksnap_record *rec, void *arg)
{
	struct monitor *monitor = arg;
	uint64_t real_ns = monitor_real_ns(rec);

	if (monitor->journal >= 0)
		monitor_journal(monitor, rec);
	else if (monitor->cli->args.json)
		monitor->failed =
			cli_print_json(monitor->cli, json_record(rec, real_ns));
	else
		monitor_line(rec, real_ns);
	if (ferror(stdout))
		monitor->failed = BLKSNAP_EXIT_OTHER;
	if (monitor->failed)
		return -EPIPE;
	if (monitor->exec)
		monitor_exec(monitor, rec, real_ns);
	if (rec->type == BLKSNAP_RECORD_GONE)
		monitor->gone = true;
	if (rec->type == BLKSNAP_RECORD_BACK)
		monitor->gone = false;
	return 0;
}

/*
 * Nobody reads it any more: a pipe tells that without anything being written, which
 * may not be for hours. The end is that of writing to it.
 */
static bool monitor_unread(short revents)
{
	if (!(revents & POLLERR))
		return false;
	raise(SIGPIPE);
	return true; /* it is ignored */
}

static int monitor_loop(struct monitor *monitor, struct blksnap_events *events)
{
	struct pollfd fds[] = {
		{ .fd = blksnap_events_fd(events), .events = POLLIN },
		{ .fd = monitor->journal < 0 ? STDOUT_FILENO : -1 },
	};
	struct blksnap_error err;
	int ret;

	for (;;) {
		if (monitor->gone && !monitor->follow)
			return cli_refuse(monitor->cli, BLKSNAP_EXIT_GONE, NULL,
					  "--follow waits for it",
					  "the module went away");
		ret = monitor_due(monitor);
		if (ret)
			return ret;
		if (poll(fds, 2, monitor_pause(monitor)) < 0) {
			if (errno != EINTR)
				return cli_refuse(monitor->cli, BLKSNAP_EXIT_OTHER,
						  NULL, NULL, "poll: %s",
						  strerror(errno));
			continue;
		}
		if (monitor_unread(fds[1].revents))
			return BLKSNAP_EXIT_OTHER;
		if (blksnap_events_dispatch(events, &err) >= 0)
			continue;
		if (monitor->failed)
			return monitor->failed;
		return cli_fail(monitor->cli, NULL, &err, NULL);
	}
}

/* SEQ, or INSTANCE:SEQ as the line that ends the state has them */
static int monitor_since(struct monitor *monitor, const char *text)
{
	const char *colon = strchr(text, ':');
	char instance[24] = "0", why[PARSE_WHY] = "it is no INSTANCE:NUMBER";

	if (colon)
		snprintf(instance, sizeof(instance), "%.*s", (int)(colon - text), text);
	monitor->since = true;
	if ((colon && colon - text >= (int)sizeof(instance)) ||
	    parse_count(instance, UINT64_MAX, &monitor->since_instance, why) ||
	    parse_count(colon ? colon + 1 : text, UINT64_MAX, &monitor->since_seq, why))
		return cli_refuse(monitor->cli, BLKSNAP_EXIT_USAGE, "--since", NULL,
				  "%s", why);
	return 0;
}

static int monitor_options(struct monitor *monitor)
{
	const char *since = command_value(&monitor->cli->args, "since", 0);
	struct cli *cli = monitor->cli;
	const char *stats = command_value(&cli->args, "stats", 0);
	char why[PARSE_WHY];

	monitor->exec = command_value(&cli->args, "exec", 0);
	monitor->follow = command_value(&cli->args, "follow", 0);
	if (command_value(&cli->args, "journal", 0)) {
		if (cli->args.json || stats)
			return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--journal", NULL,
					  "it goes neither with --json nor with --stats");
		monitor->journal = journal_open(JOURNAL_SOCKET);
		if (monitor->journal < 0)
			return cli_refuse(cli, BLKSNAP_EXIT_OTHER, "--journal", NULL,
					  "the journal does not listen: %s",
					  strerror(-monitor->journal));
	}
	if (since && monitor_since(monitor, since))
		return BLKSNAP_EXIT_USAGE;
	if (!stats)
		return 0;
	if (parse_duration(stats, &monitor->stats_ms, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--stats", NULL, "%s",
				  why);
	if (monitor->stats_ms < 100 || monitor->stats_ms > INT32_MAX)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--stats", NULL,
				  "at least 100ms are needed");
	monitor->next_ms = monitor_now_ms();
	return 0;
}

static int monitor_open(struct monitor *monitor, struct blksnap_events **events,
			struct blksnap_error *err)
{
	struct blksnap_session *session = monitor->cli->session;
	int ret = -ENOPROTOOPT;

	if (monitor->since)
		ret = blksnap_events_resume(session, monitor->since_instance,
					    monitor->since_seq, monitor_on_record,
					    monitor, events, err);
	/* a module that is not there has no past: whatever comes is new */
	if (!monitor->since || (ret == -ENOPROTOOPT && monitor->follow))
		ret = blksnap_events_open(session,
					  monitor->follow ? BLKSNAP_EVENTS_WAIT : 0,
					  monitor_on_record, monitor, events, err);
	return ret;
}

static int monitor_follow(struct monitor *monitor)
{
	struct cli *cli = monitor->cli;
	struct blksnap_events *events;
	struct blksnap_error err;
	int ret = 0;

	cli->stream = true;
	if (monitor_open(monitor, &events, &err)) {
		if (monitor->failed)
			return monitor->failed;
		return cli_fail(cli, NULL, &err, NULL);
	}
	if (!command_value(&cli->args, "now", 0))
		ret = monitor_loop(monitor, events);
	blksnap_events_close(events);
	return ret;
}

int monitor_cmd(struct cli *cli)
{
	struct monitor monitor = { .cli = cli, .journal = -1 };
	int ret = monitor_options(&monitor);

	if (!ret)
		ret = cli_connect(cli);
	if (!ret)
		ret = monitor_follow(&monitor);
	if (monitor.journal >= 0)
		close(monitor.journal);
	free(monitor.before);
	return ret;
}
