/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model - a simple model of what the module promises, beside the module.
 *
 * Every sector of an origin holds a tag: the number of the operation that
 * wrote it, 0 for zeroes. The model is an array of tags for each origin, a copy
 * of it for each snapshot, and for each tracking cell in which intervals it was
 * written. A round plans operations that do not overlap (their outcome does not
 * depend on their order), runs them in several threads while commands are
 * given, and then compares devices, images, change maps and states.
 *
 * All plans come from the seed and the round's number: a seed replays.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blksnap.h"

#define SECTOR 512u
#define UNIT_SECTORS 8u
#define MAX_ORIGINS 4
#define MAX_AREAS 6
#define MAX_SNAPS 4
#define MAX_RANGES 64
#define MAX_OPS 160
#define MAX_OP_SECTORS 2048u
#define MAX_INTERVALS 8192
#define THREADS 4

/* How surely something is so. */
enum surely { NO, MAYBE, YES };

/* What the change map must say; hist[interval][cell] is enum surely. */
struct changes {
	bool on;
	uint8_t generation[BLKSNAP_UUID_BYTES];
	uint32_t running;
	uint32_t cell_sectors, cells;
	uint8_t *hist[MAX_INTERVALS];
};

struct origin {
	const char *path;
	int disk; /* number in the machine, for faults; -1 none */
	struct blksnap_dev dev;
	int direct, dsync, buffered;
	uint32_t sectors, align; /* align: of direct I/O, sectors */
	uint64_t *now;
	bool keep;
	struct snap *snap; /* NULL: in none */
	struct changes changes;
	bool attached_now; /* in this round, while threads ran */
	unsigned int attached_started[THREADS];
	uint16_t *op_of; /* this round: operation + 1 of each sector */
	uint8_t *page; /* this round: how each page is accessed */
};

/* A device for areas; a snapshot has it for itself. */
struct area_disk {
	const char *path;
	int disk;
	struct blksnap_dev dev;
	uint32_t sectors, align;
	struct snap *snap;
};

struct snap {
	bool used;
	uint32_t id;
	char name[32];
	bool failed; /* overflow or failed, and justified */
	bool excused; /* a fault touched it: may fail, may have failed */
	bool roomy; /* its area cannot overflow */
	unsigned int round; /* it was made in */
	bool read; /* a reader has its images open */
	struct {
		struct origin *origin;
		uint64_t *past;
		char image[64];
	} member[MAX_ORIGINS];
	unsigned int members;
	struct blksnap_range ranges[MAX_RANGES];
	unsigned int nr_ranges;
	/* of a take while threads ran */
	bool classify;
	bool fresh[MAX_ORIGINS]; /* attached by the take */
	unsigned int done[THREADS], started[THREADS];
};

enum op_kind {
	OP_DIRECT,
	OP_DSYNC,
	OP_AIO,
	OP_BUFFERED,
	OP_DISCARD,
	OP_ZERO,
	OP_PUNCH,
	OP_READ,
	OP_FSYNC,
	OP_KINDS,
};

struct op {
	enum op_kind kind;
	struct origin *origin;
	uint32_t first, count;
	uint64_t tag;
	unsigned int batch; /* AIO: submitted with its neighbours of this number */
	unsigned int thread, nth; /* nth of its thread */
	int error; /* errno */
	enum surely happened;
};

extern struct origin origins[MAX_ORIGINS];
extern unsigned int nr_origins;
extern struct area_disk areas[MAX_AREAS];
extern unsigned int nr_areas;
extern struct snap snaps[MAX_SNAPS];
extern unsigned int round_nr;
extern bool faulty; /* a fault is set in this round */
extern bool verbose;
extern struct blksnap_session *session;
extern struct counts {
	unsigned long ops, sectors, takes, takes_running, overflows, failures, faults, refusals,
		queries, extended, shrunk, retried_takes;
	_Atomic unsigned long checked_sectors;
} counts;

/* ---- content.c ---- */

/* Does not return: says the seed and round as well. */
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

void random_seed(uint64_t seed);
uint64_t random64(void);
uint32_t below(uint32_t limit); /* 0..limit - 1 */
bool chance(unsigned int percent);

void *aligned(size_t bytes);
void fill(void *to, uint64_t tag, uint32_t first, uint32_t count);
bool holds(const void *sector, uint64_t tag, uint32_t at);
/* What the sector seems to hold, for a message. */
const char *seen(const void *sector);
/* 0 or errno */
int read_sectors(int fd, void *to, uint32_t first, uint32_t count);
int write_sectors(int fd, const void *from, uint32_t first, uint32_t count);
/* Sectors first.. of @fd must hold @tags; 0, or the errno of a read. */
int check_sectors(const char *what, int fd, const uint64_t *tags, uint32_t first, uint32_t count);

/* ---- ops.c ---- */

extern struct op ops[MAX_OPS];
extern unsigned int nr_ops;
extern _Atomic unsigned int started[THREADS], done[THREADS];

void ops_plan(unsigned int wanted, unsigned int origin_mask);
void ops_start(void);
void ops_end(void);
/* After the end: look at what may have happened, and bring the model up to date. */
void ops_settle(void);
bool ops_writes(const struct op *op);

/* ---- changes.c ---- */

void changes_begin(struct changes *c, const uint8_t *generation, uint32_t running,
		   uint32_t cell_bytes, uint32_t sectors);
void changes_end(struct changes *c);
void changes_note(struct changes *c, uint32_t interval, uint32_t first, uint32_t count,
		  enum surely how);
/* Asks the module what changed since a random interval, and compares. */
void changes_check(struct origin *o);
void changes_mark(struct origin *o);

/* ---- snaps.c ---- */

/* @running: threads run. */
void snap_create(bool running);
void snap_destroy(struct snap *s);
void snap_extend(struct snap *s);
void snap_shrink(struct snap *s);
void snap_set(struct snap *s);
void snap_refusals(void);
void device_attach(struct origin *o, bool running);
void device_detach(struct origin *o);
/* State and images, when no thread runs. @all: every sector. */
void snap_check(struct snap *s, bool all);
struct snap *snap_random(void); /* a used one, or NULL */
void everything_must_be_known(void);

/* ---- classify.c ---- */

/* Which of this round's operations a take while they ran has caught. */
void snap_classify(struct snap *s);

/* ---- readers.c ---- */

void readers_start(void);
void readers_end(void);

/* ---- faults.c ---- */

void fault_set(void);
void fault_clear(void);
bool faults_init(int request_fd, int reply_fd);

/* ---- watch.c ---- */

void watch_open(void);
/* Catches up, then compares what the events told with what is. */
void watch_check(void);
void watch_close(void);

#endif /* MODEL_H */
