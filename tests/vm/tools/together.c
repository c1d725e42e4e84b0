// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * together - threads that write the same blocks at the same time: all begin a
 * block together, and go on when all have written it.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS 4

static pthread_barrier_t barrier;
static size_t block;
static unsigned long blocks;
static int fd;

static void *writer(void *arg)
{
	void *buf;

	if (posix_memalign(&buf, 4096, block))
		exit(2);
	memset(buf, 1 + (int)(long)arg, block);
	for (unsigned long i = 0; i < blocks; i++) {
		pthread_barrier_wait(&barrier);
		if (pwrite(fd, buf, block, i * block) != (ssize_t)block) {
			perror("together: write");
			exit(1);
		}
	}
	free(buf);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	if (argc != 4) {
		fprintf(stderr, "usage: together DEV BLOCK-BYTES BLOCKS\n");
		return 2;
	}
	fd = open(argv[1], O_WRONLY | O_DIRECT | O_CLOEXEC);
	block = strtoul(argv[2], NULL, 0);
	blocks = strtoul(argv[3], NULL, 0);
	if (fd < 0 || !block || pthread_barrier_init(&barrier, NULL, THREADS)) {
		perror("together");
		return 2;
	}
	for (long t = 0; t < THREADS; t++)
		if (pthread_create(&threads[t], NULL, writer, (void *)t))
			return 2;
	for (long t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	return 0;
}
