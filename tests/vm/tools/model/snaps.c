// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands to the module, and what devices and snapshots must be afterwards. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model.h"

static unsigned int names;

struct snap *snap_random(void)
{
	unsigned int i, at = below(MAX_SNAPS);

	for (i = 0; i < MAX_SNAPS; i++)
		if (snaps[(at + i) % MAX_SNAPS].used)
			return &snaps[(at + i) % MAX_SNAPS];
	return NULL;
}

static uint32_t units_of(uint32_t sectors)
{
	return (sectors + UNIT_SECTORS - 1) / UNIT_SECTORS;
}

static uint32_t snap_units(const struct snap *s)
{
	uint32_t units = 0;
	unsigned int i;

	for (i = 0; i < s->members; i++)
		units += units_of(s->member[i].origin->sectors);
	return units;
}

static uint32_t area_units(const struct snap *s)
{
	uint32_t units = 0;
	unsigned int i;

	for (i = 0; i < s->nr_ranges; i++)
		units += s->ranges[i].count_sectors / UNIT_SECTORS;
	return units;
}

/* Past the last range of @s on @d. */
static uint32_t area_end(const struct snap *s, const struct area_disk *d)
{
	uint32_t end = 0;
	unsigned int i;

	for (i = 0; i < s->nr_ranges; i++)
		if (s->ranges[i].dev.minor == d->dev.minor &&
		    s->ranges[i].dev.major == d->dev.major &&
		    s->ranges[i].start_sectors + s->ranges[i].count_sectors > end)
			end = s->ranges[i].start_sectors + s->ranges[i].count_sectors;
	return end;
}

/* More ranges for @s, @units in sum if there is room, from disks it has or that are free. */
static unsigned int area_plan(struct snap *s, uint32_t units)
{
	unsigned int i, at = below(nr_areas), before = s->nr_ranges;

	for (i = 0; i < nr_areas && units; i++) {
		struct area_disk *d = &areas[(at + i) % nr_areas];
		uint32_t cursor, len;

		if (d->snap && d->snap != s)
			continue;
		for (cursor = area_end(s, d); units && s->nr_ranges < MAX_RANGES; cursor += len) {
			cursor += chance(50) ? 0 : below(100);
			cursor = (cursor + d->align - 1) / d->align * d->align;
			len = 1 + (chance(50) ? below(units) : units - 1);
			len = len * UNIT_SECTORS + (chance(20) ? below(UNIT_SECTORS) : 0);
			if (cursor + len > d->sectors)
				break;
			s->ranges[s->nr_ranges++] = (struct blksnap_range){
				.dev = d->dev,
				.start_sectors = cursor,
				.count_sectors = len,
			};
			units -= len / UNIT_SECTORS;
			d->snap = s;
			if (chance(15))
				break;
		}
	}
	return s->nr_ranges - before;
}

static void area_release(struct snap *s)
{
	unsigned int i, r;

	for (i = 0; i < nr_areas; i++) {
		bool has = false;

		for (r = 0; r < s->nr_ranges; r++)
			has |= s->ranges[r].dev.minor == areas[i].dev.minor &&
			       s->ranges[r].dev.major == areas[i].dev.major;
		if (areas[i].snap == s && !has)
			areas[i].snap = NULL;
	}
}

static void judge_room(struct snap *s)
{
	s->roomy = area_units(s) >= snap_units(s);
}

/* ---- create ---- */

static void snap_forget(struct snap *s)
{
	unsigned int i;

	for (i = 0; i < s->members; i++) {
		free(s->member[i].past);
		if (s->member[i].origin->snap == s)
			s->member[i].origin->snap = NULL;
	}
	s->nr_ranges = 0;
	area_release(s);
	memset(s, 0, sizeof(*s));
}

static bool plan_members(struct snap *s)
{
	unsigned int i;

	for (i = 0; i < nr_origins; i++)
		if (!origins[i].snap && chance(65))
			s->member[s->members++].origin = &origins[i];
	return s->members;
}

