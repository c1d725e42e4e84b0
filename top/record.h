/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes down what is heard, as `blksnap monitor -j` would: a line for each
 * record, and between them the samples. A recorder that is NULL does nothing.
 */
#ifndef TOP_RECORD_H
#define TOP_RECORD_H

#include <blksnap.h>

#include "source.h"

struct recorder;

/**
 * recorder_open() - append to a file
 * @recorder: result, recorder_close()
 * @path: the file; made if it is not there
 * @why: set to a sentence on failure
 * @size: room there
 *
 * Return: 0 or -errno.
 */
int recorder_open(struct recorder **recorder, const char *path, char *why, size_t size);

/**
 * recorder_record() - a step of the subscription
 */
void recorder_record(struct recorder *recorder, const struct blksnap_record *record,
		     const struct instant *now);

/**
 * recorder_stats() - a sample of counters
 */
void recorder_stats(struct recorder *recorder, const struct blksnap_stats *stats,
		    const struct instant *now);

/**
 * recorder_space() - a snapshot at a sample
 */
void recorder_space(struct recorder *recorder, const struct blksnap_snapshot *snapshot,
		    const struct instant *now);

/**
 * recorder_host() - on which machine what follows was seen
 */
void recorder_host(struct recorder *recorder, const char *host, const struct instant *now);

/**
 * recorder_mounts() - where devices are mounted
 */
void recorder_mounts(struct recorder *recorder, const struct fact_mount *mounts, size_t count,
		     const struct instant *now);

/**
 * recorder_flush() - what was written is in the file
 * @recorder: the recorder
 * @model: told once if the file cannot be written any more
 */
void recorder_flush(struct recorder *recorder, struct model *model);

/**
 * recorder_close() - end the recording
 */
void recorder_close(struct recorder *recorder);

#endif
