// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sequence - writers that count: each writes 1, 2, 3 … to the devices in
 * turn, goes on only when a write is acknowledged, and keeps in a file how far
 * it came. From what a device holds, reading tells at which number it stands.
 *
 * Writer w puts number n into block (w * RING + n % RING); every sector of the
 * block begins with n, so that a torn block is seen.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SECTOR 512
#define HUGE (2UL << 20)
#define MAX_WRITERS 256
#define MAX_DEVICES 8

static size_t block;
static unsigned long ring;
static int devices[MAX_DEVICES];
static int nr_devices;
static _Atomic uint64_t *acknowledged;
static atomic_bool stop;

static void die(const char *what)
{
	fprintf(stderr, "sequence: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* Huge pages where they can be had, so that large writes are single bios. */
static unsigned char *buffer(void)
{
	void *p;

	if (posix_memalign(&p, HUGE, block < HUGE ? HUGE : block))
		die("memory");
	madvise(p, block, MADV_HUGEPAGE);
	memset(p, 0x5a, block);
	return p;
}

static off_t place(unsigned long writer, uint64_t n)
{
	return (off_t)(writer * ring + n % ring) * block;
}

static void *writer(void *arg)
{
	unsigned long w = (unsigned long)arg;
	unsigned char *buf = buffer();

	for (uint64_t n = 1; !stop; n++) {
		for (size_t i = 0; i < block; i += SECTOR)
			memcpy(buf + i, &n, sizeof(n));
		for (int d = 0; d < nr_devices; d++)
			if (pwrite(devices[d], buf, block, place(w, n)) != (ssize_t)block)
				die("write");
		acknowledged[w] = n;
	}
	return NULL;
}

static void on_signal(int sig)
{
	(void)sig;
	stop = true;
}

static int cmd_write(char **argv, unsigned long writers)
{
	pthread_t thread[MAX_WRITERS];
	char *name, *list = argv[4];
	int fd;

	while ((name = strsep(&list, ","))) {
		fd = open(name, O_WRONLY | O_DIRECT | O_DSYNC | O_CLOEXEC);
		if (fd < 0 || nr_devices == MAX_DEVICES)
			die(name);
		devices[nr_devices++] = fd;
	}
	fd = open(argv[5], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || ftruncate(fd, writers * sizeof(uint64_t)))
		die(argv[5]);
	acknowledged = mmap(NULL, writers * sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED,
			    fd, 0);
	if (acknowledged == MAP_FAILED)
		die("mmap");
	signal(SIGTERM, on_signal);
	for (unsigned long w = 0; w < writers; w++)
		if (pthread_create(&thread[w], NULL, writer, (void *)w))
			die("thread");
	for (unsigned long w = 0; w < writers; w++)
		pthread_join(thread[w], NULL);
	return 0;
}

/* The number of the block there; complains about a torn one unless allowed. */
static bool block_number(int fd, unsigned char *buf, off_t at, bool torn, uint64_t *n)
{
	uint64_t other;

	if (pread(fd, buf, block, at) != (ssize_t)block)
		die("read");
	memcpy(n, buf, sizeof(*n));
	for (size_t i = SECTOR; !torn && i < block; i += SECTOR) {
		memcpy(&other, buf + i, sizeof(other));
		if (other != *n) {
			printf("torn block at %jd: %" PRIu64 ", and %" PRIu64 " at byte %zu\n",
			       (intmax_t)at, *n, other, i);
			return false;
		}
	}
	return true;
}

/* Prints the last number of each writer; the blocks before must hold theirs. */
static int cmd_read(char **argv, unsigned long writers, bool torn)
{
	unsigned char *buf = buffer();
	int fd = open(argv[4], O_RDONLY | O_DIRECT | O_CLOEXEC);
	bool good = true;

	if (fd < 0)
		die(argv[4]);
	for (unsigned long w = 0; w < writers; w++) {
		uint64_t last = 0, n;

		for (unsigned long i = 0; i < ring; i++) {
			good &= block_number(fd, buf, place(w, i), torn, &n);
			if (n > last)
				last = n;
		}
		for (unsigned long i = 0; i < ring; i++) {
			uint64_t want = last - (last + ring - i) % ring;

			if (last < (last + ring - i) % ring)
				want = 0;
			good &= block_number(fd, buf, place(w, i), torn, &n);
			if (n != want) {
				printf("writer %lu stands at %" PRIu64 ", block %lu holds %" PRIu64
				       " instead of %" PRIu64 "\n",
				       w, last, i, n, want);
				good = false;
			}
		}
		printf("%" PRIu64 "\n", last);
	}
	return !good;
}

/* Prints the numbers in a file of acknowledgements. */
static int cmd_show(const char *path)
{
	FILE *f = fopen(path, "r");
	uint64_t n;

	if (!f)
		die(path);
	while (fread(&n, sizeof(n), 1, f) == 1)
		printf("%" PRIu64 "\n", n);
	fclose(f);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "acknowledged"))
		return cmd_show(argv[2]);
	if (argc > 4) {
		unsigned long writers = strtoul(argv[2], NULL, 10);
		char *end;

		block = strtoul(argv[3], &end, 10);
		ring = *end == 'x' ? strtoul(end + 1, NULL, 10) : 1;
		if (writers && writers <= MAX_WRITERS && block && !(block % SECTOR) && ring) {
			if (argc == 6 && !strcmp(argv[1], "write"))
				return cmd_write(argv, writers);
			if (argc == 5 && !strcmp(argv[1], "read"))
				return cmd_read(argv, writers, false);
			if (argc == 5 && !strcmp(argv[1], "read-torn"))
				return cmd_read(argv, writers, true);
		}
	}
	fputs("usage:\n"
	      "  sequence write WRITERS BLOCKxRING DEV[,DEV...] FILE   until SIGTERM; FILE: acknowledged numbers\n"
	      "  sequence read WRITERS BLOCKxRING DEV                  the last number of each writer\n"
	      "  sequence read-torn WRITERS BLOCKxRING DEV             the same, blocks may be torn\n"
	      "  sequence acknowledged FILE\n"
	      "BLOCK in bytes, of which each writer uses RING one after the other.\n"
	      "Exit status: 0 good, 1 what is on the device was not written so, 2 usage or error.\n",
	      stderr);
	return 2;
}
