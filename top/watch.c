// SPDX-License-Identifier: GPL-2.0-or-later
/* On the full screen: keys, news, samples and pictures; see app.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "app.h"
#include "batch.h"
#include "child.h"
#include "config.h"
#include "cost.h"
#include "draw.h"
#include "held.h"
#include "input.h"
#include "notify.h"
#include "view.h"

/* The clock and the age of what is stale move each second. */
#define CLOCK_NS FACT_NS_PER_S
/* Events may come by the thousand; pictures need not. */
#define FRAME_NS (50 * NS_PER_MS)
/* A recording may be fast; its lines are looked for this often. */
#define REPLAY_MS 100
#define DESKTOP_MAX 4

/**
 * struct watch - the loop
 * @app: the program
 * @held: the picture that is held, or one of the past
 * @picture: what is on the screen
 * @child: a command that was agreed to
 * @command: its line
 * @notify: a command that tells somebody else
 * @cost: what it all costs
 * @signals: descriptor of signals
 * @drawn_ns: when the screen was drawn; times are of this machine
 * @draw_from_ns: when it may be drawn again, for --max-bps
 * @replayed_ns: when a recording was looked at
 * @rang: number of events that the bell knows
 * @dirty: the screen is not up to date
 */
struct watch {
	struct app *app;
	struct held held;
	struct picture picture;
	struct child child;
	char command[PROMPT_SIZE];
	struct notify notify;
	struct cost cost;
	int signals;
	uint64_t drawn_ns;
	uint64_t draw_from_ns;
	uint64_t replayed_ns;
	uint64_t rang;
	bool dirty;
};

/* The source's clock may be that of a recording. */
static uint64_t watch_now(void)
{
	struct timespec ts = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * FACT_NS_PER_S + ts.tv_nsec;
}

static struct model *watch_shown(struct watch *watch)
{
	return held_shown(&watch->held, &watch->app->ui, &watch->app->model);
}

static void watch_draw(struct watch *watch)
{
	struct app *app = watch->app;
	struct model *shown = watch_shown(watch);
	uint64_t now = watch_now(), bytes;
	int cols, rows;

	/* The picture is held, the truth about the source is not. */
	if (app->ui.paused)
		model_follow_source(shown, &app->model);
	view_size(&cols, &rows);
	if (app->ui.redraw) {
		view_forget();
		app->ui.redraw = false;
	}
	cost_before(&watch->cost);
	if (!picture_draw(&watch->picture, shown, &app->ui, cols, rows))
		view_show(&watch->picture.grid);
	bytes = cost_after(&watch->cost, &app->ui, watch_now());
	watch->draw_from_ns = now + FRAME_NS;
	if (app->options->max_bps && bytes > app->options->max_bps / 20)
		watch->draw_from_ns = now + bytes * FACT_NS_PER_S / app->options->max_bps;
	watch->drawn_ns = now;
	watch->dirty = false;
}

static void watch_ring(struct watch *watch)
{
	const struct options *options = watch->app->options;
	const struct model *model = &watch->app->model;
	uint64_t news = model->n_events - watch->rang;
	bool loud = false;

	if (!options->bell && !options->desktop)
		news = 0;
	while (news-- > 0) {
		const struct event *event = model_event(model, news);

		if (!event || !event->alarm)
			continue;
		loud |= event->sentence.severity >= SEVERITY_CRIT;
		/* The last few of a storm; a desktop can show no more. */
		if (options->desktop && news < DESKTOP_MAX)
			view_notify(alarm_word(event->sentence.severity), event->object,
				    event->sentence.text);
	}
	watch->rang = model->n_events;
	if (loud && options->bell)
		view_bell();
}

static void watch_notify(struct watch *watch)
{
	struct app *app = watch->app;
	char why[NARRATE_SIZE];

	notify_run(&watch->notify, &app->model, watch_now(), why, sizeof(why));
	if (!why[0])
		return;
	/* No alarm, or it would ask for the next one. */
	model_say(&app->model, SEVERITY_OK, app->ui.real_ns, why);
	ui_say(&app->ui, SEVERITY_WARN, "%s", why);
	watch->dirty = true;
}

/* What is not held is gone through by the source, if that is a recording. */
static void watch_skip(struct watch *watch)
{
	struct source *source = watch->app->source;
	struct ui *ui = &watch->app->ui;

	if (ui->travel_ns > 0)
		source->ops->skip(source, (uint64_t)ui->travel_ns);
	if (ui->travel > 0)
		source->ops->skip(source, (uint64_t)ui->travel * ui->delay_ms * NS_PER_MS);
	ui->travel = 0;
	ui->travel_ns = 0;
}

