// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * child: see child.h.
 */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"

#define CHILD_MERCY_MS 2000

extern char **environ;

/* --------------------------------------------------------- environment */

static bool child_env_is(const char *variable, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(variable, name, len) && variable[len] == '=';
}

void child_env_set(struct child_env *env, const char *name, const char *format, ...)
{
	char *value, *text, **grown;
	va_list args;
	size_t i;
	int ret;

	va_start(args, format);
	ret = vasprintf(&value, format, args);
	va_end(args);
	if (ret < 0 || asprintf(&text, "%s=%s", name, value) < 0) {
		if (ret >= 0)
			free(value);
		env->failed = true;
		return;
	}
	free(value);
	for (i = 0; i < env->count; i++)
		if (child_env_is(env->list[i], name)) {
			free(env->list[i]);
			env->list[i] = text;
			return;
		}
	grown = reallocarray(env->list, env->count + 2, sizeof(*grown));
	if (!grown) {
		free(text);
		env->failed = true;
		return;
	}
	env->list = grown;
	env->list[env->count++] = text;
	env->list[env->count] = NULL;
}

void child_env_free(struct child_env *env)
{
	size_t i;

	for (i = 0; i < env->count; i++)
		free(env->list[i]);
	free(env->list);
	memset(env, 0, sizeof(*env));
}

char *child_env_name(const char *text, char *name, size_t size)
{
	size_t i;

	for (i = 0; text[i] && i + 1 < size; i++)
		name[i] = isalnum((unsigned char)text[i]) ? text[i] : '_';
	name[i] = 0;
	return name;
}

/* Ours without those that @env replaces, then @env. */
static char **child_environment(const struct child_env *env)
{
	size_t count = 0, used = 0, i, j;
	char name[128], **list;

	while (environ[count])
		count++;
	list = calloc(count + (env ? env->count : 0) + 1, sizeof(*list));
	for (i = 0; list && i < count; i++) {
		snprintf(name, sizeof(name), "%.*s",
			 (int)strcspn(environ[i], "="), environ[i]);
		for (j = 0; env && j < env->count; j++)
			if (child_env_is(env->list[j], name))
				break;
		if (!env || j == env->count)
			list[used++] = environ[i];
	}
	for (j = 0; list && env && j < env->count; j++)
		list[used++] = env->list[j];
	return list;
}

/* ------------------------------------------------------- start and wait */

static int child_attributes(posix_spawnattr_t *attr, unsigned int flags)
{
	short set = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	sigset_t none, ignored;

	sigemptyset(&none);
	posix_spawnattr_setsigmask(attr, &none);
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	posix_spawnattr_setsigdefault(attr, &ignored);
	if (flags & CHILD_GROUP)
		set |= POSIX_SPAWN_SETPGROUP;
	return posix_spawnattr_setflags(attr, set);
}

int child_start(char *const *argv, const struct child_env *env,
		unsigned int flags, struct child *child)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	char **list;
	int ret;

	if (env && env->failed)
		return -ENOMEM;
	list = child_environment(env);
	if (!list)
		return -ENOMEM;
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	ret = child_attributes(&attr, flags);
	if (!ret && flags & CHILD_NO_INPUT)
		ret = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", 0,
						       0);
	if (!ret && flags & CHILD_TO_ERR)
		ret = posix_spawn_file_actions_adddup2(&files, 2, 1);
	if (!ret)
		ret = posix_spawnp(&child->pid, argv[0], &files, &attr, argv,
				   list);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	free(list);
	if (ret)
		return -ret;
	child->fd = pidfd_open(child->pid, 0);
	if (child->fd >= 0)
		return 0;
	ret = -errno;
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	return ret;
}

static int64_t child_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* What does not end at it in its own group is ended, in a while. */
static void child_pass_on(pid_t pid, int signal_fd, struct child_end *end,
			  int64_t *until)
{
	struct signalfd_siginfo info;

	while (read(signal_fd, &info, sizeof(info)) == sizeof(info)) {
		end->signal = (int)info.ssi_signo;
		/*
		 * What a terminal sends, it sends to the whole group itself; and a
		 * shell that gets SIGINT alone waits for what it has started.
		 */
		if (getpgid(pid) == pid) {
			kill(-pid, end->signal);
			if (*until > child_now_ms() + CHILD_MERCY_MS)
				*until = child_now_ms() + CHILD_MERCY_MS;
		} else if (info.ssi_code != SI_KERNEL) {
			kill(pid, end->signal);
		}
	}
}

/* Once the time is over: first politely, then not. */
static void child_end_it(pid_t pid, struct child_end *end, int64_t *until)
{
	int signal = end->late ? SIGKILL : SIGTERM;

	end->late = true;
	/* of its own group, or alone */
	if (getpgid(pid) == pid)
		kill(-pid, signal);
	else
		kill(pid, signal);
	*until = signal == SIGTERM ? child_now_ms() + CHILD_MERCY_MS : INT64_MAX;
}

int child_wait(struct child *child, int timeout_ms, int signal_fd,
	       struct child_end *end)
{
	int64_t until = timeout_ms < 0 ? INT64_MAX : child_now_ms() + timeout_ms;
	struct pollfd fds[2] = { { .fd = child->fd, .events = POLLIN },
				 { .fd = signal_fd, .events = POLLIN } };
	int64_t left;
	int ret;

	memset(end, 0, sizeof(*end));
	for (;;) {
		left = until == INT64_MAX ? -1 : until - child_now_ms();
		if (until != INT64_MAX && left < 0)
			left = 0;
		ret = poll(fds, 2, (int)left);
		if (ret < 0 && errno != EINTR) {
			ret = -errno;
			break;
		}
		if (ret == 0)
			child_end_it(child->pid, end, &until);
		if (ret > 0 && fds[1].revents)
			child_pass_on(child->pid, signal_fd, end, &until);
		if (ret > 0 && fds[0].revents) {
			ret = waitpid(child->pid, &end->status, 0) < 0 ? -errno :
									 0;
			break;
		}
	}
	close(child->fd);
	return ret;
}

int child_exit(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : 255;
}
