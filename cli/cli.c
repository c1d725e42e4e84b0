// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cli: see cli.h.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "imagepath.h"
#include "json.h"
#include "out.h"

#define CLI_AGAIN_MS 100
#define CLI_AGAIN_TRIES 10u

static bool cli_has_timeout(const struct cli *cli)
{
	const struct command_option *o;

	for (o = cli->args.command ? cli->args.command->options : NULL; o && o->name; o++)
		if (!strcmp(o->name, "timeout"))
			return true;
	return false;
}

/* What helps against most failures of a class. */
static const char *cli_hint(const struct cli *cli, enum blksnap_exit exit)
{
	switch (exit) {
	case BLKSNAP_EXIT_PERMISSION:
		return "run it as root";
	case BLKSNAP_EXIT_ABSENT:
		return "load it with modprobe blksnap";
	case BLKSNAP_EXIT_USAGE:
		return "see --help";
	case BLKSNAP_EXIT_NOT_FOUND:
		return "`blksnap status` shows what there is";
	case BLKSNAP_EXIT_CONFLICT:
		return cli->args.command && !strcmp(cli->args.command->object, "area") ?
			       "`blksnap area show` lists the ranges" :
			       "`blksnap status` shows what is in the way";
	case BLKSNAP_EXIT_NO_SPACE:
		return "make room, or ask for less";
	case BLKSNAP_EXIT_INVALID:
		return "`blksnap status` says what broke it";
	case BLKSNAP_EXIT_TIMEOUT:
		return cli_has_timeout(cli) ? "a longer --timeout waits on" : "try again";
	case BLKSNAP_EXIT_HOOK:
		return cli->args.command && cli->args.command->run == hooks_cmd_test ?
			       "it may have said why" :
			       "`blksnap hooks test` calls it alone";
	default:
		return NULL;
	}
}

