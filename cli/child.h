/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * child: a program run on the user's behalf: the command of `run`, a hook, what
 * `monitor --exec` starts. Knows nothing of snapshots.
 */
#ifndef BLKSNAP_CLI_CHILD_H
#define BLKSNAP_CLI_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct child_env - variables added to the environment
 * @list: "NAME=value", array of @count and a closing NULL
 * @count: number of variables
 * @failed: one could not be added for want of memory
 */
struct child_env {
	char **list;
	size_t count;
	bool failed;
};

/* A later value of the same name wins. */
void child_env_set(struct child_env *env, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void child_env_free(struct child_env *env);

/**
 * child_env_name() - make a text fit to be part of a variable's name
 * @text: anything
 * @name: result, cut to @size; every character but letters and digits is "_"
 * @size: bytes of @name
 */
char *child_env_name(const char *text, char *name, size_t size);

/**
 * struct child - a running program
 * @pid: its number
 * @fd: pidfd
 */
struct child {
	pid_t pid;
	int fd;
};

#define CHILD_GROUP    0x1u /* in a process group of its own */
#define CHILD_NO_INPUT 0x2u /* standard input is /dev/null */
#define CHILD_TO_ERR   0x4u /* its standard output is our standard error */

/**
 * child_start() - start a program
 * @argv: words, found in PATH, NULL at the end
 * @env: variables to add, or NULL
 * @flags: CHILD_*
 * @child: filled
 *
 * It begins with no signal blocked; those that were ignored stay so (nohup).
 *
 * Return: 0; -ENOENT (not found), -errno of exec or of starting it.
 */
int child_start(char *const *argv, const struct child_env *env,
		unsigned int flags, struct child *child);

/**
 * struct child_end - how a program ended
 * @status: as wait() gives it
 * @late: it was ended because its time was over
 * @signal: a signal came meanwhile and was passed on, or 0
 */
struct child_end {
	int status;
	bool late;
	int signal;
};

/**
 * child_wait() - wait until it has ended
 * @child: running; its descriptor is closed
 * @timeout_ms: limit, after which its process group gets SIGTERM and, 2 s later,
 *	SIGKILL; negative is none
 * @signal_fd: signals that are passed on to it, or -1; one in a process group of its
 *	own that has not ended 2 s after that is ended as if its time was over
 * @end: filled
 *
 * Return: 0 or -errno.
 */
int child_wait(struct child *child, int timeout_ms, int signal_fd,
	       struct child_end *end);

/**
 * child_exit() - a status of wait() as a shell would give it
 *
 * Return: the exit status, or 128 and the number of the signal.
 */
int child_exit(int status);

#endif /* BLKSNAP_CLI_CHILD_H */
