// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faults of disks for the length of a round. The machine makes them: a line
 * goes to whoever started this program, which answers when it is done. The
 * debug kernel can fail any request of a disk at random as well.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model.h"

static FILE *request, *reply;
static int broken_disk = -1; /* number in the machine */
static const char *random_path; /* whose requests fail at random */

bool faults_init(int request_fd, int reply_fd)
{
	request = fdopen(request_fd, "w");
	reply = fdopen(reply_fd, "r");
	return request && reply;
}

static void ask(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void ask(const char *format, ...)
{
	char line[64];
	va_list args;

	va_start(args, format);
	vfprintf(request, format, args);
	va_end(args);
	fputc('\n', request);
	fflush(request);
	if (!fgets(line, sizeof(line), reply) || strncmp(line, "ok", 2))
		fail("a fault could not be set or cleared");
}

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return good;
}

static bool random_faults(const char *path, unsigned int percent)
{
	char file[128], text[16];

	snprintf(text, sizeof(text), "%u", percent);
	snprintf(file, sizeof(file), "/sys/block/%s/make-it-fail", strrchr(path, '/') + 1);
	return put("/sys/kernel/debug/fail_make_request/times", "-1") &&
	       put("/sys/kernel/debug/fail_make_request/verbose", "0") &&
	       put("/sys/kernel/debug/fail_make_request/probability", text) &&
	       put(file, percent ? "1" : "0");
}

/* Sectors of @s's area on @d, or anywhere on it. */
static uint32_t area_sector(const struct snap *s, const struct area_disk *d)
{
	unsigned int i, at = below(s->nr_ranges);

	for (i = 0; i < s->nr_ranges; i++) {
		const struct blksnap_range *r = &s->ranges[(at + i) % s->nr_ranges];
		uint32_t near = r->count_sectors < 400 ? r->count_sectors : 400;

		if (r->dev.major == d->dev.major && r->dev.minor == d->dev.minor)
			return r->start_sectors + below(chance(70) ? near : r->count_sectors);
	}
	return below(d->sectors);
}

static void fault_area(struct area_disk *d)
{
	const char *op = chance(50) ? "write" : "read";
	uint32_t a = area_sector(d->snap, d), b = area_sector(d->snap, d);

	d->snap->excused = true;
	if (chance(40) && random_faults(d->path, 1 + below(20))) {
		random_path = d->path;
		say("requests of %s (area of %s) fail at random", d->path, d->snap->name);
		return;
	}
	if (d->disk < 0)
		return;
	broken_disk = d->disk;
	ask("fail %d %s %u %u", d->disk, op, a, b);
	say("%s (area of %s): %s of sectors %u, %u fails", d->path, d->snap->name, op, a, b);
}

static void fault_origin(struct origin *o)
{
	bool read = chance(60);
	uint32_t sector = below(o->sectors);

	if (o->snap && read)
		o->snap->excused = true;
	if (chance(40) && random_faults(o->path, 1 + below(10))) {
		if (o->snap)
			o->snap->excused = true;
		random_path = o->path;
		say("requests of %s fail at random", o->path);
		return;
	}
	if (o->disk < 0)
		return;
	broken_disk = o->disk;
	ask("fail %d %s %u", o->disk, read ? "read" : "write", sector);
	say("%s: %s of sector %u fails", o->path, read ? "read" : "write", sector);
}

void fault_set(void)
{
	struct area_disk *d = &areas[below(nr_areas)];
	struct origin *o = &origins[below(nr_origins)];

	if (!request)
		return;
	if (chance(60) && d->snap && d->snap->used && d->snap->nr_ranges)
		fault_area(d);
	else
		fault_origin(o);
	faulty = broken_disk >= 0 || random_path;
	counts.faults += faulty;
}

void fault_clear(void)
{
	if (broken_disk >= 0)
		ask("heal %d", broken_disk);
	if (random_path && !random_faults(random_path, 0))
		fail("%s cannot be healed", random_path);
	broken_disk = -1;
	random_path = NULL;
}
