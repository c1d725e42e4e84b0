// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * folder: see folder.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "folder.h"

#define FOLDER_NAME "run."
#define FOLDER_TRIES 16

/* Files, and folders that are empty; there is nothing else in one. */
static void folder_empty(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!dir) {
		if (copy >= 0)
			close(copy);
		return;
	}
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    unlinkat(fd, entry->d_name, 0))
			unlinkat(fd, entry->d_name, AT_REMOVEDIR);
	closedir(dir);
}

/* Those whose run has ended without removing them. */
static void folder_sweep(const char *where)
{
	DIR *dir = opendir(where);
	struct dirent *entry;
	int fd;

	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, FOLDER_NAME, strlen(FOLDER_NAME)))
			continue;
		fd = openat(dirfd(dir), entry->d_name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (!flock(fd, LOCK_EX | LOCK_NB)) {
			folder_empty(fd);
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
		}
		close(fd);
	}
	if (dir)
		closedir(dir);
}

/* Return: 0; -EAGAIN if it was swept away before it was locked; -errno. */
static int folder_try(struct folder *folder, const char *where)
{
	int ret;

	snprintf(folder->path, sizeof(folder->path), "%s/" FOLDER_NAME "XXXXXX", where);
	if (!mkdtemp(folder->path))
		return -errno;
	folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->fd < 0)
		return errno == ENOENT ? -EAGAIN : -errno;
	if (!flock(folder->fd, LOCK_EX) && !access(folder->path, F_OK))
		return 0;
	ret = errno == ENOENT ? -EAGAIN : -errno;
	close(folder->fd);
	return ret;
}

int folder_make(struct folder *folder, char *where)
{
	int tries = FOLDER_TRIES, ret = source_notes(where);

	if (!ret)
		folder_sweep(where);
	while (!ret && tries--) {
		ret = folder_try(folder, where);
		if (!ret)
			return 0;
		if (ret == -EAGAIN && tries)
			ret = 0;
	}
	folder->path[0] = 0;
	return ret;
}

void folder_remove(struct folder *folder)
{
	if (!folder->path[0])
		return;
	folder_empty(folder->fd);
	rmdir(folder->path);
	close(folder->fd);
	folder->path[0] = 0;
}
