// SPDX-License-Identifier: GPL-2.0-or-later
/* The program around a source; see app.h. */
#include "app.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"

uint64_t app_now(struct app *app)
{
	struct instant now = app->source->ops->now(app->source);

	app->ui.now_ns = now.boot_ns;
	app->ui.real_ns = now.real_ns;
	return now.boot_ns;
}

void app_dispatch(struct app *app)
{
	app->source_broken = app->source->ops->dispatch(app->source, &app->model) < 0;
}

void app_sample(struct app *app)
{
	bool was_live = app->model.source == SOURCE_LIVE;

	/* Also when there is no news: a source that failed is tried again here. */
	app_dispatch(app);
	app->source->ops->sample(app->source, &app->model);
	app->next_sample_ns += app->ui.delay_ms * NS_PER_MS;
	/* After a pause, and when the first sample of a rate is there: soon again. */
	if (app->next_sample_ns <= app->ui.now_ns || !was_live)
		app->next_sample_ns = app->ui.now_ns + app->ui.delay_ms * NS_PER_MS;
}

/* Whatever the locale says, it has no blocks of eighths. */
static bool app_has_old_terminal(void)
{
	const char *term = getenv("TERM");

	return term && !strncmp(term, "vt", 2);
}

static void app_init_ui(struct app *app)
{
	const struct options *options = app->options;
	struct ui *ui = &app->ui;

	ui_init(ui);
	ui->delay_ms = options->delay_ms;
	ui->order = options->order;
	ui->units = options->units;
	ui->columns = options->columns;
	ui->keys = options->keys;
	ui->events = !options->no_events;
	ui->replay = options->source;
	ui->readonly = options->readonly || options->source;
	ui->utf8 = !options->ascii && !strcmp(nl_langinfo(CODESET), "UTF-8") &&
		   (options->task == TASK_BATCH || !app_has_old_terminal());
	gethostname(ui->host, sizeof(ui->host) - 1);
	/* It was found to be right when it was read. */
	ui_set_filter(ui, options->filter, NULL);
}

static int app_run(struct source *source, const struct options *options, const char *complaint)
{
	struct app app = { .source = source, .options = options };
	int status;

	model_init(&app.model);
	app.model.thresholds = options->thresholds;
	app_init_ui(&app);
	if (complaint[0]) {
		app_now(&app);
		model_say(&app.model, SEVERITY_WARN, app.ui.real_ns, complaint);
		ui_say(&app.ui, SEVERITY_WARN, "%s", complaint);
	}
	status = options->task == TASK_BATCH ? stream_run(&app) : watch_run(&app);
	ui_exit(&app.ui);
	model_exit(&app.model);
	return status;
}

int app_main(int argc, char **argv,
	     int (*open)(struct source **source, const struct options *options,
			 char *why, size_t size))
{
	struct options options;
	struct source *source;
	char why[512] = "", complaint[CONFIG_WHY_SIZE] = "";
	int status;

	setlocale(LC_ALL, "");
	options_init(&options, getenv("NO_COLOR"), !geteuid());
	if (options_want_config(argc, argv))
		config_read(&options, complaint, sizeof(complaint));
	if (options_parse(&options, argc, argv, why, sizeof(why))) {
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
	/* On the screen it is a line of the event list. */
	if (complaint[0] && options.task == TASK_BATCH)
		fprintf(stderr, "blksnap-top: %s\n", complaint);
	if (open(&source, &options, why, sizeof(why))) {
		fprintf(stderr, "blksnap-top: %s\n", why);
		return APP_EXIT_OTHER;
	}
	status = app_run(source, &options, options.task == TASK_BATCH ? "" : complaint);
	source->ops->close(source);
	return status;
}
