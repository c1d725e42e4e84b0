/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs that are run for the user, and hooks: their environment, their ends,
 * their deadlines.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "hooks.h"

static int end_of(const char *script, const struct child_env *env, int timeout_ms,
		  struct child_end *end)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)script, NULL };
	struct child child;
	int ret = child_start(argv, env, CHILD_GROUP | CHILD_NO_INPUT, &child);

	return ret ? ret : child_wait(&child, timeout_ms, -1, end);
}

Test(child, gives_the_status_as_a_shell_would)
{
	struct child_end end;

	cr_assert_eq(end_of("exit 3", NULL, -1, &end), 0);
	cr_expect_eq(child_exit(end.status), 3);
	cr_assert_eq(end_of("kill -TERM $$", NULL, -1, &end), 0);
	cr_expect_eq(child_exit(end.status), 128 + SIGTERM);
	cr_expect_not(end.late);
}

Test(child, tells_what_cannot_be_run)
{
	char *missing[] = { (char *)"no-such-program", NULL };
	char *no_program[] = { (char *)"/etc/passwd", NULL };
	struct child child;

	cr_expect_eq(child_start(missing, NULL, 0, &child), -ENOENT);
	cr_expect_eq(child_start(no_program, NULL, 0, &child), -EACCES);
}

Test(child, adds_variables_and_replaces_those_of_the_same_name)
{
	struct child_env env = { 0 };
	struct child_end end;
	char name[16];

	setenv("BLKSNAP_TEST", "old", 1);
	setenv("BLKSNAP_TEST_OTHER", "kept", 1);
	child_env_set(&env, "BLKSNAP_TEST", "%d", 1);
	child_env_set(&env, "BLKSNAP_TEST", "%d", 2);
	cr_expect_eq(env.count, 1);
	cr_assert_eq(end_of("[ \"$BLKSNAP_TEST$BLKSNAP_TEST_OTHER\" = 2kept ] &&"
			    " [ \"$(env | grep -c ^BLKSNAP_TEST=)\" = 1 ]",
			    &env, -1, &end),
		     0);
	cr_expect_eq(end.status, 0);
	child_env_free(&env);
	cr_expect_str_eq(child_env_name("vg-a/b.c", name, sizeof(name)), "vg_a_b_c");
	cr_expect_str_eq(child_env_name("abcdef", name, 4), "abc");
}

Test(child, ends_what_takes_too_long_with_all_it_has_started, .timeout = 60)
{
	struct child_end end;

	cr_assert_eq(end_of("sleep 1000 & wait", NULL, 50, &end), 0);
	cr_expect(end.late);
	cr_expect_eq(child_exit(end.status), 128 + SIGTERM);
	cr_assert_eq(end_of("trap '' TERM; while :; do sleep 1000; done", NULL, 50,
			    &end),
		     0);
	cr_expect(end.late);
	cr_expect_eq(child_exit(end.status), 128 + SIGKILL);
}

Test(child, passes_signals_on, .timeout = 60)
{
	char *argv[] = { (char *)"sleep", (char *)"1000", NULL };
	struct child_end end;
	struct child child;
	sigset_t set;
	int fd;

	sigemptyset(&set);
	signal(SIGHUP, SIG_DFL); /* nohup ignores it */
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK);
	cr_assert_eq(child_start(argv, NULL, 0, &child), 0);
	kill(getpid(), SIGHUP);
	cr_assert_eq(child_wait(&child, -1, fd, &end), 0);
	cr_expect_eq(end.signal, SIGHUP);
	cr_expect_eq(child_exit(end.status), 128 + SIGHUP);
	close(fd);
}

Test(child, does_not_wait_for_a_group_that_ignores_a_signal, .timeout = 60)
{
	char *argv[] = { (char *)"sh", (char *)"-c",
			 (char *)"trap '' INT; sleep 1000; exit 0", NULL };
	struct child_end end;
	struct child child;
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK);
	cr_assert_eq(child_start(argv, NULL, CHILD_GROUP, &child), 0);
	kill(getpid(), SIGINT);
	cr_assert_eq(child_wait(&child, -1, fd, &end), 0);
	cr_expect_eq(end.signal, SIGINT);
	cr_expect_neq(child_exit(end.status), 0);
	close(fd);
}

/* ---------------------------------------------------------------- hooks */

static char dir[] = "/tmp/blksnap-hooks.XXXXXX";
static char conf[64], said_path[64];
static struct cli cli;
static struct command_option hook_option = { "hook", 0, "HOOK", true, "", 0 };

static void hooks_setup(void)
{
	FILE *out;

	cr_assert(mkdtemp(dir));
	snprintf(conf, sizeof(conf), "%s/conf", dir);
	snprintf(said_path, sizeof(said_path), "%s/said", dir);
	out = fopen(conf, "w");
	fprintf(out, "hooks-dir = %s\nhook-deadline.slow = 50ms\n", dir);
	fclose(out);
	setenv("BLKSNAP_CONF", conf, 1);
	setenv("SAID", said_path, 1);
	memset(&cli, 0, sizeof(cli));
}

