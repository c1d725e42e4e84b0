// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * snapshot: making and removing snapshots.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "area.h"
#include "cli.h"
#include "json.h"
#include "out.h"
#include "snapshot.h"
#include "source.h"
#include "take.h"
#include "users.h"
#include "view.h"
#include "wipe.h"

#define SNAPSHOT_NONE (-1) /* there is none */

static void snapshot_created(const struct blksnap_snapshot *s)
{
	char uuid[BLKSNAP_UUID_TEXT], dev[OUT_PATH_MAX], time[OUT_TIME_MAX];
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

void snapshot_plan_json(struct cli *cli, const struct take *take, json_t *doc)
{
	json_t *devices = json_array(), *freezes = json_array();
	uint64_t area = source_sectors(cli, &take->sources);
	size_t i;

	for (i = 0; i < take->wish->n_devices; i++)
		json_array_append_new(devices, json_dev(true, take->devices[i]));
	for (i = 0; i < take->n_freezes; i++)
		json_array_append_new(freezes,
				      take->freezes[i].path ?
					      json_text(true, take->freezes[i].path) :
					      json_dev(true, take->freezes[i].dev));
	json_object_set_new(doc, "name", json_text(true, take->wish->name));
	json_object_set_new(doc, "devices", devices);
	json_object_set_new(doc, "freezes", freezes);
	json_object_set_new(doc, "area_bytes", json_bytes(area != 0, area));
}

void snapshot_plan_print(struct cli *cli, const struct take *take)
{
	uint64_t area = source_sectors(cli, &take->sources);
	char text[OUT_SIZE_MAX], number[OUT_DEV_MAX];
	const char *label;
	size_t i;

	printf("%s: would be taken, area %s\n", take->wish->name,
	       out_sectors(area != 0, area, text));
	for (i = 0; i < take->wish->n_devices; i++) {
		label = blksnap_stack_label(cli->stack, take->devices[i]);
		printf("  %s\n", label ? label : out_dev(take->devices[i], number));
	}
	for (i = 0; i < take->n_freezes; i++) {
		label = take->freezes[i].path;
		if (!label)
			label = blksnap_stack_label(cli->stack, take->freezes[i].dev);
		printf("  would freeze the file system on %s\n",
		       label ? label : out_dev(take->freezes[i].dev, number));
	}
}

/* What a create would take, freeze and use. */
static int snapshot_would_create(struct cli *cli, const struct take *take)
{
	json_t *doc;

	if (!cli->args.json) {
		snapshot_plan_print(cli, take);
		return 0;
	}
	doc = json_document("snapshot.create");
	json_object_set_new(doc, "snapshot", json_null());
	snapshot_plan_json(cli, take, doc);
	return cli_print_done(cli, doc, true);
}

static int snapshot_said(struct cli *cli, const struct blksnap_snapshot *s,
			 bool changed, bool hook_failed)
{
	json_t *doc;

	if (!cli->args.json) {
		if (changed)
			snapshot_created(s);
		else
			printf("%s: is there already, unchanged\n", s->name);
		return 0;
	}
	doc = json_document("snapshot.create");
	json_object_set_new(doc, "hook_failed", json_boolean(hook_failed));
	json_object_set_new(doc, "snapshot", json_snapshot(s));
	return cli_print_done(cli, doc, changed);
}

int snapshot_as_wished(struct cli *cli, const struct take_wish *wish,
		       const struct blksnap_snapshot *s)
{
	struct blksnap_dev dev;
	size_t i, j;
	int ret;

	if (s->state != BLKSNAP_SNAPSHOT_STATE_TAKEN)
		return cli_refuse(cli, BLKSNAP_EXIT_INVALID, s->name,
				  "destroy it first", "there is one, and its state is %s",
				  blksnap_snapshot_state_word(s->state));
	for (i = 0; i < wish->n_devices; i++) {
		ret = cli_device(cli, wish->devices[i], &dev);
		if (ret)
			return ret;
		for (j = 0; j < s->n_members; j++)
			if (s->members[j].dev.major == dev.major &&
			    s->members[j].dev.minor == dev.minor)
				break;
		if (j == s->n_members)
			return cli_refuse(cli, BLKSNAP_EXIT_CONFLICT, s->name,
					  "destroy it first, or choose another name",
					  "there is one, without %s",
					  wish->devices[i]);
	}
	if (wish->n_devices < s->n_members)
		return cli_refuse(cli, BLKSNAP_EXIT_CONFLICT, s->name,
				  "destroy it first, or choose another name",
				  "there is one, of more devices");
	return 0;
}

/* SNAPSHOT_NONE: it has to be made. */
static int snapshot_if_missing(struct cli *cli, const struct take_wish *wish)
{
	struct blksnap_snapshot s;
	struct blksnap_error err;
	int ret = cli_connect(cli);

	if (ret)
		return ret;
	ret = blksnap_snapshot_find(cli->session, wish->name, &s, &err);
	/* what begins with the UUID of another is a name of its own */
	if (!ret && strcmp(s.name, wish->name)) {
		blksnap_snapshot_clear(&s);
		return SNAPSHOT_NONE;
	}
	if (ret)
		return ret == -ENOENT || ret == -ENOTUNIQ ?
			       SNAPSHOT_NONE :
			       cli_fail(cli, wish->name, &err, NULL);
	ret = snapshot_as_wished(cli, wish, &s);
	if (!ret)
		ret = snapshot_said(cli, &s, false, false);
	blksnap_snapshot_clear(&s);
	return ret;
}

static int snapshot_create(struct cli *cli, struct take_wish *wish)
{
	struct blksnap_snapshot snapshot = { 0 };
	bool hook_failed;
	struct take take;
	int ret = take_prepare(cli, wish, &take);

	if (ret)
		return ret;
	if (cli->args.dry) {
		ret = snapshot_would_create(cli, &take);
		take_free(&take);
		return ret;
	}
	wish->wait.cancel_fd = take_signals();
	ret = take_run(cli, &take, &snapshot);
	hook_failed = !ret && take.hook_failed;
	take_free(&take);
	if (!ret)
		ret = snapshot_said(cli, &snapshot, true, hook_failed);
	blksnap_snapshot_clear(&snapshot);
	return !ret && hook_failed ? BLKSNAP_EXIT_HOOK : ret;
}

int snapshot_cmd_create(struct cli *cli)
{
	struct take_wish wish;
	int ret = take_wish_options(cli, cli->args.args[0], &wish);

	if (!ret && command_value(&cli->args, "if-missing", 0))
		ret = snapshot_if_missing(cli, &wish);
	else if (!ret)
		ret = SNAPSHOT_NONE;
	if (ret == SNAPSHOT_NONE)
		ret = snapshot_create(cli, &wish);
	take_wish_free(&wish);
	return ret;
}

/* ------------------------------------------------------- list and show */

int snapshot_cmd_list(struct cli *cli)
{
	const char *sample = command_value(&cli->args, "sample", 0);
	struct blksnap_snapshot *all = NULL;
	struct fill fill = { 0 };
	struct rows rows;
	size_t count = 0;
	int ret = view_snapshots_init(&rows, cli, sample);

	if (!ret)
		ret = cli_connect(cli);
	if (!ret)
		ret = area_snapshots(cli, sample, &fill, &all, &count);
	if (!ret)
		ret = view_snapshots(&rows, all, count, &fill);
	blksnap_snapshots_free(all, count);
	fill_free(&fill);
	rows_free(&rows);
	return ret == ROWS_HELP ? 0 : ret;
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

uint64_t snapshot_dropped_sectors(struct cli *cli, uint32_t id)
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
	char users[256], dev[OUT_PATH_MAX];
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

/* @errors: of the wiping, taken over; NULL: nothing was wiped */
static int snapshot_destroyed(struct cli *cli, const struct blksnap_snapshot *s,
			      const struct wipe *wipe, uint64_t dropped, json_t *errors)
{
	char text[OUT_SIZE_MAX];
	json_t *doc;

	if (cli->args.json) {
		doc = json_document("snapshot.destroy");
		json_object_set_new(doc, "snapshot", json_snapshot(s));
		json_object_set_new(doc, "discard_dropped_bytes",
				    json_bytes(true, dropped));
		if (wipe->how != WIPE_NOT)
			json_object_set_new(doc, "area_wiped_bytes",
					    json_bytes(true, wipe->sectors));
		if (errors)
			json_object_set_new(doc, "errors", errors);
		return cli_print_done(cli, doc, true);
	}
	printf("%s: %s", s->name,
	       cli->args.dry ? "would be destroyed" : "destroyed");
	if (wipe->how != WIPE_NOT)
		printf(", %s of its area %s", out_sectors(true, wipe->sectors, text),
		       wipe->how == WIPE_ZERO ? "zeroed" : "discarded");
	putchar('\n');
	if (dropped)
		printf("%s of discards were not passed to the devices; run fstrim -a to give that space back\n",
		       out_sectors(true, dropped, text));
	return 0;
}

/* It is gone; is what it held gone, too? One document tells of both. */
static int snapshot_wipe(struct cli *cli, const struct blksnap_snapshot *s,
			 struct wipe *wipe, uint64_t dropped)
{
	json_t *errors;
	int ret, printed;

	if (cli->args.json && wipe->how != WIPE_NOT)
		cli->errors = json_array();
	ret = wipe_run(cli, wipe, s->name);
	errors = cli->errors;
	cli->errors = NULL;
	wipe_close(wipe);
	source_sweep(cli);
	if (ret && !cli->args.json)
		return ret;
	printed = snapshot_destroyed(cli, s, wipe, dropped, errors);
	return ret ? ret : printed;
}

/* With --if-exists, what is not there is as it should be. */
static int snapshot_find(struct cli *cli, struct blksnap_snapshot *snapshot)
{
	const char *name = cli->args.args[0];
	struct blksnap_error err;
	json_t *doc;
	int ret = cli_connect(cli);

	if (ret || !command_value(&cli->args, "if-exists", 0))
		return ret ? ret : cli_snapshot(cli, name, snapshot);
	cli->caught = &err;
	ret = cli_snapshot(cli, name, snapshot);
	cli->caught = NULL;
	if (ret != BLKSNAP_EXIT_NOT_FOUND)
		return ret ? cli_fail(cli, name, &err,
				      err.errnum == ENOTUNIQ ? "write more of it" :
							       NULL) :
			     0;
	if (!cli->args.json) {
		printf("%s: there is none, unchanged\n", name);
		return SNAPSHOT_NONE;
	}
	doc = json_document("snapshot.destroy");
	json_object_set_new(doc, "snapshot", json_null());
	json_object_set_new(doc, "discard_dropped_bytes", json_null());
	ret = cli_print_done(cli, doc, false);
	return ret ? ret : SNAPSHOT_NONE;
}

int snapshot_cmd_destroy(struct cli *cli)
{
	bool force = command_value(&cli->args, "force", 0);
	const char *name = cli->args.args[0];
	struct blksnap_snapshot snapshot, last = { 0 };
	struct blksnap_wait wait;
	struct blksnap_error err;
	struct wipe wipe;
	unsigned int tries = 0;
	char hint[1024];
	uint64_t dropped;
	int ret;

	ret = cli_conf(cli);
	if (!ret)
		ret = take_timeout(cli, &wait);
	if (!ret)
		ret = snapshot_find(cli, &snapshot);
	if (ret)
		return ret == SNAPSHOT_NONE ? 0 : ret;
	dropped = snapshot_dropped_sectors(cli, snapshot.id);
	ret = wipe_open(cli, &snapshot, &wipe);
	if (ret || cli->args.dry) {
		if (!ret)
			ret = snapshot_destroyed(cli, &snapshot, &wipe, dropped, NULL);
		wipe_close(&wipe);
		blksnap_snapshot_clear(&snapshot);
		return ret;
	}
	/* an area that is to be wiped is wiped, or it is said that it is not */
	if (wipe.how != WIPE_NOT)
		close(take_signals());
	cli_verbose(cli, name, "asking the kernel to destroy it");
	do {
		ret = blksnap_snapshot_destroy(cli->session, snapshot.id, force,
					       &wait, &last, &err);
	} while (cli_again(cli, ret, &tries));
	if (ret == -EBUSY) {
		snapshot_busy(&snapshot, hint, sizeof(hint));
		ret = cli_fail(cli, name, &err, hint);
	} else if (ret) {
		ret = cli_fail(cli, name, &err,
			       ret == -ETIMEDOUT ?
				       "the kernel goes on with it; watch `blksnap monitor`" :
				       NULL);
	} else {
		ret = snapshot_wipe(cli, &last, &wipe, dropped);
		blksnap_snapshot_clear(&last);
	}
	wipe_close(&wipe);
	blksnap_snapshot_clear(&snapshot);
	return ret;
}
