/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * openmetrics: what there is, as OpenMetrics 1.0 or the text format that Prometheus
 * had before. Pure but for writing.
 */
#ifndef BLKSNAP_CLI_OPENMETRICS_H
#define BLKSNAP_CLI_OPENMETRICS_H

#include <stdio.h>

#include "condition.h"

enum openmetrics_format {
	OPENMETRICS_1,
	OPENMETRICS_TEXT, /* 0.0.4, for the textfile collector of the node exporter */
};

/**
 * openmetrics_print() - write all of it
 * @out: where to
 * @info: the module; NULL if it is not there, which is all that is said then
 * @world: snapshots, devices, counters
 * @format: which of the two
 */
void openmetrics_print(FILE *out, const struct blksnap_info *info,
		       const struct condition_world *world,
		       enum openmetrics_format format);

#endif /* BLKSNAP_CLI_OPENMETRICS_H */
