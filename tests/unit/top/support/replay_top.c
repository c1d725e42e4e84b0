// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * blksnap-top over the made-up machine instead of a kernel, to be looked at.
 * The module is not there for the first 2 seconds, and away from second 60 to
 * 70, and again each minute.
 */
#include <stdlib.h>
#include <time.h>

#include "app.h"
#include "world.h"

struct source_replay {
	struct source source;
	struct world world;
	bool away;
};

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts = { 0 };

	clock_gettime(id, &ts);
	return ts.tv_sec * FACT_NS_PER_S + ts.tv_nsec;
}

static struct instant replay_now(struct source *source)
{
	return (struct instant){ read_clock(CLOCK_BOOTTIME), read_clock(CLOCK_REALTIME) };
}

static int replay_fd(struct source *source)
{
	return -1;
}

static unsigned int replay_second(struct source_replay *replay)
{
	return (read_clock(CLOCK_BOOTTIME) - replay->world.boot_ns) / FACT_NS_PER_S;
}

static int replay_dispatch(struct source *source, struct model *model)
{
	struct source_replay *replay = (struct source_replay *)source;
	unsigned int second = replay_second(replay) % 60;
	bool away = second < (replay_second(replay) < 60 ? 2 : 10);
	struct instant now = replay_now(source);

	if (getenv("REPLAY_CALM"))
		away = false;
	if (away)
		model_stale(model, now.boot_ns, now.real_ns,
			    model->source == SOURCE_WAITING ? "module not loaded" :
							      "module unloaded");
	else if (replay->away && replay->world.started)
		world_state(&replay->world, model);
	replay->away = away;
	return 0;
}

static int replay_sample(struct source *source, struct model *model)
{
	struct source_replay *replay = (struct source_replay *)source;

	if (!replay->away)
		world_run(&replay->world, model, replay_second(replay));
	return 0;
}

static void replay_close(struct source *source)
{
	free(source);
}

static const struct source_ops replay_ops = {
	.now = replay_now,
	.fd = replay_fd,
	.dispatch = replay_dispatch,
	.sample = replay_sample,
	.close = replay_close,
};

static int replay_open(struct source **source, char *why, size_t size)
{
	struct source_replay *replay = calloc(1, sizeof(*replay));

	if (!replay)
		return -1;
	replay->source.ops = &replay_ops;
	world_init(&replay->world);
	replay->world.boot_ns = read_clock(CLOCK_BOOTTIME);
	replay->world.real_ns = read_clock(CLOCK_REALTIME);
	*source = &replay->source;
	return 0;
}

int main(int argc, char **argv)
{
	return app_main(argc, argv, replay_open);
}
