// SPDX-License-Identifier: GPL-2.0-or-later
/* The program around a source; see app.h. */
#include "app.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "batch.h"
#include "draw.h"
#include "input.h"
#include "view.h"

#define NS_PER_MS	1000000ull
/* The clock and the age of what is stale move each second. */
#define CLOCK_NS	FACT_NS_PER_S
/* Events may come by the thousand; pictures need not. */
#define FRAME_NS	(50 * NS_PER_MS)

/**
 * struct app - the running program
 * @source: where facts come from
 * @model: what is known
 * @frozen: what was known when the picture was held
 * @ui: how it is looked at
 * @picture: what is on the screen
 * @signals: descriptor of signals
 * @next_sample_ns: when to read the counters
 * @last_draw_ns: when the screen was drawn
 * @dirty: the screen is not up to date
 * @source_broken: dispatching failed: do not poll it until the next sample
 */
struct app {
	struct source *source;
	struct model model;
	struct model frozen;
	struct ui ui;
	struct picture picture;
	int signals;
	uint64_t next_sample_ns;
	uint64_t last_draw_ns;
	bool dirty;
	bool source_broken;
};

static uint64_t app_now(struct app *app)
{
	struct instant now = app->source->ops->now(app->source);

	app->ui.now_ns = now.boot_ns;
	app->ui.real_ns = now.real_ns;
	return now.boot_ns;
}

static void app_dispatch(struct app *app)
{
	app->source_broken = app->source->ops->dispatch(app->source, &app->model) < 0;
	app->dirty = true;
}

static void app_sample(struct app *app)
{
	bool was_live = app->model.source == SOURCE_LIVE;

	/* Also when there is no news: a source that failed is tried again here. */
	app_dispatch(app);
	app->source->ops->sample(app->source, &app->model);
	app->dirty = true;
	app->next_sample_ns += app->ui.delay_ms * NS_PER_MS;
	/* After a pause, and when the first sample of a rate is there: soon again. */
	if (app->next_sample_ns <= app->ui.now_ns || !was_live)
		app->next_sample_ns = app->ui.now_ns + app->ui.delay_ms * NS_PER_MS;
}

static const struct model *app_shown(const struct app *app)
{
	return app->ui.paused ? &app->frozen : &app->model;
}

static void app_draw(struct app *app)
{
	int cols, rows;

	/* The picture is held, the truth about the source is not. */
	if (app->ui.paused)
		model_follow_source(&app->frozen, &app->model);
	view_size(&cols, &rows);
	if (app->ui.redraw) {
		view_forget();
		app->ui.redraw = false;
	}
	if (!picture_draw(&app->picture, app_shown(app), &app->ui, cols, rows))
		view_show(&app->picture.grid);
	app->last_draw_ns = app->ui.now_ns;
	app->dirty = false;
}

static void app_keys(struct app *app)
{
	unsigned int delay_ms = app->ui.delay_ms;
	int key;

	/* What has come meanwhile may have moved what the lines point to. */
	if (app->dirty)
		app_draw(app);
	while ((key = input_read()) != KEY_NONE) {
		bool was_paused = app->ui.paused;

		ui_act(&app->ui, keys_action(key), &app->picture.rows,
		       app->picture.layout.pane[PANE_BODY].height);
		if (app->ui.paused && !was_paused &&
		    model_copy(&app->frozen, &app->model))
			app->ui.paused = false;
		app->dirty = true;
		/* The lines may point to what the key has replaced. */
		app_draw(app);
	}
	if (app->ui.delay_ms != delay_ms)
		app->next_sample_ns = app->ui.now_ns + app->ui.delay_ms * NS_PER_MS;
}

/* Milliseconds until something has to be done by itself. */
static int app_timeout(const struct app *app)
{
	uint64_t due = app->next_sample_ns, now = app->ui.now_ns;

	if (app->last_draw_ns + CLOCK_NS < due)
		due = app->last_draw_ns + CLOCK_NS;
	if (app->dirty && app->last_draw_ns + FRAME_NS < due)
		due = app->last_draw_ns + FRAME_NS;
	return due > now ? (int)((due - now + NS_PER_MS - 1) / NS_PER_MS) : 0;
}

static void app_signal(struct app *app)
{
	struct signalfd_siginfo info;

	while (read(app->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGWINCH)
			app->dirty = true;
		else
			app->ui.quit = true;
	}
}