static void hooks_teardown(void)
{
	char command[128];

	conf_free(cli.conf);
	free(cli.args.values);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	cr_expect_eq(system(command), 0);
}

static void hook(const char *name, const char *body, mode_t mode)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	out = fopen(path, "w");
	fprintf(out, "#!/bin/sh\necho $1 %s >>$SAID\n%s\n", name, body);
	fclose(out);
	chmod(path, mode);
	cli.args.values = reallocarray(cli.args.values, cli.args.n_values + 1,
				       sizeof(*cli.args.values));
	cli.args.values[cli.args.n_values].option = &hook_option;
	cli.args.values[cli.args.n_values++].value = name;
}

static const char *said(void)
{
	static char text[256];
	FILE *in = fopen(said_path, "r");
	size_t n = in ? fread(text, 1, sizeof(text) - 1, in) : 0;

	if (in)
		fclose(in);
	text[n] = 0;
	return text;
}

TestSuite(hooks, .init = hooks_setup, .fini = hooks_teardown, .timeout = 60);

Test(hooks, are_called_in_order_and_back)
{
	struct hooks hooks;

	hook("one", "", 0755);
	hook("two", "", 0755);
	cr_assert_eq(hooks_open(&cli, &hooks), 0);
	cr_expect_eq(hooks_before(&cli, &hooks, -1), 0);
	cr_expect_eq(hooks_after(&cli, &hooks, true), 0);
	cr_expect_str_eq(said(), "pre-freeze one\npre-freeze two\n"
				 "post-thaw two\npost-thaw one\n");
	hooks_close(&hooks);
}

Test(hooks, that_were_begun_are_undone_and_no_others)
{
	struct blksnap_error err;
	struct hooks hooks;

	cli.caught = &err;
	hook("one", "", 0755);
	hook("two", "[ $1 != pre-freeze ]", 0755);
	hook("three", "", 0755);
	cr_assert_eq(hooks_open(&cli, &hooks), 0);
	cr_expect_eq(hooks_before(&cli, &hooks, -1), BLKSNAP_EXIT_HOOK);
	cr_expect_eq(hooks_after(&cli, &hooks, false), 0);
	cr_expect_str_eq(said(), "pre-freeze one\npre-freeze two\n"
				 "on-fail two\non-fail one\n");
	hooks_close(&hooks);
}

Test(hooks, are_all_undone_though_one_fails_at_it)
{
	struct blksnap_error err;
	struct hooks hooks;

	cli.caught = &err;
	hook("one", "", 0755);
	hook("two", "[ $1 = pre-freeze ]", 0755);
	cr_assert_eq(hooks_open(&cli, &hooks), 0);
	cr_expect_eq(hooks_before(&cli, &hooks, -1), 0);
	cr_expect_eq(hooks_after(&cli, &hooks, true), BLKSNAP_EXIT_HOOK);
	cr_expect(strstr(said(), "post-thaw one"));
	hooks_close(&hooks);
}

Test(hooks, have_a_deadline)
{
	struct blksnap_error err;
	struct hooks hooks;

	cli.caught = &err;
	hook("slow", "[ $1 != pre-freeze ] || sleep 1000", 0755);
	cr_assert_eq(hooks_open(&cli, &hooks), 0);
	cr_expect_eq(hooks_before(&cli, &hooks, -1), BLKSNAP_EXIT_HOOK);
	cr_expect(strstr(err.message, "longer than 50 ms"), "%s", err.message);
	hooks_after(&cli, &hooks, false); /* where much is going on, that is late, too */
	hooks_close(&hooks);
}

Test(hooks, are_refused_if_missing_or_not_safe)
{
	struct blksnap_error err;
	struct hooks hooks;

	cli.caught = &err;
	hook("open", "", 0757);
	cr_expect_eq(hooks_open(&cli, &hooks), BLKSNAP_EXIT_PERMISSION);
	hook("open", "", 0644);
	cr_expect_eq(hooks_open(&cli, &hooks), BLKSNAP_EXIT_PERMISSION);
	hook("open", "", 0755);
	chmod(dir, 0777);
	cr_expect_eq(hooks_open(&cli, &hooks), BLKSNAP_EXIT_PERMISSION, "anybody can replace it");
	chmod(dir, 01777);
	cr_expect_eq(hooks_open(&cli, &hooks), 0, "it is theirs alone to replace");
	hooks_close(&hooks);
	chmod(dir, 0700);
	if (!geteuid()) {
		char path[128];

		snprintf(path, sizeof(path), "%s/open", dir);
		cr_expect_eq(chown(path, 0, 12345), 0);
		cr_expect_eq(hooks_open(&cli, &hooks), 0, "a group that may not write");
		hooks_close(&hooks);
		chmod(path, 0775);
		cr_expect_eq(hooks_open(&cli, &hooks), BLKSNAP_EXIT_PERMISSION);
		chmod(path, 0755);
	}
	cli.args.values[0].value = "../open";
	cr_expect_eq(hooks_open(&cli, &hooks), BLKSNAP_EXIT_USAGE);
	cli.args.values[0].value = "missing";
	cr_expect_eq(hooks_open(&cli, &hooks), BLKSNAP_EXIT_NOT_FOUND);
}
