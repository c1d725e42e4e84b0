/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libblksnap: the client side of the generic netlink family "blksnap".
 *
 * Everything is plain structs; no netlink type crosses this header. The library
 * never prints, never exits, keeps no global state and starts no thread. A
 * session and what belongs to it is used by one thread at a time.
 *
 * Life of a session:
 *
 *	blksnap_open()		connects; the family need not exist yet
 *	blksnap_*_get() ...	requests, each complete when the call returns
 *	blksnap_close()		frees it; objects handed out before stay valid
 *
 * Life of a subscription ("the state, then every change"):
 *
 *	blksnap_events_open()		joins, dumps: STATE records, then SYNC
 *	poll(blksnap_events_fd())	POLLIN or POLLERR means: dispatch
 *	blksnap_events_dispatch()	EVENT, LOST, GONE, BACK records
 *	blksnap_events_close()
 *
 * Conventions:
 * - Functions that can fail return 0 (or a count) or -errno, and fill the
 *   struct blksnap_error given (NULL is allowed).
 * - Positions and lengths are in sectors of 512 bytes (``_sectors``), times in
 *   nanoseconds (``_ns``), memory in bytes (``_bytes``).
 * - An attribute the kernel did not send is unknown, not 0: test it with
 *   BLKSNAP_HAS() where that makes a difference. Unknown fields read as 0.
 * - What a function hands out through ``**`` belongs to the caller, who frees it
 *   with the function named there. What a record points to belongs to the
 *   library and lives until the callback returns.
 */
#ifndef BLKSNAP_H
#define BLKSNAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/blksnap_genl.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BLKSNAP_API __attribute__((visibility("default")))

#define BLKSNAP_SECTOR_BYTES 512u

/**
 * BLKSNAP_HAS() - did the kernel send this attribute?
 * @obj: pointer to a struct with a member ``has``
 * @ATTR: the attribute's name in the UAPI header without ``BLKSNAP_A_``,
 *	for example SNAPSHOT_AREA_TOTAL
 */
#define BLKSNAP_HAS(obj, ATTR) ((((obj)->has) >> (BLKSNAP_A_##ATTR)) & 1u)

/* ------------------------------------------------------------- errors */

/**
 * enum blksnap_exit - class of a failure, usable as an exit status
 */
enum blksnap_exit {
	BLKSNAP_EXIT_OK = 0,
	BLKSNAP_EXIT_OTHER = 1,
	BLKSNAP_EXIT_USAGE = 2,
	BLKSNAP_EXIT_NOT_FOUND = 3,
	BLKSNAP_EXIT_CONFLICT = 4,
	BLKSNAP_EXIT_PERMISSION = 5,
	BLKSNAP_EXIT_NO_SPACE = 6,
	BLKSNAP_EXIT_INVALID = 7,
	BLKSNAP_EXIT_TIMEOUT = 8,
	BLKSNAP_EXIT_ABSENT = 9,
	BLKSNAP_EXIT_PARTIAL = 10,
	BLKSNAP_EXIT_GONE = 11,
	BLKSNAP_EXIT_INTERRUPTED = 130,
};

/**
 * struct blksnap_dev - a block device by number
 */
struct blksnap_dev {
	uint32_t major;
	uint32_t minor;
};

#define BLKSNAP_MESSAGE_MAX 511
#define BLKSNAP_ATTRIBUTE_MAX 95

/**
 * struct blksnap_error - why a call failed
 * @errnum: positive errno; 0 if nothing failed
 * @exit: class of the failure
 * @from_kernel: @message is the kernel's sentence, verbatim
 * @message: one sentence without a full stop; never empty after a failure
 * @attribute: the offending attribute as "snapshot.range[1].start"; "" if none
 *	was named
 * @phase: where a take or copy broke; BLKSNAP_SNAPSHOT_PHASE_NONE otherwise
 * @dev: the device to blame, if @has_dev
 * @has_dev: @dev is known
 * @sector: sector on @dev, if @has_sector
 * @has_sector: @sector is known
 */
struct blksnap_error {
	int errnum;
	enum blksnap_exit exit;
	bool from_kernel;
	char message[BLKSNAP_MESSAGE_MAX + 1];
	char attribute[BLKSNAP_ATTRIBUTE_MAX + 1];
	enum blksnap_snapshot_phase phase;
	struct blksnap_dev dev;
	bool has_dev;
	uint64_t sector;
	bool has_sector;
};

/**
 * blksnap_exit_class() - class of an errno without further context
 * @errnum: positive errno, or 0
 */
BLKSNAP_API enum blksnap_exit blksnap_exit_class(int errnum);

/**
 * blksnap_exit_word() - a word for an exit class, as "not-found"
 * @exit: class
 */
BLKSNAP_API const char *blksnap_exit_word(enum blksnap_exit exit);

/* -------------------------------------------------------------- words */

/*
 * The names the protocol's specification uses, as "take-failed"; "unknown" for
 * a value this library does not know. Static strings.
 */
