// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "../device.h"
#include "model.h"

struct origin origins[MAX_ORIGINS];
unsigned int nr_origins;
struct area_disk areas[MAX_AREAS];
unsigned int nr_areas;
struct snap snaps[MAX_SNAPS];
unsigned int round_nr;
bool faulty;
bool verbose;
struct blksnap_session *session;
struct counts counts;

static unsigned int ops_per_round = 40, round_limit_s = 300;
static unsigned long rounds = 1u << 30, seconds = 20;
static unsigned int fault_percent;

static void usage(void)
{
	fprintf(stderr,
		"usage: model [options] --origin DEV[:DISK]... --area DEV[:DISK]...\n"
		"  --seed N        of all that is random (1)\n"
		"  --seconds N     begin no round after that (20)\n"
		"  --rounds N      at most so many\n"
		"  --first N       begin with round N\n"
		"  --ops N         operations a round (40)\n"
		"  --limit N       seconds after which a round counts as stuck (300)\n"
		"  --faults P      percent of the rounds in which a disk fails;\n"
		"                  'fail DISK OP SECTOR...' and 'heal DISK' go to descriptor 3,\n"
		"                  'ok' comes from descriptor 4\n"
		"  --verbose       say what is done\n");
	exit(2);
}

static void stuck(int sig)
{
	static const char text[] = "model: a round does not end\n";
	int fd = open("/proc/sysrq-trigger", O_WRONLY);

	(void)sig;
	if (write(2, text, sizeof(text) - 1) < 0 || fd < 0 || write(fd, "w", 1) < 0)
		_exit(3);
	_exit(1);
}

/* ---- devices ---- */

static int split_disk(char *arg)
{
	char *colon = strchr(arg, ':');

	if (!colon)
		return -1;
	*colon = 0;
	return atoi(colon + 1);
}

