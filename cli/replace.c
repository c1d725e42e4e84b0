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
#include "source.h"

/*
 * What is there is to be a file: /dev/null would not be one any more. Of a link,
 * what it leads to is replaced, and the link stays.
 */
static int replace_target(struct replace *replace, const char *path)
{
	struct stat st;

	if (stat(path, &st)) {
		if (errno != ENOENT)
			return -errno;
		replace->path = strdup(path);
		return replace->path ? 0 : -ENOMEM;
	}
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	replace->path = realpath(path, NULL);
	return replace->path ? 0 : -errno;
}

int replace_open(struct replace *replace, const char *path, mode_t mode)
{
	sigset_t signals;
	int fd = -1, ret;

	memset(replace, 0, sizeof(*replace));
	ret = replace_target(replace, path);
	if (ret)
		return ret;
	/* until it is in place, or gone: nothing of it stays */
	source_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, &replace->signals);
	replace->blocked = true;
	if (asprintf(&replace->temporary, "%s.XXXXXX", replace->path) < 0) {
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

enum blksnap_exit replace_exit(int ret)
{
	return ret == -EINVAL ? BLKSNAP_EXIT_USAGE : blksnap_exit_class(-ret);
}

const char *replace_why(int ret)
{
	return ret == -EINVAL ? "it is no regular file" : strerror(-ret);
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
	if (replace->blocked)
		sigprocmask(SIG_SETMASK, &replace->signals, NULL);
	memset(replace, 0, sizeof(*replace));
}