BLKSNAP_API const char *blksnap_snapshot_state_word(uint32_t state);
BLKSNAP_API const char *blksnap_snapshot_phase_word(uint32_t phase);
BLKSNAP_API const char *blksnap_area_level_word(uint32_t level);
BLKSNAP_API const char *blksnap_device_state_word(uint32_t state);
BLKSNAP_API const char *blksnap_freeze_result_word(uint32_t result);
BLKSNAP_API const char *blksnap_del_reason_word(uint32_t reason);
BLKSNAP_API const char *blksnap_change_cause_word(uint32_t cause);

/**
 * blksnap_command_word() - the name of a command or notification
 * @cmd: BLKSNAP_CMD_*
 */
BLKSNAP_API const char *blksnap_command_word(uint32_t cmd);

#define BLKSNAP_UUID_BYTES 16
#define BLKSNAP_UUID_TEXT 37 /* with the closing 0 */

/**
 * blksnap_uuid_format() - 16 bytes as text
 * @uuid: bytes in the order in which they are written
 * @text: room for BLKSNAP_UUID_TEXT characters
 *
 * Return: @text.
 */
BLKSNAP_API char *blksnap_uuid_format(const uint8_t uuid[BLKSNAP_UUID_BYTES],
				      char text[BLKSNAP_UUID_TEXT]);

/**
 * blksnap_uuid_parse() - text as 16 bytes
 * @text: 36 characters, upper or lower case
 * @uuid: result
 *
 * Return: 0, or -EINVAL if @text is no UUID.
 */
BLKSNAP_API int blksnap_uuid_parse(const char *text,
				   uint8_t uuid[BLKSNAP_UUID_BYTES]);

/* ------------------------------------------------------------ objects */

/**
 * struct blksnap_info - the module
 * @has: attributes that were sent, BLKSNAP_HAS(info, INFO_...)
 * @instance: random number that changes with every module load
 * @seq: number of the last event
 * @seq_oldest: oldest event that can still be replayed
 * @features: bits of features
 * @version: version of the module
 * @ranges_per_request: most ranges in one request; the library splits
 * @memory_budget_bytes: limit for copied blocks and held writes
 * @memory_used_bytes: of that in use
 * @time_ns: CLOCK_BOOTTIME of the answer
 */
struct blksnap_info {
	uint64_t has;
	uint64_t instance;
	uint64_t seq;
	uint64_t seq_oldest;
	uint64_t features;
	char version[64];
	uint32_t ranges_per_request;
	uint64_t memory_budget_bytes;
	uint64_t memory_used_bytes;
	uint64_t time_ns;
};

/**
 * struct blksnap_device - a tracked device
 * @has: attributes that were sent, BLKSNAP_HAS(device, DEVICE_...)
 * @dev: its number; the key
 * @name: kernel name, as "vda1"
 * @state: enum blksnap_device_state
 * @capacity_sectors: its size
 * @snapshot_id: snapshot it is a member of
 * @image: image device of that snapshot
 * @keep: attached by request: stays when the snapshot is destroyed
 * @cbt_cell_bytes: what one tracking cell covers
 * @cbt_generation: numbers compare only within one generation
 * @cbt_number: number of the running interval
 * @cbt_memory_bytes: memory that tracking occupies
 * @unit_bytes: copy-on-write unit
 * @error: negative errno, or 0
 * @cause: enum blksnap_change_cause, in an event
 * @reason: enum blksnap_del_reason, in a device-del-ntf
 * @seq: the last event this reflects
 * @time_ns: CLOCK_BOOTTIME of the message
 */
struct blksnap_device {
	uint64_t has;
	struct blksnap_dev dev;
	char name[BLKSNAP_DISK_NAME_MAX + 1];
	uint32_t state;
	uint64_t capacity_sectors;
	uint32_t snapshot_id;
	struct blksnap_dev image;
	bool keep;
	uint32_t cbt_cell_bytes;
	uint8_t cbt_generation[BLKSNAP_UUID_BYTES];
	uint32_t cbt_number;
	uint64_t cbt_memory_bytes;
	uint32_t unit_bytes;
	int32_t error;
	uint32_t cause;
	uint32_t reason;
	uint64_t seq;
	uint64_t time_ns;
};

/**
 * struct blksnap_member - a device in a snapshot
 * @has: attributes that were sent, BLKSNAP_HAS(member, MEMBER_...)
 * @dev: the origin
 * @name: kernel name of the origin
 * @image: image device, while it exists
 * @image_name: kernel name of the image, as "blksnap3"
 * @capacity_sectors: size of the image
 * @freeze_result: enum blksnap_freeze_result
 * @error: negative errno if this member broke the snapshot
 * @cbt_generation: generation of @cbt_number
 * @cbt_number: interval number of this image: since-number of the next backup
 */
struct blksnap_member {
	uint64_t has;
	struct blksnap_dev dev;
	char name[BLKSNAP_DISK_NAME_MAX + 1];
	struct blksnap_dev image;
	char image_name[BLKSNAP_DISK_NAME_MAX + 1];
	uint64_t capacity_sectors;
	uint32_t freeze_result;
	int32_t error;
	uint8_t cbt_generation[BLKSNAP_UUID_BYTES];
	uint32_t cbt_number;
};

