/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: objects as text for people, for the commands that share them.
 */
#ifndef BLKSNAP_CLI_VIEW_H
#define BLKSNAP_CLI_VIEW_H

#include <blksnap.h>

#include "out.h"

void view_device(const struct blksnap_device *device);

/**
 * view_devices() - table of devices
 * @devices: array of @count
 * @count: number of @devices
 * @snapshots: for the names of their snapshots
 * @n_snapshots: number of @snapshots
 */
void view_devices(const struct blksnap_device *devices, size_t count,
		  const struct blksnap_snapshot *snapshots, size_t n_snapshots);

void view_snapshot(const struct blksnap_snapshot *snapshot);

void view_snapshots(const struct blksnap_snapshot *snapshots, size_t count);

void view_images(const struct blksnap_snapshot *snapshots, size_t count);

/* name of a member: its kernel name, failing that its number */
const char *view_member(const struct blksnap_member *member,
			char text[OUT_DEV_MAX]);

/* used part of an area as "41%", or "-" */
const char *view_fill(const struct blksnap_snapshot *snapshot,
		      char text[OUT_SIZE_MAX]);

#endif /* BLKSNAP_CLI_VIEW_H */
