/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json: structs as JSON, for both tools: documents, and the lines of a monitor
 * or a recording. json_read.h reads the latter again.
 *
 * Numbers are in base units, named by the key; 64-bit ids are strings; what is
 * unknown is null; arrays are never left out. Each function returns a new
 * reference, or NULL without memory.
 */
#ifndef BLKSNAP_JSON_H
#define BLKSNAP_JSON_H

#include <jansson.h>

#include <blksnap.h>

/**
 * json_document() - an object with its schema
 * @thing: as "snapshot.list": the schema is "blksnap.snapshot.list/1"
 */
json_t *json_document(const char *thing);

json_t *json_dev(bool known, struct blksnap_dev dev);
json_t *json_uuid(bool known, const uint8_t uuid[BLKSNAP_UUID_BYTES]);
json_t *json_id(bool known, uint64_t id);
json_t *json_bytes(bool known, uint64_t sectors);
json_t *json_number(bool known, uint64_t value);

/**
 * json_text() - a string; bytes that are no UTF-8 become "?"
 */
json_t *json_text(bool known, const char *text);

json_t *json_info(const struct blksnap_info *info);
json_t *json_device(const struct blksnap_device *device);
json_t *json_member(const struct blksnap_member *member);
json_t *json_snapshot(const struct blksnap_snapshot *snapshot);
json_t *json_range(const struct blksnap_range_info *range);
json_t *json_stats(const struct blksnap_stats *stats);

/**
 * json_record() - one line of a monitor
 * @record: record
 * @real_ns: when it happened, CLOCK_REALTIME
 */
json_t *json_record(const struct blksnap_record *record, uint64_t real_ns);

/**
 * json_record_stats() - a sample of counters between the lines of a monitor
 * @stats: sample
 * @real_ns: when it was read, CLOCK_REALTIME
 *
 * Of type "stats", with the counters under "stats".
 */
json_t *json_record_stats(const struct blksnap_stats *stats, uint64_t real_ns);

/**
 * json_record_space() - a snapshot as it is at a sample
 * @snapshot: snapshot
 * @real_ns: when it was read, CLOCK_REALTIME
 *
 * Of type "stats" too: nothing has happened, but "snapshot" says how full its
 * area is by now.
 */
json_t *json_record_space(const struct blksnap_snapshot *snapshot, uint64_t real_ns);

#define JSON_PATH_SIZE 128

/**
 * struct json_mount - a mounted block device
 */
struct json_mount {
	struct blksnap_dev dev;
	char path[JSON_PATH_SIZE];
};

/**
 * json_record_mounts() - where devices are mounted, from then on
 * @mounts: all of them
 * @count: number of @mounts
 * @real_ns: when they were read, CLOCK_REALTIME
 *
 * Of type "mounts", which the kernel tells nobody: only blksnap-top records it.
 */
json_t *json_record_mounts(const struct json_mount *mounts, size_t count, uint64_t real_ns);

/**
 * json_record_host() - on which machine what follows was seen
 * @host: its name
 * @real_ns: CLOCK_REALTIME
 * @time_ns: CLOCK_BOOTTIME of that machine
 *
 * Of type "host"; only blksnap-top records it.
 */
json_t *json_record_host(const char *host, uint64_t real_ns, uint64_t time_ns);

/**
 * json_error() - an error document
 * @command: as "snapshot create"
 * @subject: what it is about, or NULL
 * @err: error
 * @hint: what to do, or NULL
 */
json_t *json_error(const char *command, const char *subject,
		   const struct blksnap_error *err, const char *hint);

#endif /* BLKSNAP_JSON_H */
