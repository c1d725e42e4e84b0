// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * until: see until.h.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "parse.h"
#include "until.h"

#define UNTIL_LOOK_MS 500

struct until {
	struct cli *cli;
	const char *subject;
	until_look *look;
	void *arg;
	int64_t until_ms; /* -1: no limit */
};

static int64_t until_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int until_ignore(const struct blksnap_record *record, void *arg)
{
	return 0;
}

static int until_loop(struct until *until, struct blksnap_events *events)
{
	struct pollfd fd = { .fd = blksnap_events_fd(events), .events = POLLIN };
	struct blksnap_error err;
	int64_t left;
	int ret;

	for (;;) {
		ret = until->look(until->arg);
		if (ret != UNTIL_NOT_YET)
			return ret;
		left = until->until_ms < 0 ? UNTIL_LOOK_MS :
					     until->until_ms - until_now_ms();
		if (left <= 0)
			return cli_refuse(until->cli, BLKSNAP_EXIT_TIMEOUT,
					  until->subject, NULL,
					  "it did not become so in time");
		if (left > UNTIL_LOOK_MS)
			left = UNTIL_LOOK_MS;
		if (poll(&fd, 1, (int)left) < 0 && errno != EINTR)
			return cli_refuse(until->cli, BLKSNAP_EXIT_OTHER, NULL,
					  NULL, "poll: %s", strerror(errno));
		if (blksnap_events_dispatch(events, &err) < 0)
			return cli_fail(until->cli, NULL, &err, NULL);
	}
}

int until_run(struct cli *cli, const char *subject, until_look *look, void *arg)
{
	const char *timeout = command_value(&cli->args, "timeout", 0);
	struct until until = {
		.cli = cli,
		.subject = subject,
		.look = look,
		.arg = arg,
		.until_ms = -1,
	};
	struct blksnap_events *events;
	struct blksnap_error err;
	char why[PARSE_WHY];
	uint32_t ms;
	int ret;

	if (timeout && parse_duration(timeout, &ms, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--timeout", NULL,
				  "%s", why);
	if (timeout)
		until.until_ms = until_now_ms() + ms;
	ret = cli_connect(cli);
	if (ret)
		return ret;
	if (blksnap_events_open(cli->session, 0, until_ignore, NULL, &events, &err))
		return cli_fail(cli, NULL, &err, NULL);
	ret = until_loop(&until, events);
	blksnap_events_close(events);
	return ret;
}