/**
 * struct blksnap_snapshot - a snapshot
 * @has: attributes that were sent, BLKSNAP_HAS(snapshot, SNAPSHOT_...)
 * @id: number; the key; not used again while the module is loaded
 * @uuid: identity
 * @name: unique name
 * @state: enum blksnap_snapshot_state
 * @error: negative errno that broke it, or 0
 * @phase: enum blksnap_snapshot_phase, where it broke
 * @error_dev: device that broke it
 * @error_sector: sector of @error_dev
 * @level: enum blksnap_area_level
 * @area_total_sectors: what the area can hold
 * @area_used_sectors: of that used or promised
 * @low_sectors: level is low while fewer are free; 0 is never
 * @clear_sectors: level is ok again when so many are free
 * @grace_ms: how long writes wait for an extension, per shortage
 * @members: array of @n_members, owned by the snapshot
 * @n_members: number of @members
 * @cause: enum blksnap_change_cause, in an event
 * @reason: enum blksnap_del_reason, in a snapshot-del-ntf
 * @seq: the last event this reflects
 * @time_ns: CLOCK_BOOTTIME of the message
 * @taken_ns: the instant the images show, CLOCK_BOOTTIME
 * @taken_real_ns: the same, CLOCK_REALTIME
 * @gate_ns: how long writes were held at the take
 * @freeze_ns: how long file systems were frozen at the take
 * @request_cookie: number given by whoever created it
 */
struct blksnap_snapshot {
	uint64_t has;
	uint32_t id;
	uint8_t uuid[BLKSNAP_UUID_BYTES];
	char name[BLKSNAP_NAME_MAX + 1];
	uint32_t state;
	int32_t error;
	uint32_t phase;
	struct blksnap_dev error_dev;
	uint64_t error_sector;
	uint32_t level;
	uint64_t area_total_sectors;
	uint64_t area_used_sectors;
	uint64_t low_sectors;
	uint64_t clear_sectors;
	uint32_t grace_ms;
	struct blksnap_member *members;
	size_t n_members;
	uint32_t cause;
	uint32_t reason;
	uint64_t seq;
	uint64_t time_ns;
	uint64_t taken_ns;
	uint64_t taken_real_ns;
	uint64_t gate_ns;
	uint64_t freeze_ns;
	uint64_t request_cookie;
};

/**
 * struct blksnap_range - sectors of a block device, in a request
 * @dev: the device
 * @start_sectors: first sector
 * @count_sectors: number of sectors; 0 is up to the end of the device
 */
struct blksnap_range {
	struct blksnap_dev dev;
	uint64_t start_sectors;
	uint64_t count_sectors;
};

/**
 * struct blksnap_range_info - a range of an area, in an answer
 * @has: attributes that were sent, BLKSNAP_HAS(range, RANGE_INFO_...)
 * @dev: the device
 * @start_sectors: first sector
 * @count_sectors: number of sectors
 * @used_sectors: of that used or promised
 * @name: kernel name of the device
 */
struct blksnap_range_info {
	uint64_t has;
	struct blksnap_dev dev;
	uint64_t start_sectors;
	uint64_t count_sectors;
	uint64_t used_sectors;
	char name[BLKSNAP_DISK_NAME_MAX + 1];
};

/**
 * struct blksnap_extent - sectors of an origin
 */
struct blksnap_extent {
	uint64_t start_sectors;
	uint64_t count_sectors;
};

/**
 * struct blksnap_stats - counters of one device
 *
 * Counters only grow while @epoch stays; a rate is the difference of two
 * samples over the difference of their @time_ns.
 *
 * @has: attributes that were sent, BLKSNAP_HAS(stats, STATS_...)
 * @dev: the device; the key
 * @name: kernel name
 * @snapshot_id: snapshot it is a member of
 * @time_ns: CLOCK_BOOTTIME at which the counters were read
 * @epoch: another one when the counters started from zero
 * @writes: modifying requests seen
 * @write_sectors: their length
 * @inflight: submitted and not ended (a level)
 * @cow_units: units whose old content was read into memory
 * @cow_sectors: their length
 * @cow_ahead_sectors: part of it that no write had asked for yet
 * @store_sectors: written to the area
 * @held: writes that were held for a copy
 * @held_ns: time they were held, in sum
 * @held_hist: bucket i: held for 2^i to 2^(i+1) - 1 ns, the last all longer ones
 * @held_now: writes held at the moment (a level)
 * @image_reads: reads of the image
 * @image_read_sectors: their length
 * @image_area_sectors: part of it that came from the area or memory
 * @image_retry_sectors: read again because a write overtook
 * @discard_dropped_sectors: discards completed without being passed down
 * @errors: I/O errors while copying, storing or reading the area
 * @memory_bytes: copied blocks not stored yet (a level)
 * @metadata_bytes: memory that describes where copies are (a level)
 */
