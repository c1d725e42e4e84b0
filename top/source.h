/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the facts come from. The monitor knows this interface only: the
 * kernel's family is one source, a scripted or recorded stream another.
 *
 * A source never gives up: what cannot be read is said in the model
 * (model_stale()), and tried again at the next call.
 */
#ifndef TOP_SOURCE_H
#define TOP_SOURCE_H

#include "model.h"

/**
 * struct instant - one moment on two clocks
 * @boot_ns: CLOCK_BOOTTIME, the clock of the kernel's facts
 * @real_ns: CLOCK_REALTIME, the clock of people
 */
struct instant {
	uint64_t boot_ns;
	uint64_t real_ns;
};

struct source;
struct blksnap_session;

/**
 * struct source_ops - what a source can do; none may be NULL
 * @now: the time
 * @fd: what to poll for news, or -1 if there is nothing at the moment
 * @skip: go ahead in time, if the source is a recording; else nothing
 * @at_end: nothing more will ever come
 * @dispatch: apply what has happened, without waiting; negative errno if
 *	trying again at once is no use
 * @sample: read counters and fill levels, and settle the model
 * @close: free the source
 */
struct source_ops {
	struct instant (*now)(struct source *source);
	int (*fd)(struct source *source);
	int (*dispatch)(struct source *source, struct model *model);
	int (*sample)(struct source *source, struct model *model);
	void (*skip)(struct source *source, uint64_t ns);
	bool (*at_end)(struct source *source);
	void (*close)(struct source *source);
};

struct source {
	const struct source_ops *ops;
};

/**
 * source_open_kernel() - the family "blksnap" of the running kernel
 * @source: result, closed with its ops->close()
 * @record: file to which everything heard is appended, or NULL
 * @why: set to a sentence on failure
 * @size: room there
 *
 * The module need not be loaded.
 *
 * Return: 0 or -errno: there is no netlink, no memory, or no such file.
 */
int source_open_kernel(struct source **source, const char *record, char *why, size_t size);

/**
 * source_open_session() - a session with a kernel, or with a recorded one
 * @source: result, closed with its ops->close()
 * @session: taken over, closed on failure, too
 * @record: file to which everything heard is appended, or NULL
 * @why: set to a sentence on failure
 * @size: room there
 *
 * Return: 0 or -errno: there is no memory, or no such file.
 */
int source_open_session(struct source **source, struct blksnap_session *session,
			const char *record, char *why, size_t size);

/**
 * source_open_file() - a recording
 * @source: result, closed with its ops->close()
 * @path: a file of what `blksnap monitor -j` or --record wrote; "-" is the
 *	standard input
 * @speed: how many times faster than it was; 0 is as fast as it is asked for:
 *	each sample is the next one of the recording
 * @why: set to a sentence on failure
 * @size: room there
 *
 * Its clocks are those of the recording. A line that cannot be read is said in
 * the event list, and skipped.
 *
 * Return: 0 or -errno.
 */
int source_open_file(struct source **source, const char *path, double speed,
		     char *why, size_t size);

#endif
