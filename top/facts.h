/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the monitor knows of the outside: the facts a source brings, and the
 * model keeps. They repeat what the protocol says (genl-proto/specs) in plain
 * structures, so that nothing but source.c depends on the client library, and
 * a test or a recording can stand in for the kernel.
 *
 * Times ending in _ns are CLOCK_BOOTTIME of the kernel unless a comment says
 * otherwise; positions and lengths are sectors of 512 bytes.
 */
#ifndef TOP_FACTS_H
#define TOP_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FACT_NAME_SIZE 64
#define FACT_PATH_SIZE 128
#define FACT_HOLD_BUCKETS 32
#define FACT_SECTOR_BYTES 512ull
#define FACT_NS_PER_S 1000000000ull

struct devno {
	uint32_t major;
	uint32_t minor;
};

static inline bool devno_equal(struct devno a, struct devno b)
{
	return a.major == b.major && a.minor == b.minor;
}

enum snapshot_state {
	SNAPSHOT_UNKNOWN,
	SNAPSHOT_CREATED,
	SNAPSHOT_TAKING,
	SNAPSHOT_TAKEN,
	SNAPSHOT_OVERFLOW,
	SNAPSHOT_FAILED,
	SNAPSHOT_DESTROYING,
};

enum area_level {
	LEVEL_OK,
	LEVEL_LOW,
	LEVEL_OVERFLOW,
};

enum device_state {
	DEVICE_UNKNOWN,
	DEVICE_SETTLING,
	DEVICE_TRACKED,
	DEVICE_SNAPSHOT,
	DEVICE_GONE,
};

/* Why a fact is told: part of the state, or something that has happened. */
enum fact_kind {
	FACT_STATE, /* from a dump: true now, nothing happened */
	FACT_NEW, /* an event: the object exists since now */
	FACT_CHANGE, /* an event: something of the object changed */
	FACT_LEVEL, /* an event: the fill level moved, or is still low */
	FACT_DEL, /* an event: the object is gone */
};

/* The protocol's change-cause and del-reason, as far as sentences need them. */
enum fact_cause {
	CAUSE_NONE,
	CAUSE_STATE,
	CAUSE_SETTINGS,
	CAUSE_EXTENDED,
	CAUSE_SHRUNK,
	CAUSE_LEVEL,
	CAUSE_REMINDER,
	CAUSE_CBT_RESET,
	CAUSE_AREA_READ_ERROR,
	CAUSE_IMAGE,
	CAUSE_REQUEST,
	CAUSE_TAKE_FAILED,
	CAUSE_OWNER_EXIT,
	CAUSE_DEVICE_GONE,
};

/**
 * struct fact_news - how a fact came
 * @kind: state or event
 * @cause: why the event was sent
 * @seq: its number; for FACT_STATE the last event it reflects
 * @real_ns: CLOCK_REALTIME of the event
 */
struct fact_news {
	enum fact_kind kind;
	enum fact_cause cause;
	uint64_t seq;
	uint64_t real_ns;
};

struct fact_device {
	struct devno dev;
	char name[FACT_NAME_SIZE];
	enum device_state state;
	uint64_t capacity;
	uint32_t snapshot_id; /* 0: in no snapshot */
	int error; /* negative errno, 0: none */
	uint32_t unit_bytes; /* what is copied at least; 0: unknown */
	uint32_t cbt_cell_bytes; /* 0: unknown */
	uint32_t cbt_number;
	uint64_t cbt_memory_bytes;
};

struct fact_member {
	struct devno dev;
	char name[FACT_NAME_SIZE];
	char image_name[FACT_NAME_SIZE]; /* "": no image */
	uint64_t capacity;
	int error;
	const char *freeze; /* static word; NULL or "": unknown */
	bool has_openers; /* openers and held are known */
	uint32_t openers; /* how many times the image and its partitions are open */
	bool held; /* one of them exclusively: mounted, or under another device */
};

struct fact_snapshot {
	uint32_t id;
	unsigned char uuid[16];
	char name[FACT_NAME_SIZE];
	enum snapshot_state state;
	int error;
	enum area_level level;
	bool has_space; /* total and used are known */
	uint64_t total;
	uint64_t used;
	uint64_t taken_ns; /* 0: not taken */
	uint64_t time_ns; /* when the kernel said this; 0: unknown */
	uint64_t taken_real_ns; /* CLOCK_REALTIME; 0: not taken */
	uint64_t gate_ns; /* how long writes were held at the take */
	uint64_t freeze_ns; /* how long file systems were frozen */
	uint64_t low; /* the kernel's thresholds */
	uint64_t clear;
	uint32_t grace_ms;
	const char *phase; /* static word: where it broke; or NULL */
	struct devno error_dev; /* 0:0: none */
	char error_name[FACT_NAME_SIZE]; /* of error_dev; "": none, or not a member */
	bool has_error_sector;
	uint64_t error_sector; /* on error_dev */
};

/* Where a device is mounted: the monitor's own knowledge, the kernel tells no such thing. */
struct fact_mount {
	struct devno dev;
	char path[FACT_PATH_SIZE];
};

/* Counters of one device. They only grow, unless epoch is another one. */
struct fact_stats {
	struct devno dev;
	uint64_t time_ns;
	uint64_t epoch;
	uint64_t write_sectors;
	uint64_t cow_sectors;
	uint64_t held;
	uint64_t held_hist[FACT_HOLD_BUCKETS];
	uint64_t image_read_sectors;
	uint64_t errors;
	uint64_t writes;
	uint64_t inflight; /* a level, as the three with _now or _bytes */
	uint64_t cow_ahead_sectors;
	uint64_t store_sectors;
	uint64_t held_now;
	uint64_t image_area_sectors;
	uint64_t discard_dropped_sectors;
	uint64_t memory_bytes;
	uint64_t metadata_bytes;
};

#endif