struct blksnap_stats {
	uint64_t has;
	struct blksnap_dev dev;
	char name[BLKSNAP_DISK_NAME_MAX + 1];
	uint32_t snapshot_id;
	uint64_t time_ns;
	uint64_t epoch;
	uint64_t writes;
	uint64_t write_sectors;
	uint64_t inflight;
	uint64_t cow_units;
	uint64_t cow_sectors;
	uint64_t cow_ahead_sectors;
	uint64_t store_sectors;
	uint64_t held;
	uint64_t held_ns;
	uint64_t held_hist[BLKSNAP_HOLD_BUCKETS];
	uint32_t held_now;
	uint64_t image_reads;
	uint64_t image_read_sectors;
	uint64_t image_area_sectors;
	uint64_t image_retry_sectors;
	uint64_t discard_dropped_sectors;
	uint64_t errors;
	uint64_t memory_bytes;
	uint64_t metadata_bytes;
};

/* ------------------------------------------------------------ session */

struct blksnap_session;

/**
 * blksnap_open() - connect to generic netlink
 * @session: result, freed with blksnap_close()
 * @err: why it failed
 *
 * The family is looked up at the first request, and again after the module was
 * reloaded, so that a session may be opened before the module is there.
 *
 * Return: 0, -ENOMEM, or -errno of socket().
 */
BLKSNAP_API int blksnap_open(struct blksnap_session **session,
			     struct blksnap_error *err);

/**
 * blksnap_close() - end a session
 * @session: session, or NULL; its subscriptions were closed before
 */
BLKSNAP_API void blksnap_close(struct blksnap_session *session);

/**
 * blksnap_info_get() - the module's version, limits and event numbers
 * @session: session
 * @info: filled
 * @err: why it failed
 *
 * Return: 0; -ENOPROTOOPT if the family is not there (class ABSENT), as for
 *	every request below; -errno of the kernel.
 */
BLKSNAP_API int blksnap_info_get(struct blksnap_session *session,
				 struct blksnap_info *info,
				 struct blksnap_error *err);

/* ------------------------------------------------------------ devices */

/**
 * blksnap_device_attach() - start to track a device, and keep it tracked
 * @session: session
 * @dev: the device
 * @cbt_cell_bytes: tracking cell, a power of two from 4096 to 1 MiB; 0 is the
 *	module's default
 * @device: filled if not NULL
 * @err: why it failed
 *
 * A device that is attached already answers as it is.
 *
 * Return: 0, -EPERM, -ENODEV (no such device), -EOPNOTSUPP (cannot be tracked),
 *	-EBUSY, -ENOMEM.
 */
BLKSNAP_API int blksnap_device_attach(struct blksnap_session *session,
				      struct blksnap_dev dev,
				      uint32_t cbt_cell_bytes,
				      struct blksnap_device *device,
				      struct blksnap_error *err);

/**
 * blksnap_device_detach() - stop to track a device
 * @session: session
 * @dev: the device
 * @device: filled with its last state if not NULL
 * @err: why it failed
 *
 * Return: 0, -EPERM, -ENOENT (not attached), -EBUSY (in a snapshot).
 */
BLKSNAP_API int blksnap_device_detach(struct blksnap_session *session,
				      struct blksnap_dev dev,
				      struct blksnap_device *device,
				      struct blksnap_error *err);

/**
 * blksnap_device_get() - one tracked device
 * @session: session
 * @dev: the device
 * @device: filled
 * @err: why it failed
 *
 * Return: 0, -ENOENT (not attached).
 */
BLKSNAP_API int blksnap_device_get(struct blksnap_session *session,
				   struct blksnap_dev dev,
				   struct blksnap_device *device,
				   struct blksnap_error *err);

/**
 * blksnap_device_list() - all tracked devices
 * @session: session
 * @devices: array, freed with free()
 * @count: number of devices
 * @err: why it failed
 *
 * Return: 0 or -errno.
 */
BLKSNAP_API int blksnap_device_list(struct blksnap_session *session,
				    struct blksnap_device **devices,
				    size_t *count, struct blksnap_error *err);

/* ---------------------------------------------------------- snapshots */

/**
 * struct blksnap_freeze - a file system to freeze at a take
 * @dev: its device, if @path is NULL
 * @path: its mount point where the device does not lead to the superblock
 * @member: member whose freeze-result it sets, if @has_member
 * @has_member: @member is meant
 */
struct blksnap_freeze {
	struct blksnap_dev dev;
	char *path;
	struct blksnap_dev member;
	bool has_member;
};

/**
 * struct blksnap_create - what to make
 * @name: name; NULL lets the kernel make one
 * @uuid: 16 bytes; NULL lets the kernel make one
 * @devices: devices to include, top of the stack first
 * @n_devices: number of @devices
 * @ranges: ranges of the area
 * @n_ranges: number of @ranges
 * @freezes: file systems to freeze, in order, upper ones first
 * @n_freezes: number of @freezes
 * @low_sectors: threshold, if @has_low
 * @has_low: @low_sectors is meant; otherwise the module's default
 * @clear_sectors: 0 is twice low
 * @grace_ms: how long writes wait for an extension; 0 is not at all
 * @attach: attach devices that are not attached
 * @socket_owner: destroy the snapshot when this session is closed
 */
struct blksnap_create {
	const char *name;
	const uint8_t *uuid;
	const struct blksnap_dev *devices;
	size_t n_devices;
	const struct blksnap_range *ranges;
	size_t n_ranges;
	const struct blksnap_freeze *freezes;
	size_t n_freezes;
	uint64_t low_sectors;
	bool has_low;
	uint64_t clear_sectors;
	uint32_t grace_ms;
	bool attach;
	bool socket_owner;
};

