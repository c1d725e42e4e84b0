/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A snapshot is a set of trackers frozen at one instant, with an area and an
 * image for each. This room makes, takes, fails and destroys them, and keeps
 * the table of all. It knows no netlink: it tells struct snapshot_notify.
 *
 * Life: created -> taking -> taken -> (overflow | failed) -> destroying ->
 * gone. Take and destroy validate in the caller's context and do the work on
 * a workqueue; the outcome is the state and a notification.
 *
 * Locks: snapshots_lock (mutex) guards the table and the fields marked so;
 * taken before trackers_lock, never on the bio path.
 */
#ifndef BLKSNAP_SNAPSHOT_H
#define BLKSNAP_SNAPSHOT_H

#include <linux/path.h>
#include <linux/types.h>
#include <linux/uuid.h>

#include "refusal.h"

struct snapshot;

struct snapshot_range {
	dev_t dev;
	sector_t start;
	sector_t count; /* 0: up to the end of the device */
};

struct snapshot_freeze {
	dev_t dev; /* 0: use path */
	struct path path; /* owned by the spec until snapshot_create() */
	dev_t member; /* 0: none */
};

/**
 * struct snapshot_spec - what a create asks for
 * @freezes: in order; snapshot_create() and snapshot_take() take over the
 *	path references on success and failure alike
 * @low: sectors; 0 never low
 * @clear: sectors; 0 for twice @low
 */
struct snapshot_spec {
	bool has_uuid;
	uuid_t uuid;
	const char *name; /* NULL: none */
	unsigned int nr_devs;
	const dev_t *devs;
	unsigned int nr_ranges;
	const struct snapshot_range *ranges;
	unsigned int nr_freezes;
	struct snapshot_freeze *freezes;
	u64 low;
	u64 clear;
	u32 grace_ms;
	bool take;
	bool draft; /* made in several requests: as with take, later */
	bool attach;
	u64 owner; /* socket of the request; closing it ends a take, or a draft */
	bool socket_owner; /* ... and the snapshot, whenever */
	u64 cookie;
	bool has_cookie;
};

struct snapshot_info {
	u32 id;
	uuid_t uuid;
	char name[64]; /* "": none */
	u32 state; /* enum blksnap_snapshot_state */
	int error;
	u32 phase; /* enum blksnap_snapshot_phase */
	dev_t error_dev; /* 0: none */
	sector_t error_sector;
	bool has_error_sector;
	u32 level; /* enum blksnap_area_level */
	u64 area_total; /* sectors */
	u64 area_used;
	unsigned int area_changes; /* another one after ranges came or went */
	u64 low;
	u64 clear;
	u32 grace_ms;
	u64 taken_ns; /* 0: not taken */
	u64 taken_real_ns;
	u64 gate_ns;
	u64 freeze_ns;
	u64 cookie;
	bool has_cookie;
	unsigned int nr_members;
};

struct snapshot_member_info {
	dev_t dev;
	char name[64];
	dev_t image; /* 0: none */
	char image_name[64];
	unsigned int image_openers;
	bool image_held;
	sector_t capacity;
	u64 area_used; /* sectors */
	u32 freeze_result; /* enum blksnap_freeze_result */
	int error;
	bool taken; /* the two below and area_used are valid */
	u8 cbt_generation[16];
	u32 cbt_number;
};

struct snapshot_range_info {
	dev_t dev;
	char name[64];
	sector_t start;
	sector_t count;
	sector_t used;
};

/* Process context, no lock of this room held, may sleep (GFP_NOIO). */
struct snapshot_notify {
	void (*new)(struct snapshot *s);
	void (*change)(struct snapshot *s, u32 cause);
	void (*level)(struct snapshot *s, u32 cause);
	void (*del)(struct snapshot *s, u32 reason);
};

int snapshot_init(void);
/** snapshot_exit() - destroys what is left and waits for it. */
void snapshot_exit(void);
void snapshot_set_notify(const struct snapshot_notify *ops);

/**
 * snapshot_create() - make a snapshot; all or nothing
 *
 * Context: process, may sleep. Opens and validates devices and ranges,
 * allocates everything; with spec->take it is in state taking on return.
 * Return: the snapshot with a reference, or ERR_PTR: -EINVAL, -EEXIST name or
 * uuid in use, -EBUSY a device is in a snapshot or a range in use or open,
 * -ENODEV, -ENOTBLK, -EROFS, -ERANGE, -EOPNOTSUPP, -E2BIG, -ENOMEM.
 */
struct snapshot *snapshot_create(struct snapshot_spec *spec, struct refusal *r);

/** snapshot_take() - -EBUSY unless created. @owner: as in the spec. */
int snapshot_take(struct snapshot *s, struct snapshot_freeze *freezes, unsigned int nr_freezes,
		  u64 owner, struct refusal *r);

/**
 * snapshot_destroy() - begin to destroy
 * @force: although an image is open
 *
 * A take that runs is cancelled, and the snapshot goes when it has ended.
 * Return: 0 state is destroying; -EBUSY an image is open; -ENOENT it is being
 * destroyed already.
 */
int snapshot_destroy(struct snapshot *s, bool force, u32 reason, struct refusal *r);

/** snapshot_set() - NULL or negative leave a setting as it is. */
int snapshot_set(struct snapshot *s, const char *name, s64 low, s64 clear, s32 grace_ms,
		 struct refusal *r);

int snapshot_append(struct snapshot *s, const struct snapshot_range *ranges, unsigned int nr,
		    struct refusal *r);
int snapshot_remove_ranges(struct snapshot *s, const struct snapshot_range *ranges, unsigned int nr,
			   struct refusal *r);

struct snapshot *snapshot_lookup_id(u32 id);
struct snapshot *snapshot_lookup_uuid(const uuid_t *uuid);
/** snapshot_next() - by rising id from *@cursor (0 to begin), referenced. */
struct snapshot *snapshot_next(u32 *cursor);
void snapshot_put(struct snapshot *s);
unsigned int snapshot_generation(void);

/**
 * snapshot_owner_gone() - the socket @owner was closed
 *
 * Takes that it asked for and that have not come to the instant end; drafts of
 * its and what was tied to it are destroyed.
 */
void snapshot_owner_gone(u64 owner);

u32 snapshot_id(struct snapshot *s);
void snapshot_info(struct snapshot *s, struct snapshot_info *info);
/** snapshot_member() - false if there is no @index-th member. */
bool snapshot_member(struct snapshot *s, unsigned int index, struct snapshot_member_info *info);
/** snapshot_range() - false if there is no @index-th range. */
bool snapshot_range(struct snapshot *s, unsigned int index, struct snapshot_range_info *info);

#define SNAPSHOT_RANGES_MAX 1024 /* of one request */
#define SNAPSHOT_MEMBERS_MAX 256

#endif /* BLKSNAP_SNAPSHOT_H */
