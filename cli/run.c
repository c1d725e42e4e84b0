// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run: a snapshot for as long as a command runs.
 *
 * Whatever happens, nothing is left: signals are passed on to the command and
 * waited out; the snapshot is tied to this process's socket, so that it goes
 * away even when this process is killed.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "cli.h"
#include "folder.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "past.h"
#include "since.h"
#include "snapshot.h"
#include "take.h"

/* As env(1) has it: this program failed, the command cannot be run, is not there */
#define RUN_EXIT_OWN 125
#define RUN_EXIT_EXEC 126
#define RUN_EXIT_MISSING 127
#define RUN_PATH_MAX (FOLDER_PATH_MAX + 32)
#define RUN_DRY (-1) /* what would be done was said */

struct run {
	struct cli *cli;
	char name[BLKSNAP_NAME_MAX + 1];
	struct take_wish wish;
	struct blksnap_snapshot snapshot;
	struct folder folder; /* for change maps and mounts */
	const char *since_path;
	struct since before;
	struct since after;
	struct child_env env;
	size_t mounted;
	/* what came of it */
	bool started;
	int command_status;
	bool lost;
	bool hook_failed;
	bool since_saved;
	uint64_t dropped_sectors;
};

static const struct blksnap_member *run_member(struct run *run, size_t i)
{
	const struct blksnap_snapshot *s = &run->snapshot;
	struct blksnap_dev dev;
	size_t j;

	if (blksnap_stack_resolve(run->cli->stack, run->wish.devices[i], &dev,
				  NULL))
		return NULL;
	for (j = 0; j < s->n_members; j++)
		if (s->members[j].dev.major == dev.major &&
		    s->members[j].dev.minor == dev.minor)
			return &s->members[j];
	return NULL;
}

/* --------------------------------------------------------- environment */

static const char *run_base(const char *device)
{
	const char *slash = strrchr(device, '/');

	return slash && slash[1] ? slash + 1 : device;
}

/* Is this the only device whose variables would be called so? */
static bool run_unique(const struct run *run, size_t i)
{
	char mine[64], other[64];
	size_t j;

	child_env_name(run_base(run->wish.devices[i]), mine, sizeof(mine));
	for (j = 0; j < run->wish.n_devices; j++)
		if (j != i &&
		    !strcmp(mine, child_env_name(run_base(run->wish.devices[j]),
						 other, sizeof(other))))
			return false;
	return true;
}

/* THING_1, THING_vdb, and THING where there is one device alone. */
static void run_tell(struct run *run, size_t i, const char *thing,
		     const char *value)
{
	char name[128], base[64];

	snprintf(name, sizeof(name), "BLKSNAP_%s_%zu", thing, i + 1);
	child_env_set(&run->env, name, "%s", value);
	if (run_unique(run, i)) {
		child_env_name(run_base(run->wish.devices[i]), base, sizeof(base));
		snprintf(name, sizeof(name), "BLKSNAP_%s_%s", thing, base);
		child_env_set(&run->env, name, "%s", value);
	}
	if (run->wish.n_devices == 1) {
		snprintf(name, sizeof(name), "BLKSNAP_%s", thing);
		child_env_set(&run->env, name, "%s", value);
	}
}

static int run_on_extent(const struct blksnap_extent *extent, void *arg)
{
	FILE *out = arg;

	fprintf(out, "%llu\t%llu\n",
		(unsigned long long)extent->start_sectors * BLKSNAP_SECTOR_BYTES,
		(unsigned long long)extent->count_sectors * BLKSNAP_SECTOR_BYTES);
	return ferror(out) ? -EIO : 0;
}

/* The change map of a device; none if all of it is to be taken as changed. */
static int run_changes(struct run *run, size_t i, struct blksnap_dev dev)
{
	const char *device = run->wish.devices[i];
	const struct blksnap_cbt *since = since_of(&run->before, device);
	struct blksnap_error err;
	char path[RUN_PATH_MAX];
	FILE *out;
	int ret;

	if (!since)
		return 0;
	snprintf(path, sizeof(path), "%s/changes-%zu", run->folder.path, i + 1);
	out = fopen(path, "we");
	if (!out)
		return cli_refuse(run->cli, BLKSNAP_EXIT_OTHER, path, NULL,
				  "cannot be written: %s", strerror(errno));
	ret = blksnap_cbt_extents(run->cli->session, dev, since, run_on_extent,
				  out, NULL, &err);
	if (fclose(out) && !ret)
		return cli_refuse(run->cli, BLKSNAP_EXIT_OTHER, path, NULL,
				  "cannot be written: %s", strerror(errno));
	if (ret == -ESTALE) {
		unlink(path);
		return 0;
	}
	if (ret)
		return cli_fail(run->cli, device, &err, NULL);
	run_tell(run, i, "CHANGES", path);
	return 0;
}