/**
 * struct blksnap_wait - how long to wait for an outcome
 * @timeout_ms: limit; 0 does not wait at all, negative waits for ever
 * @cancel_fd: waiting ends when this becomes readable (a signalfd, a pipe);
 *	-1 if there is none
 */
struct blksnap_wait {
	int timeout_ms;
	int cancel_fd;
};

/**
 * blksnap_snapshot_create() - make and take a snapshot, all or nothing
 * @session: session
 * @create: what to make
 * @wait: how long to wait; NULL is 120 s without cancellation
 * @snapshot: filled if not NULL, freed with blksnap_snapshot_clear()
 * @err: why it failed, with phase and device where the kernel said
 *
 * Unless @wait says not to wait, returns when the images are readable or nothing
 * of the snapshot is left. When the wait times out or is cancelled the snapshot
 * is destroyed first.
 *
 * Return: 0, -EPERM, -EEXIST (the name), -EINVAL, -EBUSY, -ENOSPC, -ENOMEM,
 *	-ETIMEDOUT, -ECANCELED, or whatever broke the take.
 */
BLKSNAP_API int blksnap_snapshot_create(struct blksnap_session *session,
					const struct blksnap_create *create,
					const struct blksnap_wait *wait,
					struct blksnap_snapshot *snapshot,
					struct blksnap_error *err);

/**
 * blksnap_snapshot_destroy() - remove a snapshot and its images
 * @session: session
 * @id: snapshot
 * @force: although an image is open; its readers get EIO
 * @wait: how long to wait; NULL is 120 s without cancellation
 * @snapshot: filled with its last state if not NULL, freed with
 *	blksnap_snapshot_clear()
 * @err: why it failed
 *
 * Return: 0, -EPERM, -ENOENT, -EBUSY (an image is open), -ETIMEDOUT or
 *	-ECANCELED (the kernel goes on with it).
 */
BLKSNAP_API int blksnap_snapshot_destroy(struct blksnap_session *session,
					 uint32_t id, bool force,
					 const struct blksnap_wait *wait,
					 struct blksnap_snapshot *snapshot,
					 struct blksnap_error *err);

/**
 * blksnap_snapshot_get() - one snapshot
 * @session: session
 * @id: snapshot
 * @snapshot: filled, freed with blksnap_snapshot_clear()
 * @err: why it failed
 *
 * Return: 0, -ENOENT.
 */
BLKSNAP_API int blksnap_snapshot_get(struct blksnap_session *session,
				     uint32_t id,
				     struct blksnap_snapshot *snapshot,
				     struct blksnap_error *err);

/**
 * blksnap_snapshot_find() - one snapshot by name, UUID or unique UUID prefix
 * @session: session
 * @text: a name, failing that a UUID or at least four characters of one
 * @snapshot: filled, freed with blksnap_snapshot_clear()
 * @err: why it failed
 *
 * Return: 0, -ENOENT (none), -ENOTUNIQ (the prefix fits several).
 */
BLKSNAP_API int blksnap_snapshot_find(struct blksnap_session *session,
				      const char *text,
				      struct blksnap_snapshot *snapshot,
				      struct blksnap_error *err);

/**
 * blksnap_snapshot_list() - all snapshots
 * @session: session
 * @snapshots: array, freed with blksnap_snapshots_free()
 * @count: number of snapshots
 * @err: why it failed
 *
 * Return: 0 or -errno.
 */
BLKSNAP_API int blksnap_snapshot_list(struct blksnap_session *session,
				      struct blksnap_snapshot **snapshots,
				      size_t *count, struct blksnap_error *err);

/**
 * struct blksnap_settings - what to change of a snapshot
 * @name: new name, or NULL
 * @low_sectors: threshold, if @has_low
 * @has_low: @low_sectors is meant
 * @clear_sectors: threshold, if @has_clear
 * @has_clear: @clear_sectors is meant
 * @grace_ms: grace, if @has_grace
 * @has_grace: @grace_ms is meant
 */
struct blksnap_settings {
	const char *name;
	uint64_t low_sectors;
	bool has_low;
	uint64_t clear_sectors;
	bool has_clear;
	uint32_t grace_ms;
	bool has_grace;
};

/**
 * blksnap_snapshot_set() - change name, thresholds or grace
 * @session: session
 * @id: snapshot
 * @settings: what to change
 * @snapshot: filled if not NULL, freed with blksnap_snapshot_clear()
 * @err: why it failed
 *
 * Return: 0, -EPERM, -ENOENT, -EEXIST (the name), -EINVAL.
 */
BLKSNAP_API int blksnap_snapshot_set(struct blksnap_session *session,
				     uint32_t id,
				     const struct blksnap_settings *settings,
				     struct blksnap_snapshot *snapshot,
				     struct blksnap_error *err);

/**
 * blksnap_snapshot_clear() - free what a snapshot owns
 * @snapshot: snapshot, which is zero afterwards; may be NULL
 */
BLKSNAP_API void blksnap_snapshot_clear(struct blksnap_snapshot *snapshot);

