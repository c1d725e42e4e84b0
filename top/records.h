/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of the client library become facts of the model. The sources use it,
 * whether the records come from the kernel or from a file. Nothing is decided
 * here.
 */
#ifndef TOP_RECORDS_H
#define TOP_RECORDS_H

#include <blksnap.h>

#include "source.h"

/**
 * records_tell() - one step of a subscription
 * @model: is told
 * @record: the step
 * @now: the time, on both clocks
 *
 * Return: 0 or -ENOMEM.
 */
int records_tell(struct model *model, const struct blksnap_record *record,
		 const struct instant *now);

/**
 * records_stats() - a sample of counters
 * @model: is told
 * @from: the counters
 */
void records_stats(struct model *model, const struct blksnap_stats *from);

/**
 * records_space() - how full a snapshot is at a sample
 * @model: is told
 * @from: the snapshot
 */
void records_space(struct model *model, const struct blksnap_snapshot *from);

#endif
