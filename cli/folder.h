/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * folder: what a run hands to its command in files: change maps, and places for
 * mounts. It is locked as long as the run lives, so that the next one finds those
 * of runs that were killed, and removes them.
 */
#ifndef BLKSNAP_CLI_FOLDER_H
#define BLKSNAP_CLI_FOLDER_H

#include "source.h"

#define FOLDER_PATH_MAX (SOURCE_NOTES_MAX + 16)

/**
 * struct folder - a folder of one's own
 * @path: where it is; "" if there is none
 * @fd: holds its lock
 */
struct folder {
	char path[FOLDER_PATH_MAX];
	int fd;
};

/**
 * folder_make() - have one, and none of the dead
 * @folder: filled; folder_remove()
 * @where: filled with the folder it is in, SOURCE_NOTES_MAX bytes
 *
 * Return: 0; -errno, and @folder->path is "".
 */
int folder_make(struct folder *folder, char *where);

/**
 * folder_remove() - it, and what is in it
 *
 * Context: nothing is mounted below it any more. One that is "" is no folder.
 */
void folder_remove(struct folder *folder);

#endif /* BLKSNAP_CLI_FOLDER_H */