/**
 * blksnap_snapshot_copy() - deep copy
 * @to: overwritten; freed with blksnap_snapshot_clear()
 * @from: source
 *
 * Return: 0 or -ENOMEM, in which case @to is zero.
 */
BLKSNAP_API int blksnap_snapshot_copy(struct blksnap_snapshot *to,
				      const struct blksnap_snapshot *from);

/**
 * blksnap_snapshots_free() - free an array of snapshots
 * @snapshots: array, or NULL
 * @count: number of snapshots
 */
BLKSNAP_API void blksnap_snapshots_free(struct blksnap_snapshot *snapshots,
					size_t count);

/* --------------------------------------------------------------- area */

/**
 * blksnap_area_append() - append ranges to an area
 * @session: session
 * @id: snapshot
 * @ranges: ranges; more than the kernel takes at once are sent in turn, and
 *	those that were sent stay when a later request fails
 * @count: number of @ranges
 * @snapshot: filled if not NULL, freed with blksnap_snapshot_clear()
 * @err: why it failed
 *
 * Return: 0, -EPERM, -ENOENT, -EINVAL (bounds, alignment), -EBUSY (overlap, in
 *	use, on or below an origin), -EROFS, -ENOMEM.
 */
BLKSNAP_API int blksnap_area_append(struct blksnap_session *session,
				    uint32_t id,
				    const struct blksnap_range *ranges,
				    size_t count,
				    struct blksnap_snapshot *snapshot,
				    struct blksnap_error *err);

/**
 * blksnap_area_remove() - remove ranges that hold nothing yet
 * @session: session
 * @id: snapshot
 * @ranges: ranges, as for blksnap_area_append()
 * @count: number of @ranges
 * @snapshot: filled if not NULL, freed with blksnap_snapshot_clear()
 * @err: why it failed
 *
 * Return: 0, -EPERM, -ENOENT, -EBUSY (a range holds something).
 */
BLKSNAP_API int blksnap_area_remove(struct blksnap_session *session,
				    uint32_t id,
				    const struct blksnap_range *ranges,
				    size_t count,
				    struct blksnap_snapshot *snapshot,
				    struct blksnap_error *err);

/**
 * blksnap_area_list() - ranges of an area
 * @session: session
 * @id: snapshot
 * @ranges: array, freed with free()
 * @count: number of ranges
 * @err: why it failed
 *
 * Return: 0, -ENOENT.
 */
BLKSNAP_API int blksnap_area_list(struct blksnap_session *session, uint32_t id,
				  struct blksnap_range_info **ranges,
				  size_t *count, struct blksnap_error *err);

/* ---------------------------------------------------------------- CBT */

/**
 * struct blksnap_cbt - what a list of extents reflects
 * @generation: generation of @number
 * @number: interval up to which the extents go: since-number of the next query
 */
struct blksnap_cbt {
	uint8_t generation[BLKSNAP_UUID_BYTES];
	uint32_t number;
};

/**
 * typedef blksnap_extent_fn - receives extents in ascending order
 * @extent: sectors that changed; lives until the function returns
 * @arg: as given
 *
 * Return: 0 to go on, or a negative errno that ends the query.
 */
typedef int (*blksnap_extent_fn)(const struct blksnap_extent *extent, void *arg);

/**
 * blksnap_cbt_extents() - what changed since an interval
 * @session: session
 * @dev: an attached device; if it is in a snapshot the answer is that of the
 *	image, otherwise of the device now
 * @since: generation and number of the earlier image
 * @fn: called for each extent; touching extents are joined
 * @arg: for @fn
 * @upto: filled if not NULL
 * @err: why it failed
 *
 * Extents handed to @fn count only if the function returns 0.
 *
 * Return: 0, -EPERM, -ENOENT (not attached), -ESTALE (another generation, class
 *	INVALID: a full backup is needed), or what @fn returned.
 */
BLKSNAP_API int blksnap_cbt_extents(struct blksnap_session *session,
				    struct blksnap_dev dev,
				    const struct blksnap_cbt *since,
				    blksnap_extent_fn fn, void *arg,
				    struct blksnap_cbt *upto,
				    struct blksnap_error *err);

/**
 * blksnap_cbt_mark() - mark extents as changed
 * @session: session
 * @dev: an attached device
 * @extents: extents; many are sent in several requests
 * @count: number of @extents
 * @err: why it failed
 *
 * Return: 0, -EPERM, -ENOENT, -EINVAL (out of bounds).
 */
BLKSNAP_API int blksnap_cbt_mark(struct blksnap_session *session,
				 struct blksnap_dev dev,
				 const struct blksnap_extent *extents,
				 size_t count, struct blksnap_error *err);

/* --------------------------------------------------------- statistics */

/**
 * blksnap_stats_list() - counters of all tracked devices, in one dump
 * @session: session
 * @stats: array, freed with free()
 * @count: number of devices
 * @err: why it failed
 *
 * Return: 0 or -errno.
 */
BLKSNAP_API int blksnap_stats_list(struct blksnap_session *session,
				   struct blksnap_stats **stats, size_t *count,
				   struct blksnap_error *err);

