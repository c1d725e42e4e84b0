// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * diskpat - patterns on disks: write them, recognise them, compare them.
 *
 * A guest is emulated, so this is one pass in C where a shell would need a
 * cryptographic hash. It knows nothing of snapshots. All positions are in
 * sectors of 512 bytes unless a unit is given.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <linux/fs.h>

#define SECTOR 512
#define CHUNK (1024 * 1024)
#define MAGIC 0x31706d617473626bULL /* "kbstamp1" in memory */

/* The first words of a stamped sector; the rest is made from them. */
struct stamp {
	uint64_t magic;
	uint64_t sector;
	uint64_t generation;
	uint64_t check;
};

static void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void die(const char *fmt, ...)
{
	va_list ap;

	fputs("diskpat: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

static uint64_t mix(uint64_t x)
{
	/* splitmix64 */
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t n;

	errno = 0;
	n = strtoull(text, &end, 0);
	switch (*end) {
	case 'G':
		n *= 1024;
		/* fallthrough */
	case 'M':
		n *= 1024;
		/* fallthrough */
	case 'K':
		n *= 1024;
		end++;
		break;
	}
	if (errno || *end || end == text)
		die("%s: not a number", text);
	return n;
}

static int open_disk(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

static uint64_t sectors_of(int fd, const char *path)
{
	struct stat st;
	uint64_t bytes;

	if (fstat(fd, &st))
		die("%s: %s", path, strerror(errno));
	bytes = st.st_size;
	if (S_ISBLK(st.st_mode) && ioctl(fd, BLKGETSIZE64, &bytes))
		die("%s: no size: %s", path, strerror(errno));
	return bytes / SECTOR;
}

static unsigned char *buffer(void)
{
	void *p;

	if (posix_memalign(&p, 4096, CHUNK))
		die("no memory");
	return p;
}

static void read_all(int fd, const char *path, void *buf, size_t len, uint64_t at)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(fd, (char *)buf + done, len - done, at + done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			fprintf(stderr, "diskpat: %s: read at sector %" PRIu64 ": %s\n", path,
				(at + done) / SECTOR, n ? strerror(errno) : "end of device");
			exit(3);
		}
		done += n;
	}
}

static void write_all(int fd, const char *path, const void *buf, size_t len, uint64_t at)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pwrite(fd, (const char *)buf + done, len - done, at + done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			fprintf(stderr, "diskpat: %s: write at sector %" PRIu64 ": %s\n", path,
				(at + done) / SECTOR, n ? strerror(errno) : "end of device");
			exit(3);
		}
		done += n;
	}
}

/* A part of a disk from "[FIRST [COUNT]]"; the whole without. */
struct range {
	uint64_t first, count;
};

static struct range range_of(int argc, char **argv, uint64_t size)
{
	struct range r = { 0, size };

	if (argc > 0) {
		r.first = number(argv[0]);
		if (r.first > size)
			die("sector %s lies beyond the end", argv[0]);
		r.count = size - r.first;
	}
	if (argc > 1)
		r.count = number(argv[1]);
	if (r.first + r.count > size)
		die("%" PRIu64 " sectors from %" PRIu64 " reach beyond the end", r.count, r.first);
	return r;
}

static void fill_stamp(void *at, uint64_t sector, uint64_t generation)
{
	struct stamp *s = at;
	uint64_t *word = at;
	uint64_t seed = mix(sector ^ mix(generation));

	s->magic = MAGIC;
	s->sector = sector;
	s->generation = generation;
	s->check = seed;
	for (size_t i = sizeof(*s) / 8; i < SECTOR / 8; i++)
		word[i] = seed + i;
}

static int cmd_stamp(int argc, char **argv)
{
	int fd = open_disk(argv[0], O_WRONLY);
	uint64_t generation = number(argv[1]);
	struct range r = range_of(argc - 2, argv + 2, sectors_of(fd, argv[0]));
	unsigned char *buf = buffer();

	while (r.count) {
		uint64_t n = r.count < CHUNK / SECTOR ? r.count : CHUNK / SECTOR;

		for (uint64_t i = 0; i < n; i++)
			fill_stamp(buf + i * SECTOR, r.first + i, generation);
		write_all(fd, argv[0], buf, n * SECTOR, r.first * SECTOR);
		r.first += n;
		r.count -= n;
	}
	if (fsync(fd))
		die("%s: fsync: %s", argv[0], strerror(errno));
	return 0;
}

