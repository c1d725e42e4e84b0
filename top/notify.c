// SPDX-License-Identifier: GPL-2.0-or-later
/* Telling somebody who does not look; see notify.h. */
#include "notify.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_NS (60 * FACT_NS_PER_S)

void notify_init(struct notify *notify, const char *command)
{
	*notify = (struct notify){ .command = command, .child = { .fd = -1 } };
}

int notify_fd(const struct notify *notify)
{
	return notify->child.pid ? notify->child.fd : -1;
}

/* The next event that somebody should know of, or NULL. */
static const struct event *next_alarm(struct notify *notify, const struct model *model)
{
	while (notify->told < model->n_events) {
		const struct event *event = model_event(model, model->n_events - 1 - notify->told);

		notify->told++;
		if (event && event->alarm)
			return event;
	}
	return NULL;
}

static int notify_start(struct notify *notify, const struct event *event)
{
	setenv("BLKSNAP_SEVERITY", alarm_word(event->sentence.severity), 1);
	setenv("BLKSNAP_OBJECT", event->object, 1);
	setenv("BLKSNAP_TEXT", event->sentence.text, 1);
	return child_start(&notify->child, notify->command);
}

/* Return: it has ended; @why says how, if it failed. */
static bool notify_ended(struct notify *notify, uint64_t now_ns, char *why, size_t size)
{
	bool late = now_ns >= notify->until_ns;
	int status;

	if (late)
		kill(notify->child.pid, SIGKILL);
	if (!child_read(&notify->child) && !late)
		return false;
	status = child_end(&notify->child);
	if (late)
		snprintf(why, size, "%.60s: killed after a minute", notify->command);
	else if (status)
		snprintf(why, size, "%.60s: failed with %d: %.60s", notify->command, status,
			 notify->child.said);
	return true;
}

bool notify_run(struct notify *notify, const struct model *model, uint64_t now_ns, char *why,
		size_t size)
{
	const struct event *event;
	int err;

	*why = '\0';
	if (!*notify->command)
		return false;
	if (notify->child.pid && !notify_ended(notify, now_ns, why, size))
		return true;
	event = next_alarm(notify, model);
	if (!event)
		return false;
	err = notify_start(notify, event);
	if (err) {
		snprintf(why, size, "%.60s: %s", notify->command, strerror(-err));
		return notify->told < model->n_events;
	}
	notify->until_ns = now_ns + PATIENCE_NS;
	return true;
}

void notify_exit(struct notify *notify)
{
	if (notify->child.pid)
		close(notify->child.fd);
}
