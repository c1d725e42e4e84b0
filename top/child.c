// SPDX-License-Identifier: GPL-2.0-or-later
/* A command that runs beside the monitor; see child.h. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actions.h"

#define WORDS_MAX 64

extern char **environ;

/* It gets no terminal to read from, and the signals as they were. */
static int spawn(pid_t *pid, char **words, int out)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	int err;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	err = posix_spawnp(pid, words[0], &files, &attr, words, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return -err;
}

int child_start(struct child *child, const char *command)
{
	char *words[WORDS_MAX], line[512];
	int ends[2], n, err;

	if (child->pid)
		return -EBUSY;
	snprintf(line, sizeof(line), "%s", command);
	n = actions_split(words, WORDS_MAX, line);
	if (n <= 0)
		return -EINVAL;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	err = spawn(&child->pid, words, ends[1]);
	close(ends[1]);
	if (err) {
		close(ends[0]);
		child->pid = 0;
		return err;
	}
	child->fd = ends[0];
	child->used = 0;
	child->said[0] = '\0';
	return 0;
}

static void child_take(struct child *child, const char *text, size_t length)
{
	for (; length; text++, length--) {
		if (*text != '\n') {
			if (child->used + 1 < sizeof(child->line))
				child->line[child->used++] = *text;
			continue;
		}
		child->line[child->used] = '\0';
		if (child->used)
			memcpy(child->said, child->line, child->used + 1);
		child->used = 0;
	}
}

bool child_read(struct child *child)
{
	char text[512];
	ssize_t n;

	do {
		n = read(child->fd, text, sizeof(text));
		if (n > 0)
			child_take(child, text, (size_t)n);
	} while (n > 0);
	return !n || (errno != EAGAIN && errno != EINTR);
}

int child_end(struct child *child)
{
	int status = 0;

	child_take(child, "\n", 1);
	close(child->fd);
	child->fd = -1;
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	child->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
