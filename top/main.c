// SPDX-License-Identifier: GPL-2.0-or-later
/* blksnap-top: watch the snapshots of the running kernel, or of a recording. */
#include "app.h"

static int open_source(struct source **source, const struct options *options, char *why,
		       size_t size)
{
	/* Without a screen nobody waits: a recording is read as fast as it goes. */
	if (options->source)
		return source_open_file(source, options->source,
					options->task == TASK_BATCH ? 0 : options->speed,
					why, size);
	return source_open_kernel(source, options->record, why, size);
}

int main(int argc, char **argv)
{
	return app_main(argc, argv, open_source);
}