static int run_mount(struct run *run, size_t i, const char *image)
{
	struct blksnap_error err;
	char path[RUN_PATH_MAX];

	snprintf(path, sizeof(path), "%s/mount-%zu", run->folder.path, i + 1);
	if (mkdir(path, 0700))
		return cli_refuse(run->cli, BLKSNAP_EXIT_OTHER, path, NULL,
				  "%s", strerror(errno));
	run->mounted = i + 1;
	if (past_mount(image, path, &err))
		return cli_fail(run->cli, run->wish.devices[i], &err,
				err.errnum == EEXIST ?
					"this kernel knows it by its UUID, as it does its origin: back it up as a device" :
					"leave --mount away, and mount the image yourself");
	run_tell(run, i, "MOUNT", path);
	return 0;
}

static int run_tell_device(struct run *run, size_t i)
{
	const struct blksnap_member *m = run_member(run, i);
	char path[OUT_PATH_MAX], uuid[BLKSNAP_UUID_TEXT], text[64];
	struct blksnap_cbt at;
	int ret;

	if (!m || !BLKSNAP_HAS(m, MEMBER_IMAGE_NAME))
		return cli_refuse(run->cli, BLKSNAP_EXIT_OTHER,
				  run->wish.devices[i], NULL,
				  "the snapshot has no image of it");
	run_tell(run, i, "ORIGIN", run->wish.devices[i]);
	run_tell(run, i, "IMAGE", out_path(m->image_name, path));
	memcpy(at.generation, m->cbt_generation, sizeof(at.generation));
	at.number = m->cbt_number;
	snprintf(text, sizeof(text), "%s:%u",
		 blksnap_uuid_format(at.generation, uuid), at.number);
	run_tell(run, i, "SINCE", text);
	ret = run_changes(run, i, m->dev);
	if (!ret && command_value(&run->cli->args, "mount", 0))
		ret = run_mount(run, i, path);
	if (!ret && run->since_path &&
	    since_set(&run->after, run->wish.devices[i], &at))
		ret = cli_refuse(run->cli, BLKSNAP_EXIT_USAGE,
				 run->wish.devices[i], NULL,
				 "--since cannot keep a device of this name");
	return ret;
}

static int run_folder(struct run *run)
{
	char where[SOURCE_NOTES_MAX];
	int ret = folder_make(&run->folder, where);

	return ret ? cli_refuse(run->cli, blksnap_exit_class(-ret), where, NULL, "%s",
				strerror(-ret)) :
		     0;
}

static int run_tell_all(struct run *run)
{
	char uuid[BLKSNAP_UUID_TEXT];
	struct blksnap_error err;
	int ret = run_folder(run);
	size_t i;

	child_env_set(&run->env, "BLKSNAP_SNAPSHOT", "%s", run->snapshot.name);
	child_env_set(&run->env, "BLKSNAP_UUID", "%s",
		      blksnap_uuid_format(run->snapshot.uuid, uuid));
	child_env_set(&run->env, "BLKSNAP_COUNT", "%zu", run->wish.n_devices);
	if (!ret && command_value(&run->cli->args, "mount", 0) &&
	    past_private(&err))
		ret = cli_fail(run->cli, NULL, &err, NULL);
	for (i = 0; !ret && i < run->wish.n_devices; i++)
		ret = run_tell_device(run, i);
	return ret;
}

/* ---------------------------------------------------------------- before */

static int run_since_read(struct run *run)
{
	enum blksnap_exit exit;
	char why[SINCE_WHY];
	int ret;

	run->since_path = command_value(&run->cli->args, "since", 0);
	if (!run->since_path)
		return 0;
	ret = since_read(run->since_path, &run->before, why);
	if (!ret)
		return 0;
	exit = ret == -EINVAL ? BLKSNAP_EXIT_USAGE : blksnap_exit_class(-ret);
	return cli_refuse(run->cli, exit, run->since_path, NULL, "%s", why);
}

/* Numbers of the next backup mean something only if tracking goes on. */
static int run_keep_tracking(struct run *run)
{
	struct blksnap_error err;
	struct blksnap_dev dev;
	size_t i;
	int ret = 0;

	if (!run->since_path)
		return 0;
	ret = cli_connect(run->cli);
	for (i = 0; !ret && i < run->wish.n_devices; i++) {
		ret = cli_trackable(run->cli, run->wish.devices[i], &dev);
		if (!ret && blksnap_device_attach(run->cli->session, dev, 0, NULL,
						  &err))
			ret = cli_fail(run->cli, run->wish.devices[i], &err, NULL);
	}
	return ret;
}

