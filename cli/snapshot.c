// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * snapshot: making and removing snapshots.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "source.h"
#include "users.h"
#include "view.h"

#define SNAPSHOT_TIMEOUT_MS 120000
#define SNAPSHOT_GRACE_MAX_MS 30000

/*
 * A signal becomes a readable descriptor, so that a half-made snapshot is undone
 * before the program ends.
 */
static int snapshot_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int snapshot_timeout(struct cli *cli, struct blksnap_wait *wait)
{
	const char *text = command_value(&cli->args, "timeout", 0);
	uint32_t ms = SNAPSHOT_TIMEOUT_MS;
	char why[PARSE_WHY];

	if (text && (parse_duration(text, &ms, why) || !ms || ms > INT32_MAX))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--timeout", NULL,
				  "%s", ms ? why : "a time above 0 is needed");
	wait->timeout_ms = (int)ms;
	wait->cancel_fd = -1;
	return 0;
}

/* -------------------------------------------------------------- create */

struct snapshot_plan {
	struct blksnap_create create;
	struct blksnap_dev *devices;
	size_t n_devices;
	const char **specs;
	size_t n_specs;
	uint8_t uuid[BLKSNAP_UUID_BYTES];
	struct parse_low low;
	bool has_low;
	uint32_t grace_ms;
	struct source_list sources;
	struct blksnap_freeze *freezes;
	size_t n_freezes;
	struct blksnap_wait wait;
};

static int snapshot_plan_options(struct cli *cli, struct snapshot_plan *plan)
{
	const char *low = command_value(&cli->args, "low", 0);
	const char *grace = command_value(&cli->args, "grace", 0);
	char why[PARSE_WHY];

	if (low && parse_low(low, &plan->low, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--low", NULL, "%s",
				  why);
	plan->has_low = low;
	if (grace && parse_duration(grace, &plan->grace_ms, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--grace", NULL, "%s",
				  why);
	if (plan->grace_ms > SNAPSHOT_GRACE_MAX_MS)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--grace", NULL,
				  "writes wait for at most 30s");
	return snapshot_timeout(cli, &plan->wait);
}

static int snapshot_plan_devices(struct cli *cli, struct snapshot_plan *plan)
{
	const char *name = cli->args.args[0];
	struct blksnap_error err;
	const char *text;
	int ret;

	while (command_value(&cli->args, "device", plan->n_devices))
		plan->n_devices++;
	while (command_value(&cli->args, "area", plan->n_specs))
		plan->n_specs++;
	if (!plan->n_devices)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, name, NULL,
				  "--device is missing");
	if (!plan->n_specs)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, name, NULL,
				  "--area is missing");
	plan->devices = calloc(plan->n_devices, sizeof(*plan->devices));
	plan->specs = calloc(plan->n_specs, sizeof(*plan->specs));
	if (!plan->devices || !plan->specs)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	for (size_t i = 0; i < plan->n_specs; i++)
		plan->specs[i] = command_value(&cli->args, "area", i);
	for (size_t i = 0; i < plan->n_devices; i++) {
		text = command_value(&cli->args, "device", i);
		ret = cli_device(cli, text, &plan->devices[i]);
		if (ret)
			return ret;
	}
	if (blksnap_stack_check_members(cli->stack, plan->devices,
					plan->n_devices, &err))
		return cli_fail(cli, name, &err,
				err.errnum == ELOOP ?
					"make two snapshots, the file's first" :
					"name each device once");
	blksnap_stack_sort(cli->stack, plan->devices, plan->n_devices);
	return 0;
}

static int snapshot_plan_freezes(struct cli *cli, struct snapshot_plan *plan)
{
	struct blksnap_error err;

	if (command_value(&cli->args, "no-freeze", 0))
		return 0;
	if (blksnap_stack_freezes(cli->stack, plan->devices, plan->n_devices,
				  &plan->freezes, &plan->n_freezes, &err))
		return cli_fail(cli, cli->args.args[0], &err, NULL);
	return 0;
}

static int snapshot_plan_low(struct cli *cli, struct snapshot_plan *plan)
{
	uint64_t total;

	if (!plan->has_low)
		return 0;
	plan->create.has_low = true;
	plan->create.low_sectors = plan->low.sectors;
	if (plan->low.percent < 0)
		return 0;
	total = source_sectors(cli, &plan->sources);
	if (!total)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--low",
				  "give it as a size",
				  "the size of the area is not known");
	plan->create.low_sectors =
		total / 100 * (unsigned int)plan->low.percent +
		total % 100 * (unsigned int)plan->low.percent / 100;
	return 0;
}

static void snapshot_plan_fill(struct cli *cli, struct snapshot_plan *plan)
{
	plan->create.name = cli->args.args[0];
	plan->create.uuid = plan->uuid;
	plan->create.devices = plan->devices;
	plan->create.n_devices = plan->n_devices;
	plan->create.ranges = plan->sources.ranges;
	plan->create.n_ranges = plan->sources.count;
	plan->create.freezes = plan->freezes;
	plan->create.n_freezes = plan->n_freezes;
	plan->create.grace_ms = plan->grace_ms;
	plan->create.attach = true;
}

