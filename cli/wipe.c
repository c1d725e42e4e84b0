// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wipe: see wipe.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <linux/fs.h>

#include "out.h"
#include "source.h"
#include "wipe.h"

/* A request of the kernel cannot be interrupted; between two of them one can. */
#define WIPE_CHUNK_BYTES (128ull << 20)

#define WIPE_PATH_MAX (sizeof("/dev/") + BLKSNAP_DISK_NAME_MAX)

static void wipe_path(const struct blksnap_range_info *range, char path[WIPE_PATH_MAX])
{
	char *at;

	snprintf(path, WIPE_PATH_MAX, "/dev/%s", range->name);
	for (at = path; (at = strchr(at, '!'));)
		*at = '/';
}

/* -errno, or the device of @range and no other. */
static int wipe_device(const struct blksnap_range_info *range, int flags)
{
	char path[WIPE_PATH_MAX];
	struct stat st;
	int fd;

	wipe_path(range, path);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISBLK(st.st_mode) && major(st.st_rdev) == range->dev.major &&
	    minor(st.st_rdev) == range->dev.minor)
		return fd;
	close(fd);
	return -ENODEV;
}

/* Unknown counts as yes: the device will say. */
static bool wipe_can_discard(const struct blksnap_range_info *range)
{
	static const char *const places[] = { "", "../" }; /* a disk's, a partition's */
	unsigned long long bytes;
	char path[128];
	size_t i;
	FILE *in;
	int got;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/%squeue/discard_max_bytes",
			 range->dev.major, range->dev.minor, places[i]);
		in = fopen(path, "re");
		if (!in)
			continue;
		got = fscanf(in, "%llu", &bytes);
		fclose(in);
		if (got == 1)
			return bytes > 0;
	}
	return true;
}

static int wipe_open_range(struct cli *cli, struct wipe *wipe, size_t i)
{
	const struct blksnap_range_info *range = &wipe->ranges[i];
	char path[WIPE_PATH_MAX];

	wipe_path(range, path);
	wipe->sectors += range->count_sectors;
	if (wipe->how == WIPE_DISCARD && !wipe_can_discard(range))
		return cli_refuse(cli, BLKSNAP_EXIT_OTHER, path, "--zero writes zeroes instead",
				  "the device takes no discards; nothing was done");
	wipe->fds[i] = wipe_device(range, O_RDONLY | O_NONBLOCK);
	if (wipe->fds[i] < 0)
		return cli_refuse(cli, BLKSNAP_EXIT_OTHER, path, NULL,
				  "cannot be opened: %s; nothing was done",
				  strerror(-wipe->fds[i]));
	return 0;
}

int wipe_open(struct cli *cli, const struct blksnap_snapshot *s, struct wipe *wipe)
{
	bool discard = command_value(&cli->args, "discard", 0);
	bool zero = command_value(&cli->args, "zero", 0);
	struct blksnap_error err;
	size_t i;
	int ret = 0;

	*wipe = (struct wipe){ .how = zero ? WIPE_ZERO : discard ? WIPE_DISCARD : WIPE_NOT };
	if (wipe->how == WIPE_NOT)
		return 0;
	if (discard && zero)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, NULL, NULL,
				  "--discard and --zero exclude each other");
	if (cli->recording)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, NULL, NULL,
				  "the area of a recording cannot be wiped");
	if (blksnap_area_list(cli->session, s->id, &wipe->ranges, &wipe->count, &err))
		return cli_fail(cli, s->name, &err, NULL);
	wipe->fds = malloc((wipe->count + 1) * sizeof(*wipe->fds));
	if (!wipe->fds) {
		wipe_close(wipe);
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL, "out of memory");
	}
	for (i = 0; i < wipe->count; i++)
		wipe->fds[i] = -1;
	for (i = 0; !ret && i < wipe->count; i++)
		ret = wipe_open_range(cli, wipe, i);
	if (ret)
		wipe_close(wipe);
	return ret;
}

/* @done: set to the sectors that are wiped, also if the rest is not */
static int wipe_range(struct cli *cli, const struct wipe *wipe,
		      const struct blksnap_range_info *range, uint64_t *done)
{
	uint64_t extent[2], left = range->count_sectors * BLKSNAP_SECTOR_BYTES;
	unsigned int tries = 0;
	int fd, ret = 0;

	*done = 0;
	if (source_interrupted())
		return -EINTR;
	do {
		fd = wipe_device(range, O_RDWR | O_EXCL);
	} while (fd < 0 && cli_again(cli, fd, &tries));
	if (fd < 0)
		return fd;
	extent[0] = range->start_sectors * BLKSNAP_SECTOR_BYTES;
	for (; left && !ret; left -= extent[1], extent[0] += extent[1]) {
		extent[1] = left < WIPE_CHUNK_BYTES ? left : WIPE_CHUNK_BYTES;
		if (source_interrupted()) {
			ret = -EINTR;
			break;
		}
		if (ioctl(fd, wipe->how == WIPE_ZERO ? BLKZEROOUT : BLKDISCARD, extent)) {
			ret = -errno;
			break;
		}
	}
	*done = range->count_sectors - left / BLKSNAP_SECTOR_BYTES;
	/* what is not known to be on the disk counts for nothing */
	if (fsync(fd)) {
		ret = ret ? ret : -errno;
		*done = 0;
	}
	close(fd);
	return ret;
}

int wipe_run(struct cli *cli, struct wipe *wipe, const char *name)
{
	const char *what = wipe->how == WIPE_ZERO ? "zeroed" : "discarded";
	char path[WIPE_PATH_MAX];
	int ret, status = 0;
	uint64_t done;
	size_t i;

	if (wipe->how == WIPE_NOT)
		return 0;
	wipe->sectors = 0;
	for (i = 0; i < wipe->count; i++) {
		const struct blksnap_range_info *range = &wipe->ranges[i];

		ret = wipe_range(cli, wipe, range, &done);
		wipe->sectors += done;
		if (!ret)
			continue;
		wipe_path(range, path);
		ret = cli_refuse(cli,
				 ret == -EINTR ? BLKSNAP_EXIT_INTERRUPTED : BLKSNAP_EXIT_PARTIAL,
				 name, "wipe it by other means, as blkdiscard --zeroout does",
				 "destroyed, but %s:%llus+%llus is not %s: %s", path,
				 (unsigned long long)(range->start_sectors + done),
				 (unsigned long long)(range->count_sectors - done), what,
				 ret == -EINTR ? "interrupted" : strerror(-ret));
		if (status != BLKSNAP_EXIT_INTERRUPTED)
			status = ret;
	}
	return status;
}

void wipe_close(struct wipe *wipe)
{
	size_t i;

	for (i = 0; wipe->fds && i < wipe->count; i++)
		if (wipe->fds[i] >= 0)
			close(wipe->fds[i]);
	free(wipe->fds);
	free(wipe->ranges);
	wipe->fds = NULL;
	wipe->ranges = NULL;
	wipe->count = 0;
}
