// SPDX-License-Identifier: GPL-2.0-or-later
/* A round's operations: planned so that none overlaps another, run by threads. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/aio_abi.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "model.h"

#define PAGE_SECTORS 8u
#define BATCH 8

enum page_use { PAGE_FREE, PAGE_DIRECT, PAGE_BUFFERED };

struct op ops[MAX_OPS];
unsigned int nr_ops;
_Atomic unsigned int started[THREADS], done[THREADS];

static pthread_t threads[THREADS];
static struct op *queue[THREADS][MAX_OPS];
static unsigned int queued[THREADS];
static uint64_t last_tag = 1;
static unsigned int last_batch;

bool ops_writes(const struct op *op)
{
	return op->kind != OP_READ && op->kind != OP_FSYNC;
}

/* ---- planning ---- */

static enum op_kind plan_kind(void)
{
	static const struct {
		enum op_kind kind;
		unsigned int weight;
	} kinds[] = {
		{ OP_DIRECT, 34 },   { OP_DSYNC, 8 },	{ OP_AIO, 16 },
		{ OP_BUFFERED, 14 }, { OP_DISCARD, 6 }, { OP_ZERO, 6 },
		{ OP_PUNCH, 4 },     { OP_READ, 8 },	{ OP_FSYNC, 4 },
	};
	unsigned int i, at = below(100);

	for (i = 0; at >= kinds[i].weight; i++)
		at -= kinds[i].weight;
	return kinds[i].kind;
}

static uint32_t plan_count(void)
{
	switch (below(8)) {
	case 0 ... 2:
		return 1 + below(2 * UNIT_SECTORS);
	case 3 ... 5:
		return UNIT_SECTORS * (1 + below(8));
	case 6:
		return 1 + below(512);
	default:
		return 1 + below(MAX_OP_SECTORS);
	}
}

/* Often where another one ends or begins, or near one: units are shared, and runs grow. */
static uint32_t plan_first(const struct origin *o, uint32_t count)
{
	const struct op *near = nr_ops ? &ops[below(nr_ops)] : NULL;
	uint32_t last = o->sectors - count;
	int64_t first = below(last + 1);

	if (near && near->origin == o && chance(55)) {
		first = near->first;
		switch (below(3)) {
		case 0:
			first += near->count;
			break;
		case 1:
			first -= count;
			break;
		default:
			first += (int64_t)below(4096) - 2048;
		}
	} else if (chance(50)) {
		first -= first % UNIT_SECTORS;
	} else if (chance(10)) {
		first = last;
	}
	return first < 0 ? 0 : first > last ? last : first;
}

static bool plan_free(const struct origin *o, uint32_t first, uint32_t count, enum page_use use)
{
	uint32_t i;

	for (i = first; i < first + count; i++)
		if (o->op_of[i] ||
		    (o->page[i / PAGE_SECTORS] != PAGE_FREE && o->page[i / PAGE_SECTORS] != use))
			return false;
	return true;
}

static bool plan_range(struct op *op)
{
	enum page_use use = op->kind == OP_BUFFERED ? PAGE_BUFFERED : PAGE_DIRECT;
	struct origin *o = op->origin;
	uint32_t align = o->align, i;
	unsigned int tries;

	for (tries = 0; tries < 10; tries++) {
		uint32_t count = plan_count(), first;

		count = (count + align - 1) / align * align;
		if (count > MAX_OP_SECTORS)
			count = MAX_OP_SECTORS;
		first = plan_first(o, count);
		first -= first % align;
		if (!plan_free(o, first, count, use))
			continue;
		op->first = first;
		op->count = count;
		for (i = first; i < first + count; i++) {
			o->op_of[i] = op - ops + 1;
			o->page[i / PAGE_SECTORS] = use;
		}
		return true;
	}
	return false;
}

static void plan_enqueue(struct op *op, unsigned int thread)
{
	op->thread = thread;
	op->nth = queued[thread];
	queue[thread][queued[thread]++] = op;
}

static void plan_one(struct origin *o)
{
	enum op_kind kind = plan_kind();
	unsigned int thread = below(THREADS), batch = 0, n = 1;

	if (kind == OP_AIO) {
		batch = ++last_batch;
		n = 2 + below(BATCH - 1);
	}
	while (n-- && nr_ops < MAX_OPS) {
		struct op *op = &ops[nr_ops];

		*op = (struct op){ .kind = kind, .origin = o, .batch = batch };
		if (kind != OP_FSYNC && !plan_range(op))
			continue;
		if (kind != OP_DISCARD && kind != OP_ZERO && kind != OP_PUNCH)
			op->tag = ++last_tag;
		nr_ops++;
		plan_enqueue(op, thread);
	}
}

