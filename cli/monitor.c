// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * monitor: the state, then every event, one flushed line each.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "json.h"
#include "narrate.h"
#include "out.h"

struct monitor {
	struct cli *cli;
	bool follow;
	bool gone;
	int failed; /* exit status when the output broke */
};

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

static int monitor_on_record(const struct blksnap_record *rec, void *arg)
{
	struct monitor *monitor = arg;
	uint64_t real_ns = monitor_real_ns(rec);

	if (monitor->cli->args.json)
		monitor->failed =
			cli_print_json(monitor->cli, json_record(rec, real_ns));
	else
		monitor_line(rec, real_ns);
	if (ferror(stdout))
		monitor->failed = BLKSNAP_EXIT_OTHER;
	if (monitor->failed)
		return -EPIPE;
	if (rec->type == BLKSNAP_RECORD_GONE)
		monitor->gone = true;
	if (rec->type == BLKSNAP_RECORD_BACK)
		monitor->gone = false;
	return 0;
}

static int monitor_loop(struct monitor *monitor, struct blksnap_events *events)
{
	struct pollfd fd = { .fd = blksnap_events_fd(events), .events = POLLIN };
	struct blksnap_error err;

	for (;;) {
		if (monitor->gone && !monitor->follow)
			return cli_refuse(monitor->cli, BLKSNAP_EXIT_GONE, NULL,
					  "--follow waits for it",
					  "the module went away");
		if (poll(&fd, 1, -1) < 0 && errno != EINTR)
			return cli_refuse(monitor->cli, BLKSNAP_EXIT_OTHER, NULL,
					  NULL, "poll: %s", strerror(errno));
		if (blksnap_events_dispatch(events, &err) >= 0)
			continue;
		if (monitor->failed)
			return monitor->failed;
		return cli_fail(monitor->cli, NULL, &err, NULL);
	}
}

int monitor_cmd(struct cli *cli)
{
	struct monitor monitor = { .cli = cli };
	struct blksnap_events *events;
	struct blksnap_error err;
	int ret = cli_connect(cli);

	if (ret)
		return ret;
	cli->stream = true;
	monitor.follow = command_value(&cli->args, "follow", 0);
	if (blksnap_events_open(cli->session,
				monitor.follow ? BLKSNAP_EVENTS_WAIT : 0,
				monitor_on_record, &monitor, &events, &err)) {
		if (monitor.failed)
			return monitor.failed;
		return cli_fail(cli, NULL, &err, NULL);
	}
	if (!command_value(&cli->args, "now", 0))
		ret = monitor_loop(&monitor, events);
	blksnap_events_close(events);
	return ret;
}