static void watch_export(struct watch *watch)
{
	struct ui *ui = &watch->app->ui;
	const char *path = ui->request_text, *dot = strrchr(path, '.');
	enum batch_format format = dot && !strcmp(dot, ".csv")	? BATCH_CSV :
				   dot && !strcmp(dot, ".json") ? BATCH_JSON :
								  BATCH_TEXT;
	const struct model *model = watch_shown(watch);
	const struct pin one = { .id = ui->selected_id, .dev = ui->selected_dev };
	FILE *out;
	int err;

	out = fopen(path, "wxe");
	if (!out) {
		ui_say(ui, SEVERITY_WARN, "%.100s: %s", path, strerror(errno));
		return;
	}
	if (ui->page == PAGE_DETAIL)
		ui->order.only = &one;
	if (format == BATCH_TEXT)
		err = batch_print(out, model, ui, BATCH_WIDTH, 0);
	else
		err = batch_print_rows(out, model, ui, format, true, 0);
	ui->order.only = NULL;
	if (fclose(out) && !err)
		err = -errno;
	if (err)
		ui_say(ui, SEVERITY_WARN, "%.100s: %s", path, strerror(-err));
	else
		ui_say(ui, SEVERITY_OK, "written to %.120s", path);
}

static void watch_save(struct watch *watch)
{
	struct ui *ui = &watch->app->ui;
	char path[100];
	int err = config_save(ui, path, sizeof(path));

	if (err)
		ui_say(ui, SEVERITY_WARN, "%s: %s", path, strerror(-err));
	else
		ui_say(ui, SEVERITY_OK, "kept in %s", path);
}

static void watch_run_command(struct watch *watch)
{
	struct ui *ui = &watch->app->ui;
	int err = child_start(&watch->child, ui->request_text);

	if (err)
		ui_say(ui, SEVERITY_WARN, "%.100s: %s", ui->request_text,
		       err == -EINVAL ? "a quote is open" :
		       err == -EBUSY  ? "another command still runs" :
					strerror(-err));
	else
		ui_say(ui, SEVERITY_OK, "runs: %.120s", strcpy(watch->command, ui->request_text));
}

static void watch_child(struct watch *watch)
{
	struct app *app = watch->app;
	struct child *child = &watch->child;
	char text[NARRATE_SIZE];
	int status;

	if (!child_read(child))
		return;
	status = child_end(child);
	if (status)
		snprintf(text, sizeof(text), "failed with %d: %.60s: %.80s", status,
			 watch->command, child->said);
	else
		snprintf(text, sizeof(text), "done: %.140s", watch->command);
	model_say(&app->model, status ? SEVERITY_WARN : SEVERITY_OK, app->ui.real_ns, text);
	ui_say(&app->ui, status ? SEVERITY_WARN : SEVERITY_OK, "%s",
	       status && child->said[0] ? child->said : text);
	watch->dirty = true;
}

static void watch_do_request(struct watch *watch)
{
	enum ui_request request = watch->app->ui.request;

	watch->app->ui.request = UI_REQUEST_NONE;
	switch (request) {
	case UI_REQUEST_NONE:
		break;
	case UI_REQUEST_EXPORT:
		watch_export(watch);
		break;
	case UI_REQUEST_SAVE:
		watch_save(watch);
		break;
	case UI_REQUEST_RUN:
		if (!watch->app->ui.readonly)
			watch_run_command(watch);
		break;
	}
}

/* A click selects a line, or sorts by a column. */
static void watch_point(struct watch *watch)
{
	const struct layout *layout = &watch->picture.layout;
	struct ui *ui = &watch->app->ui;
	int y, x, i;

	input_point(&y, &x);
	if (ui->page != PAGE_MAIN || ui->prompt.kind != PROMPT_NONE)
		return;
	if (layout->pane[PANE_HEAD].height && y == layout->pane[PANE_HEAD].y) {
		for (i = 0; i < layout->n_slots; i++) {
			const struct slot *slot = &layout->slot[i];

			if (x < slot->x || x >= slot->x + slot->width)
				continue;
			if (ui->order.column == slot->column)
				ui->order.inverted = !ui->order.inverted;
			else
				ui->order.inverted = false;
			ui->order.column = slot->column;
		}
		return;
	}
	y -= layout->pane[PANE_BODY].y;
	if (y >= 0 && y < layout->pane[PANE_BODY].height &&
	    ui->top + (size_t)y < watch->picture.rows.count)
		ui_select(ui, &watch->picture.rows, ui->top + (size_t)y);
}

static int watch_page_height(const struct watch *watch)
{
	int height = watch->picture.layout.pane[PANE_BODY].height;

	return watch->app->ui.page == PAGE_MAIN || watch->picture.grid.rows < 4 ?
		       height :
		       watch->picture.grid.rows - 4;
}

static void watch_keys(struct watch *watch)
{
	struct app *app = watch->app;
	struct ui *ui = &app->ui;
	unsigned int delay_ms = ui->delay_ms;
	int key;

	/* What has come meanwhile may have moved what the lines point to. */
	if (watch->dirty)
		watch_draw(watch);
	while ((key = input_read()) != KEY_NONE && !ui->quit) {
		if (key == KEY_POINT)
			watch_point(watch);
		else
			ui_key(ui, key, watch_shown(watch), &watch->picture.rows,
			       watch_page_height(watch));
		held_follow(&watch->held, ui, &app->model);
		watch_skip(watch);
		watch_do_request(watch);
		/* The lines may point to what the key has replaced. */
		watch_draw(watch);
	}
	if (ui->delay_ms != delay_ms)
		app->next_sample_ns = ui->now_ns + ui->delay_ms * NS_PER_MS;
}

