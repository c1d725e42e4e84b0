// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * users: see users.h. From proc/self/mountinfo and proc/PID/fd.
 */
#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "users.h"

/* Is this number the disk or a partition of it? */
static bool users_is(unsigned int maj, unsigned int min, const char *disk)
{
	char link[64], target[PATH_MAX];
	const char *name;
	size_t len = strlen(disk);
	ssize_t n;

	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", maj, min);
	n = readlink(link, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = 0;
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	return !strncmp(name, disk, len) && (!name[len] || name[len] == 'p');
}

static void users_add(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void users_add(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	if (used && used + 2 < size) {
		strcpy(text + used, ", ");
		used += 2;
	}
	va_start(args, format);
	vsnprintf(text + used, size - used, format, args);
	va_end(args);
}

static void users_mounts(const char *disk, char *text, size_t size)
{
	FILE *in = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, target[256];
	unsigned int maj, min;
	size_t room = 0;

	if (!in)
		return;
	while (getline(&line, &room, in) > 0)
		if (sscanf(line, "%*d %*d %u:%u %*s %255s", &maj, &min, target) == 3 &&
		    users_is(maj, min, disk))
			users_add(text, size, "mounted on %s", target);
	free(line);
	fclose(in);
}

static bool users_process_has(const char *pid, const char *disk)
{
	char path[PATH_MAX];
	struct dirent *entry;
	struct stat st;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)))
		found = !fstatat(dirfd(dir), entry->d_name, &st, 0) &&
			S_ISBLK(st.st_mode) &&
			users_is(major(st.st_rdev), minor(st.st_rdev), disk);
	closedir(dir);
	return found;
}

static void users_processes(const char *disk, char *text, size_t size)
{
	char path[PATH_MAX], name[32];
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	FILE *in;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (atoi(entry->d_name) <= 0 ||
		    !users_process_has(entry->d_name, disk))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		in = fopen(path, "re");
		if (!in || fscanf(in, "%31[^\n]", name) != 1)
			strcpy(name, "?");
		if (in)
			fclose(in);
		users_add(text, size, "open in %s (%s)", name, entry->d_name);
	}
	closedir(dir);
}

void users_of(const char *disk, char *text, size_t size)
{
	text[0] = 0;
	users_mounts(disk, text, size);
	users_processes(disk, text, size);
}
