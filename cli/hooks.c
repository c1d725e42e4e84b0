// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hooks: see hooks.h.
 */
#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hooks.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "rows.h"
#include "take.h"

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

/* Somebody who is neither root nor the caller. */
static bool hooks_others_write(const struct stat *st)
{
	return st->st_mode & S_IWOTH || (st->st_uid != geteuid() && st->st_uid != 0) ||
	       (st->st_mode & S_IWGRP && st->st_gid != 0 && st->st_gid != getegid());
}

/* What is wrong with a hook; NULL if it can be called. */
static const char *hooks_wrong(const struct hook *hook, int *errnum)
{
	struct stat st, dir;
	char above[PATH_MAX];

	*errnum = 0;
	if (stat(hook->path, &st)) {
		*errnum = errno;
		return "the hook cannot be had";
	}
	if (!S_ISREG(st.st_mode) || access(hook->path, X_OK))
		return "the hook is no program";
	/* What anybody could have written is not run as root. */
	if (hooks_others_write(&st))
		return "somebody else may write the hook";
	snprintf(above, sizeof(above), "%s", hook->path);
	if (stat(dirname(above), &dir)) {
		*errnum = errno;
		return "the folder of the hook cannot be had";
	}
	/* in one that is sticky, what is root's stays */
	if (hooks_others_write(&dir) && !(dir.st_mode & S_ISVTX))
		return "somebody else may replace the hook in its folder";
	return NULL;
}

static int hooks_check(struct cli *cli, const struct hook *hook)
{
	int errnum;
	const char *why = hooks_wrong(hook, &errnum);

	if (!why)
		return 0;
	if (errnum)
		return cli_refuse(cli, blksnap_exit_class(errnum), hook->path,
				  "blksnap-hooks(7) says what a hook must be",
				  "%s: %s", why, strerror(errnum));
	return cli_refuse(cli, BLKSNAP_EXIT_PERMISSION, hook->path,
			  "make it executable, root's, and writable for root alone, as its folder",
			  "%s", why);
}

/* Takes it up, whatever it is. */
static int hooks_append(struct cli *cli, struct hooks *hooks, const char *dir,
			const char *name)
{
	struct hook *hook, *grown;

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
	return hooks_deadline(cli, name, &hook->deadline_ms);
}

static int hooks_add(struct cli *cli, struct hooks *hooks, const char *dir,
		     const char *name)
{
	int ret = hooks_append(cli, hooks, dir, name);

	return ret ? ret : hooks_check(cli, &hooks->list[hooks->count - 1]);
}

