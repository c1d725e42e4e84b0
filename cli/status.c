// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * status: everything on one screen, or what there is about some objects.
 *
 * A snapshot is shown with its members, a device with the snapshot it is in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "cli.h"
#include "fill.h"
#include "info.h"
#include "json.h"
#include "view.h"

struct status {
	struct blksnap_info info;
	struct blksnap_device *devices;
	size_t n_devices;
	struct blksnap_snapshot *snapshots;
	size_t n_snapshots;
	struct fill fill;
	bool sampled;
};

static void status_forget(struct status *st)
{
	free(st->devices);
	st->devices = NULL;
	st->n_devices = 0;
	blksnap_snapshots_free(st->snapshots, st->n_snapshots);
	st->snapshots = NULL;
	st->n_snapshots = 0;
}

static int status_look(struct cli *cli, struct status *st)
{
	struct blksnap_error err;
	size_t i;

	status_forget(st);
	if (blksnap_info_get(cli->session, &st->info, &err) ||
	    blksnap_device_list(cli->session, &st->devices, &st->n_devices, &err) ||
	    blksnap_snapshot_list(cli->session, &st->snapshots, &st->n_snapshots,
				  &err))
		return cli_fail(cli, NULL, &err, NULL);
	for (i = 0; st->sampled && i < st->n_snapshots; i++)
		fill_note(&st->fill, &st->snapshots[i], st->info.time_ns);
	return 0;
}

/* ------------------------------------------------------- those named */

/**
 * struct status_chosen - which objects are shown
 * @snapshots: their ids
 * @devices: their numbers
 */
struct status_chosen {
	uint32_t *snapshots;
	size_t n_snapshots;
	struct blksnap_dev *devices;
	size_t n_devices;
};

static bool status_has_snapshot(const struct status_chosen *c, uint32_t id)
{
	size_t i;

	for (i = 0; i < c->n_snapshots; i++)
		if (c->snapshots[i] == id)
			return true;
	return false;
}

static bool status_has_device(const struct status_chosen *c, struct blksnap_dev dev)
{
	size_t i;

	for (i = 0; i < c->n_devices; i++)
		if (c->devices[i].major == dev.major && c->devices[i].minor == dev.minor)
			return true;
	return false;
}

/* Return: false without memory. */
static bool status_choose_device(struct status_chosen *c, struct blksnap_dev dev)
{
	void *grown = reallocarray(c->devices, c->n_devices + 1, sizeof(dev));

	if (!grown)
		return false;
	c->devices = grown;
	c->devices[c->n_devices++] = dev;
	return true;
}

static bool status_choose_snapshot(struct status_chosen *c, uint32_t id)
{
	void *grown = reallocarray(c->snapshots, c->n_snapshots + 1, sizeof(id));

	if (!grown)
		return false;
	c->snapshots = grown;
	c->snapshots[c->n_snapshots++] = id;
	return true;
}

static bool status_take_snapshot(struct status_chosen *c,
				 const struct blksnap_snapshot *s)
{
	bool ok = status_choose_snapshot(c, s->id);
	size_t i;

	for (i = 0; ok && i < s->n_members; i++)
		ok = status_choose_device(c, s->members[i].dev);
	return ok;
}

/* A tracked device; false also if it is none. */
static bool status_take_device(const struct status *st, struct status_chosen *c,
			       struct blksnap_dev dev)
{
	const struct blksnap_device *d;
	size_t i;

	for (i = 0; i < st->n_devices; i++) {
		d = &st->devices[i];
		if (d->dev.major != dev.major || d->dev.minor != dev.minor)
			continue;
		return status_choose_device(c, dev) &&
		       (!BLKSNAP_HAS(d, DEVICE_SNAPSHOT_ID) ||
			status_choose_snapshot(c, d->snapshot_id));
	}
	return false;
}

