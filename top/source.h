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

/**
 * struct source_ops - what a source can do; none may be NULL
 * @now: the time
 * @fd: what to poll for news, or -1 if there is nothing at the moment
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
	void (*close)(struct source *source);
};

struct source {
	const struct source_ops *ops;
};

/**
 * source_open_kernel() - the family "blksnap" of the running kernel
 * @source: result, closed with its ops->close()
 * @why: set to a sentence on failure
 * @size: room there
 *
 * The module need not be loaded.
 *
 * Return: 0 or -errno: there is no netlink, or no memory.
 */
int source_open_kernel(struct source **source, char *why, size_t size);

#endif
