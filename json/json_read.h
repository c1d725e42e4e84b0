/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_read: the lines of a monitor or a recording as records again.
 *
 * What json_record(), json_record_stats() and json_record_space() write is read
 * back, as far as it is there: a key that is missing or null is unknown, one
 * that is not known is ignored, so that older and newer recordings can be read.
 * A recording may come from anywhere: whatever it says, nothing else happens.
 */
#ifndef BLKSNAP_JSON_READ_H
#define BLKSNAP_JSON_READ_H

#include <blksnap.h>

#include "json.h"

#define JSON_READ_LINE_MAX (1u << 20) /* bytes of a line */
#define JSON_READ_MEMBERS_MAX 4096 /* members of a snapshot */
#define JSON_READ_MOUNTS_MAX 4096 /* mounted devices */
#define JSON_READ_HOST_SIZE 64 /* a longer name is cut */

/**
 * struct json_line - a line of a recording
 * @is_stats: a sample: @has_stats or @has_snapshot says of what; otherwise
 *	@record is meant
 * @is_mounts: @mounts are meant
 * @is_host: @host is meant
 * @record: points to @snapshot or @device where there is one
 * @real_ns: CLOCK_REALTIME; 0: unknown
 * @time_ns: CLOCK_BOOTTIME of the machine it was recorded on; 0: unknown
 * @snapshot: if @has_snapshot
 * @device: if the record has one
 * @stats: if @has_stats
 * @has_snapshot: @snapshot was there
 * @has_stats: @stats were there
 * @mounts: where devices are mounted from then on
 * @n_mounts: number of @mounts
 * @host: name of the machine that follows; "" if the line does not say
 */
struct json_line {
	bool is_stats;
	bool is_mounts;
	bool is_host;
	struct blksnap_record record;
	uint64_t real_ns;
	uint64_t time_ns;
	struct blksnap_snapshot snapshot;
	struct blksnap_device device;
	struct blksnap_stats stats;
	bool has_snapshot;
	bool has_stats;
	struct json_mount *mounts;
	size_t n_mounts;
	char host[JSON_READ_HOST_SIZE];
};

/**
 * json_read_line() - one line
 * @line: filled; json_read_clear()
 * @text: the line, with or without its end
 * @length: bytes of it
 * @why: set to a few words if refused
 * @size: room there
 *
 * Return: 0, -EINVAL (it is no line of a monitor; nothing to free), -ENOMEM.
 */
int json_read_line(struct json_line *line, const char *text, size_t length,
		   char *why, size_t size);

/**
 * json_read_clear() - free what a line owns
 * @line: zero afterwards
 */
void json_read_clear(struct json_line *line);

#endif /* BLKSNAP_JSON_READ_H */