static uint64_t until(uint64_t due_ns, uint64_t now_ns)
{
	return due_ns > now_ns ? due_ns - now_ns : 0;
}

/* Milliseconds until something has to be done by itself. */
static int watch_timeout(const struct watch *watch)
{
	const struct app *app = watch->app;
	uint64_t now = watch_now(), draw_ns = watch->drawn_ns, left, sample;

	if (!watch->dirty)
		draw_ns += CLOCK_NS;
	if (draw_ns < watch->draw_from_ns)
		draw_ns = watch->draw_from_ns;
	left = until(draw_ns, now);
	sample = app->ui.replay ? until(watch->replayed_ns + REPLAY_MS * NS_PER_MS, now) :
				  until(app->next_sample_ns, app->ui.now_ns);
	if (sample < left)
		left = sample;
	return (int)((left + NS_PER_MS - 1) / NS_PER_MS);
}

static void watch_signal(struct watch *watch)
{
	struct signalfd_siginfo info;

	while (read(watch->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGWINCH)
			watch->dirty = true;
		else
			watch->app->ui.quit = true;
	}
}

static void watch_wait(struct watch *watch)
{
	struct app *app = watch->app;
	struct pollfd fds[5] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = watch->signals, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
		{ .fd = watch->child.pid ? watch->child.fd : -1, .events = POLLIN },
		{ .fd = notify_fd(&watch->notify), .events = POLLIN },
	};
	int ready;

	if (!app->source_broken)
		fds[2].fd = app->source->ops->fd(app->source);
	ready = poll(fds, 5, watch_timeout(watch));
	app_now(app);
	/* Interrupted: stopped and gone on, and the screen is another one's. */
	if (ready < 0) {
		app->ui.redraw = true;
		watch->dirty = true;
		return;
	}
	if (fds[1].revents)
		watch_signal(watch);
	if (fds[2].revents) {
		app_dispatch(app);
		watch->dirty = true;
	}
	if (fds[3].revents)
		watch_child(watch);
	/* A terminal that was closed stays readable, and nothing comes. */
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		app->ui.quit = true;
	else if (fds[0].revents)
		watch_keys(watch);
}

static void watch_sample(struct watch *watch)
{
	struct app *app = watch->app;
	uint64_t heard = app->model.heard_ns, events = app->model.n_events;
	enum source_state source = app->model.source;

	app_sample(app);
	if (!app->ui.replay || heard != app->model.heard_ns || events != app->model.n_events ||
	    source != app->model.source)
		watch->dirty = true;
}

static void watch_loop(struct watch *watch)
{
	struct app *app = watch->app;

	app->next_sample_ns = app_now(app);
	while (!app->ui.quit) {
		uint64_t now = watch_now();

		app_now(app);
		if (app->ui.replay ? now >= watch->replayed_ns + REPLAY_MS * NS_PER_MS :
				     app->ui.now_ns >= app->next_sample_ns) {
			watch->replayed_ns = now;
			watch_sample(watch);
		}
		watch_ring(watch);
		watch_notify(watch);
		if (now >= watch->drawn_ns + CLOCK_NS)
			watch->dirty = true;
		if (watch->dirty && now >= watch->draw_from_ns)
			watch_draw(watch);
		watch_wait(watch);
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

/* The keys cannot come from where the recording comes from. */
static int take_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (dup2(fd, STDIN_FILENO) < 0) {
		close(fd);
		return -errno;
	}
	close(fd);
	return 0;
}

int watch_run(struct app *app)
{
	const struct options *options = app->options;
	struct watch watch = { .app = app, .child = { .fd = -1 } };
	char why[160];

	if (options->source && !strcmp(options->source, "-")) {
		fprintf(stderr, "blksnap-top: --source -: only with --batch, as keys come from there\n");
		return APP_EXIT_USAGE;
	}
	if (!isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		take_terminal();
	watch.signals = open_signals();
	if (watch.signals < 0) {
		fprintf(stderr, "blksnap-top: signalfd: %s\n", strerror(errno));
		return APP_EXIT_OTHER;
	}
	if (view_open(options->colour, options->theme, options->mouse, why, sizeof(why))) {
		fprintf(stderr, "blksnap-top: %s\n", why);
		close(watch.signals);
		return APP_EXIT_OTHER;
	}
	notify_init(&watch.notify, options->on_alarm);
	held_init(&watch.held);
	picture_init(&watch.picture);
	/* Without memory there is no past to look at; the present goes on. */
	model_keep_past(&app->model);
	watch_loop(&watch);
	view_close();
	notify_exit(&watch.notify);
	picture_exit(&watch.picture);
	held_exit(&watch.held);
	close(watch.signals);
	return 0;
}
