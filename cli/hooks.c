// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hooks: see hooks.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks.h"
#include "out.h"
#include "parse.h"

/* ---------------------------------------------------------------- open */

static int hooks_deadline(struct cli *cli, const char *name, uint32_t *ms)
{
	char key[160], why[PARSE_WHY];
	const char *text;

	*ms = HOOKS_DEADLINE_MS;
	snprintf(key, sizeof(key), "hook-deadline.%.100s", name);
	text = conf_value(cli->conf, key, 0);
	if (!text) {
		snprintf(key, sizeof(key), "hook-deadline");
		text = cli_setting(cli, key);
	}
	if (!text)
		return 0;
	if (!parse_duration(text, ms, why) && *ms && *ms <= INT32_MAX)
		return 0;
	return cli_refuse(cli, BLKSNAP_EXIT_USAGE, key, NULL, "%s",
			  *ms ? why : "a time above 0 is needed");
}

/* What anybody could have written is not run as root. */
static int hooks_check(struct cli *cli, const struct hook *hook)
{
	struct stat st;

	if (stat(hook->path, &st))
		return cli_refuse(cli, blksnap_exit_class(errno), hook->path,
				  "blksnap-hooks(7) says what a hook must be",
				  "the hook cannot be had: %s", strerror(errno));
	if (!S_ISREG(st.st_mode) || access(hook->path, X_OK))
		return cli_refuse(cli, BLKSNAP_EXIT_PERMISSION, hook->path,
				  "make it executable", "the hook is no program");
	if (st.st_mode & S_IWOTH ||
	    (st.st_uid != geteuid() && st.st_uid != 0))
		return cli_refuse(cli, BLKSNAP_EXIT_PERMISSION, hook->path,
				  "make it root's, and writable for root alone",
				  "somebody else may write the hook");
	return 0;
}

static int hooks_add(struct cli *cli, struct hooks *hooks, const char *dir,
		     const char *name)
{
	struct hook *hook, *grown;
	int ret;

	if (!*name || *name == '.' || strchr(name, '/'))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--hook", NULL,
				  "\"%.60s\" is no name of a hook", name);
	grown = reallocarray(hooks->list, hooks->count + 1, sizeof(*grown));
	if (!grown)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	hooks->list = grown;
	hook = &grown[hooks->count++];
	memset(hook, 0, sizeof(*hook));
	hook->name = strdup(name);
	if (!hook->name || asprintf(&hook->path, "%s/%s", dir, name) < 0) {
		hook->path = NULL;
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	}
	ret = hooks_deadline(cli, name, &hook->deadline_ms);
	return ret ? ret : hooks_check(cli, hook);
}

int hooks_open(struct cli *cli, struct hooks *hooks)
{
	const char *dir, *name;
	size_t i;
	int ret;

	memset(hooks, 0, sizeof(*hooks));
	ret = cli_conf(cli);
	if (ret)
		return ret;
	dir = conf_value(cli->conf, "hooks-dir", 0);
	if (!dir)
		dir = HOOKS_DIR;
	for (i = 0; !ret && (name = command_value(&cli->args, "hook", i)); i++)
		ret = hooks_add(cli, hooks, dir, name);
	if (!i && !command_value(&cli->args, "no-hooks", 0))
		for (; !ret && (name = conf_value(cli->conf, "hook", i)); i++)
			ret = hooks_add(cli, hooks, dir, name);
	if (ret)
		hooks_close(hooks);
	return ret;
}

void hooks_close(struct hooks *hooks)
{
	size_t i;

	for (i = 0; i < hooks->count; i++) {
		free(hooks->list[i].name);
		free(hooks->list[i].path);
	}
	free(hooks->list);
	child_env_free(&hooks->env);
	memset(hooks, 0, sizeof(*hooks));
}

/* ---------------------------------------------------------------- call */

static int hooks_failed(struct cli *cli, const struct hook *hook,
			const char *phase, const struct child_end *end)
{
	char subject[200], time[OUT_TIME_MAX];

	snprintf(subject, sizeof(subject), "hook %.100s", hook->name);
	if (end->late)
		return cli_refuse(cli, BLKSNAP_EXIT_HOOK, subject,
				  "give it more with hook-deadline in blksnap.conf(5)",
				  "%s took longer than %s", phase,
				  out_span(hook->deadline_ms * 1000000ull, time));
	if (WIFSIGNALED(end->status))
		return cli_refuse(cli, BLKSNAP_EXIT_HOOK, subject, NULL,
				  "%s was killed by signal %d", phase,
				  WTERMSIG(end->status));
	return cli_refuse(cli, BLKSNAP_EXIT_HOOK, subject, NULL,
			  "%s ended with status %d", phase,
			  child_exit(end->status));
}

static int hooks_call(struct cli *cli, struct hooks *hooks,
		      const struct hook *hook, const char *phase, int signal_fd)
{
	char *argv[] = { hook->path, (char *)phase, NULL };
	struct child_end end;
	struct child child;
	int ret;

	child_env_set(&hooks->env, "BLKSNAP_HOOK", "%s", phase);
	ret = child_start(argv, &hooks->env,
			  CHILD_GROUP | CHILD_NO_INPUT | CHILD_TO_ERR, &child);
	if (!ret)
		ret = child_wait(&child, (int)hook->deadline_ms, signal_fd, &end);
	if (ret)
		return cli_refuse(cli, BLKSNAP_EXIT_HOOK, hook->path, NULL,
				  "%s cannot be run: %s", phase, strerror(-ret));
	if (end.signal)
		return cli_refuse(cli, BLKSNAP_EXIT_INTERRUPTED, hook->name, NULL,
				  "interrupted");
	return end.status ? hooks_failed(cli, hook, phase, &end) : 0;
}

int hooks_before(struct cli *cli, struct hooks *hooks, int signal_fd)
{
	int ret = 0;

	while (!ret && hooks->begun < hooks->count) {
		hooks->begun++;
		ret = hooks_call(cli, hooks, &hooks->list[hooks->begun - 1],
				 "pre-freeze", signal_fd);
	}
	return ret;
}

int hooks_after(struct cli *cli, struct hooks *hooks, bool taken)
{
	int ret = 0;

	while (hooks->begun) {
		hooks->begun--;
		if (hooks_call(cli, hooks, &hooks->list[hooks->begun],
			       taken ? "post-thaw" : "on-fail", -1))
			ret = BLKSNAP_EXIT_HOOK;
	}
	return ret;
}