/* The interval that ended with the take, and the generation. */
static void learn_member(struct snap *s, unsigned int i, const struct blksnap_snapshot *info)
{
	struct origin *o = s->member[i].origin;
	struct changes *c = &o->changes;
	struct blksnap_device device;
	struct blksnap_error err = { 0 };
	const struct blksnap_member *m = &info->members[i];

	if (blksnap_device_get(session, o->dev, &device, &err))
		fail("%s: %s", o->path, err.message);
	if (!c->on) {
		changes_begin(c, device.cbt_generation, 1, device.cbt_cell_bytes, o->sectors);
		s->fresh[i] = true;
	}
	if (memcmp(m->cbt_generation, c->generation, sizeof(c->generation)) ||
	    memcmp(device.cbt_generation, c->generation, sizeof(c->generation)))
		fail("%s: another generation after a take", o->path);
	if (m->cbt_number != c->running || device.cbt_number != c->running + 1)
		fail("%s: the image is of interval %u and %u runs, wanted %u", o->path,
		     m->cbt_number, device.cbt_number, c->running);
	c->running++;
	if (m->capacity_sectors != o->sectors)
		fail("%s: the image has %" PRIu64 " sectors", o->path, m->capacity_sectors);
	snprintf(s->member[i].image, sizeof(s->member[i].image), "/dev/%.50s", m->image_name);
	s->member[i].past = malloc(o->sectors * sizeof(*o->now));
	memcpy(s->member[i].past, o->now, o->sectors * sizeof(*o->now));
	o->snap = s;
}

static void plan_levels(struct blksnap_create *create, const struct snap *s)
{
	uint32_t total = area_units(s) * UNIT_SECTORS;

	create->has_low = true;
	if (chance(50)) {
		create->low_sectors = below(total);
		if (chance(50))
			create->clear_sectors = create->low_sectors + below(total);
	}
	create->grace_ms = chance(25) ? 1 + below(400) : 0;
}

void snap_create(bool running)
{
	struct blksnap_wait wait = { .timeout_ms = 300000, .cancel_fd = -1 };
	struct blksnap_dev devices[MAX_ORIGINS];
	struct blksnap_snapshot info = { 0 };
	struct blksnap_error err = { 0 };
	struct snap *s = snaps;
	struct blksnap_create create;
	unsigned int i;
	int ret;

	while (s < snaps + MAX_SNAPS && s->used)
		s++;
	if (s == snaps + MAX_SNAPS)
		return;
	memset(s, 0, sizeof(*s));
	if (!plan_members(s))
		return;
	area_plan(s, chance(55) ? snap_units(s) + (chance(50) ? 0 : below(2000)) : 1 + below(600));
	if (!s->nr_ranges) {
		snap_forget(s);
		return;
	}
	for (i = 0; i < s->members; i++)
		devices[i] = s->member[i].origin->dev;
	snprintf(s->name, sizeof(s->name), "model%u", ++names);
	create = (struct blksnap_create){
		.name = s->name,
		.devices = devices,
		.n_devices = s->members,
		.ranges = s->ranges,
		.n_ranges = s->nr_ranges,
		.attach = true,
	};
	plan_levels(&create, s);
	for (i = 0; i < THREADS; i++)
		s->done[i] = done[i];
	ret = blksnap_snapshot_create(session, &create, &wait, &info, &err);
	for (i = 0; i < THREADS; i++)
		s->started[i] = started[i];
	if (ret) {
		/* A gate is closed for 2 s at most: a busy machine may need more. */
		if (!faulty && ret != -ETIMEDOUT)
			fail("create of %s: %s", s->name, err.message);
		say("create of %s: %s", s->name, err.message);
		counts.retried_takes++;
		snap_forget(s);
		return;
	}
	if (info.n_members != s->members)
		fail("%s has %zu members, wanted %u", s->name, info.n_members, s->members);
	s->used = true;
	s->id = info.id;
	s->round = round_nr;
	s->classify = running;
	s->excused = faulty;
	for (i = 0; i < s->members; i++)
		learn_member(s, i, &info);
	judge_room(s);
	counts.takes++;
	counts.takes_running += running;
	say("%s: %u members, %u units in %u ranges%s%s", s->name, s->members, area_units(s),
	    s->nr_ranges, s->roomy ? ", roomy" : "", running ? ", while writes run" : "");
	blksnap_snapshot_clear(&info);
}