void ops_plan(unsigned int wanted, unsigned int origin_mask)
{
	unsigned int i;

	nr_ops = 0;
	memset(queued, 0, sizeof(queued));
	for (i = 0; i < nr_origins; i++) {
		memset(origins[i].op_of, 0, origins[i].sectors * sizeof(*origins[i].op_of));
		memset(origins[i].page, 0, origins[i].sectors / PAGE_SECTORS + 1);
	}
	for (i = 0; i < wanted && nr_ops < MAX_OPS; i++) {
		struct origin *o = &origins[below(nr_origins)];

		if (origin_mask & 1u << (o - origins))
			plan_one(o);
	}
}

/* ---- running ---- */

static int run_range(const struct op *op, unsigned long request)
{
	uint64_t range[2] = { (uint64_t)op->first * SECTOR, (uint64_t)op->count * SECTOR };

	return ioctl(op->origin->direct, request, range) ? errno : 0;
}

/* The sectors are this operation's in the round: nobody writes them. */
static int run_read(const struct op *op)
{
	return check_sectors(op->origin->path, op->origin->direct, op->origin->now, op->first,
			     op->count);
}

static int run_one(struct op *op, uint8_t *buf)
{
	struct origin *o = op->origin;

	switch (op->kind) {
	case OP_DIRECT:
	case OP_DSYNC:
	case OP_BUFFERED:
		fill(buf, op->tag, op->first, op->count);
		return write_sectors(op->kind == OP_DIRECT ? o->direct :
				     op->kind == OP_DSYNC  ? o->dsync :
							     o->buffered,
				     buf, op->first, op->count);
	case OP_DISCARD:
		return run_range(op, BLKDISCARD);
	case OP_ZERO:
		return run_range(op, BLKZEROOUT);
	case OP_PUNCH:
		return fallocate(o->direct, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				 (off_t)op->first * SECTOR, (off_t)op->count * SECTOR) ?
			       errno :
			       0;
	case OP_READ:
		return run_read(op);
	default:
		return fsync(o->direct) ? errno : 0;
	}
}

static void run_batch(aio_context_t aio, struct op **list, unsigned int n, uint8_t **bufs)
{
	struct iocb cb[BATCH], *cbs[BATCH];
	struct io_event events[BATCH];
	unsigned int i;
	long got;

	memset(cb, 0, sizeof(cb));
	for (i = 0; i < n; i++) {
		fill(bufs[i], list[i]->tag, list[i]->first, list[i]->count);
		cb[i].aio_lio_opcode = IOCB_CMD_PWRITE;
		cb[i].aio_fildes = list[i]->origin->direct;
		cb[i].aio_buf = (uintptr_t)bufs[i];
		cb[i].aio_nbytes = (uint64_t)list[i]->count * SECTOR;
		cb[i].aio_offset = (int64_t)list[i]->first * SECTOR;
		cb[i].aio_data = i;
		/* some must not wait: they may answer EAGAIN, and are then repeated */
		if (list[i]->tag % 4 == 0)
			cb[i].aio_rw_flags = RWF_NOWAIT;
		cbs[i] = &cb[i];
	}
	for (i = 0; i < n; i += got) {
		got = syscall(SYS_io_submit, aio, (long)(n - i), cbs + i);
		if (got > 0)
			continue;
		/* A device that cannot but wait refuses the first of the rest. */
		if (!cb[i].aio_rw_flags)
			fail("io_submit: %s", strerror(errno));
		cb[i].aio_rw_flags = 0;
		got = 0;
	}
	got = syscall(SYS_io_getevents, aio, (long)n, (long)n, events, NULL);
	if (got != (long)n)
		fail("io_getevents: %ld of %u: %s", got, n, strerror(errno));
	for (i = 0; i < n; i++) {
		struct op *op = list[events[i].data];

		op->error = events[i].res < 0			? -events[i].res :
			    events[i].res == op->count * SECTOR ? 0 :
								  ENOSPC;
		if (op->error == EAGAIN)
			op->error = write_sectors(op->origin->direct, bufs[events[i].data],
						  op->first, op->count);
	}
}