static int status_choose(struct cli *cli, const struct status *st, const char *text,
			 struct status_chosen *c)
{
	struct blksnap_error quiet = { 0 }, *before = cli->caught;
	struct blksnap_snapshot s;
	struct blksnap_dev dev;
	bool ok, several;

	cli->caught = &quiet;
	ok = !cli_snapshot(cli, text, &s);
	several = !ok && quiet.exit != BLKSNAP_EXIT_NOT_FOUND;
	if (ok) {
		ok = status_take_snapshot(c, &s);
		blksnap_snapshot_clear(&s);
	} else if (!several) {
		ok = !cli_tracked(cli, text, &dev) && status_take_device(st, c, dev);
	}
	cli->caught = before;
	if (several)
		return cli_fail(cli, text, &quiet, NULL);
	return ok ? 0 :
		    cli_refuse(cli, BLKSNAP_EXIT_NOT_FOUND, text,
			       "`blksnap status` shows all there are",
			       "neither a snapshot nor a tracked device");
}

static void status_leave_out(struct status *st, const struct status_chosen *c)
{
	size_t i, kept = 0;

	for (i = 0; i < st->n_devices; i++)
		if (status_has_device(c, st->devices[i].dev))
			st->devices[kept++] = st->devices[i];
	st->n_devices = kept;
	kept = 0;
	for (i = 0; i < st->n_snapshots; i++) {
		if (status_has_snapshot(c, st->snapshots[i].id))
			st->snapshots[kept++] = st->snapshots[i];
		else
			blksnap_snapshot_clear(&st->snapshots[i]);
	}
	st->n_snapshots = kept;
}

static int status_choose_all(struct cli *cli, struct status *st)
{
	struct status_chosen chosen = { 0 };
	int i, ret = 0;

	for (i = 0; !ret && i < cli->args.n_args; i++)
		ret = status_choose(cli, st, cli->args.args[i], &chosen);
	if (!ret && cli->args.n_args)
		status_leave_out(st, &chosen);
	free(chosen.snapshots);
	free(chosen.devices);
	return ret;
}

/* --------------------------------------------------------------- tell */

static json_t *status_json(const struct status *st)
{
	json_t *doc = json_document("status");
	json_t *devices = json_array();
	json_t *snapshots = json_array();
	size_t i;

	for (i = 0; i < st->n_devices; i++)
		json_array_append_new(devices, json_device(&st->devices[i]));
	for (i = 0; i < st->n_snapshots; i++)
		json_array_append_new(snapshots,
				      view_snapshot_json(&st->snapshots[i],
							 &st->fill));
	json_object_set_new(doc, "module", json_info(&st->info));
	json_object_set_new(doc, "devices", devices);
	json_object_set_new(doc, "snapshots", snapshots);
	return doc;
}

static int status_print(struct cli *cli, const struct status *st)
{
	struct rows rows;
	int ret;

	if (cli->args.json)
		return cli_print_json(cli, status_json(st));
	info_print(&st->info);
	putchar('\n');
	ret = view_devices_init(&rows, cli);
	if (!ret)
		ret = view_devices(&rows, st->devices, st->n_devices, st->snapshots,
				   st->n_snapshots);
	rows_free(&rows);
	putchar('\n');
	return ret ? ret :
		     view_state_of(cli, st->snapshots, st->n_snapshots, &st->fill,
				   st->sampled);
}

int status_cmd(struct cli *cli)
{
	const char *sample = command_value(&cli->args, "sample", 0);
	struct status st = { .sampled = sample };
	uint32_t ms = 0;
	int ret = sample ? area_sample_ms(cli, sample, &ms) : 0;

	if (!ret)
		ret = cli_connect(cli);
	if (!ret)
		ret = status_look(cli, &st);
	if (!ret && sample) {
		cli_sleep(cli, ms);
		ret = status_look(cli, &st);
	}
	if (!ret)
		ret = status_choose_all(cli, &st);
	if (!ret)
		ret = status_print(cli, &st);
	status_forget(&st);
	fill_free(&st.fill);
	return ret;
}