static void app_wait(struct app *app)
{
	struct pollfd fds[3] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = app->signals, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
	};
	int ready;

	if (!app->source_broken)
		fds[2].fd = app->source->ops->fd(app->source);
	ready = poll(fds, 3, app_timeout(app));
	app_now(app);
	/* Interrupted: stopped and gone on, and the screen is another one's. */
	if (ready < 0) {
		app->ui.redraw = true;
		app->dirty = true;
		return;
	}
	if (fds[1].revents)
		app_signal(app);
	if (fds[2].revents)
		app_dispatch(app);
	/* A terminal that was closed stays readable, and nothing comes. */
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		app->ui.quit = true;
	else if (fds[0].revents)
		app_keys(app);
}

static void app_watch(struct app *app)
{
	app->next_sample_ns = app_now(app);
	while (!app->ui.quit) {
		uint64_t now = app_now(app);

		if (now >= app->next_sample_ns)
			app_sample(app);
		if (now >= app->last_draw_ns + CLOCK_NS)
			app->dirty = true;
		if (app->dirty && now >= app->last_draw_ns + FRAME_NS)
			app_draw(app);
		app_wait(app);
	}
}

static int open_signals(void)
{
	sigset_t set;

	/*
	 * Taken from curses' handlers, which would do terminal output in the
	 * middle of anything. SIGTSTP stays theirs.
	 */
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static int app_run_watch(struct app *app, const struct options *options)
{
	char why[160];

	app->signals = open_signals();
	if (app->signals < 0) {
		fprintf(stderr, "blksnap-top: signalfd: %s\n", strerror(errno));
		return APP_EXIT_OTHER;
	}
	if (view_open(options->colour, why, sizeof(why))) {
		fprintf(stderr, "blksnap-top: %s\n", why);
		close(app->signals);
		return APP_EXIT_OTHER;
	}
	app_watch(app);
	view_close();
	close(app->signals);
	return 0;
}

static int batch_width(const struct options *options)
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

/* Wait for the next sample, while events are taken as they come. */
static void batch_wait(struct app *app)
{
	while (app_now(app) < app->next_sample_ns) {
		uint64_t left = app->next_sample_ns - app->ui.now_ns;
		struct pollfd fd = { .fd = -1, .events = POLLIN };

		if (!app->source_broken)
			fd.fd = app->source->ops->fd(app->source);
		if (poll(&fd, 1, (int)(left / NS_PER_MS + 1)) > 0) {
			app_now(app);
			app_dispatch(app);
		}
	}
}

static int app_run_batch(struct app *app, const struct options *options)
{
	uint64_t events = 0;
	unsigned long i;
	int err;

	/* The first sample only begins: a rate needs two. */
	app->next_sample_ns = app_now(app);
	app_sample(app);
	for (i = 0; !options->count || i < options->count; i++) {
		batch_wait(app);
		app_sample(app);
		app_now(app);
		if (i)
			putchar('\n');
		err = batch_print(stdout, &app->model, &app->ui, batch_width(options), events);
		if (err) {
			fprintf(stderr, "blksnap-top: %s\n", strerror(-err));
			return APP_EXIT_OTHER;
		}
		events = app->model.n_events;
	}
	return app->model.source == SOURCE_LIVE ? 0 : APP_EXIT_ABSENT;
}

static int app_run(struct source *source, const struct options *options)
{
	struct app app = { .source = source };
	int status;

	model_init(&app.model);
	model_init(&app.frozen);
	picture_init(&app.picture);
	ui_init(&app.ui);
	app.ui.delay_ms = options->delay_ms;
	app.ui.order = options->order;
	app.ui.units = options->units;
	app.ui.utf8 = !options->ascii && !strcmp(nl_langinfo(CODESET), "UTF-8");
	gethostname(app.ui.host, sizeof(app.ui.host) - 1);

	if (options->task == TASK_BATCH)
		status = app_run_batch(&app, options);
	else
		status = app_run_watch(&app, options);

	picture_exit(&app.picture);
	model_exit(&app.frozen);
	model_exit(&app.model);
	return status;
}

int app_main(int argc, char **argv,
	     int (*open)(struct source **source, char *why, size_t size))
{
	struct options options;
	struct source *source;
	char why[512] = "";
	int status;

	setlocale(LC_ALL, "");
	if (options_parse(&options, argc, argv, getenv("NO_COLOR"), why, sizeof(why))) {
		fprintf(stderr, "blksnap-top: %s\n", why);
		return APP_EXIT_USAGE;
	}
	if (options.task == TASK_HELP) {
		options_help(stdout);
		return 0;
	}
	if (options.task == TASK_VERSION) {
		printf("blksnap-top %s\n", BLKSNAP_VERSION);
		return 0;
	}
	if (open(&source, why, sizeof(why))) {
		fprintf(stderr, "blksnap-top: %s\n", why);
		return APP_EXIT_OTHER;
	}
	status = app_run(source, &options);
	source->ops->close(source);
	return status;
}
