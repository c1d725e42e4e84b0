// SPDX-License-Identifier: GPL-2.0-or-later
/* Without a screen: pictures one after the other; see app.h. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "app.h"
#include "batch.h"
#include "fields.h"
#include "notify.h"

/* How often sentences sum up, although nothing happens. */
#define SUMMARY_NS (60 * FACT_NS_PER_S)

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	stopped = number;
}

static int stream_width(const struct options *options)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = { 0 };

	if (options->width)
		return options->width;
	if (columns && atoi(columns) > 0 && atoi(columns) <= 1000)
		return atoi(columns);
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return BATCH_WIDTH;
}

static uint64_t clock_ns(void)
{
	struct timespec ts = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * FACT_NS_PER_S + ts.tv_nsec;
}

/* Return: a command runs, or is due. */
static bool stream_notify(struct app *app, struct notify *notify)
{
	char why[NARRATE_SIZE];
	bool more = notify_run(notify, &app->model, clock_ns(), why, sizeof(why));

	if (why[0])
		fprintf(stderr, "blksnap-top: --on-alarm: %s\n", why);
	return more;
}

/* All of it, before a recording goes on or the program ends. */
static void stream_finish_notify(struct app *app, struct notify *notify)
{
	while (!stopped && stream_notify(app, notify)) {
		struct pollfd fd = { .fd = notify_fd(notify), .events = POLLIN };

		poll(&fd, 1, 1000);
	}
}

/* Wait for the next sample, while events are taken as they come. */
static void stream_wait(struct app *app, struct notify *notify)
{
	if (app->ui.replay) {
		stream_finish_notify(app, notify);
		return;
	}
	while (!stopped && app_now(app) < app->next_sample_ns) {
		uint64_t left = app->next_sample_ns - app->ui.now_ns;
		struct pollfd fds[2] = {
			{ .fd = -1, .events = POLLIN },
			{ .fd = -1, .events = POLLIN },
		};

		stream_notify(app, notify);
		if (!app->source_broken)
			fds[0].fd = app->source->ops->fd(app->source);
		fds[1].fd = notify_fd(notify);
		if (poll(fds, 2, (int)(left / NS_PER_MS + 1)) > 0 && fds[0].revents) {
			app_now(app);
			app_dispatch(app);
		}
	}
}

static bool stream_is_true(const struct app *app, const struct expr *until)
{
	struct order all = { .column = COLUMN_NAME };
	struct rows rows;
	bool yes = false;
	size_t i;

	if (!until || rows_create(&rows, &app->model, &all))
		return false;
	for (i = 0; i < rows.count && !yes; i++)
		yes = expr_match(until, fields_get, &rows.row[i]);
	rows_destroy(&rows);
	return yes;
}

static int stream_print(struct app *app, unsigned long picture, uint64_t events,
			uint64_t *summed_ns)
{
	const struct options *options = app->options;
	bool summary;

	switch (options->format) {
	case BATCH_TEXT:
		if (picture)
			putchar('\n');
		return batch_print(stdout, &app->model, &app->ui, stream_width(options), events);
	case BATCH_ONELINE:
		return batch_print_line(stdout, &app->model, &app->ui, stream_width(options));
	case BATCH_PLAIN:
		summary = !picture || app->ui.now_ns >= *summed_ns + SUMMARY_NS;
		if (summary)
			*summed_ns = app->ui.now_ns;
		return batch_print_sentences(stdout, &app->model, &app->ui, events, summary);
	case BATCH_JSON:
	case BATCH_CSV:
		break;
	}
	return batch_print_rows(stdout, &app->model, &app->ui, options->format, !picture, events);
}

static int stream_watch(struct app *app, const struct expr *until, struct notify *notify)
{
	const struct options *options = app->options;
	uint64_t events = 0, summed_ns = 0;
	unsigned long i;
	int err;

	/* The first sample only begins: a rate needs two. */
	app->next_sample_ns = app_now(app);
	app_sample(app);
	for (i = 0; !options->count || i < options->count; i++) {
		stream_wait(app, notify);
		app_sample(app);
		app_now(app);
		/* What follows the last sample of a recording is no picture. */
		if (stopped || (i && app->source->ops->at_end(app->source) &&
				app->model.n_events == events))
			break;
		err = stream_print(app, i, events, &summed_ns);
		if (err) {
			if (err != -EPIPE)
				fprintf(stderr, "blksnap-top: %s\n", strerror(-err));
			return APP_EXIT_OTHER;
		}
		if (stream_is_true(app, until))
			return 0;
		events = app->model.n_events;
		if (app->source->ops->at_end(app->source))
			break;
	}
	if (stopped)
		return 128 + stopped;
	if (until)
		return APP_EXIT_TIMEOUT;
	return app->model.source == SOURCE_LIVE || app->ui.replay ? 0 : APP_EXIT_ABSENT;
}

int stream_run(struct app *app)
{
	struct sigaction action = { .sa_handler = on_signal };
	const struct expr_field *fields;
	struct expr *until = NULL;
	struct notify notify;
	size_t count;
	int status;

	/* A reader that goes away is an error of writing, not a death. */
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	fields = fields_table(&count);
	if (app->options->until[0] &&
	    expr_parse(&until, app->options->until, fields, count, NULL))
		return APP_EXIT_OTHER;
	notify_init(&notify, app->options->on_alarm);
	status = stream_watch(app, until, &notify);
	stream_finish_notify(app, &notify);
	notify_exit(&notify);
	expr_free(until);
	return status;
}
