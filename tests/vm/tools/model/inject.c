// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inject - every failure once. The same life of a snapshot is lived again and
 * again, each time with one allocation or one bio of the module failing (by
 * failer.ko, which tells what places there are). After each: the origin holds
 * what was written, the image the past or the snapshot says what broke it,
 * nothing is frozen, attached or allocated that should not be, the events tell
 * what is, and whatever was refused works when it is asked again.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "../device.h"
#include "model.h"

struct snap snaps[MAX_SNAPS];
unsigned int round_nr; /* of the life */
bool verbose, faulty;
struct blksnap_session *session;
struct counts counts;

#define SECTORS 8192u /* of the origin, that are looked at */
#define CELL_SECTORS 128u
#define MAX_PLACES 1024
#define LIFE_LIMIT_S 600
#define LEAST_FAILED 6

static const char *origin_path, *area_path, *mounted_path, *mount_point;
static struct blksnap_dev origin_dev, area_dev, mounted_dev;
static int origin_fd;
static uint64_t now[SECTORS], past[SECTORS], tag = 1;
static bool written[SECTORS / CELL_SECTORS];
static uint8_t *buf;

/* ---- places, as failer.ko tells of them ---- */

static struct place {
	char kind[8], path[160];
	unsigned int hits; /* most in a life */
	unsigned int lives; /* in which it failed */
} places[MAX_PLACES];
static unsigned int nr_places, points_last, most_points;

__attribute__((format(printf, 1, 2))) static void failer(const char *format, ...)
{
	char line[64];
	va_list args;
	int fd = open("/sys/kernel/debug/failer", O_WRONLY | O_CLOEXEC), len;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (fd < 0 || write(fd, line, len) != len)
		fail("failer: %s", strerror(errno));
	close(fd);
}

/* The place that failed since the last command, or NULL. */
static struct place *failed_place(bool learn)
{
	FILE *f = fopen("/sys/kernel/debug/failer", "re");
	unsigned int nr, hits;
	char line[256], kind[8], path[160];
	int failed = -1;

	if (!f || !fgets(line, sizeof(line), f) ||
	    sscanf(line, "%u %d", &points_last, &failed) != 2)
		fail("failer: %s", strerror(errno));
	while (learn && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%u %7s %u %159[^\n]", &nr, kind, &hits, path) != 4 ||
		    nr >= MAX_PLACES)
			fail("failer says: %s", line);
		memcpy(places[nr].kind, kind, sizeof(kind));
		memcpy(places[nr].path, path, sizeof(path));
		if (hits > places[nr].hits)
			places[nr].hits = hits;
		if (nr >= nr_places)
			nr_places = nr + 1;
	}
	fclose(f);
	if (points_last > most_points)
		most_points = points_last;
	return failed < 0 ? NULL : &places[failed];
}

static bool fired(void)
{
	return failed_place(false);
}

static bool fired_bio(void)
{
	const struct place *p = failed_place(true);

	return p && !strcmp(p->kind, "bio");
}

/* ---- what must be ---- */

/* Was it refused because of the failure? Then it is to be asked again. */
static bool refused(const char *what, int ret, const struct blksnap_error *err)
{
	if (!ret)
		return false;
	if (!fired())
		fail("%s: %s", what, err->message);
	say("%s: %s", what, err->message);
	counts.refusals++;
	return true;
}

static void must(const char *what, int ret, const struct blksnap_error *err)
{
	if (ret)
		fail("%s again: %s", what, err->message);
}

/* Once more, if it was refused. */
#define WORKS(what, request)                       \
	do {                                       \
		struct blksnap_error err = { 0 };  \
		if (refused(what, request, &err))  \
			must(what, request, &err); \
	} while (0)

/* Returns only when nothing is frozen; the alarm ends it otherwise. */
static void must_be_thawed(void)
{
	char file[200];
	int fd;

	snprintf(file, sizeof(file), "%s/alive", mount_point);
	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, file, strlen(file)) < 0 || fsync(fd))
		fail("%s: %s", file, strerror(errno));
	close(fd);
}