static json_t *run_document(const struct run *run)
{
	const struct cli *cli = run->cli;
	json_t *doc = json_document("run"), *words = json_array();
	int i;

	for (i = 0; i < cli->args.n_args; i++)
		json_array_append_new(words, json_text(true, cli->args.args[i]));
	json_object_set_new(doc, "command", words);
	json_object_set_new(doc, "command_exit",
			    run->started ? json_integer(run->command_status) :
					   json_null());
	json_object_set_new(doc, "lost", json_boolean(run->lost));
	json_object_set_new(doc, "hook_failed", json_boolean(run->hook_failed));
	json_object_set_new(doc, "since_saved", json_boolean(run->since_saved));
	json_object_set_new(doc, "discard_dropped_bytes",
			    json_bytes(run->started, run->dropped_sectors));
	json_object_set_new(doc, "snapshot", run->started ?
						     json_snapshot(&run->snapshot) :
						     json_null());
	json_object_set_new(doc, "dry_run", json_boolean(cli->args.dry));
	return doc;
}

/* What a run would do. */
static int run_would(struct run *run, const struct take *take)
{
	struct cli *cli = run->cli;
	json_t *doc, *plan;
	int i;

	if (!cli->args.json) {
		snapshot_plan_print(cli, take);
		fputs("  would run", stdout);
		for (i = 0; i < cli->args.n_args; i++)
			printf(" %s", cli->args.args[i]);
		putchar('\n');
		return 0;
	}
	doc = run_document(run);
	plan = json_object();
	snapshot_plan_json(cli, take, plan);
	json_object_set_new(doc, "plan", plan);
	return cli_print_json(cli, doc);
}

static int run_take(struct run *run)
{
	struct take take;
	int ret;

	run->wish.socket_owner = true;
	ret = take_prepare(run->cli, &run->wish, &take);
	if (ret)
		return ret;
	if (run->cli->args.dry) {
		ret = run_would(run, &take);
		take_free(&take);
		return ret ? ret : RUN_DRY;
	}
	ret = run_keep_tracking(run);
	if (!ret)
		ret = take_run(run->cli, &take, &run->snapshot);
	run->hook_failed = take.hook_failed;
	take_free(&take);
	return ret;
}

/* ---------------------------------------------------------------- after */

static void run_unmount(struct run *run)
{
	char path[RUN_PATH_MAX];

	for (; run->mounted; run->mounted--) {
		snprintf(path, sizeof(path), "%s/mount-%zu", run->folder.path,
			 run->mounted);
		umount2(path, MNT_DETACH);
		rmdir(path);
	}
}

/*
 * An image may be open for a moment longer, by whoever looks at new disks. What
 * the command has left behind does not keep the snapshot: it reads an error.
 */
static int run_destroy(struct run *run)
{
	struct cli *cli = run->cli;
	struct blksnap_error err;
	unsigned int tries = 0;
	bool open;
	int ret;

	do {
		ret = blksnap_snapshot_destroy(cli->session, run->snapshot.id,
					       false, NULL, NULL, &err);
	} while (cli_again(cli, ret, &tries));
	open = ret == -EBUSY;
	if (open)
		ret = blksnap_snapshot_destroy(cli->session, run->snapshot.id,
					       true, NULL, NULL, &err);
	if (ret && ret != -ENOENT)
		return cli_fail(cli, run->snapshot.name, &err,
				"it goes away with this command");
	if (open)
		fprintf(stderr, "blksnap: run: %s: an image was still open; its readers get an error\n",
			run->snapshot.name);
	source_sweep(cli);
	return 0;
}

static void run_look(struct run *run)
{
	struct blksnap_snapshot now = { 0 };

	run->lost = blksnap_snapshot_get(run->cli->session, run->snapshot.id,
					 &now, NULL) ||
		    now.state != BLKSNAP_SNAPSHOT_STATE_TAKEN;
	run->dropped_sectors =
		snapshot_dropped_sectors(run->cli, run->snapshot.id);
	if (!run->lost) {
		blksnap_snapshot_clear(&now);
		return;
	}
	if (now.n_members) {
		blksnap_snapshot_clear(&run->snapshot);
		run->snapshot = now;
	} else {
		blksnap_snapshot_clear(&now);
	}
}

static int run_since_write(struct run *run)
{
	char why[SINCE_WHY];
	size_t i;
	int ret = 0;

	if (!run->since_path)
		return 0;
	/* Devices of other runs with the same file keep their numbers. */
	for (i = 0; !ret && i < run->after.count; i++)
		ret = since_set(&run->before, run->after.list[i].device,
				&run->after.list[i].at);
	if (ret)
		strcpy(why, "out of memory");
	else
		ret = since_write(run->since_path, &run->before, why);
	if (ret)
		return cli_refuse(run->cli, blksnap_exit_class(-ret),
				  run->since_path,
				  "the next backup is told what changed since the one before",
				  "cannot be written: %s", why);
	run->since_saved = true;
	return 0;
}