static int open_or_fail(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

static void size_of(int fd, uint32_t *sectors, uint32_t *align)
{
	uint64_t bytes;
	int lbs;

	if (ioctl(fd, BLKGETSIZE64, &bytes) || ioctl(fd, BLKSSZGET, &lbs))
		fail("a device has no size");
	*sectors = bytes / SECTOR;
	*align = lbs / SECTOR;
}

static void add_origin(char *arg)
{
	struct origin *o = &origins[nr_origins++];

	if (nr_origins > MAX_ORIGINS)
		usage();
	o->disk = split_disk(arg);
	o->path = arg;
	o->dev = device(arg);
	o->direct = open_or_fail(arg, O_RDWR | O_DIRECT);
	o->dsync = open_or_fail(arg, O_RDWR | O_DIRECT | O_DSYNC);
	o->buffered = open_or_fail(arg, O_RDWR);
	size_of(o->direct, &o->sectors, &o->align);
	o->now = malloc(o->sectors * sizeof(*o->now));
	o->op_of = malloc(o->sectors * sizeof(*o->op_of));
	o->page = malloc(o->sectors / UNIT_SECTORS + 1);
}

static void add_area(char *arg)
{
	struct area_disk *d = &areas[nr_areas++];
	int fd;

	if (nr_areas > MAX_AREAS)
		usage();
	d->disk = split_disk(arg);
	d->path = arg;
	d->dev = device(arg);
	fd = open_or_fail(arg, O_RDONLY);
	size_of(fd, &d->sectors, &d->align);
	close(fd);
}

static void stamp(struct origin *o)
{
	uint8_t *buf = aligned(MAX_OP_SECTORS * SECTOR);
	uint32_t at, n;

	for (at = 0; at < o->sectors; at += n) {
		n = o->sectors - at < MAX_OP_SECTORS ? o->sectors - at : MAX_OP_SECTORS;
		fill(buf, 1, at, n);
		if (write_sectors(o->direct, buf, at, n))
			fail("%s cannot be written", o->path);
	}
	for (at = 0; at < o->sectors; at++)
		o->now[at] = 1;
	free(buf);
}

/* ---- a round ---- */

static void some_command(bool running)
{
	struct snap *s = snap_random();
	struct origin *o = &origins[below(nr_origins)];
	unsigned int what = below(100);
	bool young = s && running && s->round == round_nr;

	if (what < 26)
		snap_create(running);
	else if (what < 36 && s && !young)
		snap_destroy(s);
	else if (what < 50 && s)
		snap_extend(s);
	else if (what < 60 && s)
		snap_shrink(s);
	else if (what < 66 && s)
		snap_set(s);
	else if (what < 74)
		device_attach(o, running);
	else if (what < 80)
		device_detach(o);
	else if (what < 90)
		snap_refusals();
	else if (o->changes.on && (!running || (o->snap && o->snap->round != round_nr)))
		changes_check(o);
	else if (o->changes.on && !running)
		changes_mark(o);
}

static bool took_this_round(void)
{
	unsigned int i;

	for (i = 0; i < MAX_SNAPS; i++)
		if (snaps[i].used && snaps[i].classify)
			return true;
	return false;
}

static void commands_while_running(void)
{
	struct timespec t = { 0 };
	unsigned int n = below(4);

	while (n--) {
		t.tv_nsec = below(chance(50) ? 2000000 : 60000000);
		nanosleep(&t, NULL);
		if (took_this_round())
			break; /* one is enough to sort out */
		some_command(true);
	}
}

static void check_origins(bool all)
{
	unsigned int i, k;
	int ret;

	for (i = 0; i < nr_origins; i++) {
		struct origin *o = &origins[i];

		ret = all ? check_sectors(o->path, o->direct, o->now, 0, o->sectors) : 0;
		for (k = 0; !all && !ret && k < nr_ops; k++)
			if (ops[k].origin == o && ops[k].count)
				ret = check_sectors(o->path, o->direct, o->now, ops[k].first,
						    ops[k].count);
		if (ret)
			fail("%s: read: %s", o->path, strerror(ret));
	}
}

static void check_all(bool all)
{
	unsigned int i;

	check_origins(all);
	for (i = 0; i < MAX_SNAPS; i++)
		if (snaps[i].used)
			snap_check(&snaps[i], all);
	for (i = 0; i < nr_origins; i++)
		if (origins[i].changes.on)
			changes_check(&origins[i]);
	everything_must_be_known();
	watch_check();
}

static void one_round(uint64_t seed)
{
	unsigned int n;
	bool all, readers;

	random_seed(seed ^ (uint64_t)round_nr << 32);
	all = chance(20);
	readers = chance(70);
	ops_plan(1 + below(ops_per_round), chance(70) ? ~0u : 1u << below(nr_origins));
	for (n = below(3); n; n--)
		some_command(false);
	if (chance(fault_percent))
		fault_set();
	if (readers)
		readers_start();
	ops_start();
	commands_while_running();
	ops_end();
	if (readers)
		readers_end();
	fault_clear();
	ops_settle();
	faulty = false;
	check_all(all);
}

static void clean_up(void)
{
	unsigned int i;

	for (i = 0; i < MAX_SNAPS; i++)
		if (snaps[i].used)
			snap_destroy(&snaps[i]);
	for (i = 0; i < nr_origins; i++)
		if (origins[i].keep)
			device_detach(&origins[i]);
	nr_ops = 0;
	check_all(true);
	watch_close();
	blksnap_close(session);
}

static void report(uint64_t seed)
{
	printf("seed %llu: %u rounds, %lu operations of %lu KiB, %lu takes (%lu while writes ran, "
	       "%lu given up), %lu overflows, %lu failures, %lu faults, %lu ranges sets added, "
	       "%lu taken back, %lu refusals, %lu change maps, %lu MiB compared\n",
	       (unsigned long long)seed, round_nr, counts.ops, counts.sectors / 2, counts.takes,
	       counts.takes_running, counts.retried_takes, counts.overflows, counts.failures,
	       counts.faults, counts.extended, counts.shrunk, counts.refusals, counts.queries,
	       counts.checked_sectors / 2048);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 0);

	if (!*text || *end)
		usage();
	return n;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "seconds", required_argument, NULL, 't' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "first", required_argument, NULL, 'b' },
		{ "ops", required_argument, NULL, 'n' },
		{ "limit", required_argument, NULL, 'l' },
		{ "faults", required_argument, NULL, 'f' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "origin", required_argument, NULL, 'o' },
		{ "area", required_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	struct blksnap_error err = { 0 };
	unsigned long first = 1;
	uint64_t seed = 1;
	time_t begin;
	unsigned int i;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (c) {
		case 's':
			seed = number(optarg);
			break;
		case 't':
			seconds = number(optarg);
			break;
		case 'r':
			rounds = number(optarg);
			break;
		case 'b':
			first = number(optarg);
			break;
		case 'n':
			ops_per_round = number(optarg);
			break;
		case 'l':
			round_limit_s = number(optarg);
			break;
		case 'f':
			fault_percent = number(optarg);
			break;
		case 'v':
			verbose = true;
			break;
		case 'o':
			add_origin(optarg);
			break;
		case 'a':
			add_area(optarg);
			break;
		default:
			usage();
		}
	}
	if (!nr_origins || !nr_areas || !ops_per_round || !first)
		usage();
	if (fault_percent && !faults_init(3, 4))
		fail("nobody makes faults");
	if (blksnap_open(&session, &err))
		fail("%s", err.message);
	signal(SIGALRM, stuck);
	alarm(round_limit_s);
	for (i = 0; i < nr_origins; i++)
		stamp(&origins[i]);
	watch_open();
	begin = time(NULL);
	for (round_nr = first; round_nr < first + rounds && time(NULL) - begin < (time_t)seconds;
	     round_nr++) {
		alarm(round_limit_s);
		one_round(seed * 0x9e3779b97f4a7c15);
	}
	alarm(round_limit_s);
	clean_up();
	report(seed);
	return 0;
}