/* No snapshot, no memory, and these devices. */
static void must_be_empty(const char *when, size_t wanted_devices)
{
	struct blksnap_snapshot *list;
	struct blksnap_device *devices;
	struct blksnap_error err = { 0 };
	struct blksnap_info info;
	unsigned int tries;
	size_t n = 1;

	for (tries = 0; n && tries < 1200; tries++) {
		if (blksnap_snapshot_list(session, &list, &n, &err))
			fail("list of snapshots: %s", err.message);
		blksnap_snapshots_free(list, n);
		if (n)
			usleep(50000);
	}
	if (n)
		fail("%s: a snapshot was left", when);
	if (blksnap_device_list(session, &devices, &n, &err))
		fail("list of devices: %s", err.message);
	free(devices);
	if (n != wanted_devices)
		fail("%s: %zu devices are tracked, wanted %zu", when, n, wanted_devices);
	if (blksnap_info_get(session, &info, &err))
		fail("info: %s", err.message);
	if (info.memory_used_bytes)
		fail("%s: %" PRIu64 " bytes of memory are still used", when,
		     info.memory_used_bytes);
}

/* Did the snapshot fail, as the failure allows? */
static bool has_failed(uint32_t id)
{
	struct blksnap_snapshot info = { 0 };
	struct blksnap_error err = { 0 };
	bool failed;
	int ret = blksnap_snapshot_get(session, id, &info, &err);

	/* this may be what fails */
	if (ret && fired())
		ret = blksnap_snapshot_get(session, id, &info, &err);
	if (ret)
		fail("the snapshot is gone: %s", err.message);
	failed = info.state == BLKSNAP_SNAPSHOT_STATE_FAILED;
	if (!failed && info.state != BLKSNAP_SNAPSHOT_STATE_TAKEN)
		fail("the snapshot is %s", blksnap_snapshot_state_word(info.state));
	if (failed &&
	    /* no memory once is waited out */
	    (!fired() || (info.error != -EIO && info.error != -ETIMEDOUT)))
		fail("the snapshot failed with %d", info.error);
	blksnap_snapshot_clear(&info);
	return failed;
}

static bool fails_soon(uint32_t id)
{
	unsigned int tries;

	for (tries = 0; tries < 400; tries++) {
		if (has_failed(id))
			return true;
		usleep(50000);
	}
	return false;
}

/* ---- the life ---- */

/*
 * No allocation that fails is a reason for a write to fail. A bio that fails
 * may have been this write's own: then the sectors hold the old or the new.
 */
static void after_write(int ret, uint32_t first, uint32_t count, uint64_t new_tag)
{
	uint32_t s;

	for (s = first / CELL_SECTORS; s <= (first + count - 1) / CELL_SECTORS; s++)
		written[s] = true;
	if (!ret) {
		for (s = first; s < first + count; s++)
			now[s] = new_tag;
		return;
	}
	if (!fired_bio())
		fail("write: %s", strerror(ret));
	counts.faults++;
	if (read_sectors(origin_fd, buf, first, count))
		fail("the origin cannot be read");
	for (s = first; s < first + count; s++) {
		if (holds(buf + (s - first) * SECTOR, now[s], s))
			continue;
		if (!holds(buf + (s - first) * SECTOR, new_tag, s))
			fail("sector %u of the origin has neither old nor new", s);
		now[s] = new_tag;
	}
}

static void overwrite(unsigned int nr)
{
	while (nr--) {
		uint32_t count = 1 + below(nr % 5 ? 24 : 700), first = below(SECTORS - count);

		fill(buf, ++tag, first, count);
		after_write(write_sectors(origin_fd, buf, first, count), first, count, tag);
	}
}

static void overwrite_with_zeroes(void)
{
	uint32_t count = 8 + below(600), first = below(SECTORS - count);
	uint64_t range[2] = { (uint64_t)first * SECTOR, (uint64_t)count * SECTOR };

	after_write(ioctl(origin_fd, BLKZEROOUT, range) ? errno : 0, first, count, 0);
}

static const struct blksnap_wait long_wait = { .timeout_ms = 300000, .cancel_fd = -1 };