/* ---- destroy, extend, shrink, settings ---- */

static void after_destroy(struct snap *s)
{
	struct blksnap_snapshot info = { 0 };
	struct blksnap_error err = { 0 };
	struct blksnap_device device;
	unsigned int i;
	int ret;

	if (blksnap_snapshot_get(session, s->id, &info, &err) != -ENOENT)
		fail("%s is still there", s->name);
	for (i = 0; i < s->members; i++) {
		struct origin *o = s->member[i].origin;

		ret = blksnap_device_get(session, o->dev, &device, &err);
		if (o->keep && ret)
			fail("%s is not attached any more: %s", o->path, err.message);
		if (!o->keep && ret != -ENODEV)
			fail("%s is still attached", o->path);
		if (o->keep && device.cbt_number != o->changes.running)
			fail("%s: interval %u runs, wanted %u", o->path, device.cbt_number,
			     o->changes.running);
		if (!o->keep)
			changes_end(&o->changes);
	}
}

void snap_destroy(struct snap *s)
{
	struct blksnap_wait wait = { .timeout_ms = 300000, .cancel_fd = -1 };
	struct blksnap_error err = { 0 };
	unsigned int m = below(s->members);
	bool force = chance(40), open_one = chance(50);
	int fd = -1, ret;
	uint8_t *sector = aligned(4096);

	if (open_one) {
		fd = open(s->member[m].image, O_RDONLY | O_DIRECT | O_CLOEXEC);
		if (fd < 0)
			fail("%s: %s", s->member[m].image, strerror(errno));
	}
	ret = blksnap_snapshot_destroy(session, s->id, force, &wait, NULL, &err);
	if ((open_one || s->read) && !force) {
		if (ret != -EBUSY)
			fail("destroy of %s with its image open: %d", s->name, ret);
		counts.refusals++;
		ret = blksnap_snapshot_destroy(session, s->id, true, &wait, NULL, &err);
	}
	if (ret)
		fail("destroy of %s: %s", s->name, err.message);
	if (fd >= 0) {
		if (pread(fd, sector, 4096, 0) > 0)
			fail("%s can be read after its destruction", s->name);
		close(fd);
	}
	free(sector);
	say("%s destroyed%s", s->name, force ? " by force" : "");
	after_destroy(s);
	snap_forget(s);
}

void snap_extend(struct snap *s)
{
	unsigned int before = s->nr_ranges, n = area_plan(s, 1 + below(800));
	struct blksnap_error err = { 0 };
	int ret;

	if (!n)
		return;
	ret = blksnap_area_append(session, s->id, s->ranges + before, n, NULL, &err);
	if (ret) {
		/* A failed snapshot takes no more; a running one may fail at any time. */
		if (ret != -ESTALE || (s->roomy && !s->excused))
			fail("%s: extend: %s", s->name, err.message);
		s->nr_ranges = before;
		area_release(s);
		return;
	}
	judge_room(s);
	counts.extended++;
	say("%s extended to %u units%s", s->name, area_units(s), s->roomy ? ", roomy" : "");
}

static int range_find(const struct snap *s, const struct blksnap_range_info *r)
{
	unsigned int i;

	for (i = 0; i < s->nr_ranges; i++)
		if (s->ranges[i].dev.major == r->dev.major &&
		    s->ranges[i].dev.minor == r->dev.minor &&
		    s->ranges[i].start_sectors == r->start_sectors &&
		    s->ranges[i].count_sectors == r->count_sectors)
			return i;
	fail("%s has a range that was never given: %u:%u %" PRIu64 "+%" PRIu64, s->name,
	     r->dev.major, r->dev.minor, r->start_sectors, r->count_sectors);
}