static void *thread_main(void *arg)
{
	unsigned int t = (uintptr_t)arg, i, n;
	aio_context_t aio = 0;
	uint8_t *bufs[BATCH];

	for (i = 0; i < BATCH; i++)
		bufs[i] = aligned((MAX_OP_SECTORS + 1) * SECTOR);
	if (syscall(SYS_io_setup, BATCH, &aio))
		fail("io_setup: %s", strerror(errno));
	for (i = 0; i < queued[t]; i += n) {
		struct op **list = &queue[t][i];

		for (n = 1; list[0]->kind == OP_AIO && i + n < queued[t] &&
			    list[n]->batch == list[0]->batch;
		     n++)
			;
		atomic_fetch_add(&started[t], n);
		if (list[0]->kind == OP_AIO)
			run_batch(aio, list, n, bufs);
		else
			list[0]->error = run_one(list[0], bufs[0] + list[0]->tag % 2 * SECTOR);
		atomic_fetch_add(&done[t], n);
	}
	syscall(SYS_io_destroy, aio);
	for (i = 0; i < BATCH; i++)
		free(bufs[i]);
	return NULL;
}

void ops_start(void)
{
	uintptr_t t;

	for (t = 0; t < THREADS; t++) {
		started[t] = 0;
		done[t] = 0;
		if (pthread_create(&threads[t], NULL, thread_main, (void *)t))
			fail("no thread");
	}
}

void ops_end(void)
{
	unsigned int i;

	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < nr_origins; i++)
		if ((fsync(origins[i].buffered) | fsync(origins[i].direct) |
		     fsync(origins[i].dsync)) &&
		    !faulty)
			fail("%s: fsync: %s", origins[i].path, strerror(errno));
}

/* ---- what became of them ---- */

static bool op_is_sure(const struct op *op)
{
	if (op->kind == OP_DISCARD || op->error)
		return false;
	return !faulty || op->kind != OP_BUFFERED;
}

/* It may have happened, in part: the device tells. */
static void settle_unsure(struct op *op, uint8_t *buf)
{
	struct origin *o = op->origin;
	uint32_t i, at;
	int ret = read_sectors(o->direct, buf, op->first, op->count);

	if (ret)
		fail("%s: read of sector %u: %s", o->path, op->first, strerror(ret));
	for (i = 0; i < op->count; i++) {
		at = op->first + i;
		if (holds(buf + i * SECTOR, op->tag, at))
			o->now[at] = op->tag;
		else if (!holds(buf + i * SECTOR, o->now[at], at))
			fail("%s: sector %u: wanted operation %" PRIu64 " or %" PRIu64 ", got %s",
			     o->path, at, o->now[at], op->tag, seen(buf + i * SECTOR));
	}
}

static void settle_changes(const struct op *op)
{
	struct origin *o = op->origin;
	struct changes *c = &o->changes;
	bool sure = op->happened == YES;

	if (o->snap && o->snap->classify)
		return; /* snap_classify() knows better */
	if (o->attached_now && op->nth < o->attached_started[op->thread])
		sure = false;
	changes_note(c, c->running, op->first, op->count, sure ? YES : MAYBE);
}

void ops_settle(void)
{
	uint8_t *buf = aligned(MAX_OP_SECTORS * SECTOR);
	unsigned int i;
	uint32_t s;

	for (i = 0; i < nr_origins; i++) {
		/* what was written past the cache, or failed to be written back */
		if (ioctl(origins[i].buffered, BLKFLSBUF))
			fail("%s: flush: %s", origins[i].path, strerror(errno));
	}
	for (i = 0; i < nr_ops; i++) {
		struct op *op = &ops[i];

		counts.ops++;
		if (op->error && !faulty && op->error != EOPNOTSUPP)
			fail("%s: operation %" PRIu64 " (kind %d, sectors %u+%u): %s",
			     op->origin->path, op->tag, op->kind, op->first, op->count,
			     strerror(op->error));
		if (!ops_writes(op))
			continue;
		counts.sectors += op->count;
		op->happened = op_is_sure(op) ? YES : MAYBE;
	}
	for (i = 0; i < MAX_SNAPS; i++)
		if (snaps[i].used && snaps[i].classify)
			snap_classify(&snaps[i]);
	for (i = 0; i < nr_ops; i++) {
		struct op *op = &ops[i];

		if (!ops_writes(op))
			continue;
		settle_changes(op);
		if (op->happened == YES)
			for (s = op->first; s < op->first + op->count; s++)
				op->origin->now[s] = op->tag;
		else
			settle_unsure(op, buf);
	}
	for (i = 0; i < nr_origins; i++)
		origins[i].attached_now = false;
	for (i = 0; i < MAX_SNAPS; i++)
		snaps[i].classify = false;
	free(buf);
}