static int create(struct blksnap_snapshot *info, struct blksnap_error *err)
{
	struct blksnap_dev devices[2] = { origin_dev, mounted_dev };
	struct blksnap_range ranges[2] = {
		{ .dev = area_dev, .start_sectors = 0, .count_sectors = 8192 },
		{ .dev = area_dev, .start_sectors = 10000, .count_sectors = 8192 },
	};
	struct blksnap_freeze freeze = { .dev = mounted_dev,
					 .member = mounted_dev,
					 .has_member = true };
	struct blksnap_create what = {
		.name = "injected",
		.devices = devices,
		.n_devices = 2,
		.ranges = ranges,
		.n_ranges = 2,
		.freezes = &freeze,
		.n_freezes = 1,
		.attach = true,
	};

	return blksnap_snapshot_create(session, &what, &long_wait, info, err);
}

static void create_or_nothing(struct blksnap_snapshot *info)
{
	struct blksnap_error err = { 0 };

	if (refused("create", create(info, &err), &err)) {
		if (err.left_behind)
			fail("create has left a snapshot behind");
		counts.retried_takes++;
		must_be_thawed();
		must_be_empty("after a create that failed", 1);
		must("create", create(info, &err), &err);
	}
	must_be_thawed();
	memcpy(past, now, sizeof(past));
}

/* The past, or an error that passes, or one the snapshot tells of. */
static void read_image(const struct blksnap_snapshot *info, uint32_t first, uint32_t count)
{
	char path[80];
	int fd, ret;

	snprintf(path, sizeof(path), "/dev/%.60s", info->members[0].image_name);
	fd = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	ret = check_sectors(path, fd, past, first, count);
	if (ret && !fired())
		fail("%s: %s", path, strerror(ret));
	if (ret && check_sectors(path, fd, past, first, count) && !fails_soon(info->id))
		fail("%s cannot be read, and the snapshot is said to be well", path);
	close(fd);
}

static int told_nothing(const struct blksnap_extent *extent, void *arg)
{
	(void)extent;
	(void)arg;
	return 0;
}

static int told_record(const struct blksnap_record *record, void *arg)
{
	(void)record;
	(void)arg;
	return 0;
}

static int subscribe(struct blksnap_error *err)
{
	struct blksnap_events *events;
	int ret = blksnap_events_open(session, 0, told_record, NULL, &events, err);

	if (!ret)
		blksnap_events_close(events);
	return ret;
}

static void ask(uint32_t id)
{
	struct blksnap_cbt since = { .number = 0 }, upto;
	struct blksnap_range_info *ranges = NULL;
	struct blksnap_snapshot *list = NULL;
	struct blksnap_stats *stats = NULL;
	struct blksnap_device *devices = NULL, device;
	size_t n;

	WORKS("stats", blksnap_stats_list(session, &stats, &n, &err));
	free(stats);
	WORKS("snapshots", blksnap_snapshot_list(session, &list, &n, &err));
	blksnap_snapshots_free(list, n);
	WORKS("devices", blksnap_device_list(session, &devices, &n, &err));
	free(devices);
	WORKS("ranges", blksnap_area_list(session, id, &ranges, &n, &err));
	free(ranges);
	WORKS("device", blksnap_device_get(session, origin_dev, &device, &err));
	memcpy(since.generation, device.cbt_generation, sizeof(since.generation));
	WORKS("changes",
	      blksnap_cbt_extents(session, origin_dev, &since, told_nothing, NULL, &upto, &err));
	WORKS("events", subscribe(&err));
}

/* Only of a snapshot that is well: a failed one takes none of these. */
static void change(uint32_t id)
{
	struct blksnap_range range = { .dev = area_dev,
				       .start_sectors = 20000,
				       .count_sectors = 800 };
	struct blksnap_settings settings = { .name = "renamed",
					     .low_sectors = 64,
					     .has_low = true };
	struct blksnap_extent extent = { .start_sectors = 8 * below(SECTORS / 16),
					 .count_sectors = 8 };
	uint64_t released;

	WORKS("extend", blksnap_area_append(session, id, &range, 1, NULL, &err));
	WORKS("shrink", blksnap_area_remove(session, id, &range, 1, NULL, &err));
	WORKS("set", blksnap_snapshot_set(session, id, &settings, NULL, &err));
	WORKS("mark", blksnap_cbt_mark(session, origin_dev, &extent, 1, &err));
	extent.count_sectors = SECTORS / 2;
	WORKS("release",
	      blksnap_image_release(session, id, origin_dev, &extent, 1, &released, &err));
}