static void describe(const unsigned char *got, uint64_t sector)
{
	const struct stamp *s = (const void *)got;
	unsigned char want[SECTOR];
	bool zero = true;

	if (s->magic == MAGIC) {
		fill_stamp(want, s->sector, s->generation);
		if (memcmp(want, got, SECTOR))
			printf("a torn stamp of generation %" PRIu64 ", sector %" PRIu64 "\n",
			       s->generation, s->sector);
		else if (s->sector != sector)
			printf("generation %" PRIu64 " of sector %" PRIu64 "\n", s->generation,
			       s->sector);
		else
			printf("generation %" PRIu64 "\n", s->generation);
		return;
	}
	for (int i = 0; i < SECTOR; i++)
		zero = zero && !got[i];
	printf("%s\n", zero ? "zeroes" : "no stamp");
}

static int cmd_check(int argc, char **argv)
{
	int fd = open_disk(argv[0], O_RDONLY);
	char *dash = strchr(argv[1], '-');
	uint64_t low, high, bad = 0;
	unsigned char *buf = buffer();
	struct range r;

	if (dash)
		*dash++ = '\0';
	low = number(argv[1]);
	high = dash ? number(dash) : low;
	r = range_of(argc - 2, argv + 2, sectors_of(fd, argv[0]));
	while (r.count) {
		uint64_t n = r.count < CHUNK / SECTOR ? r.count : CHUNK / SECTOR;

		read_all(fd, argv[0], buf, n * SECTOR, r.first * SECTOR);
		for (uint64_t i = 0; i < n; i++) {
			const struct stamp *s = (void *)(buf + i * SECTOR);
			unsigned char want[SECTOR];

			fill_stamp(want, r.first + i, s->generation);
			if (!memcmp(want, s, SECTOR) && s->generation >= low &&
			    s->generation <= high)
				continue;
			if (bad++ >= 10)
				continue;
			printf("%s: sector %" PRIu64 ": wanted generation %" PRIu64, argv[0],
			       r.first + i, low);
			if (high != low)
				printf(" to %" PRIu64, high);
			printf(", got ");
			describe((void *)s, r.first + i);
		}
		r.first += n;
		r.count -= n;
	}
	if (bad)
		printf("%s: %" PRIu64 " wrong sectors\n", argv[0], bad);
	return bad != 0;
}

/* Four lanes, so that the multiplications do not wait for each other. */
static uint64_t sum_chunk(uint64_t sum, const unsigned char *buf, size_t len)
{
	const uint64_t *w = (const void *)buf;
	uint64_t a = sum, b = ~sum, c = sum + 1, d = ~sum - 1;

	for (size_t i = 0; i < len / 8; i += 4) {
		a = (a ^ w[i]) * 0x9e3779b97f4a7c15ULL;
		b = (b ^ w[i + 1]) * 0xc2b2ae3d27d4eb4fULL;
		c = (c ^ w[i + 2]) * 0x165667b19e3779f9ULL;
		d = (d ^ w[i + 3]) * 0xd6e8feb86659fd93ULL;
		a ^= a >> 29;
		b ^= b >> 31;
		c ^= c >> 30;
		d ^= d >> 32;
	}
	return mix(a) ^ mix(b + 1) ^ mix(c + 2) ^ mix(d + 3);
}

static int cmd_sum(int argc, char **argv)
{
	int fd = open_disk(argv[0], O_RDONLY);
	struct range r = range_of(argc - 1, argv + 1, sectors_of(fd, argv[0]));
	unsigned char *buf = buffer();
	uint64_t sum = r.count;

	while (r.count) {
		uint64_t n = r.count < CHUNK / SECTOR ? r.count : CHUNK / SECTOR;

		read_all(fd, argv[0], buf, n * SECTOR, r.first * SECTOR);
		sum = sum_chunk(sum, buf, n * SECTOR);
		r.first += n;
		r.count -= n;
	}
	printf("%016" PRIx64 "\n", sum);
	return 0;
}

static int cmd_diff(int argc, char **argv)
{
	int a = open_disk(argv[0], O_RDONLY);
	int b = open_disk(argv[1], O_RDONLY);
	uint64_t unit = argc > 2 ? number(argv[2]) : 0;
	uint64_t size_a = sectors_of(a, argv[0]), size_b = sectors_of(b, argv[1]);
	uint64_t size = size_a < size_b ? size_a : size_b;
	uint64_t step = unit ? unit : SECTOR, last = UINT64_MAX, bad = 0, run = 0;
	unsigned char *x = buffer(), *y = buffer();

	if (size_a != size_b)
		printf("%s has %" PRIu64 " sectors, %s has %" PRIu64 "\n", argv[0], size_a,
		       argv[1], size_b);
	for (uint64_t at = 0; at < size * SECTOR; at += CHUNK) {
		size_t len = size * SECTOR - at < CHUNK ? size * SECTOR - at : CHUNK;

		read_all(a, argv[0], x, len, at);
		read_all(b, argv[1], y, len, at);
		if (!memcmp(x, y, len))
			continue;
		for (size_t i = 0; i < len; i += SECTOR) {
			uint64_t nr = (at + i) / step;

			if (nr == last || !memcmp(x + i, y + i, SECTOR))
				continue;
			bad++;
			if (unit)
				printf("%" PRIu64 "\n", nr);
			else if (nr != last + 1 && run++ < 10)
				printf("%s and %s differ from sector %" PRIu64 "\n", argv[0],
				       argv[1], nr);
			last = nr;
		}
	}
	if (bad && !unit)
		printf("%" PRIu64 " sectors differ, in %" PRIu64 " runs\n", bad, run);
	return bad || size_a != size_b;
}

