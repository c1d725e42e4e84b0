// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel as a source, over answers and events that were written down. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <blksnap.h>

#include "source.h"

#define INFO(instance, seq) \
	"> info-get\n< instance=" #instance " seq=" #seq " seq-oldest=1 features=0 version=\"1\" time-ns=1000000000\n"
#define SNAPSHOT(id, name, used, seq, time) \
	"id=" #id " uuid=#4d02144e45f442ae878a708ed0913db" #id " name=\"" name "\" state=3 level=0 area-total=1000 " \
	"area-used=" #used " low=10 clear=20 seq=" #seq " time-ns=" #time \
	" member{ dev{ major=8 minor=0 } name=\"sda\" image-name=\"blksnap0\" capacity=5000 area-used=" #used " }\n"
#define SNAPSHOTS(...) "> snapshot-get dump\n< " SNAPSHOT(__VA_ARGS__)
#define DEVICES(id, seq) \
	"> device-get dump\n< dev{ major=8 minor=0 } name=\"sda\" state=3 capacity=5000 snapshot-id=" #id " seq=" #seq \
	" time-ns=1000000000\n"
#define STATS(cow, time) \
	"> stats-get dump\n< dev{ major=8 minor=0 } name=\"sda\" time-ns=" #time " epoch=7 write-sectors=" #cow \
	" cow-sectors=" #cow " held=0 image-read-sectors=0 errors=0 held-hist=0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n"

/* A state, a change, a rate; then events are lost; the module goes and comes back. */
static const char story[] =
	INFO(9, 5) SNAPSHOTS(1, "night", 100, 5, 1000000000) DEVICES(1, 5)
	STATS(0, 2000000000)
	"~ snapshot-change-ntf cause=2 " SNAPSHOT(1, "dawn", 100, 6, 2100000000)
	SNAPSHOTS(1, "night", 100, 5, 2000000000)
	STATS(2048, 3000000000) SNAPSHOTS(1, "dawn", 200, 6, 3000000000)
	"~ overrun\n"
	"> event-replay dump\n< lost=12 instance=9 seq=30\n"
	INFO(9, 30) SNAPSHOTS(2, "other", 300, 30, 3500000000) DEVICES(2, 30)
	STATS(2048, 4000000000)
	"~ gone\n";
static const char and_back[] =
	SNAPSHOTS(2, "other", 300, 30, 4000000000)
	"~ back\n"
	INFO(10, 1) SNAPSHOTS(3, "after", 0, 1, 9000000000) DEVICES(3, 1)
	STATS(0, 9100000000) SNAPSHOTS(3, "after", 0, 1, 9100000000);

static struct blksnap_recording *recording;
static struct source *source;
static struct model model;
static char heard[] = "/tmp/top-source-XXXXXX";

static void begin(const char *more)
{
	char path[] = "/tmp/top-source-XXXXXX", why[200] = "";
	struct blksnap_session *session;
	struct blksnap_error err = { 0 };
	FILE *out = fdopen(mkstemp(path), "w");

	fprintf(out, "%s%s", story, more);
	fclose(out);
	cr_assert_eq(blksnap_recording_read(path, &recording, &err), 0, "%s", err.message);
	unlink(path);
	close(mkstemp(heard));
	cr_assert_eq(blksnap_recording_session(recording, &session, &err), 0, "%s", err.message);
	cr_assert_eq(source_open_session(&source, session, heard, why, sizeof(why)), 0, "%s", why);
	model_init(&model);
}

static void end(void)
{
	source->ops->close(source);
	blksnap_recording_free(recording);
	model_exit(&model);
	unlink(heard);
}

static void round_of(void)
{
	source->ops->dispatch(source, &model);
	source->ops->sample(source, &model);
}

static bool was_said(const char *text)
{
	const struct event *event;
	uint64_t i;

	for (i = 0; (event = model_event(&model, i)); i++)
		if (strstr(event->sentence.text, text))
			return true;
	return false;
}

Test(source, is_right_at_once_and_follows)
{
	begin(and_back);
	source->ops->dispatch(source, &model);
	cr_assert_eq(model.source, SOURCE_LIVE);
	cr_assert_eq(model.n_snaps, 1);
	cr_assert_eq(model.n_devs, 1);
	cr_assert_eq(model.seq, 5);
	source->ops->sample(source, &model);
	cr_assert(model.devs[0].cow_rate < 0, "one sample is no rate");
	source->ops->dispatch(source, &model);
	cr_assert_str_eq(model.snaps[0].fact.name, "dawn", "an event is not waited for");
	cr_assert(was_said("was named night"));
	source->ops->sample(source, &model);
	cr_assert_float_eq(model.devs[0].cow_rate, 2048 * 512.0, 0.5);
	cr_assert_eq(model.snaps[0].fact.used, 200);
	end();
}

Test(source, reads_the_state_anew_when_events_were_lost)
{
	begin(and_back);
	round_of();
	round_of();
	source->ops->dispatch(source, &model);
	cr_assert_eq(model.lost, 12);
	cr_assert(was_said("12 events were lost"));
	cr_assert_eq(model.resyncs, 1);
	cr_assert_eq(model.seq, 30);
	cr_assert_eq(model.n_snaps, 1);
	cr_assert_str_eq(model.snaps[0].fact.name, "other");
	cr_assert_eq(model.source, SOURCE_LIVE);
	end();
}

Test(source, keeps_the_picture_when_the_module_goes)
{
	begin("");
	round_of();
	round_of();
	round_of();
	source->ops->dispatch(source, &model);
	cr_assert_eq(model.source, SOURCE_STALE);
	cr_assert_str_eq(model.stale_why, "module unloaded");
	cr_assert_neq(model.stale_real_ns, 0);
	cr_assert_eq(model.n_snaps, 1);
	round_of();
	cr_assert_eq(model.source, SOURCE_STALE);
	cr_assert_str_eq(model.snaps[0].fact.name, "other");
	end();
}

Test(source, is_there_again_when_the_module_is)
{
	begin(and_back);
	round_of();
	round_of();
	round_of();
	source->ops->dispatch(source, &model);
	cr_assert_eq(model.source, SOURCE_LIVE);
	cr_assert(was_said("module unloaded"));
	cr_assert(was_said("module is back"));
	cr_assert_str_eq(model.snaps[0].fact.name, "after");
	source->ops->sample(source, &model);
	cr_assert(model.devs[0].cow_rate < 0, "other counters");
	end();
}

Test(source, is_told_again_by_what_was_recorded)
{
	struct model again;
	struct source *file;
	char why[200], host[FACT_NAME_SIZE] = "";

	begin(and_back);
	round_of();
	round_of();
	round_of();
	round_of();
	cr_assert_eq(gethostname(host, sizeof(host) - 1), 0);
	cr_assert_eq(source_open_file(&file, heard, 0, why, sizeof(why)), 0, "%s", why);
	model_init(&again);
	while (!file->ops->at_end(file))
		file->ops->dispatch(file, &again);
	cr_assert_eq(again.n_snaps, 1);
	cr_assert_str_eq(again.snaps[0].fact.name, "after");
	cr_assert_eq(again.lost, model.lost);
	cr_assert_eq(again.seq, model.seq);
	cr_assert_str_eq(again.host, host);
	cr_assert_eq(again.n_events, model.n_events + 1, "and the end of the recording");
	model_exit(&again);
	file->ops->close(file);
	end();
}
