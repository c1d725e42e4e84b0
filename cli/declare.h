/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * declare: the file that tells how things shall be, for `apply`: blksnap.conf(5).
 *
 *	cell = 64K			of the devices below
 *	device = /dev/vda2		is tracked
 *
 *	snapshot = nightly		what follows is of it
 *	device = /dev/vda2
 *	area = /dev/vdc
 *	low = 20%
 *
 * The devices stand before the first snapshot, so that the file of the devices that
 * are tracked from boot on is such a file. Pure: nothing is looked up.
 */
#ifndef BLKSNAP_CLI_DECLARE_H
#define BLKSNAP_CLI_DECLARE_H

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"
#include "parse.h"

struct declare_list {
	char **texts; /* ends in NULL, if it has any */
	size_t count;
};

/**
 * struct declare_device - a device that shall be tracked
 * @text: what means it
 * @cell_bytes: 0 is whatever it is
 */
struct declare_device {
	char *text;
	uint64_t cell_bytes;
};

/**
 * struct declare_snapshot - a snapshot that shall be there
 * @name: its name
 * @devices: its members
 * @areas: specifications
 * @low: threshold, if @has_low
 * @clear: threshold, if @has_clear
 * @grace_ms: if @has_grace
 * @no_freeze: file systems are left alone when it is taken
 */
struct declare_snapshot {
	char *name;
	struct declare_list devices;
	struct declare_list areas;
	struct parse_low low;
	struct parse_low clear;
	uint32_t grace_ms;
	bool has_low;
	bool has_clear;
	bool has_grace;
	bool has_freeze;
	bool no_freeze;
};

struct declaration {
	struct declare_device *devices;
	size_t n_devices;
	struct declare_snapshot *snapshots;
	size_t n_snapshots;
	uint64_t cell_bytes; /* of the devices to come */
};

/**
 * declare_read() - read such a file
 * @path: the file; "-" is standard input
 * @declaration: filled; declare_free(), also after a failure
 * @why: filled with what is wrong, CONF_WHY bytes
 *
 * Return: 0; -EINVAL, -ENOMEM, -errno of reading.
 */
int declare_read(const char *path, struct declaration *declaration, char *why);

void declare_free(struct declaration *declaration);

#endif /* BLKSNAP_CLI_DECLARE_H */