/* Writes of random place and length; the same seed writes the same bytes. */
static int cmd_scribble(int argc, char **argv)
{
	uint64_t seed = number(argv[1]), count = number(argv[2]), bytes = 0;
	uint64_t min = SECTOR, max = CHUNK, first = 0, end, salt = 0;
	unsigned char *buf = buffer();
	int modes[] = { open_disk(argv[0], O_RDWR), open_disk(argv[0], O_RDWR | O_DIRECT),
			open_disk(argv[0], O_RDWR | O_DIRECT | O_DSYNC) };
	int pick = 0, align = SECTOR;

	end = sectors_of(modes[0], argv[0]) * SECTOR;
	ioctl(modes[0], BLKSSZGET, &align);
	for (int i = 3; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (value)
			*value++ = '\0';
		if (!strcmp(argv[i], "buffered"))
			pick = 0;
		else if (!strcmp(argv[i], "direct"))
			pick = 1;
		else if (!strcmp(argv[i], "dsync"))
			pick = 2;
		else if (!strcmp(argv[i], "mixed"))
			pick = -1;
		else if (value && !strcmp(argv[i], "min"))
			min = number(value);
		else if (value && !strcmp(argv[i], "max"))
			max = number(value);
		else if (value && !strcmp(argv[i], "from"))
			first = number(value);
		else if (value && !strcmp(argv[i], "to"))
			end = number(value);
		else if (value && !strcmp(argv[i], "align"))
			align = number(value);
		else
			die("scribble does not know '%s'", argv[i]);
	}
	if (min < (uint64_t)align)
		min = align;
	if (max > CHUNK || max < min || first + max > end)
		die("scribble: bad bounds");
	for (uint64_t i = 0; i < count; i++) {
		uint64_t h = mix(seed ^ mix(i));
		uint64_t len, at;
		int mode = pick < 0 ? (int)(h % 3) : pick;

		/* lengths spread over powers of two: small ones are as likely as large */
		len = min << (mix(h) % 32);
		if (len > max || len < min)
			len = min + mix(h + 1) % (max - min + 1);
		len -= len % align;
		at = first + mix(h + 2) % (end - first - len + 1);
		at -= at % align;
		salt = mix(h + 3);
		for (uint64_t w = 0; w < len / 8; w++)
			((uint64_t *)buf)[w] = salt + w * 0x9e3779b97f4a7c15ULL;
		write_all(modes[mode], argv[0], buf, len, at);
		bytes += len;
	}
	if (fsync(modes[0]))
		die("%s: fsync: %s", argv[0], strerror(errno));
	printf("%" PRIu64 "\n", bytes);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	int least;
	const char *usage;
} commands[] = {
	{ "stamp", cmd_stamp, 2, "FILE GENERATION [FIRST [COUNT]]   mark each sector" },
	{ "check", cmd_check, 2, "FILE LOW[-HIGH] [FIRST [COUNT]]   each sector bears such a mark" },
	{ "scribble", cmd_scribble, 3,
	  "FILE SEED COUNT [buffered|direct|dsync|mixed] [min=BYTES] [max=BYTES] [from=BYTES]\n"
	  "                 [to=BYTES] [align=BYTES]   random writes; prints the bytes written" },
	{ "sum", cmd_sum, 1, "FILE [FIRST [COUNT]]   64 bits that stand for the content" },
	{ "diff", cmd_diff, 2,
	  "FILE FILE [UNIT]   what differs; with UNIT (bytes) the numbers of the units that do" },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (argc > 1 && !strcmp(argv[1], commands[i].name) &&
		    argc - 2 >= commands[i].least)
			return commands[i].run(argc - 2, argv + 2);
	fputs("usage:\n", stderr);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(stderr, "  diskpat %s %s\n", commands[i].name, commands[i].usage);
	fputs("Exit status: 0 yes, 1 no, 2 usage, 3 input or output error.\n", stderr);
	return 2;
}
