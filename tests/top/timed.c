// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * timed - blksnap-top over answers of a kernel that are in memory, so that what
 * it does with them is told apart from what the kernel does to give them.
 *
 * usage: BLKSNAP_ANSWERS=FILE BLKSNAP_TIMES=FILE timed [OPTION...]
 *
 * ANSWERS is a recording of the library (tests/top/answers). TIMES gets a line
 * "start NS" for what is before the first question, the reading of ANSWERS left
 * out; a line "first NS" from there to the end of the first picture, and a line
 * "round NS" for each later one. NS is processor time of this process, whatever
 * else the machine does; nothing is waited for in between.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <blksnap.h>

#include "app.h"

struct timed {
	struct source source;
	struct source *inner;
	struct blksnap_recording *recording;
	uint64_t reading_ns; /* of the answers, which a kernel would have at hand */
	uint64_t from_ns; /* a round begins */
	unsigned int rounds;
	bool counting;
	FILE *out;
};

static struct timed timed;

static uint64_t cpu_ns(void)
{
	struct timespec ts = { 0 };

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * FACT_NS_PER_S + (uint64_t)ts.tv_nsec;
}

static void say(const char *what, uint64_t ns)
{
	fprintf(timed.out, "%s %llu\n", what, (unsigned long long)ns);
}

/* The loop asks for the time next when the picture was sent and it has waited. */
static struct instant timed_now(struct source *source)
{
	if (timed.counting)
		say(timed.rounds++ ? "round" : "first", cpu_ns() - timed.from_ns);
	timed.counting = false;
	return timed.inner->ops->now(timed.inner);
}

static int timed_fd(struct source *source)
{
	return -1;
}

static int timed_dispatch(struct source *source, struct model *model)
{
	if (!timed.rounds)
		say("start", cpu_ns() - timed.reading_ns);
	timed.from_ns = cpu_ns();
	timed.counting = true;
	return timed.inner->ops->dispatch(timed.inner, model);
}

static int timed_sample(struct source *source, struct model *model)
{
	return timed.inner->ops->sample(timed.inner, model);
}

static void timed_skip(struct source *source, uint64_t ns)
{
}

static bool timed_at_end(struct source *source)
{
	return false;
}

static void timed_close(struct source *source)
{
	timed.inner->ops->close(timed.inner);
	blksnap_recording_free(timed.recording);
	fclose(timed.out);
}

static const struct source_ops timed_ops = {
	.now = timed_now,
	.fd = timed_fd,
	.dispatch = timed_dispatch,
	.sample = timed_sample,
	.skip = timed_skip,
	.at_end = timed_at_end,
	.close = timed_close,
};

static int open_timed(struct source **source, const struct options *options, char *why,
		      size_t size)
{
	uint64_t before_ns = cpu_ns();
	struct blksnap_session *session;
	struct blksnap_error err;
	int ret;

	ret = blksnap_recording_read(getenv("BLKSNAP_ANSWERS"), &timed.recording, &err);
	if (!ret)
		ret = blksnap_recording_session(timed.recording, &session, &err);
	if (ret) {
		snprintf(why, size, "%s", err.message);
		return ret;
	}
	timed.reading_ns = cpu_ns() - before_ns;
	timed.source.ops = &timed_ops;
	*source = &timed.source;
	return source_open_session(&timed.inner, session, NULL, why, size);
}

int main(int argc, char **argv)
{
	timed.out = fopen(getenv("BLKSNAP_TIMES") ? getenv("BLKSNAP_TIMES") : "/dev/null", "we");
	if (!timed.out || !getenv("BLKSNAP_ANSWERS")) {
		fprintf(stderr, "timed: BLKSNAP_ANSWERS and BLKSNAP_TIMES name files\n");
		return 2;
	}
	return app_main(argc, argv, open_timed);
}
