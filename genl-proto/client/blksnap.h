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

#include "blksnap_objects.h"
#include "blksnap_recording.h"
#include "blksnap_stack.h"

#ifdef __cplusplus
extern "C" {
#endif

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
 * blksnap_list_changed() - did the last list not hold still?
 * @session: session
 *
 * A list that changes while the kernel tells it is asked for again, five times.
 * What is returned after that has each object that was there all the time once,
 * each as it was when it was told, but they need not have been so together.
 * Ranges of an area mean nothing then: blksnap_area_list() fails with -EAGAIN.
 *
 * Return: whether the last blksnap_*_list() of @session was such a one.
 */
BLKSNAP_API bool blksnap_list_changed(const struct blksnap_session *session);

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
 * Return: 0, -EPERM, -ENODEV (not attached), -EBUSY (in a snapshot).
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
 * Return: 0, -ENODEV (not attached).
 */
BLKSNAP_API int blksnap_device_get(struct blksnap_session *session,
				   struct blksnap_dev dev,
				   struct blksnap_device *device,
				   struct blksnap_error *err);

/**
 * blksnap_device_settle() - wait until writes submitted before the attach are
 *	out
 * @session: session
 * @dev: the device
 * @timeout_ms: how long to wait
 * @device: filled; still settling if the time ran out
 * @err: why it failed
 *
 * Return: 0, -ENODEV (not attached any more).
 */
BLKSNAP_API int blksnap_device_settle(struct blksnap_session *session,
				      struct blksnap_dev dev,
				      unsigned int timeout_ms,
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
 * struct blksnap_create - what to make
 * @name: name; NULL lets the kernel make one
 * @uuid: 16 bytes; NULL lets the kernel make one
 * @devices: devices to include, top of the stack first
 * @n_devices: number of @devices
 * @ranges: ranges of the area, of any number
 * @n_ranges: number of @ranges
 * @freezes: file systems to freeze, in order, upper ones first
 * @n_freezes: number of @freezes
 * @low_sectors: threshold, if @has_low
 * @has_low: @low_sectors is meant; otherwise the module's default
 * @clear_sectors: 0 is twice low
 * @grace_ms: how long writes wait for an extension; 0 is not at all
 * @attach: attach devices that are not attached
 * @socket_owner: tie the snapshot to this session: the kernel destroys it when
 *	the session is closed, or the process ends in whatever way (a child that
 *	inherited the session's socket keeps it)
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
 * More ranges than the kernel takes in one request are sent in several. Unless
 * @wait says not to wait, returns when the images are readable or nothing of the
 * snapshot is left; should this process end before, nothing is left either. When
 * the wait times out or is cancelled the snapshot is destroyed first, which may
 * take as long as a freeze under way; should that fail, @err->left_behind says so.
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
 * With -EBUSY @err->dev is the image that is open; the message tells whether it is
 * held (mounted, or another device is made of it).
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
 *
 * What is not meant stays, except that a new low threshold without a clear one
 * sets that to twice low.
 *
 * @name: new name, or NULL
 * @low_sectors: threshold, if @has_low
 * @has_low: @low_sectors is meant
 * @clear_sectors: threshold, if @has_clear; 0 is twice low
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
 * All or nothing. Where a new threshold is passed already, subscribers hear of the
 * level at once, as when it moves.
 *
 * Return: 0, -EPERM, -ENOENT, -EEXIST (the name), -EINVAL (clear below low, a bad
 *	name), -ERANGE.
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
 * Return: 0, -ENOENT, -EAGAIN if they change faster than they can be read.
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
 * Return: 0, -EPERM, -ENODEV (not attached), -ESTALE (another generation, class
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

/**
 * blksnap_image_release() - give up the past of extents of an image
 * @session: session
 * @snapshot_id: the snapshot
 * @dev: the origin
 * @extents: what will not be read again, at most 16 GiB each; many are sent in
 *	several requests
 * @count: number of @extents
 * @released_sectors: set to how much was given up, also if it failed half-way;
 *	less than asked for is normal: parts of units and what is being copied
 *	stay
 * @err: why it failed
 *
 * Writes there are not copied any more, copies in the area make room for
 * others, and reads of the image there fail.
 *
 * Return: 0, -EPERM, -ENODEV, -ENOENT (in no taken snapshot), -ESTALE (in
 * another), -ERANGE (out of bounds), -EIO (the snapshot has failed), -ENOMEM.
 */
BLKSNAP_API int blksnap_image_release(struct blksnap_session *session,
				      uint32_t snapshot_id,
				      struct blksnap_dev dev,
				      const struct blksnap_extent *extents,
				      size_t count, uint64_t *released_sectors,
				      struct blksnap_error *err);

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
 * Return: 0, -ENODEV (not attached).
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
 *
 * Return: a static string; "unknown" for another value.
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
 * blksnap_events_resume() - subscribe, and receive what happened since
 * @session: used from within the callback by nobody
 * @instance: of the module, as the last SYNC had it; 0 is whatever it is
 * @seq: the last event that was seen
 * @fn: called for each record, from here and from blksnap_events_dispatch()
 * @arg: for @fn
 * @events: result, freed with blksnap_events_close()
 * @err: why it failed
 *
 * The events after @seq come first, then SYNC, and then those that happen. What the
 * kernel does not have any more is LOST, as is everything if the instance is another
 * one or @seq was not reached yet: then the state follows.
 *
 * Return: 0, -ENOPROTOOPT (no module), -errno, what @fn returned if negative.
 */
BLKSNAP_API int blksnap_events_resume(struct blksnap_session *session,
				      uint64_t instance, uint64_t seq,
				      blksnap_record_fn fn, void *arg,
				      struct blksnap_events **events,
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

/**
 * blksnap_version() - version of this library
 *
 * Return: a static string, as "1.2.3".
 */
BLKSNAP_API const char *blksnap_version(void);

#ifdef __cplusplus
}
#endif

#endif /* BLKSNAP_H */