/* ------------------------------------------------------------- command */

static bool run_signal(struct run *run, int *signal)
{
	struct signalfd_siginfo info;

	if (read(run->wish.wait.cancel_fd, &info, sizeof(info)) != sizeof(info))
		return false;
	*signal = (int)info.ssi_signo;
	return true;
}

static int run_command(struct run *run)
{
	struct cli *cli = run->cli;
	struct child_end end;
	struct child child;
	int ret, signal;

	if (run_signal(run, &signal)) {
		cli_refuse(cli, BLKSNAP_EXIT_INTERRUPTED, NULL, NULL,
			   "interrupted before the command began");
		return 128 + signal;
	}
	ret = child_start(cli->args.args, &run->env,
			  cli->args.json ? CHILD_TO_ERR : 0, &child);
	if (ret) {
		cli_refuse(cli, ret == -ENOENT ? BLKSNAP_EXIT_NOT_FOUND :
						 BLKSNAP_EXIT_OTHER,
			   cli->args.args[0],
			   ret == -ENOENT ? "is it in PATH?" : NULL, "cannot be run: %s",
			   strerror(-ret));
		return ret == -ENOENT ? RUN_EXIT_MISSING :
		       ret == -ENOMEM ? RUN_EXIT_OWN :
					RUN_EXIT_EXEC;
	}
	run->started = true;
	ret = child_wait(&child, -1, run->wish.wait.cancel_fd, &end);
	if (ret) {
		cli_refuse(cli, BLKSNAP_EXIT_OTHER, cli->args.args[0], NULL,
			   "cannot be waited for: %s", strerror(-ret));
		return RUN_EXIT_OWN;
	}
	run->command_status = child_exit(end.status);
	return run->command_status;
}

static int run_print(struct run *run)
{
	struct cli *cli = run->cli;
	char text[OUT_SIZE_MAX];

	if (!cli->args.json) {
		if (run->dropped_sectors && !cli->args.quiet)
			fprintf(stderr, "blksnap: run: %s of discards were not passed to the devices; run fstrim -a to give that space back\n",
				out_sectors(true, run->dropped_sectors, text));
		return 0;
	}
	return cli_print_json(cli, run_document(run));
}

/* The command's status; 125 when it was content and could not be. */
static int run_status(struct run *run, int status)
{
	char state[64];

	if (run->lost) {
		snprintf(state, sizeof(state), "state %s",
			 blksnap_snapshot_state_word(run->snapshot.state));
		fprintf(stderr, "blksnap: run: %s: the snapshot was lost while the command ran (%s); what it read does not count\n",
			run->snapshot.name,
			run->snapshot.error ? out_errno(run->snapshot.error) :
					      state);
	}
	if (status)
		return status;
	return run->lost || run->hook_failed ? RUN_EXIT_OWN : 0;
}

/* From the instant on: everything here leads to run_destroy(). */
static int run_taken(struct run *run)
{
	struct cli *cli = run->cli;
	bool json = cli->args.json, clean = true;
	int ret = RUN_EXIT_OWN;

	if (!run_tell_all(run))
		ret = run_command(run);
	/*
	 * One document: that of the failure that kept the command from running,
	 * or the one at the end. Other failures are told on standard error.
	 */
	cli->args.json = false;
	run_unmount(run);
	run_look(run);
	if (run->started) {
		ret = run_status(run, ret);
		if (!ret)
			clean = !run_since_write(run);
	}
	clean = !run_destroy(run) && clean;
	cli->args.json = json;
	if (run->started && run_print(run))
		clean = false;
	return !ret && !clean ? RUN_EXIT_OWN : ret;
}

int run_cmd(struct cli *cli)
{
	const char *name = command_value(&cli->args, "name", 0);
	struct run run = { .cli = cli };
	int ret;

	snprintf(run.name, sizeof(run.name), "run-%d", (int)getpid());
	ret = take_wish_options(cli, name ? name : run.name, &run.wish);
	if (!ret)
		ret = run_since_read(&run);
	if (!ret) {
		run.wish.wait.cancel_fd = take_signals();
		ret = run_take(&run);
	}
	if (ret == RUN_DRY)
		ret = 0;
	else if (ret)
		ret = ret == BLKSNAP_EXIT_INTERRUPTED ? ret : RUN_EXIT_OWN;
	else
		ret = run_taken(&run);
	folder_remove(&run.folder);
	blksnap_snapshot_clear(&run.snapshot);
	since_free(&run.before);
	since_free(&run.after);
	child_env_free(&run.env);
	take_wish_free(&run.wish);
	return ret;
}
