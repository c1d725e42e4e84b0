/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program around a source: settings, and then one of two loops, on the full
 * screen (watch.c) or without one (stream.c).
 */
#ifndef TOP_APP_H
#define TOP_APP_H

#include "options.h"
#include "source.h"

/* Exit status, as of the blksnap command. */
#define APP_EXIT_OTHER 1
#define APP_EXIT_USAGE 2
#define APP_EXIT_TIMEOUT 8
#define APP_EXIT_ABSENT 9

#define NS_PER_MS 1000000ull

/**
 * struct app - the running program
 * @options: what was asked for
 * @source: where facts come from
 * @model: what is known
 * @ui: how it is looked at
 * @next_sample_ns: when to read the counters
 * @source_broken: dispatching failed: do not poll it until the next sample
 */
struct app {
	const struct options *options;
	struct source *source;
	struct model model;
	struct ui ui;
	uint64_t next_sample_ns;
	bool source_broken;
};

/**
 * app_now() - the source's time, also for the view
 * @app: the program
 *
 * Return: CLOCK_BOOTTIME.
 */
uint64_t app_now(struct app *app);

/**
 * app_dispatch() - take what has happened
 * @app: the program
 */
void app_dispatch(struct app *app);

/**
 * app_sample() - take what has happened, and read the counters
 * @app: the program
 */
void app_sample(struct app *app);

/**
 * watch_run() - on the full screen, until the user has enough
 * @app: the program
 *
 * Return: the exit status.
 */
int watch_run(struct app *app);

/**
 * stream_run() - without a screen
 * @app: the program
 *
 * Return: the exit status.
 */
int stream_run(struct app *app);

/**
 * app_main() - parse, run, clean up
 * @argc: as main got it
 * @argv: as main got it
 * @open: opens the source
 *
 * Return: the exit status.
 */
int app_main(int argc, char **argv,
	     int (*open)(struct source **source, const struct options *options,
			 char *why, size_t size));

#endif