/**
 * blksnap_stats_get() - counters of one device
 * @session: session
 * @dev: the device
 * @stats: filled
 * @err: why it failed
 *
 * Return: 0, -ENOENT (not attached).
 */
BLKSNAP_API int blksnap_stats_get(struct blksnap_session *session,
				  struct blksnap_dev dev,
				  struct blksnap_stats *stats,
				  struct blksnap_error *err);

/* ------------------------------------------------------------- events */

/**
 * enum blksnap_record_type - what a record tells
 * @BLKSNAP_RECORD_STATE: an object exists; sent for each one before SYNC
 * @BLKSNAP_RECORD_SYNC: the state is complete; objects known from before a LOST
 *	or BACK that did not come again are gone
 * @BLKSNAP_RECORD_EVENT: something changed
 * @BLKSNAP_RECORD_LOST: events cannot be had any more; the state follows anew
 * @BLKSNAP_RECORD_GONE: the module went away, and all its objects with it
 * @BLKSNAP_RECORD_BACK: the module is there (again); the state follows
 */
enum blksnap_record_type {
	BLKSNAP_RECORD_STATE,
	BLKSNAP_RECORD_SYNC,
	BLKSNAP_RECORD_EVENT,
	BLKSNAP_RECORD_LOST,
	BLKSNAP_RECORD_GONE,
	BLKSNAP_RECORD_BACK,
};

/**
 * struct blksnap_record - one step of a subscription
 * @type: what it tells
 * @cmd: EVENT: BLKSNAP_CMD_..._NTF
 * @seq: EVENT: its number. STATE: the last event the object reflects.
 *	SYNC: events up to here are in the state. LOST: the last event before
 *	the hole
 * @instance: of the module (all but GONE)
 * @snapshot: STATE, EVENT: the snapshot, or NULL; in a snapshot-del-ntf as it
 *	was last
 * @device: STATE, EVENT: the device, or NULL
 * @lost: LOST: how many events; 0 is unknown
 * @resync: SYNC: not the first one
 * @replayed: EVENT: came late, from the kernel's ring, after a gap
 * @reflected: EVENT: the STATE sent before includes it already: a log prints
 *	it, a model ignores it
 */
struct blksnap_record {
	enum blksnap_record_type type;
	uint32_t cmd;
	uint64_t seq;
	uint64_t instance;
	const struct blksnap_snapshot *snapshot;
	const struct blksnap_device *device;
	uint64_t lost;
	bool resync;
	bool replayed;
	bool reflected;
};

/**
 * blksnap_record_word() - a word for a record type, as "sync"
 * @type: type
 */
BLKSNAP_API const char *blksnap_record_word(enum blksnap_record_type type);

/**
 * typedef blksnap_record_fn - receives records in order
 * @record: lives until the function returns
 * @arg: as given
 *
 * Must not use the subscription; may make requests on another session.
 *
 * Return: 0, or a negative errno that ends the dispatch; records not delivered
 * by then come with the next dispatch as after a loss.
 */
typedef int (*blksnap_record_fn)(const struct blksnap_record *record, void *arg);

#define BLKSNAP_EVENTS_WAIT 1u /* the module need not be there: GONE, later BACK */

struct blksnap_events;

/**
 * blksnap_events_open() - subscribe, and receive the state
 * @session: session, used for dumps as well; outlives the subscription
 * @flags: BLKSNAP_EVENTS_*
 * @fn: called for each record, from here and from blksnap_events_dispatch()
 * @arg: for @fn
 * @events: result, freed with blksnap_events_close()
 * @err: why it failed
 *
 * Return: 0, -ENOPROTOOPT (the family is not there, without
 *	BLKSNAP_EVENTS_WAIT), -ENOMEM, what @fn returned.
 */
BLKSNAP_API int blksnap_events_open(struct blksnap_session *session,
				    unsigned int flags, blksnap_record_fn fn,
				    void *arg, struct blksnap_events **events,
				    struct blksnap_error *err);

/**
 * blksnap_events_fd() - what to poll
 * @events: subscription
 *
 * Return: a non-blocking descriptor that stays the same until
 *	blksnap_events_close(); readable or in error when there is something to
 *	dispatch.
 */
BLKSNAP_API int blksnap_events_fd(const struct blksnap_events *events);

/**
 * blksnap_events_dispatch() - deliver what has come, without waiting for more
 * @events: subscription
 * @err: why it failed
 *
 * Gaps and overruns are repaired in here: by replay if the kernel still has the
 * events, by LOST and a new state if not.
 *
 * Return: number of records delivered, or -errno. After a failure a later
 *	dispatch starts with LOST and a new state.
 */
BLKSNAP_API int blksnap_events_dispatch(struct blksnap_events *events,
					struct blksnap_error *err);

/**
 * blksnap_events_close() - end a subscription
 * @events: subscription, or NULL
 */
BLKSNAP_API void blksnap_events_close(struct blksnap_events *events);

/* -------------------------------------------------------------- stack */

struct blksnap_stack;

