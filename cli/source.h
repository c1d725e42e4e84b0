/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source: from area specifications to ranges of block devices.
 *
 * The kernel knows block devices only. A file becomes a loop device, memory a
 * zram device. Life of a list of sources:
 *
 *	source_open()	checks, makes devices, holds them open
 *	(the request)	the kernel opens them itself
 *	source_keep()	lets go: what the kernel holds stays
 *   or	source_drop()	lets go: nothing is left
 *
 * A file is unlinked as soon as its loop device holds it, and the loop device
 * clears itself when its last opener closes it. So both go away with the
 * snapshot, or with this process if it dies before; the space is in use all the
 * same and shows in df, not in du. A zram device does not clear itself: a note
 * in SOURCE_NOTES says which snapshot it belongs to, and source_sweep() removes
 * those whose snapshot is gone.
 */
#ifndef BLKSNAP_CLI_SOURCE_H
#define BLKSNAP_CLI_SOURCE_H

#include <signal.h>

#include "cli.h"
#include "parse.h"

#define SOURCE_NOTES "/run/blksnap"
#define SOURCE_NOTES_MAX 256

/**
 * source_notes() - the folder of the notes, made if it is not there
 * @path: filled, SOURCE_NOTES_MAX bytes: SOURCE_NOTES, or what the environment
 *	variable BLKSNAP_RUN_DIR names
 *
 * Return: 0 or -errno.
 */
int source_notes(char *path);

/**
 * struct source - one opened specification
 * @fd: open device, or -1
 * @zram: number of a zram device made for it, or -1
 */
struct source {
	int fd;
	int zram;
};

/**
 * struct source_list - all of a request
 * @ranges: array of @count, for the request
 * @sources: array of @count
 * @count: number of sources
 */
struct source_list {
	struct blksnap_range *ranges;
	struct source *sources;
	size_t count;
};

/**
 * source_open() - make ranges of specifications
 * @cli: run; its stack is read if it is not yet
 * @specs: the texts
 * @count: number of @specs
 * @members: devices of the snapshot
 * @n_members: number of @members
 * @uuid: of the snapshot, for the notes
 * @list: result; source_keep() or source_drop()
 *
 * In a dry run nothing is made, and the ranges have no device.
 *
 * Return: 0, or an exit status after cli_fail(), with nothing left.
 */
int source_open(struct cli *cli, const char *const *specs, size_t count,
		const struct blksnap_dev *members, size_t n_members,
		const uint8_t uuid[BLKSNAP_UUID_BYTES],
		struct source_list *list);

/**
 * source_whole() - the part of a device that is used if no part is named
 * @stack: block devices
 * @range: its device is set; gets start and length
 *
 * The first and the last MiB stay as they are. All of a device smaller than 8 MiB
 * is used, and of one whose size is not known: its length is 0, which is all.
 */
void source_whole(const struct blksnap_stack *stack, struct blksnap_range *range);

/**
 * source_interrupted() - did a signal come while devices were made?
 *
 * SIGINT, SIGTERM and SIGHUP are blocked since the first one was.
 */
bool source_interrupted(void);

/**
 * source_signals() - those that end a command and have what it made undone
 * @set: filled with SIGINT, SIGTERM and SIGHUP, without those that are ignored, as
 *	nohup(1) and a shell's background want them
 */
void source_signals(sigset_t *set);

void source_keep(struct source_list *list);
void source_drop(struct source_list *list);

/**
 * source_sectors() - size of all ranges
 * @cli: run
 * @list: opened
 *
 * Return: sectors; 0 if that of one is unknown.
 */
uint64_t source_sectors(struct cli *cli, const struct source_list *list);

/**
 * source_sweep() - remove zram devices whose snapshot is gone
 * @cli: run, connected
 *
 * Silent: what is in use stays for the next time.
 */
void source_sweep(struct cli *cli);

#endif /* BLKSNAP_CLI_SOURCE_H */
