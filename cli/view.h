/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: objects as text for people, for the commands that share them.
 */
#ifndef BLKSNAP_CLI_VIEW_H
#define BLKSNAP_CLI_VIEW_H

#include "fill.h"
#include "out.h"
#include "rows.h"

void view_device(const struct blksnap_device *device);

/**
 * view_devices_init() - as rows_init(), for rows of devices
 *
 * What the options ask for is said before anybody looks: help needs no module.
 */
int view_devices_init(struct rows *rows, struct cli *cli);

/**
 * view_devices() - rows of devices
 * @rows: of view_devices_init()
 * @devices: array of @count
 * @count: number of @devices
 * @snapshots: for the names of their snapshots
 * @n_snapshots: number of @snapshots
 *
 * Return: 0, or an exit status after cli_fail(); so do the others.
 */
int view_devices(struct rows *rows, const struct blksnap_device *devices,
		 size_t count, const struct blksnap_snapshot *snapshots,
		 size_t n_snapshots);

void view_snapshot(const struct blksnap_snapshot *snapshot);

/* which snapshot it is, its state, and what broke it */
void view_snapshot_head(const struct blksnap_snapshot *snapshot);

/* the lines about the area of a snapshot */
void view_area(const struct blksnap_snapshot *snapshot);

/**
 * view_snapshots_init() - as rows_init(), for rows of snapshots
 * @sampled: their areas are looked at twice
 */
int view_snapshots_init(struct rows *rows, struct cli *cli, bool sampled);

/**
 * view_snapshots() - rows of snapshots
 * @rows: of view_snapshots_init()
 * @snapshots: array of @count
 * @count: number of @snapshots
 * @fill: what was seen of their areas
 */
int view_snapshots(struct rows *rows, const struct blksnap_snapshot *snapshots,
		   size_t count, const struct fill *fill);

/* a snapshot with how fast its area fills */
json_t *view_snapshot_json(const struct blksnap_snapshot *snapshot,
			   const struct fill *fill);

/**
 * view_state_of() - rows of snapshots as `status` tells of them, and what broke them
 * @cli: run
 * @all: snapshots, array of @count
 * @count: number of @all
 * @fill: what was seen of their areas
 * @sampled: they were looked at twice
 */
int view_state_of(struct cli *cli, const struct blksnap_snapshot *all, size_t count,
		  const struct fill *fill, bool sampled);

int view_images_init(struct rows *rows, struct cli *cli);
int view_images(struct rows *rows, const struct blksnap_snapshot *snapshots,
		size_t count);

/* an image with the snapshot it belongs to */
json_t *view_image_json(const struct blksnap_snapshot *snapshot,
			const struct blksnap_member *member);

/**
 * view_areas_init() - as rows_init(), for rows of areas
 */
int view_areas_init(struct rows *rows, struct cli *cli, bool sampled);

/**
 * view_areas_add() - a row
 * @rows: of view_areas_init()
 * @snapshot: whose area
 * @ranges: number of its ranges
 * @doc: for -j, taken over
 */
void view_areas_add(struct rows *rows, const struct blksnap_snapshot *snapshot,
		    size_t ranges, const struct fill *fill, json_t *doc);

/* name of a member: its kernel name, failing that its number */
const char *view_member(const struct blksnap_member *member,
			char text[OUT_PATH_MAX]);

/* used part of an area as "41%", or "-" */
const char *view_fill(const struct blksnap_snapshot *snapshot,
		      char text[OUT_SIZE_MAX]);

#endif /* BLKSNAP_CLI_VIEW_H */
