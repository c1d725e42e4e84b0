/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The objects of libblksnap: errors, words, and what the kernel tells about the
 * module, devices, snapshots, areas and counters. Included by blksnap.h, whose
 * conventions hold here.
 */
#ifndef BLKSNAP_OBJECTS_H
#define BLKSNAP_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
 * @BLKSNAP_EXIT_OK: nothing failed
 * @BLKSNAP_EXIT_OTHER: none of the others
 * @BLKSNAP_EXIT_USAGE: the request was not understood; nothing was tried
 * @BLKSNAP_EXIT_NOT_FOUND: no such device, snapshot or range
 * @BLKSNAP_EXIT_CONFLICT: in use, exists already, ambiguous
 * @BLKSNAP_EXIT_PERMISSION: not permitted
 * @BLKSNAP_EXIT_NO_SPACE: no space, no memory, or beyond a limit
 * @BLKSNAP_EXIT_INVALID: snapshot unusable, or chain of changes broken
 * @BLKSNAP_EXIT_TIMEOUT: a time limit passed
 * @BLKSNAP_EXIT_ABSENT: the module is not loaded, or of another namespace
 * @BLKSNAP_EXIT_PARTIAL: some of several failed
 * @BLKSNAP_EXIT_GONE: the module went away under a stream
 * @BLKSNAP_EXIT_HOOK: a hook failed or took too long
 * @BLKSNAP_EXIT_WARNING: a check found something to look at
 * @BLKSNAP_EXIT_CRITICAL: a check found something wrong
 * @BLKSNAP_EXIT_INTERRUPTED: interrupted; nothing is left of what was begun
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
	BLKSNAP_EXIT_HOOK = 12,
	BLKSNAP_EXIT_WARNING = 13,
	BLKSNAP_EXIT_CRITICAL = 14,
	BLKSNAP_EXIT_INTERRUPTED = 130,
};

/**
 * struct blksnap_dev - a block device by number
 * @major: major number
 * @minor: minor number
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
 * @left_behind: a snapshot that was given up could not be removed
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
	bool left_behind;
};

/**
 * blksnap_exit_class() - class of an errno without further context
 * @errnum: positive errno, or 0
 *
 * Return: the class; BLKSNAP_EXIT_OTHER for an errno that says no more.
 */
BLKSNAP_API enum blksnap_exit blksnap_exit_class(int errnum);

/**
 * blksnap_exit_word() - a word for an exit class, as "not-found"
 * @exit: class
 *
 * Return: a static string; "unknown" for another value.
 */
BLKSNAP_API const char *blksnap_exit_word(enum blksnap_exit exit);

/* -------------------------------------------------------------- words */

/*
 * The names the protocol's specification uses, as "take-failed"; "unknown" for
 * a value this library does not know. Static strings.
 */

/**
 * blksnap_snapshot_state_word() - the name of a state of a snapshot
 * @state: BLKSNAP_SNAPSHOT_STATE_*
 *
 * Return: a static string.
 */
BLKSNAP_API const char *blksnap_snapshot_state_word(uint32_t state);

/**
 * blksnap_snapshot_phase_word() - the name of a phase of a take
 * @phase: BLKSNAP_SNAPSHOT_PHASE_*
 *
 * Return: a static string.
 */
BLKSNAP_API const char *blksnap_snapshot_phase_word(uint32_t phase);

/**
 * blksnap_area_level_word() - the name of a level of an area
 * @level: BLKSNAP_AREA_LEVEL_*
 *
 * Return: a static string.
 */
BLKSNAP_API const char *blksnap_area_level_word(uint32_t level);

/**
 * blksnap_device_state_word() - the name of a state of a device
 * @state: BLKSNAP_DEVICE_STATE_*
 *
 * Return: a static string.
 */
BLKSNAP_API const char *blksnap_device_state_word(uint32_t state);

/**
 * blksnap_freeze_result_word() - a word for what became of a file system
 * @result: BLKSNAP_FREEZE_RESULT_*
 *
 * Return: a static string.
 */
BLKSNAP_API const char *blksnap_freeze_result_word(uint32_t result);

/**
 * blksnap_del_reason_word() - a word for why an object is gone
 * @reason: BLKSNAP_DEL_REASON_*
 *
 * Return: a static string.
 */
BLKSNAP_API const char *blksnap_del_reason_word(uint32_t reason);

/**
 * blksnap_change_cause_word() - a word for why an event was sent
 * @cause: BLKSNAP_CHANGE_CAUSE_*
 *
 * Return: a static string.
 */
BLKSNAP_API const char *blksnap_change_cause_word(uint32_t cause);

/**
 * blksnap_command_word() - the name of a command or notification
 * @cmd: BLKSNAP_CMD_*
 *
 * Return: a static string.
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
 * @released_sectors: in the answer to blksnap_image_release()
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
	uint64_t released_sectors;
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
 * @area_used_sectors: part of the area that holds copies of its blocks
 * @image_openers: how many times the image and its partitions are open
 * @image_held: one of them exclusively: mounted, or another device is made of it
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
	uint64_t area_used_sectors;
	uint32_t image_openers;
	bool image_held;
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
 * @start_sectors: first sector
 * @count_sectors: how many, at least 1
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

#ifdef __cplusplus
}
#endif

#endif /* BLKSNAP_OBJECTS_H */