/* A part of the one line: what a name or path has of control characters is "?". */
static void cli_put(const char *before, const char *text, const char *after)
{
	const char *c;

	fputs(before, stderr);
	for (c = text; *c; c++)
		fputc((unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c, stderr);
	fputs(after, stderr);
}

/* What every line on standard error begins with. */
static void cli_begin_line(const struct cli *cli)
{
	fputs("blksnap: ", stderr);
	if (cli->line)
		fprintf(stderr, "line %u: ", cli->line);
}

static void cli_print_line(const struct cli *cli, const char *command,
			   const char *subject, const struct blksnap_error *err,
			   const char *hint)
{
	cli_begin_line(cli);
	if (*command)
		cli_put("", command, ": ");
	if (subject)
		cli_put("", *subject ? subject : "\"\"", ": ");
	cli_put("", err->message, "");
	if (err->attribute[0])
		cli_put(" [", err->attribute, "]");
	if (hint)
		cli_put("; ", hint, "");
	fputc('\n', stderr);
}

/* Takes @doc over. Return: 0, or -1 if it was not printed. */
static int cli_put_json(struct cli *cli, json_t *doc)
{
	int ret;

	if (cli->result) {
		json_decref(*cli->result);
		*cli->result = doc;
		return 0;
	}
	ret = json_dumpf(doc, stdout,
			 cli->args.pretty ? JSON_INDENT(2) :
			 cli->stream	  ? JSON_COMPACT :
					    JSON_INDENT(1));
	putchar('\n');
	json_decref(doc);
	return ret;
}

int cli_fail(struct cli *cli, const char *subject,
	     const struct blksnap_error *err, const char *hint)
{
	char command[64], with_dev[160];
	const char *name = NULL;

	if (cli->caught) {
		*cli->caught = *err;
		snprintf(cli->caught_subject, sizeof(cli->caught_subject), "%s",
			 subject ? subject : "");
		return err->exit ? (int)err->exit : BLKSNAP_EXIT_OTHER;
	}
	command_name(cli->args.command, command, sizeof(command));
	if (!hint)
		hint = cli_hint(cli, err->exit);
	if (err->has_dev && cli->stack)
		name = blksnap_stack_label(cli->stack, err->dev);
	if (name && subject && !strstr(subject, name) && !strstr(err->message, name)) {
		snprintf(with_dev, sizeof(with_dev), "%s: %s", subject, name);
		cli_print_line(cli, command, with_dev, err, hint);
	} else {
		cli_print_line(cli, command, subject, err, hint);
	}
	if (cli->errors) {
		json_array_append_new(cli->errors,
				      json_error(command, subject, err, hint));
	} else if (cli->args.json) {
		cli_put_json(cli, json_error(command, subject, err, hint));
		fflush(stdout);
	}
	return err->exit ? (int)err->exit : BLKSNAP_EXIT_OTHER;
}

int cli_refuse(struct cli *cli, enum blksnap_exit exit, const char *subject,
	       const char *hint, const char *format, ...)
{
	struct blksnap_error err = { .exit = exit };
	va_list args;

	va_start(args, format);
	vsnprintf(err.message, sizeof(err.message), format, args);
	va_end(args);
	return cli_fail(cli, subject, &err, hint);
}

static void cli_line(struct cli *cli, const char *subject, const char *format,
		     va_list args)
{
	char command[64], text[512];

	cli_begin_line(cli);
	cli_put("", command_name(cli->args.command, command, sizeof(command)), ": ");
	if (subject)
		cli_put("", subject, ": ");
	vsnprintf(text, sizeof(text), format, args);
	cli_put("", text, "\n");
}

void cli_note(struct cli *cli, const char *subject, const char *format, ...)
{
	va_list args;

	if (cli->args.quiet || cli->caught)
		return;
	va_start(args, format);
	cli_line(cli, subject, format, args);
	va_end(args);
}

void cli_verbose(struct cli *cli, const char *subject, const char *format, ...)
{
	va_list args;

	if (!cli->args.verbose)
		return;
	va_start(args, format);
	cli_line(cli, subject, format, args);
	va_end(args);
}

void cli_sleep(struct cli *cli, uint32_t ms)
{
	const struct timespec span = { .tv_sec = ms / 1000,
				       .tv_nsec = ms % 1000 * 1000000L };

	if (!cli->recording)
		nanosleep(&span, NULL);
}

bool cli_again(struct cli *cli, int ret, unsigned int *tries)
{
	if (ret != -EBUSY || cli->recording || *tries == CLI_AGAIN_TRIES)
		return false;
	if (!(*tries)++)
		cli_verbose(cli, NULL, "busy, for a moment perhaps: trying again");
	cli_sleep(cli, CLI_AGAIN_MS);
	return true;
}

int cli_source(struct cli *cli)
{
	const char *path = command_value(&cli->args, "source", 0);
	struct blksnap_error err;
	uint64_t boot_ns, real_ns;

	if (!path || cli->recording)
		return 0;
	if (blksnap_recording_read(path, &cli->recording, &err))
		return cli_fail(cli, path, &err, NULL);
	if (blksnap_recording_clock(cli->recording, &boot_ns, &real_ns))
		out_fix_clock(boot_ns, real_ns);
	return 0;
}

int cli_connect(struct cli *cli)
{
	const char *record = command_value(&cli->args, "record", 0);
	struct blksnap_error err;
	int ret = cli->session ? 0 : cli_source(cli);

	if (cli->session || ret)
		return ret;
	if (cli->recording)
		ret = blksnap_recording_session(cli->recording, &cli->session,
						&err);
	else if (record)
		ret = blksnap_open_recorded(record, &cli->session, &err);
	else
		ret = blksnap_open(&cli->session, &err);
	if (!ret)
		cli_verbose(cli, NULL, cli->recording ?
					       "connected to a recorded kernel" :
					       "connected to the kernel");
	return ret ? cli_fail(cli, record, &err, NULL) : 0;
}

int cli_stack(struct cli *cli)
{
	struct blksnap_error err;
	int ret = cli->stack ? 0 : cli_source(cli);

	if (cli->stack || ret)
		return ret;
	if (cli->recording)
		ret = blksnap_recording_stack(cli->recording, &cli->stack, &err);
	else
		ret = blksnap_stack_open(NULL, &cli->stack, &err);
	return ret ? cli_fail(cli, NULL, &err, NULL) : 0;
}

int cli_conf(struct cli *cli)
{
	const char *path = getenv("BLKSNAP_CONF");
	enum blksnap_exit exit;
	char why[CONF_WHY];
	int ret;

	if (cli->conf)
		return 0;
	/* one that is named is meant, with the hooks it has */
	if (path && *path && access(path, F_OK))
		return cli_refuse(cli, blksnap_exit_class(errno), path,
				  "BLKSNAP_CONF names it", "%s", strerror(errno));
	ret = conf_read(path && *path ? path : CONF_FILE, &cli->conf, why);
	if (!ret)
		return 0;
	exit = ret == -EINVAL ? BLKSNAP_EXIT_USAGE : blksnap_exit_class(-ret);
	return cli_refuse(cli, exit, NULL, "see blksnap.conf(5)", "%s", why);
}

const char *cli_setting(struct cli *cli, const char *name)
{
	const char *value = command_value(&cli->args, name, 0);

	return value ? value : conf_value(cli->conf, name, 0);
}

int cli_device(struct cli *cli, const char *text, struct blksnap_dev *dev)
{
	struct blksnap_error err;
	int ret = cli_stack(cli);

	if (ret)
		return ret;
	if (blksnap_stack_resolve(cli->stack, text, dev, &err))
		return cli_fail(cli, text, &err, "`blksnap device list --all` shows them");
	return 0;
}

int cli_trackable(struct cli *cli, const char *text, struct blksnap_dev *dev)
{
	struct blksnap_error err;
	int ret = cli_device(cli, text, dev);

	if (!ret && blksnap_stack_check_members(cli->stack, dev, 1, &err))
		ret = cli_fail(cli, text, &err, CLI_NAME_THE_MAP);
	return ret;
}

static bool cli_find_tracked(struct cli *cli, const char *text,
			     struct blksnap_dev *dev)
{
	const char *name = strncmp(text, "/dev/", 5) ? text : text + 5;
	struct blksnap_device *all;
	char number[OUT_DEV_MAX];
	bool found = false;
	size_t i, count;

	if (blksnap_device_list(cli->session, &all, &count, NULL))
		return false;
	for (i = 0; !found && i < count; i++) {
		found = !strcmp(all[i].name, name) ||
			!strcmp(out_dev(all[i].dev, number), text);
		*dev = all[i].dev;
	}
	free(all);
	return found;
}

int cli_tracked(struct cli *cli, const char *text, struct blksnap_dev *dev)
{
	int ret = cli_connect(cli);

	if (!ret)
		ret = cli_stack(cli);
	if (ret)
		return ret;
	if (!blksnap_stack_resolve(cli->stack, text, dev, NULL) ||
	    cli_find_tracked(cli, text, dev))
		return 0;
	return cli_device(cli, text, dev);
}

/* Is @text the path of an image? Return: 0, or -errno as if it were not. */
static int cli_find_image(struct cli *cli, const char *text,
			  struct blksnap_snapshot *snapshot,
			  const struct blksnap_member **member)
{
	struct blksnap_error quiet, *before = cli->caught;
	struct blksnap_snapshot *all;
	size_t count, i, j;
	int ret = -ENOENT;

	cli->caught = &quiet;
	if (text[0] == '/')
		cli_stack(cli); /* for links; does without */
	cli->caught = before;
	if (blksnap_snapshot_list(cli->session, &all, &count, NULL))
		return -ENOENT;
	if (imagepath_find(text, cli->stack, all, count, &i, &j)) {
		*snapshot = all[i];
		*member = &snapshot->members[j];
		memset(&all[i], 0, sizeof(all[i]));
		ret = 0;
	}
	blksnap_snapshots_free(all, count);
	return ret;
}

int cli_image(struct cli *cli, const char *text, struct blksnap_snapshot *snapshot,
	      const struct blksnap_member **member)
{
	struct blksnap_error err;
	int ret = cli_connect(cli);

	*member = NULL;
	if (ret)
		return ret;
	ret = blksnap_snapshot_find(cli->session, text, snapshot, &err);
	if (!ret || (ret == -ENOENT && !cli_find_image(cli, text, snapshot, member)))
		return 0;
	return cli_fail(cli, text, &err,
			ret == -ENOENT	 ? "`blksnap snapshot list` shows them" :
			ret == -ENOTUNIQ ? "write more of it" :
					   NULL);
}

int cli_snapshot(struct cli *cli, const char *text,
		 struct blksnap_snapshot *snapshot)
{
	const struct blksnap_member *member;

	return cli_image(cli, text, snapshot, &member);
}

int cli_print_json(struct cli *cli, json_t *doc)
{
	int ret;

	if (!doc)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	ret = cli_put_json(cli, doc);
	if (cli->stream)
		fflush(stdout);
	return ret || ferror(stdout) ? BLKSNAP_EXIT_OTHER : 0;
}

int cli_print_done(struct cli *cli, json_t *doc, bool changed)
{
	json_object_set_new(doc, "changed", json_boolean(changed));
	json_object_set_new(doc, "dry_run", json_boolean(cli->args.dry));
	return cli_print_json(cli, doc);
}
