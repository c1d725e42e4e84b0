// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * apply: makes things as a file declares them (declare.h).
 *
 *	look	everything that is there
 *	plan	what differs, as a list of changes; all that can be refused is
 *	do	change after change, in an order in which none needs a later one
 *
 * A failure ends it. What was done until then stays, is told, and is not done again
 * by the next run.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "area.h"
#include "cli.h"
#include "declare.h"
#include "device.h"
#include "json.h"
#include "out.h"
#include "settings.h"
#include "snapshot.h"
#include "source.h"
#include "take.h"
#include "undo.h"

enum apply_action {
	APPLY_DESTROY,
	APPLY_ATTACH,
	APPLY_CREATE,
	APPLY_EXTEND,
	APPLY_SET,
	APPLY_DETACH,
};

static const struct {
	const char *word;
	const char *object;
	char sign;
} apply_actions[] = {
	[APPLY_DESTROY] = { "destroy", "snapshot", '-' },
	[APPLY_ATTACH] = { "attach", "device", '+' },
	[APPLY_CREATE] = { "create", "snapshot", '+' },
	[APPLY_EXTEND] = { "extend", "snapshot", '~' },
	[APPLY_SET] = { "set", "snapshot", '~' },
	[APPLY_DETACH] = { "detach", "device", '-' },
};

/**
 * struct apply_change - one thing to do
 * @action: what
 * @name: of the object
 * @text: what is about it, or ""
 * @device: of ATTACH: what is declared
 * @snapshot: of CREATE, EXTEND and SET: what is declared
 * @dev: of DETACH
 * @id: of DESTROY, EXTEND and SET
 * @specs: of EXTEND, array of @n_specs
 * @done: it is done
 */
struct apply_change {
	enum apply_action action;
	char name[BLKSNAP_NAME_MAX + 80];
	char text[240];
	const struct declare_device *device;
	const struct declare_snapshot *snapshot;
	struct blksnap_dev dev;
	uint32_t id;
	const char **specs;
	size_t n_specs;
	bool done;
};

struct apply {
	struct cli *cli;
	struct declaration declared;
	struct blksnap_wait wait;
	struct apply_change *changes;
	size_t count;
	bool hook_failed;
	/* what is there */
	struct blksnap_snapshot *snapshots;
	size_t n_snapshots;
	struct blksnap_device *devices;
	size_t n_devices;
};

static bool apply_same(struct blksnap_dev a, struct blksnap_dev b)
{
	return a.major == b.major && a.minor == b.minor;
}

static int apply_memory(struct apply *apply)
{
	return cli_refuse(apply->cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
			  "out of memory");
}

static struct apply_change *apply_add(struct apply *apply, enum apply_action action,
				      const char *name)
{
	struct apply_change *grown = reallocarray(apply->changes, apply->count + 1,
						  sizeof(*grown));

	if (!grown)
		return NULL;
	apply->changes = grown;
	grown += apply->count++;
	memset(grown, 0, sizeof(*grown));
	grown->action = action;
	snprintf(grown->name, sizeof(grown->name), "%s", name);
	return grown;
}

