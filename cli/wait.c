// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wait: until something is as a script wants it.
 *
 * Looks when an event comes, and twice a second besides: how full an area is
 * changes without events.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "condition.h"
#include "json.h"
#include "parse.h"

#define WAIT_LOOK_MS 500

struct wait {
	struct cli *cli;
	struct expr *expr;
	struct fill fill;
	const char *object; /* NULL: any */
	bool seen; /* the object was there */
	int64_t until_ms; /* -1: no limit */
};

static int64_t wait_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int wait_ignore(const struct blksnap_record *record, void *arg)
{
	return 0;
}

static int wait_found(struct wait *wait, const struct condition_row *row)
{
	char label[160];
	json_t *doc;

	if (wait->cli->args.json) {
		doc = json_document("wait");
		json_object_set_new(doc, "object", condition_json(row));
		return cli_print_json(wait->cli, doc);
	}
	if (!wait->object)
		printf("%s\n", condition_label(row, label, sizeof(label)));
	return 0;
}

/* -1: go on; otherwise the exit status */
static int wait_look(struct wait *wait)
{
	struct condition_world world;
	struct condition_row row;
	int ret = condition_look(wait->cli, &wait->fill, &world);
	size_t i;

	if (ret)
		return ret;
	ret = -1;
	if (wait->object) {
		condition_find(&world, wait->object, &row);
		if (condition_match(wait->expr, &row))
			ret = wait_found(wait, &row);
		else if (row.snapshot || row.device)
			wait->seen = true;
		else if (wait->seen)
			ret = cli_refuse(wait->cli, BLKSNAP_EXIT_NOT_FOUND,
					 wait->object,
					 "ask for state=absent if that was meant",
					 "it is gone, and was not as wanted before");
	} else {
		for (i = 0; ret < 0 && condition_at(&world, i, &row); i++)
			if (condition_match(wait->expr, &row))
				ret = wait_found(wait, &row);
	}
	condition_forget(&world);
	return ret;
}

static int wait_loop(struct wait *wait, struct blksnap_events *events)
{
	struct pollfd fd = { .fd = blksnap_events_fd(events), .events = POLLIN };
	struct blksnap_error err;
	int64_t left;
	int ret;

	for (;;) {
		ret = wait_look(wait);
		if (ret >= 0)
			return ret;
		left = wait->until_ms < 0 ? WAIT_LOOK_MS :
					    wait->until_ms - wait_now_ms();
		if (left <= 0)
			return cli_refuse(wait->cli, BLKSNAP_EXIT_TIMEOUT,
					  wait->object, NULL,
					  "it did not become so in time");
		if (left > WAIT_LOOK_MS)
			left = WAIT_LOOK_MS;
		if (poll(&fd, 1, (int)left) < 0 && errno != EINTR)
			return cli_refuse(wait->cli, BLKSNAP_EXIT_OTHER, NULL,
					  NULL, "poll: %s", strerror(errno));
		if (blksnap_events_dispatch(events, &err) < 0)
			return cli_fail(wait->cli, NULL, &err, NULL);
	}
}

int wait_cmd(struct cli *cli)
{
	const char *timeout = command_value(&cli->args, "timeout", 0);
	struct wait wait = { .cli = cli, .until_ms = -1 };
	struct blksnap_events *events;
	struct blksnap_error err;
	char why[PARSE_WHY];
	uint32_t ms;
	int ret;

	if (cli->args.n_args > 1)
		wait.object = cli->args.args[1];
	if (timeout && parse_duration(timeout, &ms, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--timeout", NULL,
				  "%s", why);
	if (timeout)
		wait.until_ms = wait_now_ms() + ms;
	ret = condition_parse(cli, NULL, cli->args.args[0], &wait.expr);
	if (!ret)
		ret = cli_connect(cli);
	if (!ret && blksnap_events_open(cli->session, 0, wait_ignore, NULL,
					&events, &err)) {
		ret = cli_fail(cli, NULL, &err, NULL);
	} else if (!ret) {
		ret = wait_loop(&wait, events);
		blksnap_events_close(events);
	}
	expr_free(wait.expr);
	fill_free(&wait.fill);
	return ret;
}