static const char *hooks_dir(const struct cli *cli)
{
	const char *dir = conf_value(cli->conf, "hooks-dir", 0);

	return dir ? dir : HOOKS_DIR;
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
	dir = hooks_dir(cli);
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
	cli_verbose(cli, hook->name, "%s", phase);
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

/* ---------------------------------------------------------------- list */

static int hooks_by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int hooks_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool hooks_have(const struct hooks *hooks, const char *name)
{
	size_t i;

	for (i = 0; i < hooks->count; i++)
		if (!strcmp(hooks->list[i].name, name))
			return true;
	return false;
}

int hooks_find(struct cli *cli, struct hooks *hooks, size_t *named)
{
	struct dirent **entries;
	const char *name;
	int i, count, ret = cli_conf(cli);

	for (i = 0; !ret && (name = conf_value(cli->conf, "hook", (size_t)i)); i++)
		ret = hooks_append(cli, hooks, hooks_dir(cli), name);
	*named = hooks->count;
	if (ret)
		return ret;
	count = scandir(hooks_dir(cli), &entries, hooks_visible, hooks_by_name);
	if (count < 0)
		return errno == ENOENT ? 0 :
					 cli_refuse(cli, blksnap_exit_class(errno),
						    hooks_dir(cli), NULL, "%s",
						    strerror(errno));
	for (i = 0; i < count; i++) {
		if (!ret && !hooks_have(hooks, entries[i]->d_name))
			ret = hooks_append(cli, hooks, hooks_dir(cli),
					   entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return ret;
}

enum { HOOK_NAME, HOOK_ORDER, HOOK_DEADLINE, HOOK_PATH, HOOK_PROBLEM, HOOK_COLUMNS };

static const struct rows_column hooks_table[] = {
	ROWS_COLUMN(HOOK_NAME, "name", EXPR_TEXT, NULL, "NAME", "name"),
	ROWS_COLUMN(HOOK_ORDER, "order", EXPR_COUNT, NULL, "ORDER", "place among those that blksnap.conf names"),
	ROWS_COLUMN(HOOK_DEADLINE, "deadline", EXPR_SECONDS, NULL, "DEADLINE", "how long a call may take"),
	ROWS_MORE(HOOK_PATH, "path", EXPR_TEXT, NULL, "PATH", "the program"),
	ROWS_COLUMN(HOOK_PROBLEM, "problem", EXPR_TEXT, NULL, "PROBLEM", "why it cannot be called"),
};

const struct rows_column *hooks_columns(size_t *count)
{
	*count = HOOK_COLUMNS;
	return hooks_table;
}

static void hooks_row(struct rows *rows, const struct hook *hook, size_t order)
{
	bool json = rows->cli->args.json;
	struct rows_row *row;
	const char *why;
	int errnum;
	json_t *o = json ? json_object() : NULL;

	why = hooks_wrong(hook, &errnum);
	if (errnum)
		why = strerror(errnum);
	if (o) {
		json_object_set_new(o, "name", json_text(true, hook->name));
		json_object_set_new(o, "order", json_number(order != 0, order));
		json_object_set_new(o, "deadline_ms",
				    json_number(true, hook->deadline_ms));
		json_object_set_new(o, "path", json_text(true, hook->path));
		json_object_set_new(o, "problem", json_text(why, why));
	}
	row = rows_add(rows, o);
	rows_text(rows, row, HOOK_NAME, true, hook->name);
	rows_whole(rows, row, HOOK_ORDER, order, order);
	rows_real(rows, row, HOOK_DEADLINE, true, hook->deadline_ms / 1e3);
	rows_text(rows, row, HOOK_PATH, true, hook->path);
	rows_text(rows, row, HOOK_PROBLEM, why, why);
}

int hooks_cmd_list(struct cli *cli)
{
	struct hooks hooks = { 0 };
	struct rows rows;
	size_t i, named;
	int ret;

	ret = rows_init(&rows, cli, hooks_table, HOOK_COLUMNS);
	if (!ret)
		ret = hooks_find(cli, &hooks, &named);
	for (i = 0; !ret && i < hooks.count; i++)
		hooks_row(&rows, &hooks.list[i], i < named ? i + 1 : 0);
	if (!ret)
		ret = rows_print(&rows, "hooks.list", "hooks");
	rows_free(&rows);
	hooks_close(&hooks);
	return ret == ROWS_HELP ? 0 : ret;
}

/* ---------------------------------------------------------------- test */

static uint64_t hooks_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Calls it once; tells how that ended. */
static int hooks_try(struct cli *cli, struct hooks *hooks, const char *phase,
		     int signal_fd, json_t *calls)
{
	uint64_t begun = hooks_now_ns(), took;
	char time[OUT_TIME_MAX];
	json_t *o;
	int ret = hooks_call(cli, hooks, &hooks->list[0], phase, signal_fd);

	took = hooks_now_ns() - begun;
	o = json_object();
	json_object_set_new(o, "phase", json_string(phase));
	json_object_set_new(o, "ok", json_boolean(!ret));
	json_object_set_new(o, "duration_ms", json_number(true, took / 1000000));
	json_array_append_new(calls, o);
	if (!cli->args.json)
		printf("%-10s  %s, %s\n", phase, ret ? "failed" : "ok",
		       out_span(took, time));
	return ret;
}

static void hooks_tell_test(struct cli *cli, struct hooks *hooks)
{
	const char *device;
	char name[48];
	size_t i;

	child_env_set(&hooks->env, "BLKSNAP_SNAPSHOT", "test");
	for (i = 0; (device = command_value(&cli->args, "device", i)); i++) {
		snprintf(name, sizeof(name), "BLKSNAP_ORIGIN_%zu", i + 1);
		child_env_set(&hooks->env, name, "%s", device);
	}
	child_env_set(&hooks->env, "BLKSNAP_COUNT", "%zu", i);
}

int hooks_cmd_test(struct cli *cli)
{
	bool fail = command_value(&cli->args, "fail", 0);
	json_t *doc, *calls = json_array();
	struct hooks hooks = { 0 };
	int ret, after, signal_fd;

	ret = cli_conf(cli);
	if (!ret)
		ret = hooks_add(cli, &hooks, hooks_dir(cli), cli->args.args[0]);
	if (ret) {
		json_decref(calls);
		hooks_close(&hooks);
		return ret;
	}
	hooks_tell_test(cli, &hooks);
	signal_fd = take_signals();
	cli->errors = json_array();
	ret = hooks_try(cli, &hooks, "pre-freeze", signal_fd, calls);
	after = hooks_try(cli, &hooks, ret || fail ? "on-fail" : "post-thaw", -1,
			  calls);
	if (!ret)
		ret = after;
	doc = json_document("hooks.test");
	json_object_set_new(doc, "name", json_text(true, hooks.list[0].name));
	json_object_set_new(doc, "calls", calls);
	json_object_set_new(doc, "errors", cli->errors);
	cli->errors = NULL;
	if (!cli->args.json)
		json_decref(doc);
	else if (cli_print_json(cli, doc) && !ret)
		ret = BLKSNAP_EXIT_OTHER;
	close(signal_fd);
	hooks_close(&hooks);
	return ret;
}
