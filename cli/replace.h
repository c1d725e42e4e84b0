/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replace: write a file so that a reader finds the old or the new one, never a
 * part, and a crash leaves one of them.
 */
#ifndef BLKSNAP_CLI_REPLACE_H
#define BLKSNAP_CLI_REPLACE_H

#include <stdio.h>
#include <sys/types.h>

/**
 * struct replace - a file being written
 * @out: write here
 * @path: what it will be called
 * @temporary: what it is called until then, in the same directory
 */
struct replace {
	FILE *out;
	char *path;
	char *temporary;
};

/**
 * replace_open() - begin
 * @replace: filled
 * @path: the file
 * @mode: its permissions
 *
 * Return: 0 or -errno.
 */
int replace_open(struct replace *replace, const char *path, mode_t mode);

/**
 * replace_commit() - put it in place
 *
 * Return: 0; -errno, and the old file is as it was.
 */
int replace_commit(struct replace *replace);

/* replace_drop() - as if nothing had been */
void replace_drop(struct replace *replace);

#endif /* BLKSNAP_CLI_REPLACE_H */