static void snapshot_plan_free(struct snapshot_plan *plan)
{
	blksnap_freezes_free(plan->freezes, plan->n_freezes);
	free(plan->devices);
	free(plan->specs);
	if (plan->wait.cancel_fd >= 0)
		close(plan->wait.cancel_fd);
}

static int snapshot_random_uuid(uint8_t uuid[BLKSNAP_UUID_BYTES])
{
	if (getrandom(uuid, BLKSNAP_UUID_BYTES, 0) != BLKSNAP_UUID_BYTES)
		return -errno;
	uuid[6] = (uuid[6] & 0x0f) | 0x40; /* RFC 4122: version 4, */
	uuid[8] = (uuid[8] & 0x3f) | 0x80; /* its variant */
	return 0;
}

static const char *snapshot_create_hint(const struct blksnap_error *err)
{
	if (err->left_behind)
		return "it could not be removed; use `blksnap snapshot destroy --force`";
	switch (err->errnum) {
	case EEXIST:
		return "choose another name, or destroy that one";
	case ETIMEDOUT:
		return err->phase == BLKSNAP_SNAPSHOT_PHASE_FREEZE ?
			       "a file system did not freeze in time; try again or use --no-freeze" :
			       "try again, or with a longer --timeout";
	case ECANCELED:
		return "nothing is left of it";
	default:
		return NULL;
	}
}

static void snapshot_created(const struct blksnap_snapshot *s)
{
	char uuid[BLKSNAP_UUID_TEXT], dev[OUT_DEV_MAX], time[OUT_TIME_MAX];
	char path[OUT_PATH_MAX];
	size_t i;

	printf("%s  %s  %zu device%s", s->name,
	       blksnap_uuid_format(s->uuid, uuid), s->n_members,
	       s->n_members == 1 ? "" : "s");
	if (BLKSNAP_HAS(s, SNAPSHOT_FREEZE_NS) && s->freeze_ns)
		printf("  frozen %s", out_span(s->freeze_ns, time));
	if (BLKSNAP_HAS(s, SNAPSHOT_GATE_NS))
		printf("  writes held %s", out_span(s->gate_ns, time));
	putchar('\n');
	for (i = 0; i < s->n_members; i++)
		printf("  %s  ->  %s\n", view_member(&s->members[i], dev),
		       out_path(s->members[i].image_name, path));
}

static int snapshot_create_run(struct cli *cli, struct snapshot_plan *plan)
{
	const char *name = cli->args.args[0];
	struct blksnap_snapshot snapshot;
	struct blksnap_error err;
	json_t *doc;
	int ret;

	plan->wait.cancel_fd = snapshot_signals();
	ret = blksnap_snapshot_create(cli->session, &plan->create, &plan->wait,
				      &snapshot, &err);
	if (ret) {
		if (err.left_behind)
			source_keep(&plan->sources);
		else
			source_drop(&plan->sources);
		return cli_fail(cli, name, &err, snapshot_create_hint(&err));
	}
	source_keep(&plan->sources);
	if (cli->args.json) {
		doc = json_document("snapshot.create");
		json_object_set_new(doc, "snapshot", json_snapshot(&snapshot));
		ret = cli_print_json(cli, doc);
	} else {
		snapshot_created(&snapshot);
	}
	blksnap_snapshot_clear(&snapshot);
	return ret;
}

/* Asked before loop and zram devices are made for nothing. */
static int snapshot_plan_module(struct cli *cli)
{
	struct blksnap_error err;
	struct blksnap_info info;
	int ret = cli_connect(cli);

	if (!ret && blksnap_info_get(cli->session, &info, &err))
		ret = cli_fail(cli, cli->args.args[0], &err, NULL);
	return ret;
}

int snapshot_cmd_create(struct cli *cli)
{
	struct snapshot_plan plan = { .wait.cancel_fd = -1 };
	int ret;

	ret = snapshot_plan_options(cli, &plan);
	if (!ret)
		ret = snapshot_plan_devices(cli, &plan);
	if (!ret)
		ret = snapshot_plan_freezes(cli, &plan);
	if (!ret)
		ret = snapshot_plan_module(cli);
	if (!ret && snapshot_random_uuid(plan.uuid))
		ret = cli_refuse(cli, BLKSNAP_EXIT_OTHER, NULL, NULL,
				 "no random numbers");
	if (!ret) {
		source_sweep(cli);
		ret = source_open(cli, plan.specs, plan.n_specs, plan.devices,
				  plan.n_devices, plan.uuid, &plan.sources);
	}
	if (!ret) {
		ret = snapshot_plan_low(cli, &plan);
		if (ret)
			source_drop(&plan.sources);
	}
	if (!ret) {
		snapshot_plan_fill(cli, &plan);
		ret = snapshot_create_run(cli, &plan);
	}
	snapshot_plan_free(&plan);
	return ret;
}

