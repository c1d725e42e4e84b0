// SPDX-License-Identifier: GPL-2.0-or-later
/* Random numbers, contents, and how things end when they are not as they should be. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model.h"

static uint64_t random_state;

void say(const char *format, ...)
{
	va_list args;

	if (!verbose)
		return;
	printf("%u: ", round_nr);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

void fail(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "model: round %u: ", round_nr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	_exit(1);
}

void random_seed(uint64_t seed)
{
	random_state = seed;
	random64();
	random64();
}

/* splitmix64 (Steele, Lea, Flood) */
uint64_t random64(void)
{
	uint64_t z = (random_state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

uint32_t below(uint32_t limit)
{
	return limit ? random64() % limit : 0;
}

bool chance(unsigned int percent)
{
	return below(100) < percent;
}

void *aligned(size_t bytes)
{
	void *p;

	if (posix_memalign(&p, 4096, bytes))
		fail("out of memory");
	return p;
}

static uint64_t first_word(uint64_t tag, uint32_t at)
{
	return tag << 32 | at;
}

static uint64_t word_step(uint64_t tag, uint32_t at)
{
	return (tag * 0x9e3779b97f4a7c15 ^ at) | 1;
}

void fill(void *to, uint64_t tag, uint32_t first, uint32_t count)
{
	uint64_t *w = to, x, step;
	uint32_t s;
	unsigned int i;

	if (!tag) {
		memset(to, 0, (size_t)count * SECTOR);
		return;
	}
	for (s = first; s < first + count; s++) {
		x = first_word(tag, s);
		step = word_step(tag, s);
		for (i = 0; i < SECTOR / 8; i++, x += step)
			*w++ = x;
	}
}

bool holds(const void *sector, uint64_t tag, uint32_t at)
{
	const uint64_t *w = sector;
	uint64_t x = tag ? first_word(tag, at) : 0, step = tag ? word_step(tag, at) : 0;
	unsigned int i;

	for (i = 0; i < SECTOR / 8; i++, x += step)
		if (w[i] != x)
			return false;
	return true;
}

const char *seen(const void *sector)
{
	static char text[96];
	uint64_t w;

	memcpy(&w, sector, sizeof(w));
	if (holds(sector, w >> 32, (uint32_t)w))
		snprintf(text, sizeof(text), "operation %" PRIu64 " of sector %" PRIu32, w >> 32,
			 (uint32_t)w);
	else
		snprintf(text, sizeof(text), "a torn sector that begins %016" PRIx64, w);
	return text;
}

int read_sectors(int fd, void *to, uint32_t first, uint32_t count)
{
	ssize_t n = pread(fd, to, (size_t)count * SECTOR, (off_t)first * SECTOR);

	if (n < 0)
		return errno;
	return n == (ssize_t)count * SECTOR ? 0 : ENODATA;
}

int write_sectors(int fd, const void *from, uint32_t first, uint32_t count)
{
	ssize_t n = pwrite(fd, from, (size_t)count * SECTOR, (off_t)first * SECTOR);

	if (n < 0)
		return errno;
	return n == (ssize_t)count * SECTOR ? 0 : ENOSPC;
}

int check_sectors(const char *what, int fd, const uint64_t *tags, uint32_t first, uint32_t count)
{
	static _Thread_local uint8_t *buf;
	uint32_t at, n, i;
	int ret;

	if (!buf)
		buf = aligned(MAX_OP_SECTORS * SECTOR);
	for (at = first; at < first + count; at += n) {
		n = first + count - at < MAX_OP_SECTORS ? first + count - at : MAX_OP_SECTORS;
		ret = read_sectors(fd, buf, at, n);
		if (ret)
			return ret;
		for (i = 0; i < n; i++)
			if (!holds(buf + i * SECTOR, tags[at + i], at + i))
				fail("%s: sector %u: wanted operation %" PRIu64 ", got %s", what,
				     at + i, tags[at + i], seen(buf + i * SECTOR));
		counts.checked_sectors += n;
	}
	return 0;
}
