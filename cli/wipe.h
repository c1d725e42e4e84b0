/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wipe: what an area held goes with its snapshot.
 *
 *	wipe_open()	before the destroy: learns the ranges, keeps their devices
 *	(the destroy)
 *	wipe_run()	discards or zeroes the ranges, which nobody has by then
 *	wipe_close()
 *
 * A device kept open does not go away meanwhile: a loop device keeps its file,
 * a device number is not given to another. Ranges are written only while the
 * device is held exclusively, so never those of another snapshot or of a file
 * system that was faster.
 */
#ifndef BLKSNAP_CLI_WIPE_H
#define BLKSNAP_CLI_WIPE_H

#include "cli.h"

/**
 * enum wipe_how - what is done
 * @WIPE_NOT: nothing
 * @WIPE_DISCARD: the device is told that the ranges are not needed
 * @WIPE_ZERO: zeroes are written
 */
enum wipe_how { WIPE_NOT, WIPE_DISCARD, WIPE_ZERO };

/**
 * struct wipe - ranges to wipe
 * @how: what is done with them
 * @ranges: array of @count
 * @fds: their devices, array of @count
 * @count: number of ranges
 * @sectors: of all ranges; after wipe_run() of what is wiped
 */
struct wipe {
	enum wipe_how how;
	struct blksnap_range_info *ranges;
	int *fds;
	size_t count;
	uint64_t sectors;
};

/**
 * wipe_open() - learn what is to be wiped
 * @cli: run, connected
 * @s: the snapshot
 * @wipe: result, wipe_close()
 *
 * What to do is taken from the options --discard and --zero. Refuses both, and
 * --discard where a device has none.
 *
 * Return: 0, or an exit status after cli_fail(), with nothing left.
 */
int wipe_open(struct cli *cli, const struct blksnap_snapshot *s, struct wipe *wipe);

/**
 * wipe_run() - wipe the ranges of an area that is gone
 * @cli: run
 * @wipe: opened
 * @name: of the snapshot
 *
 * A range that was appended after wipe_open() is not wiped.
 *
 * A signal that is blocked, and waits, ends it: what is left is told.
 *
 * Return: 0, or an exit status after cli_fail() for each range; with -j
 *	@cli->errors takes them.
 */
int wipe_run(struct cli *cli, struct wipe *wipe, const char *name);

/**
 * wipe_close() - let go of ranges and devices; what was done to how much stays
 * @wipe: opened, or closed already
 */
void wipe_close(struct wipe *wipe);

#endif /* BLKSNAP_CLI_WIPE_H */