static void apply_say(struct apply_change *change, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void apply_say(struct apply_change *change, const char *format, ...)
{
	size_t used = strlen(change->text);
	va_list args;

	va_start(args, format);
	vsnprintf(change->text + used, sizeof(change->text) - used, format, args);
	va_end(args);
}

/* ------------------------------------------------------- plan: devices */

static int apply_plan_device(struct apply *apply, const struct declare_device *d)
{
	struct cli *cli = apply->cli;
	struct blksnap_device device;
	struct apply_change *change;
	char size[OUT_SIZE_MAX];
	bool dry = cli->args.dry, changed;
	int ret;

	cli->args.dry = true;
	ret = device_attach(cli, d->text, (uint32_t)d->cell_bytes, &device, &changed);
	cli->args.dry = dry;
	if (ret || !changed)
		return ret;
	change = apply_add(apply, APPLY_ATTACH, d->text);
	if (!change)
		return apply_memory(apply);
	change->device = d;
	if (d->cell_bytes)
		apply_say(change, "cells of %s", out_size(d->cell_bytes, size));
	return 0;
}

/* Is it declared, alone or as a member? */
static int apply_declares(struct apply *apply, struct blksnap_dev dev, bool *declared)
{
	const struct declaration *d = &apply->declared;
	struct blksnap_dev other;
	size_t i, j;
	int ret = 0;

	*declared = false;
	for (i = 0; !ret && i < d->n_devices; i++) {
		ret = cli_device(apply->cli, d->devices[i].text, &other);
		*declared |= !ret && apply_same(dev, other);
	}
	for (i = 0; !ret && i < d->n_snapshots; i++)
		for (j = 0; !ret && j < d->snapshots[i].devices.count; j++) {
			ret = cli_device(apply->cli,
					 d->snapshots[i].devices.texts[j], &other);
			*declared |= !ret && apply_same(dev, other);
		}
	return ret;
}

static int apply_prune_devices(struct apply *apply)
{
	const struct blksnap_device *d;
	struct apply_change *change;
	char number[OUT_DEV_MAX];
	bool declared;
	size_t i;
	int ret;

	for (i = 0; i < apply->n_devices; i++) {
		d = &apply->devices[i];
		ret = apply_declares(apply, d->dev, &declared);
		if (ret)
			return ret;
		if (!d->keep || declared)
			continue;
		change = apply_add(apply, APPLY_DETACH,
				   d->name[0] ? d->name : out_dev(d->dev, number));
		if (!change)
			return apply_memory(apply);
		change->dev = d->dev;
	}
	return 0;
}

/* ----------------------------------------------------- plan: snapshots */

static void apply_wish(struct apply *apply, const struct declare_snapshot *d,
		       struct take_wish *wish)
{
	*wish = (struct take_wish){
		.name = d->name,
		.devices = (const char **)d->devices.texts,
		.n_devices = d->devices.count,
		.areas = (const char **)d->areas.texts,
		.n_areas = d->areas.count,
		.low = d->low,
		.has_low = d->has_low,
		.grace_ms = d->grace_ms,
		.no_freeze = d->no_freeze,
		.wait = apply->wait,
	};
}

/* All that can be wrong with a snapshot to be, before anything is done. */
static int apply_plan_create(struct apply *apply, const struct declare_snapshot *d)
{
	struct cli *cli = apply->cli;
	struct apply_change *change;
	bool dry = cli->args.dry, quiet = cli->args.quiet;
	char size[OUT_SIZE_MAX];
	struct take_wish wish;
	struct take take;
	uint64_t area;
	size_t i;
	int ret;

	apply_wish(apply, d, &wish);
	/* what is to be noted is noted when it is made */
	cli->args.quiet |= !dry;
	cli->args.dry = true;
	ret = take_prepare(cli, &wish, &take);
	cli->args.dry = dry;
	cli->args.quiet = quiet;
	if (ret)
		return ret;
	area = source_sectors(cli, &take.sources);
	take_free(&take);
	change = apply_add(apply, APPLY_CREATE, d->name);
	if (!change)
		return apply_memory(apply);
	change->snapshot = d;
	apply_say(change, "of");
	for (i = 0; i < d->devices.count; i++)
		apply_say(change, " %s", d->devices.texts[i]);
	apply_say(change, ", area %s", out_sectors(area != 0, area, size));
	return 0;
}

/* What is declared, for an area of @total sectors, and is not so. */
static bool apply_settings(const struct declare_snapshot *d,
			   const struct blksnap_snapshot *s, uint64_t total,
			   struct blksnap_settings *set)
{
	memset(set, 0, sizeof(*set));
	set->has_low = d->has_low;
	set->low_sectors = parse_low_sectors(&d->low, total);
	set->has_clear = d->has_clear;
	set->clear_sectors = parse_low_sectors(&d->clear, total);
	set->has_grace = d->has_grace;
	set->grace_ms = d->grace_ms;
	return settings_differ(s, set);
}

static int apply_plan_set(struct apply *apply, const struct declare_snapshot *d,
			  const struct blksnap_snapshot *s, uint64_t total)
{
	struct blksnap_settings set;
	struct apply_change *change;
	char a[OUT_SIZE_MAX], b[OUT_SIZE_MAX];
	const char *comma = "";

	if (!apply_settings(d, s, total, &set))
		return 0;
	change = apply_add(apply, APPLY_SET, d->name);
	if (!change)
		return apply_memory(apply);
	change->snapshot = d;
	change->id = s->id;
	if (set.has_low && set.low_sectors != s->low_sectors) {
		apply_say(change, "low %s -> %s",
			  out_sectors(BLKSNAP_HAS(s, SNAPSHOT_LOW), s->low_sectors, a),
			  out_sectors(true, set.low_sectors, b));
		comma = ", ";
	}
	if (set.has_clear && set.clear_sectors != s->clear_sectors) {
		apply_say(change, "%sclear %s -> %s", comma,
			  out_sectors(BLKSNAP_HAS(s, SNAPSHOT_CLEAR),
				      s->clear_sectors, a),
			  out_sectors(true, set.clear_sectors, b));
		comma = ", ";
	}
	if (set.has_grace && set.grace_ms != s->grace_ms)
		apply_say(change, "%sgrace %u ms -> %u ms", comma, s->grace_ms,
			  set.grace_ms);
	return 0;
}

static int apply_plan_extend(struct apply *apply, const struct declare_snapshot *d,
			     const struct blksnap_snapshot *s, uint64_t *total)
{
	const char **missing = calloc(d->areas.count, sizeof(*missing));
	struct apply_change *change = NULL;
	uint64_t sectors;
	size_t i, count;
	int ret;

	if (!missing)
		return apply_memory(apply);
	ret = area_missing(apply->cli, s, (const char *const *)d->areas.texts,
			   d->areas.count, true, missing, &count, &sectors);
	if (!ret && count) {
		change = apply_add(apply, APPLY_EXTEND, d->name);
		if (!change)
			ret = apply_memory(apply);
	}
	if (!change) {
		free(missing);
		return ret;
	}
	*total += sectors;
	change->snapshot = d;
	change->id = s->id;
	change->specs = missing;
	change->n_specs = count;
	apply_say(change, "area +");
	for (i = 0; i < count; i++)
		apply_say(change, " %s", missing[i]);
	return 0;
}

static int apply_plan_snapshot(struct apply *apply, const struct declare_snapshot *d)
{
	const struct blksnap_snapshot *s = NULL;
	struct take_wish wish;
	char size[OUT_SIZE_MAX];
	uint64_t total;
	size_t i;
	int ret;

	for (i = 0; i < apply->n_snapshots; i++)
		if (!strcmp(apply->snapshots[i].name, d->name))
			s = &apply->snapshots[i];
	if (!s) {
		ret = apply_plan_create(apply, d);
		/* a take knows low alone; what is left is set when it stands */
		if (!ret && d->has_clear) {
			struct apply_change *change =
				apply_add(apply, APPLY_SET, d->name);

			if (!change)
				return apply_memory(apply);
			change->snapshot = d;
			if (d->clear.percent >= 0)
				apply_say(change, "clear %d%%", d->clear.percent);
			else
				apply_say(change, "clear %s",
					  out_sectors(true, d->clear.sectors, size));
		}
		return ret;
	}
	apply_wish(apply, d, &wish);
	total = s->area_total_sectors;
	ret = snapshot_as_wished(apply->cli, &wish, s);
	if (!ret)
		ret = apply_plan_extend(apply, d, s, &total);
	return ret ? ret : apply_plan_set(apply, d, s, total);
}

static int apply_prune_snapshots(struct apply *apply)
{
	const struct declaration *d = &apply->declared;
	struct apply_change *change;
	size_t i, j;

	for (i = 0; i < apply->n_snapshots; i++) {
		for (j = 0; j < d->n_snapshots; j++)
			if (!strcmp(d->snapshots[j].name, apply->snapshots[i].name))
				break;
		if (j < d->n_snapshots)
			continue;
		change = apply_add(apply, APPLY_DESTROY, apply->snapshots[i].name);
		if (!change)
			return apply_memory(apply);
		change->id = apply->snapshots[i].id;
	}
	return 0;
}

/* --------------------------------------------------------- the whole plan */

static int apply_by_action(const void *a, const void *b)
{
	const struct apply_change *x = a, *y = b;

	return (int)x->action - (int)y->action;
}

static int apply_plan(struct apply *apply)
{
	bool prune = command_value(&apply->cli->args, "prune", 0);
	const struct declaration *d = &apply->declared;
	int ret = 0;
	size_t i;

	if (prune && !d->n_devices && !d->n_snapshots)
		return cli_refuse(apply->cli, BLKSNAP_EXIT_USAGE,
				  apply->cli->args.args[0], "leave --prune out",
				  "it declares nothing, so that --prune would remove everything");
	for (i = 0; !ret && i < d->n_devices; i++)
		ret = apply_plan_device(apply, &d->devices[i]);
	for (i = 0; !ret && i < d->n_snapshots; i++)
		ret = apply_plan_snapshot(apply, &d->snapshots[i]);
	if (!ret && prune)
		ret = apply_prune_snapshots(apply);
	if (!ret && prune)
		ret = apply_prune_devices(apply);
	/* Few, and those of one action stay as they are declared: insertion sort. */
	for (i = 1; !ret && i < apply->count; i++) {
		struct apply_change moved = apply->changes[i];
		size_t j = i;

		for (; j && apply_by_action(&apply->changes[j - 1], &moved) > 0; j--)
			apply->changes[j] = apply->changes[j - 1];
		apply->changes[j] = moved;
	}
	return ret;
}

/* ------------------------------------------------------------------- do */

static int apply_create(struct apply *apply, const struct apply_change *change)
{
	struct blksnap_snapshot s = { 0 };
	struct take_wish wish;
	struct take take;
	int ret;

	apply_wish(apply, change->snapshot, &wish);
	ret = take_prepare(apply->cli, &wish, &take);
	if (ret)
		return ret;
	ret = take_run(apply->cli, &take, &s);
	apply->hook_failed |= !ret && take.hook_failed;
	take_free(&take);
	blksnap_snapshot_clear(&s);
	return ret;
}

static int apply_set(struct apply *apply, const struct apply_change *change)
{
	struct blksnap_settings set;
	struct blksnap_snapshot s;
	struct blksnap_error err;
	int ret = cli_snapshot(apply->cli, change->name, &s);

	if (ret)
		return ret;
	if (!apply_settings(change->snapshot, &s, s.area_total_sectors, &set))
		ret = 0;
	else if (blksnap_snapshot_set(apply->cli->session, s.id, &set, NULL, &err))
		ret = cli_fail(apply->cli, change->name, &err, NULL);
	else
		undo_set(apply->cli, &s);
	blksnap_snapshot_clear(&s);
	return ret;
}

static int apply_extend(struct apply *apply, const struct apply_change *change)
{
	struct blksnap_snapshot s, after;
	int ret = cli_snapshot(apply->cli, change->name, &s);

	if (ret)
		return ret;
	ret = area_grow(apply->cli, &s, change->specs, change->n_specs, &after);
	if (!ret)
		blksnap_snapshot_clear(&after);
	blksnap_snapshot_clear(&s);
	return ret;
}

static int apply_destroy(struct apply *apply, const struct apply_change *change)
{
	struct cli *cli = apply->cli;
	struct blksnap_error err;
	unsigned int tries = 0;
	int ret;

	do {
		ret = blksnap_snapshot_destroy(cli->session, change->id, false,
					       &apply->wait, NULL, &err);
	} while (cli_again(cli, ret, &tries));
	if (!ret)
		source_sweep(cli);
	return ret ? cli_fail(cli, change->name, &err,
			      ret == -EBUSY ? "close its image first" : NULL) :
		     0;
}

static int apply_do(struct apply *apply, const struct apply_change *change)
{
	struct cli *cli = apply->cli;
	struct blksnap_device device;
	struct blksnap_error err;
	bool changed;

	cli_verbose(cli, change->name, "%s", apply_actions[change->action].word);
	switch (change->action) {
	case APPLY_DESTROY:
		return apply_destroy(apply, change);
	case APPLY_ATTACH:
		return device_attach(cli, change->device->text,
				     (uint32_t)change->device->cell_bytes, &device,
				     &changed);
	case APPLY_CREATE:
		return apply_create(apply, change);
	case APPLY_EXTEND:
		return apply_extend(apply, change);
	case APPLY_SET:
		return apply_set(apply, change);
	default:
		if (!blksnap_device_detach(cli->session, change->dev, NULL, &err))
			return 0;
		return cli_fail(cli, change->name, &err, NULL);
	}
}

/* With --atomic: nothing of it is left. Return: false if something is. */
static bool apply_take_back(struct apply *apply)
{
	bool any = apply->count && apply->changes[0].done;
	size_t i;

	if (!undo_all(apply->cli))
		return false;
	for (i = 0; i < apply->count; i++)
		apply->changes[i].done = false;
	if (any)
		cli_note(apply->cli, NULL, "what was done before was taken back");
	return true;
}

static int apply_all(struct apply *apply)
{
	struct cli *cli = apply->cli;
	size_t i;
	int ret = 0;

	apply->wait.cancel_fd = take_signals();
	for (i = 0; !ret && i < apply->count; i++) {
		if (source_interrupted())
			ret = cli_refuse(cli, BLKSNAP_EXIT_INTERRUPTED,
					 apply->changes[i].name,
					 "apply it again for the rest",
					 "interrupted");
		else
			ret = apply_do(apply, &apply->changes[i]);
		apply->changes[i].done = !ret;
	}
	close(apply->wait.cancel_fd);
	if (ret && cli->undo && apply_take_back(apply))
		return ret;
	if (ret && apply->changes[0].done && ret != BLKSNAP_EXIT_INTERRUPTED)
		return BLKSNAP_EXIT_PARTIAL;
	return !ret && apply->hook_failed ? BLKSNAP_EXIT_HOOK : ret;
}

/* ----------------------------------------------------------------- tell */

static json_t *apply_json(const struct apply *apply)
{
	json_t *list = json_array(), *o;
	const struct apply_change *c;
	size_t i;

	for (i = 0; i < apply->count; i++) {
		c = &apply->changes[i];
		o = json_object();
		json_object_set_new(o, "action",
				    json_string(apply_actions[c->action].word));
		json_object_set_new(o, "object",
				    json_string(apply_actions[c->action].object));
		json_object_set_new(o, "name", json_text(true, c->name));
		json_object_set_new(o, "text", json_text(true, c->text));
		json_object_set_new(o, "done", json_boolean(c->done));
		json_array_append_new(list, o);
	}
	return list;
}

static void apply_print(const struct apply *apply)
{
	const struct apply_change *c;
	char name[OUT_PATH_MAX];
	size_t i, done = 0;

	for (i = 0; i < apply->count; i++) {
		c = &apply->changes[i];
		done += c->done;
		printf("%c %s %s%s%s%s\n", apply_actions[c->action].sign,
		       apply_actions[c->action].object, out_plain(c->name, name),
		       *c->text ? ": " : "", c->text,
		       c->done || apply->cli->args.dry ? "" : "  (not done)");
	}
	if (!apply->count)
		puts("unchanged");
	else if (apply->cli->args.dry)
		printf("%zu to change\n", apply->count);
	else
		printf("%zu changed\n", done);
}

static int apply_tell(struct apply *apply, int status)
{
	struct cli *cli = apply->cli;
	json_t *errors = cli->errors, *doc;
	size_t i, done = 0;
	int ret;

	cli->errors = NULL;
	if (!cli->args.json) {
		json_decref(errors);
		apply_print(apply);
		return status;
	}
	for (i = 0; i < apply->count; i++)
		done += apply->changes[i].done;
	doc = json_document("apply");
	json_object_set_new(doc, "changes", apply_json(apply));
	json_object_set_new(doc, "errors", errors);
	json_object_set_new(doc, "hook_failed", json_boolean(apply->hook_failed));
	ret = cli_print_done(cli, doc, cli->args.dry ? apply->count : done);
	return ret ? ret : status;
}

/* ------------------------------------------------------------------ all */

static int apply_read(struct apply *apply)
{
	const char *path = apply->cli->args.args[0];
	enum blksnap_exit exit;
	char why[CONF_WHY];
	int ret;

	ret = declare_read(path, &apply->declared, why);
	if (!ret)
		return 0;
	exit = ret == -EINVAL ? BLKSNAP_EXIT_USAGE : blksnap_exit_class(-ret);
	return cli_refuse(apply->cli, exit, NULL, "blksnap.conf(5) tells what it holds",
			  "%s", why);
}

static int apply_look(struct apply *apply)
{
	struct cli *cli = apply->cli;
	struct blksnap_error err;
	int ret = cli_connect(cli);

	if (!ret)
		ret = cli_conf(cli);
	if (!ret)
		ret = take_timeout(cli, &apply->wait);
	if (!ret &&
	    (blksnap_snapshot_list(cli->session, &apply->snapshots,
				   &apply->n_snapshots, &err) ||
	     blksnap_device_list(cli->session, &apply->devices, &apply->n_devices,
				 &err)))
		ret = cli_fail(cli, NULL, &err, NULL);
	return ret;
}

int apply_cmd(struct cli *cli)
{
	bool atomic = command_value(&cli->args, "atomic", 0);
	struct apply apply = { .cli = cli };
	size_t i;
	int ret;

	if (atomic && command_value(&cli->args, "prune", 0))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--atomic", NULL,
				  "what --prune removes cannot be taken back");
	ret = apply_read(&apply);
	if (!ret)
		ret = apply_look(&apply);
	if (!ret)
		ret = apply_plan(&apply);
	if (!ret && atomic)
		ret = undo_begin(cli);
	if (!ret) {
		cli->errors = json_array();
		ret = cli->args.dry || !apply.count ? 0 : apply_all(&apply);
		ret = apply_tell(&apply, ret);
	}
	undo_end(cli);
	for (i = 0; i < apply.count; i++)
		free(apply.changes[i].specs);
	free(apply.changes);
	free(apply.devices);
	blksnap_snapshots_free(apply.snapshots, apply.n_snapshots);
	declare_free(&apply.declared);
	return ret;
}