void snap_shrink(struct snap *s)
{
	struct blksnap_range_info *list;
	struct blksnap_error err = { 0 };
	struct blksnap_range range;
	size_t n, pick;
	int ret, at;

	if (blksnap_area_list(session, s->id, &list, &n, &err))
		fail("%s: area: %s", s->name, err.message);
	if (n != s->nr_ranges)
		fail("%s has %zu ranges, wanted %u", s->name, n, s->nr_ranges);
	if (!n) {
		free(list);
		return;
	}
	pick = below(n);
	at = range_find(s, &list[pick]);
	range = s->ranges[at];
	ret = blksnap_area_remove(session, s->id, &range, 1, NULL, &err);
	if (!ret && list[pick].used_sectors)
		fail("%s: a range that holds copies was given back", s->name);
	if (!ret) {
		memmove(s->ranges + at, s->ranges + at + 1,
			(s->nr_ranges - at - 1) * sizeof(*s->ranges));
		s->nr_ranges--;
		area_release(s);
		judge_room(s);
		counts.shrunk++;
		say("%s shrunk to %u units", s->name, area_units(s));
	} else if (ret != -EBUSY && ret != -ENOSPC && ret != -ESTALE) {
		fail("%s: shrink: %s", s->name, err.message);
	}
	free(list);
}

void snap_set(struct snap *s)
{
	struct blksnap_settings settings = { 0 };
	struct blksnap_error err = { 0 };

	settings.has_low = true;
	settings.low_sectors = below(area_units(s) * UNIT_SECTORS + 1);
	settings.has_clear = chance(50);
	settings.clear_sectors = settings.low_sectors + below(4000);
	settings.has_grace = true;
	settings.grace_ms = chance(50) ? below(300) : 0;
	if (blksnap_snapshot_set(session, s->id, &settings, NULL, &err))
		fail("%s: set: %s", s->name, err.message);
}

/* ---- devices ---- */

void device_attach(struct origin *o, bool running)
{
	struct blksnap_device device;
	struct blksnap_error err = { 0 };
	unsigned int i;

	if (blksnap_device_attach(session, o->dev, 0, &device, &err)) {
		if (faulty)
			return;
		fail("%s: attach: %s", o->path, err.message);
	}
	o->keep = true;
	if (o->changes.on)
		return;
	changes_begin(&o->changes, device.cbt_generation, device.cbt_number, device.cbt_cell_bytes,
		      o->sectors);
	if (device.cbt_number != 1)
		fail("%s: a new generation begins at interval %u", o->path, device.cbt_number);
	o->attached_now = running;
	for (i = 0; i < THREADS; i++)
		o->attached_started[i] = started[i];
	say("%s attached", o->path);
}

void device_detach(struct origin *o)
{
	struct blksnap_error err = { 0 };
	int ret = blksnap_device_detach(session, o->dev, NULL, &err);
	int want = o->snap ? -EBUSY : o->keep ? 0 : -ENODEV;

	if (ret != want)
		fail("%s: detach: wanted %d, got %d (%s)", o->path, want, ret, err.message);
	if (ret) {
		counts.refusals++;
		return;
	}
	o->keep = false;
	changes_end(&o->changes);
	say("%s detached", o->path);
}

/* ---- refusals ---- */

static void refused(const char *why, struct blksnap_create *create, int want)
{
	struct blksnap_error err = { 0 };
	int ret = blksnap_snapshot_create(session, create, NULL, NULL, &err);

	if (ret != want && !(faulty && ret))
		fail("%s: wanted %d, got %d (%s)", why, want, ret, err.message);
	counts.refusals++;
}

static struct area_disk *free_area(void)
{
	unsigned int i;

	for (i = 0; i < nr_areas; i++)
		if (!areas[i].snap)
			return &areas[i];
	return NULL;
}

static struct origin *free_origin(void)
{
	unsigned int i;

