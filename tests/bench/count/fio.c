// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fio.c - marks the requests of fio that are counted, preloaded into it.
 *
 * Of $COUNT_REQUESTS requests all but the last are, one at a time, with all
 * that fio does between two: from before the first is submitted until before
 * the last is. In place of io_submit() of libaio.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mark.h"

struct iocb;
int io_submit(void *ctx, long nr, struct iocb **list);

#define TEXT(...) #__VA_ARGS__
#define BYTES(...) TEXT(__VA_ARGS__)

int io_submit(void *ctx, long nr, struct iocb **list)
{
	static long requests, submitted;

	if (!requests)
		requests = atol(getenv("COUNT_REQUESTS"));
	if (submitted == 0 || submitted == requests - 1)
		__asm__ volatile(".byte " BYTES(MARK_BYTES) ::: "memory");
	submitted += nr;
	return syscall(SYS_io_submit, ctx, nr, list);
}
