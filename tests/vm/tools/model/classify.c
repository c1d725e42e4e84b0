// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A take while writes run: its images must hold what had been acknowledged
 * before it was asked for, nothing that began after it was answered, and of
 * each thread's writes in between the first ones, over all members.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model.h"

enum place { BEFORE, AFTER, AMONG };

/* How much of an operation the image has. */
enum share { NOTHING, SOME, ALL, UNKNOWN };

static enum place op_place(const struct snap *s, const struct op *op)
{
	if (op->nth >= s->started[op->thread])
		return AFTER;
	if (op->nth < s->done[op->thread] && op->happened == YES && op->kind != OP_BUFFERED)
		return BEFORE;
	return AMONG;
}

/* Sectors of @op in the image at @buf; what is found becomes the past. */
static enum share op_share(struct snap *s, unsigned int m, const struct op *op, const uint8_t *buf)
{
	uint64_t *past = s->member[m].past;
	uint32_t i, with = 0, without = 0;

	for (i = 0; i < op->count; i++) {
		uint32_t at = op->first + i;
		bool old = holds(buf + i * SECTOR, past[at], at);
		bool new = holds(buf + i * SECTOR, op->tag, at);

		if (!old && !new)
			fail("%s: sector %u: wanted operation %" PRIu64 " or %" PRIu64 ", got %s",
			     s->member[m].image, at, past[at], op->tag, seen(buf + i * SECTOR));
		with += new && !old;
		without += old && !new;
		if (new)
			past[at] = op->tag;
	}
	return with && without ? SOME : with ? ALL : without ? NOTHING : UNKNOWN;
}

static void note_share(struct snap *s, unsigned int m, const struct op *op, enum share share)
{
	struct origin *o = op->origin;
	uint32_t image = o->changes.running - 1;
	bool unseen = s->fresh[m] || (o->attached_now && op->nth < o->attached_started[op->thread]);
	bool unsure = op->happened != YES || op->kind == OP_BUFFERED || share == SOME ||
		      share == UNKNOWN;

	if (op_place(s, op) == AFTER)
		changes_note(&o->changes, image + 1, op->first, op->count,
			     op->happened == YES ? YES : MAYBE);
	else if (unsure) {
		changes_note(&o->changes, image, op->first, op->count, MAYBE);
		changes_note(&o->changes, image + 1, op->first, op->count, MAYBE);
	} else {
		/* One that was submitted before the attach was not seen. */
		changes_note(&o->changes, image + (share == NOTHING), op->first, op->count,
			     share == ALL && unseen ? MAYBE : YES);
	}
}

static void check_share(struct snap *s, unsigned int m, const struct op *op, enum share share)
{
	static const char *const words[] = { "nothing", "a part", "all", "?" };
	enum place place = op_place(s, op);

	if ((place == BEFORE && (share == NOTHING || share == SOME)) ||
	    (place == AFTER && (share == ALL || share == SOME)))
		fail("%s: operation %" PRIu64 " (kind %d, sectors %u+%u, %u of thread %u) came %s "
		     "the take, and the image has %s of it",
		     s->member[m].image, op->tag, op->kind, op->first, op->count, op->nth,
		     op->thread, place == BEFORE ? "before" : "after", words[share]);
}

/* A thread goes on when a write is acknowledged: none may be there without those before. */
static void check_order(struct snap *s, const enum share *shares)
{
	const struct op *missing[THREADS] = { NULL };
	unsigned int i;

	for (i = 0; i < nr_ops; i++) {
		const struct op *op = &ops[i];
		const struct op *gap = missing[op->thread];

		if (!ops_writes(op) || op->happened != YES || op->kind == OP_BUFFERED ||
		    !op->origin->snap || op->origin->snap != s || shares[i] == UNKNOWN)
			continue;
		if (gap && shares[i] != NOTHING && (op->kind != OP_AIO || gap->batch != op->batch))
			fail("%s: the images have operation %" PRIu64 ", but not all of %" PRIu64
			     ", which the same thread had finished before",
			     s->name, op->tag, gap->tag);
		if (shares[i] != ALL && !gap)
			missing[op->thread] = op;
	}
}

void snap_classify(struct snap *s)
{
	static enum share shares[MAX_OPS];
	uint8_t *buf = aligned(MAX_OP_SECTORS * SECTOR);
	unsigned int m, i;
	int fd, ret;

	for (i = 0; i < nr_ops; i++)
		shares[i] = UNKNOWN;
	for (m = 0; m < s->members; m++) {
		fd = open(s->member[m].image, O_RDONLY | O_DIRECT | O_CLOEXEC);
		if (fd < 0)
			fail("%s cannot be opened", s->member[m].image);
		for (i = 0; i < nr_ops; i++) {
			struct op *op = &ops[i];

			if (op->origin != s->member[m].origin || !ops_writes(op))
				continue;
			ret = read_sectors(fd, buf, op->first, op->count);
			if (!ret) {
				shares[i] = op_share(s, m, op, buf);
				check_share(s, m, op, shares[i]);
			}
			note_share(s, m, op, shares[i]);
		}
		close(fd);
	}
	check_order(s, shares);
	free(buf);
}