static void destroy(uint32_t id)
{
	struct blksnap_error err = { 0 };
	int ret;

	if (!refused("destroy", blksnap_snapshot_destroy(session, id, true, &long_wait, NULL, &err),
		     &err))
		return;
	ret = blksnap_snapshot_destroy(session, id, true, &long_wait, NULL, &err);
	if (ret && ret != -ENOENT)
		must("destroy", ret, &err);
}

static int told_change(const struct blksnap_extent *extent, void *arg)
{
	uint64_t cell;
	bool *told = arg;

	for (cell = extent->start_sectors / CELL_SECTORS;
	     cell * CELL_SECTORS < extent->start_sectors + extent->count_sectors &&
	     cell < SECTORS / CELL_SECTORS;
	     cell++)
		told[cell] = true;
	return 0;
}

/* Never less than was written; nothing at all under another generation. */
static void check_changes(const struct blksnap_cbt *since)
{
	bool told[SECTORS / CELL_SECTORS] = { 0 };
	struct blksnap_error err = { 0 };
	struct blksnap_cbt upto;
	unsigned int cell;
	int ret = blksnap_cbt_extents(session, origin_dev, since, told_change, told, &upto, &err);

	if (ret && fired() && err.exit == BLKSNAP_EXIT_INVALID)
		return;
	if (ret)
		fail("changes: %s", err.message);
	for (cell = 0; cell < SECTORS / CELL_SECTORS; cell++)
		if (written[cell] && !told[cell])
			fail("cell %u was written and is not told", cell);
}

static void live(void)
{
	struct blksnap_cbt since = { .number = 0 };
	struct blksnap_snapshot info = { 0 };
	struct blksnap_device device;

	memset(written, 0, sizeof(written));
	WORKS("attach",
	      blksnap_device_attach(session, origin_dev, CELL_SECTORS * SECTOR, &device, &err));
	memcpy(since.generation, device.cbt_generation, sizeof(since.generation));
	WORKS("settle", blksnap_device_settle(session, origin_dev, 300000, &device, &err));
	overwrite(3);
	create_or_nothing(&info);
	overwrite(12);
	overwrite_with_zeroes();
	read_image(&info, below(SECTORS - 256) / 8 * 8, 256);
	ask(info.id);
	overwrite(4);
	read_image(&info, 0, SECTORS);
	if (!has_failed(info.id))
		change(info.id);
	overwrite(3);
	if (has_failed(info.id))
		counts.failures++;
	destroy(info.id);
	failer("off");
	must_be_thawed();
	must_be_empty("after a destroy", 1);
	check_changes(&since);
	WORKS("detach", blksnap_device_detach(session, origin_dev, NULL, &err));
	must_be_empty("after a detach", 0);
	watch_check();
	if (check_sectors(origin_path, origin_fd, now, 0, SECTORS))
		fail("%s cannot be read", origin_path);
	blksnap_snapshot_clear(&info);
}

/* One life; the place that failed in it, if any. */
static struct place *one_life(void)
{
	struct place *p;

	round_nr++;
	alarm(LIFE_LIMIT_S);
	live();
	p = failed_place(true);
	if (p) {
		p->lives++;
		say("failed: %s %s", p->kind, p->path);
	}
	return p;
}

/* ---- every one ---- */

/* Of takes; or of what a copy needs that is on its way to the area. */
static bool place_is_of(const struct place *p, bool takes)
{
	if (!takes)
		return strstr(p->path, "cow_copy_prepare");
	return strstr(p->path, "snapshot_create") || strstr(p->path, "snapshot_take");
}

/*
 * A place that has not failed yet, in an order of the seed's; those of takes every
 * second time, that of a copy first.
 */
