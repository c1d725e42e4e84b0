/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command that runs beside the monitor, without a shell, and what it said
 * last. One at a time.
 */
#ifndef TOP_CHILD_H
#define TOP_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct child - the command
 * @pid: it runs; 0: none
 * @fd: its standard output and error; -1: none
 * @said: the last line of it
 * @used: bytes of an unfinished line in @line
 * @line: an unfinished line
 */
struct child {
	pid_t pid;
	int fd;
	char said[160];
	size_t used;
	char line[160];
};

/**
 * child_start() - run a command
 * @child: no command may be running
 * @command: words as actions_split() takes them
 *
 * Return: 0, -EINVAL (not to be split into words), -EBUSY, or -errno.
 */
int child_start(struct child *child, const char *command);

/**
 * child_read() - take what it says, without waiting
 * @child: the command
 *
 * Return: true if it has ended; child_end() tells how.
 */
bool child_read(struct child *child);

/**
 * child_end() - after child_read() said so
 * @child: free for another one afterwards; @said stays
 *
 * Return: its exit status; 128 and the signal that killed it.
 */
int child_end(struct child *child);

#endif