	for (i = 0; i < nr_origins; i++)
		if (!origins[i].snap)
			return &origins[i];
	return NULL;
}

static void refused_ranges(struct blksnap_create *create, struct area_disk *area)
{
	struct blksnap_range ranges[2] = { { .dev = area->dev, .count_sectors = 1024 },
					   { .dev = area->dev, .count_sectors = 1024 } };

	create->ranges = ranges;
	create->n_ranges = 2;
	switch (below(4)) {
	case 0:
		ranges[1].start_sectors = 1016;
		refused("ranges that overlap", create, -EBUSY);
		break;
	case 1:
		ranges[1].start_sectors = area->sectors - 512;
		refused("a range beyond the end", create, -ERANGE);
		break;
	case 2:
		ranges[1].dev = create->devices[0];
		refused("an area on the origin itself", create, -EBUSY);
		break;
	default:
		ranges[1].start_sectors = 2048;
		ranges[1].count_sectors = UNIT_SECTORS - 1;
		refused("a range of less than a unit", create, -EINVAL);
	}
	create->ranges = NULL;
	create->n_ranges = 0;
}

void snap_refusals(void)
{
	struct area_disk *area = free_area();
	struct origin *o = free_origin();
	struct snap *other = snap_random();
	struct blksnap_range range;
	struct blksnap_dev devices[2];
	struct blksnap_create create = { .attach = true, .devices = devices, .ranges = &range };

	if (!area || !o)
		return;
	range = (struct blksnap_range){ .dev = area->dev, .count_sectors = 4096 };
	devices[0] = o->dev;
	create.n_devices = 1;
	create.n_ranges = 1;
	if (!other || chance(60)) {
		refused_ranges(&create, area);
		return;
	}
	switch (below(3)) {
	case 0:
		create.name = other->name;
		refused("a name in use", &create, -EEXIST);
		break;
	case 1:
		devices[1] = other->member[0].origin->dev;
		create.n_devices = 2;
		refused("a member of another snapshot", &create, -EBUSY);
		break;
	default:
		if (!other->nr_ranges)
			break;
		range = other->ranges[below(other->nr_ranges)];
		refused("a range of another area", &create, -EBUSY);
	}
}

/* ---- checks ---- */

static void wait_a_little(void)
{
	struct timespec t = { .tv_nsec = 20000000 };

	nanosleep(&t, NULL);
}

/* The past of a failed snapshot is lost: every read says so. */
static void check_lost(struct snap *s)
{
	uint8_t *buf = aligned(64 * SECTOR);
	unsigned int i, n;

	for (i = 0; i < s->members; i++) {
		struct origin *o = s->member[i].origin;
		int fd = open(s->member[i].image, O_RDONLY | O_DIRECT | O_CLOEXEC), ret;

		if (fd < 0)
			fail("%s: %s", s->member[i].image, strerror(errno));
		for (n = 0; n < 4; n++) {
			ret = read_sectors(fd, buf, below(o->sectors / o->align) * o->align,
					   o->align);
			if (ret != EIO)
				fail("%s of a failed snapshot: read gave %d, wanted EIO",
				     s->member[i].image, ret);
		}
		close(fd);
	}
	free(buf);
}

static void judge_failure(struct snap *s, const struct blksnap_snapshot *info)
{
	bool overflow = info->state == BLKSNAP_SNAPSHOT_STATE_OVERFLOW;

	if (!s->failed) {
		say("%s: %s (%s), %" PRIu64 " of %" PRIu64 " sectors used", s->name,
		    blksnap_snapshot_state_word(info->state), strerror(-info->error),
		    info->area_used_sectors, info->area_total_sectors);
		if (overflow)
			counts.overflows++;
		else
			counts.failures++;
	}
	if (info->state != BLKSNAP_SNAPSHOT_STATE_FAILED && !overflow)
		fail("%s is %s", s->name, blksnap_snapshot_state_word(info->state));
	if (overflow != (info->error == -ENOSPC))
		fail("%s: %s with error %d", s->name, blksnap_snapshot_state_word(info->state),
		     info->error);
	if (overflow && s->roomy && !s->excused)
		fail("%s: overflow of an area of %u units for %u, %" PRIu64 " of %" PRIu64
		     " sectors used",
		     s->name, area_units(s), snap_units(s), info->area_used_sectors,
		     info->area_total_sectors);
	if (!overflow && !s->excused)
		fail("%s failed without a reason: error %d, phase %s", s->name, info->error,
		     blksnap_snapshot_phase_word(info->phase));
	s->failed = true;
}