static struct place *place_choose(const bool *tried, bool any)
{
	unsigned int at = below(nr_places), i, nr;

	for (i = 0; i < nr_places; i++) {
		nr = (at + i) % nr_places;
		if (!tried[nr] && !places[nr].lives && places[nr].hits &&
		    (any || place_is_of(&places[nr], round_nr % 2)))
			return &places[nr];
	}
	return any ? NULL : place_choose(tried, true);
}

/* Each place once, its first time or a later one; some, however slow the machine. */
static void each_place(time_t end)
{
	bool tried[MAX_PLACES] = { 0 };
	unsigned int failed = 0;
	struct place *p;

	while ((failed < LEAST_FAILED || time(NULL) < end) &&
	       (p = place_choose(tried, false))) {
		tried[p - places] = true;
		say("place: %s %s", p->kind, p->path);
		failer("place %u %u", (unsigned int)(p - places),
		       1 + (chance(50) ? below(p->hits) : 0));
		failed += !!one_life();
	}
}

/* Each point there is: three lives in a row that reach it no more are the end. */
static void each_point(time_t end)
{
	unsigned int n, quiet = 0;

	for (n = 1; quiet < 3 && time(NULL) < end; n++) {
		say("point %u", n);
		failer("nth %u", n);
		quiet = one_life() ? 0 : quiet + 1;
	}
	printf("%s points were failed one after the other: %u\n", quiet < 3 ? "not all" : "all", n);
}

static void report(uint64_t seed)
{
	unsigned int i, failed = 0, lives = 0;

	for (i = 0; i < nr_places; i++) {
		failed += !!places[i].lives;
		lives += places[i].lives;
		if (verbose)
			printf("%s %s %s: %u of %u\n", places[i].lives ? "failed" : "not",
			       places[i].kind, places[i].path, places[i].lives, places[i].hits);
	}
	printf("seed %" PRIu64 ": %u places of the module allocate or submit, %u points a life;"
	       " %u places failed, %u points in %u lives\n",
	       seed, nr_places, most_points, failed, lives, round_nr);
	printf("refused and repeated: %lu, of them creates: %lu; writes that were the failed bio: %lu;"
	       " snapshots failed: %lu\n",
	       counts.refusals, counts.retried_takes, counts.faults, counts.failures);
	/* a failer that fails nothing proves nothing */
	if (nr_places < 40 || lives < LEAST_FAILED)
		fail("that is too little");
}

/* ---- start ---- */

static void start(void)
{
	struct blksnap_error err = { 0 };
	uint32_t at;

	buf = aligned(MAX_OP_SECTORS * SECTOR);
	origin_dev = device(origin_path);
	area_dev = device(area_path);
	mounted_dev = device(mounted_path);
	origin_fd = open(origin_path, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (origin_fd < 0)
		fail("%s: %s", origin_path, strerror(errno));
	for (at = 0; at < SECTORS; at += MAX_OP_SECTORS) {
		fill(buf, 1, at, MAX_OP_SECTORS);
		if (write_sectors(origin_fd, buf, at, MAX_OP_SECTORS))
			fail("%s cannot be written", origin_path);
	}
	for (at = 0; at < SECTORS; at++)
		now[at] = 1;
	if (blksnap_open(&session, &err))
		fail("%s", err.message);
	watch_open();
}

int main(int argc, char **argv)
{
	uint64_t seed;
	time_t end;

	if (argc != 8 || (strcmp(argv[7], "places") && strcmp(argv[7], "points"))) {
		fprintf(stderr,
			"usage: inject ORIGIN AREA MOUNTED MOUNT-POINT SEED SECONDS places|points\n");
		return 2;
	}
	origin_path = argv[1];
	area_path = argv[2];
	mounted_path = argv[3];
	mount_point = argv[4];
	seed = strtoul(argv[5], NULL, 0);
	end = time(NULL) + atoi(argv[6]);
	verbose = getenv("VERBOSE");
	random_seed(seed);
	start();
	/* what places are there? */
	failer("count");
	one_life();
	if (!strcmp(argv[7], "points"))
		each_point(end);
	each_place(end);
	watch_close();
	report(seed);
	return 0;
}
