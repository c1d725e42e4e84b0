/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replace: write a file so that a reader finds the old or the new one, never a
 * part, and a crash leaves one of them.
 */
#ifndef BLKSNAP_CLI_REPLACE_H
#define BLKSNAP_CLI_REPLACE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include <blksnap.h>

/**
 * struct replace - a file being written
 * @out: write here
 * @path: what it will be called
 * @temporary: what it is called until then, in the same directory
 * @signals: those that were blocked before, if @blocked
 * @blocked: those that end a command wait until it is in place
 */
struct replace {
	FILE *out;
	char *path;
	char *temporary;
	sigset_t signals;
	bool blocked;
};

/**
 * replace_open() - begin
 * @replace: filled
 * @path: the file
 * @mode: its permissions
 *
 * A link stays, and what it leads to is replaced.
 *
 * Return: 0; -EINVAL if there is something that is no regular file; -errno.
 */
int replace_open(struct replace *replace, const char *path, mode_t mode);

/**
 * replace_commit() - put it in place
 *
 * Return: 0; -errno, and the old file is as it was.
 */
int replace_commit(struct replace *replace);

/* replace_exit() - the class of a failure of the two */
enum blksnap_exit replace_exit(int ret);

/* replace_why() - the same in words */
const char *replace_why(int ret);

/* replace_drop() - as if nothing had been */
void replace_drop(struct replace *replace);

#endif /* BLKSNAP_CLI_REPLACE_H */