/* True: the snapshot stands. */
static bool check_state(struct snap *s)
{
	struct blksnap_snapshot info = { 0 };
	struct blksnap_error err = { 0 };
	bool taken;

	if (blksnap_snapshot_get(session, s->id, &info, &err))
		fail("%s: %s", s->name, err.message);
	if (info.area_total_sectors != (uint64_t)area_units(s) * UNIT_SECTORS)
		fail("%s: the area has %" PRIu64 " sectors, wanted %u units", s->name,
		     info.area_total_sectors, area_units(s));
	taken = info.state == BLKSNAP_SNAPSHOT_STATE_TAKEN;
	if (!taken)
		judge_failure(s, &info);
	else if (s->failed)
		fail("%s has come back from failure", s->name);
	else if (info.area_used_sectors > info.area_total_sectors)
		fail("%s: more used than there is", s->name);
	blksnap_snapshot_clear(&info);
	return taken;
}

/* An image gave an error: its snapshot must be about to say why. */
static bool await_failure(struct snap *s, const char *image, int error)
{
	unsigned int tries;

	for (tries = 0; tries < 1500; tries++) {
		if (!check_state(s))
			return true;
		wait_a_little();
	}
	fail("%s: %s, and the snapshot is said to be well", image, strerror(error));
}

static int check_image(struct snap *s, unsigned int m, int fd, bool all)
{
	struct origin *o = s->member[m].origin;
	unsigned int i;
	int ret;

	if (all)
		return check_sectors(s->member[m].image, fd, s->member[m].past, 0, o->sectors);
	for (i = 0; i < nr_ops; i++) {
		const struct op *op = &ops[i];
		uint32_t first = op->first - op->first % o->align, count = op->count;

		if (op->origin != o || !count)
			continue;
		count = (op->first + count - first + o->align - 1) / o->align * o->align;
		ret = check_sectors(s->member[m].image, fd, s->member[m].past, first, count);
		if (ret)
			return ret;
	}
	return 0;
}

void snap_check(struct snap *s, bool all)
{
	unsigned int i;

	if (!check_state(s)) {
		check_lost(s);
		return;
	}
	for (i = 0; i < s->members; i++) {
		int fd = open(s->member[i].image, O_RDONLY | O_DIRECT | O_CLOEXEC), ret;

		if (fd < 0)
			fail("%s: %s", s->member[i].image, strerror(errno));
		ret = check_image(s, i, fd, all);
		if (ret)
			await_failure(s, s->member[i].image, ret);
		close(fd);
	}
}

void everything_must_be_known(void)
{
	struct blksnap_snapshot *list;
	struct blksnap_device *devices;
	struct blksnap_error err = { 0 };
	size_t n, wanted = 0, i;

	for (i = 0; i < MAX_SNAPS; i++)
		wanted += snaps[i].used;
	if (blksnap_snapshot_list(session, &list, &n, &err))
		fail("list of snapshots: %s", err.message);
	if (n != wanted)
		fail("there are %zu snapshots, wanted %zu", n, wanted);
	blksnap_snapshots_free(list, n);
	for (wanted = 0, i = 0; i < nr_origins; i++)
		wanted += origins[i].keep || origins[i].snap;
	if (blksnap_device_list(session, &devices, &n, &err))
		fail("list of devices: %s", err.message);
	if (n != wanted)
		fail("there are %zu tracked devices, wanted %zu", n, wanted);
	free(devices);
}