/**
 * blksnap_stack_open() - look at the machine's block devices and mounts
 * @root: directory in which "sys", "proc" and "dev" lie; NULL is "/"
 * @stack: result, freed with blksnap_stack_close()
 * @err: why it failed
 *
 * What it tells is as of this call.
 *
 * Return: 0, -ENOMEM, -errno of reading sysfs.
 */
BLKSNAP_API int blksnap_stack_open(const char *root, struct blksnap_stack **stack,
				   struct blksnap_error *err);

/**
 * blksnap_stack_close() - free it
 * @stack: stack, or NULL
 */
BLKSNAP_API void blksnap_stack_close(struct blksnap_stack *stack);

/**
 * blksnap_stack_resolve() - the device a path or name means
 * @stack: stack
 * @text: a path to a block device or to a link to one, a kernel name ("vda1"),
 *	or MAJOR:MINOR
 * @dev: result
 * @err: why it failed
 *
 * Return: 0, -ENOENT (nothing there), -ENOTBLK (no block device).
 */
BLKSNAP_API int blksnap_stack_resolve(const struct blksnap_stack *stack,
				      const char *text, struct blksnap_dev *dev,
				      struct blksnap_error *err);

/**
 * blksnap_stack_name() - kernel name of a device
 * @stack: stack
 * @dev: device
 *
 * Return: a string that lives as long as @stack, or NULL.
 */
BLKSNAP_API const char *blksnap_stack_name(const struct blksnap_stack *stack,
					   struct blksnap_dev dev);

/**
 * blksnap_stack_label() - what people call a device
 * @stack: stack
 * @dev: device
 *
 * Return: "vg-root" for a device-mapper device, otherwise the kernel name, or
 *	NULL; lives as long as @stack.
 */
BLKSNAP_API const char *blksnap_stack_label(const struct blksnap_stack *stack,
					    struct blksnap_dev dev);

/**
 * blksnap_stack_sectors() - size of a device
 * @stack: stack
 * @dev: device
 *
 * Return: sectors; 0 if unknown.
 */
BLKSNAP_API uint64_t blksnap_stack_sectors(const struct blksnap_stack *stack,
					   struct blksnap_dev dev);

/**
 * blksnap_stack_sort() - order members, top of the stack first
 * @stack: stack
 * @devs: devices, sorted in place; those not stacked keep their order
 * @count: number of @devs
 */
BLKSNAP_API void blksnap_stack_sort(const struct blksnap_stack *stack,
				    struct blksnap_dev *devs, size_t count);

/**
 * blksnap_stack_check_members() - may these be one set?
 * @stack: stack
 * @devs: devices
 * @count: number of @devs
 * @err: the reason, as "loop0 is a file on member vdb"
 *
 * Return: 0, -EINVAL (a device named twice), -ELOOP (a file on a member).
 */
BLKSNAP_API int blksnap_stack_check_members(const struct blksnap_stack *stack,
					    const struct blksnap_dev *devs,
					    size_t count,
					    struct blksnap_error *err);

/**
 * blksnap_stack_check_area() - may this device hold the area of these members?
 * @stack: stack
 * @devs: members
 * @count: number of @devs
 * @range: range of the area
 * @err: the reason
 *
 * Return: 0, -EBUSY (mounted, swap, held by another device, stacked above or
 *	below a member, the same disk's sectors), -EROFS, -EINVAL (too small,
 *	beyond the end).
 */
BLKSNAP_API int blksnap_stack_check_area(const struct blksnap_stack *stack,
					 const struct blksnap_dev *devs,
					 size_t count,
					 const struct blksnap_range *range,
					 struct blksnap_error *err);

/**
 * blksnap_stack_check_file() - may a file here hold the area of these members?
 * @stack: stack
 * @devs: members
 * @count: number of @devs
 * @path: the file or its directory
 * @err: the reason
 *
 * Return: 0, -EBUSY (its file system lies on a member), -errno of stat().
 */
BLKSNAP_API int blksnap_stack_check_file(const struct blksnap_stack *stack,
					 const struct blksnap_dev *devs,
					 size_t count, const char *path,
					 struct blksnap_error *err);

/**
 * blksnap_stack_freezes() - the file systems a take of these members freezes
 * @stack: stack
 * @devs: members
 * @count: number of @devs
 * @freezes: array in the order of freezing, upper ones first; freed with
 *	blksnap_freezes_free()
 * @n_freezes: number of file systems
 * @err: why it failed
 *
 * Finds mounted file systems on the members, on their partitions, and on
 * whatever is stacked on them.
 *
 * Return: 0, -ENOMEM.
 */
BLKSNAP_API int blksnap_stack_freezes(const struct blksnap_stack *stack,
				      const struct blksnap_dev *devs,
				      size_t count,
				      struct blksnap_freeze **freezes,
				      size_t *n_freezes,
				      struct blksnap_error *err);

/**
 * blksnap_freezes_free() - free a list of file systems
 * @freezes: array, or NULL
 * @count: number of file systems
 */
BLKSNAP_API void blksnap_freezes_free(struct blksnap_freeze *freezes,
				      size_t count);

/**
 * blksnap_version() - version of this library
 */
BLKSNAP_API const char *blksnap_version(void);

#ifdef __cplusplus
}
#endif

#endif /* BLKSNAP_H */
