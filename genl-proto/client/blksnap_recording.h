/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Recordings: what a kernel answered, kept in a text file, and played again
 * without a kernel. For tests, demonstrations, and for looking at another
 * machine's trouble. Included by blksnap.h, whose conventions hold here.
 *
 * A line each, in the order in which things happened; "#" begins a comment:
 *
 *	clock BOOT_NS REAL_NS		the time it shows
 *	absent				the module is not there
 *	block 254:16 vdb SECTORS [ro] [swap] [requests] [label="..."]
 *		[file="..."] [part=DISK:START] [on=NAME,NAME...]
 *	mount "PATH" NAME		a file system on a block device
 *	> COMMAND [dump] ATTRIBUTES	a request
 *	< [=COMMAND] ATTRIBUTES		an answer to it
 *	! ERRNO [kernel] "MESSAGE" [ATTRIBUTE]	it failed
 *	~ NOTIFICATION ATTRIBUTES	an event, delivered after that request
 *	~ gone | back | overrun		the module went, came; events were lost
 *
 * A request is answered by the first one of the same command in the file that has
 * no attribute that was not asked for now, and has not answered yet; failing
 * that by the last of those that have.
 */
#ifndef BLKSNAP_RECORDING_H
#define BLKSNAP_RECORDING_H

#include "blksnap_objects.h"
#include "blksnap_stack.h"

#ifdef __cplusplus
extern "C" {
#endif

struct blksnap_recording;
struct blksnap_session;

/**
 * blksnap_recording_read() - read a recording
 * @path: the file
 * @recording: result, freed with blksnap_recording_free()
 * @err: why it failed, with the number of the line
 *
 * Return: 0, -errno of reading, -EINVAL, -ENOMEM.
 */
BLKSNAP_API int blksnap_recording_read(const char *path,
				       struct blksnap_recording **recording,
				       struct blksnap_error *err);

/**
 * blksnap_recording_free() - free it
 * @recording: recording, or NULL; its sessions were closed before
 */
BLKSNAP_API void blksnap_recording_free(struct blksnap_recording *recording);

/**
 * blksnap_recording_session() - a session with the recorded kernel
 * @recording: lives longer than the session
 * @session: result, freed with blksnap_close()
 * @err: why it failed
 *
 * Return: 0, -ENOMEM.
 */
BLKSNAP_API int blksnap_recording_session(struct blksnap_recording *recording,
					  struct blksnap_session **session,
					  struct blksnap_error *err);

/**
 * blksnap_recording_stack() - the block devices of the recorded machine
 * @recording: recording
 * @stack: result, freed with blksnap_stack_close()
 * @err: why it failed
 *
 * Return: 0, -ENOMEM.
 */
BLKSNAP_API int blksnap_recording_stack(const struct blksnap_recording *recording,
					struct blksnap_stack **stack,
					struct blksnap_error *err);

/**
 * blksnap_recording_clock() - the time it shows
 * @recording: recording
 * @boot_ns: CLOCK_BOOTTIME
 * @real_ns: CLOCK_REALTIME
 *
 * Return: false if it does not say.
 */
BLKSNAP_API bool
blksnap_recording_clock(const struct blksnap_recording *recording,
			uint64_t *boot_ns, uint64_t *real_ns);

/**
 * blksnap_open_recorded() - a session with the real kernel that is written down
 * @path: file to write; one that exists is overwritten
 * @session: result, freed with blksnap_close(), which completes the file
 * @err: why it failed
 *
 * Return: 0, -errno of writing, as blksnap_open().
 */
BLKSNAP_API int blksnap_open_recorded(const char *path,
				      struct blksnap_session **session,
				      struct blksnap_error *err);

#ifdef __cplusplus
}
#endif

#endif /* BLKSNAP_RECORDING_H */