/* ------------------------------------------------------- list and show */

int snapshot_cmd_list(struct cli *cli)
{
	struct blksnap_snapshot *all;
	struct blksnap_error err;
	json_t *doc, *list;
	size_t count, i;
	int ret = cli_connect(cli);

	if (ret)
		return ret;
	if (blksnap_snapshot_list(cli->session, &all, &count, &err))
		return cli_fail(cli, NULL, &err, NULL);
	if (cli->args.json) {
		doc = json_document("snapshot.list");
		list = json_array();
		for (i = 0; i < count; i++)
			json_array_append_new(list, json_snapshot(&all[i]));
		json_object_set_new(doc, "snapshots", list);
		ret = cli_print_json(cli, doc);
	} else {
		view_snapshots(all, count);
	}
	blksnap_snapshots_free(all, count);
	return ret;
}

int snapshot_cmd_show(struct cli *cli)
{
	struct blksnap_snapshot snapshot;
	json_t *doc;
	int ret = cli_snapshot(cli, cli->args.args[0], &snapshot);

	if (ret)
		return ret;
	if (cli->args.json) {
		doc = json_document("snapshot.show");
		json_object_set_new(doc, "snapshot", json_snapshot(&snapshot));
		ret = cli_print_json(cli, doc);
	} else {
		view_snapshot(&snapshot);
	}
	blksnap_snapshot_clear(&snapshot);
	return ret;
}

/* ------------------------------------------------------------- destroy */

/* Discards that the members dropped, counted while they are still attached. */
static uint64_t snapshot_dropped_sectors(struct cli *cli, uint32_t id)
{
	struct blksnap_stats *stats;
	uint64_t total = 0;
	size_t count, i;

	if (blksnap_stats_list(cli->session, &stats, &count, NULL))
		return 0;
	for (i = 0; i < count; i++)
		if (BLKSNAP_HAS(&stats[i], STATS_SNAPSHOT_ID) &&
		    stats[i].snapshot_id == id)
			total += stats[i].discard_dropped_sectors;
	free(stats);
	return total;
}

/* The kernel says that an image is open; who has it open is looked up here. */
static void snapshot_busy(const struct blksnap_snapshot *s, char *hint,
			  size_t size)
{
	const struct blksnap_member *m;
	char users[256], dev[OUT_DEV_MAX];
	size_t i, used = 0;

	hint[0] = 0;
	for (i = 0; i < s->n_members && used < size; i++) {
		m = &s->members[i];
		if (!BLKSNAP_HAS(m, MEMBER_IMAGE_NAME))
			continue;
		users_of(m->image_name, users, sizeof(users));
		if (!users[0])
			continue;
		used += (size_t)snprintf(hint + used, size - used,
					 "/dev/%s (of %s) is %s; ", m->image_name,
					 view_member(m, dev), users);
	}
	if (used < size)
		snprintf(hint + used, size - used,
			 "close it, or give --force: its readers get EIO");
}

static int snapshot_destroyed(struct cli *cli, const struct blksnap_snapshot *s,
			      uint64_t dropped)
{
	char text[OUT_SIZE_MAX];
	json_t *doc;

	if (cli->args.json) {
		doc = json_document("snapshot.destroy");
		json_object_set_new(doc, "snapshot", json_snapshot(s));
		json_object_set_new(doc, "discard_dropped_bytes",
				    json_bytes(true, dropped));
		return cli_print_json(cli, doc);
	}
	printf("%s: destroyed\n", s->name);
	if (dropped)
		printf("%s of discards were not passed to the devices; run fstrim -a to give that space back\n",
		       out_sectors(true, dropped, text));
	return 0;
}

int snapshot_cmd_destroy(struct cli *cli)
{
	bool force = command_value(&cli->args, "force", 0);
	const char *name = cli->args.args[0];
	struct blksnap_snapshot snapshot, last = { 0 };
	struct blksnap_wait wait;
	struct blksnap_error err;
	char hint[1024];
	uint64_t dropped;
	int ret;

	ret = snapshot_timeout(cli, &wait);
	if (!ret)
		ret = cli_snapshot(cli, name, &snapshot);
	if (ret)
		return ret;
	dropped = snapshot_dropped_sectors(cli, snapshot.id);
	ret = blksnap_snapshot_destroy(cli->session, snapshot.id, force, &wait,
				       &last, &err);
	if (ret == -EBUSY) {
		snapshot_busy(&snapshot, hint, sizeof(hint));
		ret = cli_fail(cli, name, &err, hint);
	} else if (ret) {
		ret = cli_fail(cli, name, &err,
			       ret == -ETIMEDOUT ?
				       "the kernel goes on with it; watch `blksnap monitor`" :
				       NULL);
	} else {
		source_sweep(cli);
		ret = snapshot_destroyed(cli, &last, dropped);
		blksnap_snapshot_clear(&last);
	}
	blksnap_snapshot_clear(&snapshot);
	return ret;
}
