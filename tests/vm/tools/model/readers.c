// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads images while writers run: what is read is the past or an error. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model.h"

#define MAX_IMAGES (MAX_SNAPS * MAX_ORIGINS)

static struct image {
	int direct, buffered;
	uint32_t sectors, align;
	uint64_t *past; /* a copy: the snapshot may be destroyed meanwhile */
	char name[64];
} images[MAX_IMAGES];
static unsigned int nr_images;
static pthread_t thread;
static atomic_bool stop;
static unsigned int seed;

static void read_one(const struct image *im)
{
	uint32_t limit = rand_r(&seed) % 4 ? 64 : MAX_OP_SECTORS, first, count;
	bool buffered = rand_r(&seed) % 4 == 0;

	first = rand_r(&seed) % (im->sectors / im->align) * im->align;
	count = (1 + rand_r(&seed) % limit + im->align - 1) / im->align * im->align;
	if (count > im->sectors - first)
		count = im->sectors - first;
	if (buffered && rand_r(&seed) % 4 == 0)
		posix_fadvise(im->buffered, 0, 0, POSIX_FADV_DONTNEED);
	/* An error is judged at the end of the round, by the state. */
	check_sectors(im->name, buffered ? im->buffered : im->direct, im->past, first, count);
}

static void *reader(void *arg)
{
	(void)arg;
	while (!stop)
		read_one(&images[rand_r(&seed) % nr_images]);
	return NULL;
}

void readers_start(void)
{
	unsigned int i, m;

	nr_images = 0;
	seed = random64();
	for (i = 0; i < MAX_SNAPS; i++) {
		struct snap *s = &snaps[i];

		s->read = s->used && !s->failed;
		for (m = 0; s->read && m < s->members; m++) {
			struct image *im = &images[nr_images++];
			struct origin *o = s->member[m].origin;

			im->direct = open(s->member[m].image, O_RDONLY | O_DIRECT | O_CLOEXEC);
			im->buffered = open(s->member[m].image, O_RDONLY | O_CLOEXEC);
			if (im->direct < 0 || im->buffered < 0)
				fail("%s: %s", s->member[m].image, strerror(errno));
			im->sectors = o->sectors;
			im->align = o->align;
			im->past = malloc(o->sectors * sizeof(*im->past));
			memcpy(im->past, s->member[m].past, o->sectors * sizeof(*im->past));
			snprintf(im->name, sizeof(im->name), "%s", s->member[m].image);
		}
	}
	stop = false;
	if (nr_images && pthread_create(&thread, NULL, reader, NULL))
		fail("no thread");
}

void readers_end(void)
{
	unsigned int i;

	stop = true;
	if (nr_images)
		pthread_join(thread, NULL);
	for (i = 0; i < nr_images; i++) {
		close(images[i].direct);
		close(images[i].buffered);
		free(images[i].past);
	}
	nr_images = 0;
	for (i = 0; i < MAX_SNAPS; i++)
		snaps[i].read = false;
}
