// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's family as a source: the client library's records and dumps go
 * to the model, and to the recorder if there is one.
 */
#include "source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mounts.h"
#include "record.h"
#include "records.h"

struct source_kernel {
	struct source source;
	struct blksnap_session *session;
	struct blksnap_events *events;
	struct recorder *recorder; /* or NULL */
	struct mounts mounts;
	struct model *model; /* during a dispatch */
};

static struct source_kernel *to_kernel(struct source *source)
{
	return (struct source_kernel *)source;
}

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts = { 0 };

	clock_gettime(id, &ts);
	return ts.tv_sec * FACT_NS_PER_S + ts.tv_nsec;
}

static struct instant kernel_now(struct source *source)
{
	return (struct instant){
		.boot_ns = read_clock(CLOCK_BOOTTIME),
		.real_ns = read_clock(CLOCK_REALTIME),
	};
}

static int on_record(const struct blksnap_record *record, void *arg)
{
	struct source_kernel *kernel = arg;
	struct instant now = kernel_now(&kernel->source);

	recorder_record(kernel->recorder, record, &now);
	return records_tell(kernel->model, record, &now);
}

/* A recording may be looked at elsewhere. */
static void kernel_record_host(struct source_kernel *kernel)
{
	struct instant now = kernel_now(&kernel->source);
	char host[FACT_NAME_SIZE] = "";

	if (!gethostname(host, sizeof(host) - 1))
		recorder_host(kernel->recorder, host, &now);
}

static int kernel_subscribe(struct source_kernel *kernel, struct blksnap_error *err)
{
	model_sync_begin(kernel->model);
	return blksnap_events_open(kernel->session, BLKSNAP_EVENTS_WAIT, on_record,
				   kernel, &kernel->events, err);
}

static int kernel_dispatch(struct source *source, struct model *model)
{
	struct source_kernel *kernel = to_kernel(source);
	struct blksnap_error err = { 0 };
	struct instant now;
	int ret;

	kernel->model = model;
	if (kernel->events)
		ret = blksnap_events_dispatch(kernel->events, &err);
	else
		ret = kernel_subscribe(kernel, &err);
	if (ret < 0) {
		now = kernel_now(source);
		model_stale(model, now.boot_ns, now.real_ns, err.message);
	}
	return ret < 0 ? ret : 0;
}

static int kernel_fd(struct source *source)
{
	struct source_kernel *kernel = to_kernel(source);

	return kernel->events ? blksnap_events_fd(kernel->events) : -1;
}

/* What cannot be read is not known to be mounted; nothing depends on it. */
static void kernel_mounts(struct source_kernel *kernel, struct model *model)
{
	struct instant now = kernel_now(&kernel->source);
	struct fact_mount *list;
	size_t count;

	if (!mounts_changed(&kernel->mounts) || mounts_read(&list, &count))
		return;
	recorder_mounts(kernel->recorder, list, count, &now);
	model_mounts(model, list, count);
	free(list);
}

/*
 * A dump that fails is not told: if the module went, the subscription says so,
 * otherwise the age of the last sample does.
 */
static int kernel_sample(struct source *source, struct model *model)
{
	struct source_kernel *kernel = to_kernel(source);
	struct blksnap_snapshot *snapshots = NULL;
	struct blksnap_stats *stats = NULL;
	struct instant now;
	size_t count, i;
	int err;

	if (model->source != SOURCE_LIVE)
		return 0;
	kernel_mounts(kernel, model);
	err = blksnap_stats_list(kernel->session, &stats, &count, NULL);
	if (err)
		return err;
	now = kernel_now(source);
	for (i = 0; i < count; i++) {
		recorder_stats(kernel->recorder, &stats[i], &now);
		records_stats(model, &stats[i]);
	}
	free(stats);

	err = blksnap_snapshot_list(kernel->session, &snapshots, &count, NULL);
	if (err)
		return err;
	for (i = 0; i < count; i++) {
		recorder_space(kernel->recorder, &snapshots[i], &now);
		records_space(model, &snapshots[i]);
	}
	blksnap_snapshots_free(snapshots, count);
	recorder_flush(kernel->recorder, model);
	now = kernel_now(source);
	model_settle(model, now.boot_ns, now.real_ns);
	return 0;
}

static void kernel_skip(struct source *source, uint64_t ns)
{
}

static bool kernel_at_end(struct source *source)
{
	return false;
}

static void kernel_close(struct source *source)
{
	struct source_kernel *kernel = to_kernel(source);

	blksnap_events_close(kernel->events);
	blksnap_close(kernel->session);
	recorder_close(kernel->recorder);
	mounts_close(&kernel->mounts);
	free(kernel);
}

static const struct source_ops kernel_ops = {
	.now = kernel_now,
	.fd = kernel_fd,
	.dispatch = kernel_dispatch,
	.sample = kernel_sample,
	.skip = kernel_skip,
	.at_end = kernel_at_end,
	.close = kernel_close,
};

int source_open_session(struct source **source, struct blksnap_session *session,
			const char *record, char *why, size_t size)
{
	struct source_kernel *kernel = calloc(1, sizeof(*kernel));
	int ret;

	if (!kernel) {
		snprintf(why, size, "no memory");
		blksnap_close(session);
		return -ENOMEM;
	}
	kernel->source.ops = &kernel_ops;
	kernel->session = session;
	mounts_open(&kernel->mounts);
	if (record) {
		ret = recorder_open(&kernel->recorder, record, why, size);
		if (ret) {
			kernel_close(&kernel->source);
			return ret;
		}
		kernel_record_host(kernel);
	}
	*source = &kernel->source;
	return 0;
}

int source_open_kernel(struct source **source, const char *record, char *why, size_t size)
{
	struct blksnap_error err = { 0 };
	struct blksnap_session *session;
	int ret;

	ret = blksnap_open(&session, &err);
	if (ret) {
		snprintf(why, size, "%s", err.message);
		return ret;
	}
	return source_open_session(source, session, record, why, size);
}
