// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * replace: see replace.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "replace.h"

int replace_open(struct replace *replace, const char *path, mode_t mode)
{
	int fd = -1, ret;

	memset(replace, 0, sizeof(*replace));
	replace->path = strdup(path);
	if (!replace->path || asprintf(&replace->temporary, "%s.XXXXXX", path) < 0) {
		replace->temporary = NULL;
		replace_drop(replace);
		return -ENOMEM;
	}
	fd = mkostemp(replace->temporary, O_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
		free(replace->temporary);
		replace->temporary = NULL;
		replace_drop(replace);
		return ret;
	}
	replace->out = fdopen(fd, "w");
	if (!replace->out || fchmod(fd, mode)) {
		ret = -errno;
		if (!replace->out)
			close(fd);
		replace_drop(replace);
		return ret;
	}
	return 0;
}

int replace_commit(struct replace *replace)
{
	int ret = 0;

	if (fflush(replace->out) || ferror(replace->out) ||
	    fsync(fileno(replace->out)))
		ret = errno ? -errno : -EIO;
	if (!ret && rename(replace->temporary, replace->path))
		ret = -errno;
	if (!ret) {
		free(replace->temporary);
		replace->temporary = NULL;
	}
	replace_drop(replace);
	return ret;
}

void replace_drop(struct replace *replace)
{
	if (replace->out)
		fclose(replace->out);
	if (replace->temporary)
		unlink(replace->temporary);
	free(replace->temporary);
	free(replace->path);
	memset(replace, 0, sizeof(*replace));
}
