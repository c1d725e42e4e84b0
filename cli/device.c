// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * device: tracked devices.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "device.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "source.h"
#include "take.h"
#include "undo.h"
#include "view.h"

/* A batch in which one fails goes on, and says so at the end. */
static int device_batch_status(int failed, int total, int last)
{
	if (!failed)
		return 0;
	return failed < total ? BLKSNAP_EXIT_PARTIAL : last;
}

static int device_batch_end(struct cli *cli, json_t *doc, json_t *list, bool changed,
			    int failed, int last)
{
	int status = device_batch_status(failed, cli->args.n_args, last);
	json_t *errors = cli->errors;
	int ret;

	cli->errors = NULL;
	json_object_set_new(doc, "devices", list);
	json_object_set_new(doc, "errors", errors);
	if (!cli->args.json) {
		json_decref(doc);
		return status;
	}
	ret = cli_print_done(cli, doc, changed);
	return ret ? ret : status;
}

/* What was on its way to a device at the attach is out long before that. */
#define SETTLE_MS 10000

int device_attach(struct cli *cli, const char *text, uint32_t cell,
		  struct blksnap_device *device, bool *changed)
{
	struct blksnap_device before = { 0 };
	struct blksnap_error err;
	struct blksnap_dev dev;
	char size[OUT_SIZE_MAX];
	int ret = cli_trackable(cli, text, &dev);

	if (ret)
		return ret;
	*changed = blksnap_device_get(cli->session, dev, &before, NULL) ||
		   !before.keep;
	if (before.cbt_cell_bytes && cell && cell != before.cbt_cell_bytes)
		return cli_refuse(cli, BLKSNAP_EXIT_CONFLICT, text,
				  "detach it first, or leave --cell out",
				  "is tracked with cells of %s",
				  out_size(before.cbt_cell_bytes, size));
	if (!*changed && command_value(&cli->args, "fail-if-exists", 0))
		return cli_refuse(cli, BLKSNAP_EXIT_CONFLICT, text, NULL,
				  "is tracked already");
	*device = before;
	device->dev = dev;
	if (cli->args.dry)
		return 0;
	if (*changed) {
		if (blksnap_device_attach(cli->session, dev, cell, device, &err))
			return cli_fail(cli, text, &err, NULL);
		undo_attached(cli, text, dev);
	}
	if (device->state == BLKSNAP_DEVICE_STATE_SETTLING &&
	    blksnap_device_settle(cli->session, dev, SETTLE_MS, device, &err))
		return cli_fail(cli, text, &err, NULL);
	return 0;
}

static void device_attached(struct cli *cli, const char *text,
			    const struct blksnap_device *device, bool changed,
			    json_t *list)
{
	json_t *o = json_device(device);

	json_object_set_new(o, "changed", json_boolean(changed));
	json_array_append_new(list, o);
	if (cli->args.json)
		return;
	if (cli->args.dry)
		printf("%s: %s\n", text,
		       changed ? "would be attached" : "attached already, unchanged");
	else
		printf("%s: %s%s\n", text, blksnap_device_state_word(device->state),
		       changed ? "" : " already, unchanged");
}

/* All of it or nothing; if what was done is not @own, a batch takes it back. */
static int device_interrupted(struct cli *cli, json_t *doc, json_t *list, bool own)
{
	json_t *errors = cli->errors;

	cli->errors = NULL;
	json_decref(doc);
	json_decref(list);
	json_decref(errors);
	if (own && !undo_all(cli))
		return cli_refuse(cli, BLKSNAP_EXIT_PARTIAL, NULL,
				  "`blksnap device list` shows what is tracked",
				  "interrupted, and not all of it could be taken back");
	return cli_refuse(cli, BLKSNAP_EXIT_INTERRUPTED, NULL, NULL,
			  "interrupted, and nothing is attached that was not before");
}

int device_cmd_attach(struct cli *cli)
{
	const char *cell_text = command_value(&cli->args, "cell", 0);
	struct blksnap_device device;
	json_t *doc, *list;
	char why[PARSE_WHY];
	uint64_t cell = 0;
	bool changed, any = false, own;
	int i, ret, failed = 0, last = 0, signal_fd;

	if (cell_text && parse_cell(cell_text, &cell, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--cell", NULL, "%s",
				  why);
	ret = cli_connect(cli);
	if (ret)
		return ret;
	own = !cli->args.dry && !cli->undo;
	ret = own ? undo_begin(cli) : 0;
	if (ret)
		return ret;
	signal_fd = cli->args.dry ? -1 : take_signals();
	doc = json_document("device.attach");
	list = json_array();
	cli->errors = json_array();
	for (i = 0; i < cli->args.n_args && !source_interrupted(); i++) {
		ret = device_attach(cli, cli->args.args[i], (uint32_t)cell, &device,
				    &changed);
		if (ret) {
			failed++;
			last = ret;
			continue;
		}
		any |= changed;
		device_attached(cli, cli->args.args[i], &device, changed, list);
	}
	if (signal_fd >= 0)
		close(signal_fd);
	if (source_interrupted())
		ret = device_interrupted(cli, doc, list, own);
	else
		ret = device_batch_end(cli, doc, list, any, failed, last);
	if (own)
		undo_end(cli);
	return ret;
}

/* Return: 0, or an exit status after cli_fail(); @changed: it was attached */
static int device_detach(struct cli *cli, const char *text, struct blksnap_dev *dev,
			 bool *changed)
{
	struct blksnap_device device;
	struct blksnap_error err;
	int ret;

	*changed = true;
	ret = cli_tracked(cli, text, dev);
	if (ret)
		return ret;
	ret = cli->args.dry ? blksnap_device_get(cli->session, *dev, &device, &err) :
			      blksnap_device_detach(cli->session, *dev, &device, &err);
	if (ret == -ENODEV) {
		*changed = false;
		return 0;
	}
	return ret ? cli_fail(cli, text, &err,
			      ret == -EBUSY ? "destroy its snapshot first" : NULL) :
		     0;
}

static void device_detached(struct cli *cli, const char *text, struct blksnap_dev dev,
			    bool changed, json_t *list)
{
	json_t *entry = json_object();

	json_object_set_new(entry, "dev", json_dev(true, dev));
	json_object_set_new(entry, "changed", json_boolean(changed));
	json_array_append_new(list, entry);
	if (!cli->args.json)
		printf("%s: %s\n", text,
		       !changed	     ? "not attached, unchanged" :
		       cli->args.dry ? "would be detached" :
				       "detached");
}

/* Each stands for itself: an interruption leaves what was done, and says what was not. */
int device_cmd_detach(struct cli *cli)
{
	int i, ret, failed = 0, last = 0;
	bool changed, any = false, interrupted = false;
	struct blksnap_dev dev;
	json_t *doc, *list;

	ret = cli_connect(cli);
	if (ret)
		return ret;
	if (!cli->args.dry)
		close(take_signals());
	doc = json_document("device.detach");
	list = json_array();
	cli->errors = json_array();
	for (i = 0; i < cli->args.n_args; i++) {
		interrupted |= !cli->args.dry && source_interrupted();
		ret = interrupted ? cli_refuse(cli, BLKSNAP_EXIT_INTERRUPTED, cli->args.args[i],
					       "detach it again", "interrupted, not detached") :
				    device_detach(cli, cli->args.args[i], &dev, &changed);
		if (ret) {
			failed++;
			last = ret;
			continue;
		}
		any |= changed;
		device_detached(cli, cli->args.args[i], dev, changed, list);
	}
	ret = device_batch_end(cli, doc, list, any, failed, last);
	return interrupted ? BLKSNAP_EXIT_INTERRUPTED : ret;
}

/* Is it what a snapshot can be taken of? Images are none. */
static bool device_is_candidate(const struct blksnap_stack *stack,
				struct blksnap_dev dev)
{
	const char *name = blksnap_stack_name(stack, dev);

	return name && strncmp(name, "blksnap", 7) &&
	       blksnap_stack_sectors(stack, dev);
}

static bool device_is_listed(const struct blksnap_device *devices, size_t count,
			     struct blksnap_dev dev)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (devices[i].dev.major == dev.major &&
		    devices[i].dev.minor == dev.minor)
			return true;
	return false;
}

/* Appends those that are not tracked: of them, number, name and size are known. */
static int device_add_untracked(struct cli *cli, struct blksnap_device **devices,
				size_t *count)
{
	size_t i, tracked = *count;
	struct blksnap_device *d;
	struct blksnap_dev dev;
	int ret = cli_stack(cli);

	for (i = 0; !ret && blksnap_stack_device(cli->stack, i, &dev); i++) {
		if (!device_is_candidate(cli->stack, dev) ||
		    device_is_listed(*devices, tracked, dev))
			continue;
		d = reallocarray(*devices, *count + 1, sizeof(*d));
		if (!d)
			return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
					  "out of memory");
		*devices = d;
		d += (*count)++;
		memset(d, 0, sizeof(*d));
		d->dev = dev;
		d->capacity_sectors = blksnap_stack_sectors(cli->stack, dev);
		snprintf(d->name, sizeof(d->name), "%s",
			 blksnap_stack_name(cli->stack, dev));
		d->has = UINT64_C(1) << BLKSNAP_A_DEVICE_DEV |
			 UINT64_C(1) << BLKSNAP_A_DEVICE_NAME |
			 UINT64_C(1) << BLKSNAP_A_DEVICE_CAPACITY;
	}
	return ret;
}

int device_cmd_list(struct cli *cli)
{
	struct blksnap_snapshot *snapshots = NULL;
	struct blksnap_device *devices = NULL;
	size_t count = 0, n_snapshots = 0;
	struct blksnap_error err;
	struct rows rows;
	int ret;

	ret = view_devices_init(&rows, cli);
	if (!ret)
		ret = cli_connect(cli);
	if (!ret &&
	    (blksnap_device_list(cli->session, &devices, &count, &err) ||
	     blksnap_snapshot_list(cli->session, &snapshots, &n_snapshots, &err)))
		ret = cli_fail(cli, NULL, &err, NULL);
	if (!ret && command_value(&cli->args, "all", 0))
		ret = device_add_untracked(cli, &devices, &count);
	if (!ret)
		ret = view_devices(&rows, devices, count, snapshots, n_snapshots);
	blksnap_snapshots_free(snapshots, n_snapshots);
	free(devices);
	rows_free(&rows);
	return ret == ROWS_HELP ? 0 : ret;
}

static void device_show_counters(const struct blksnap_stats *s)
{
	char a[OUT_SIZE_MAX], b[OUT_TIME_MAX];

	printf("  writes           %llu, %s\n", (unsigned long long)s->writes,
	       out_sectors(true, s->write_sectors, a));
	printf("  copied           %llu units, %s\n",
	       (unsigned long long)s->cow_units,
	       out_sectors(true, s->cow_sectors, a));
	printf("    ahead          %s\n",
	       out_sectors(true, s->cow_ahead_sectors, a));
	printf("  stored           %s\n", out_sectors(true, s->store_sectors, a));
	printf("  held writes      %llu, %s each on average\n",
	       (unsigned long long)s->held,
	       out_span(s->held ? s->held_ns / s->held : 0, b));
	printf("  image reads      %llu, %s\n",
	       (unsigned long long)s->image_reads,
	       out_sectors(true, s->image_read_sectors, a));
	printf("  dropped discards %s%s\n",
	       out_sectors(true, s->discard_dropped_sectors, a),
	       s->discard_dropped_sectors ?
		       "; fstrim gives that space back once the snapshot is gone" :
		       "");
	printf("  errors           %llu\n", (unsigned long long)s->errors);
	printf("  memory           %s", out_size(s->memory_bytes, a));
	printf(" and %s of metadata\n", out_size(s->metadata_bytes, a));
}

int device_cmd_show(struct cli *cli)
{
	const char *subject = cli->args.args[0];
	struct blksnap_device device;
	struct blksnap_stats stats;
	struct blksnap_error err;
	struct blksnap_dev dev;
	json_t *doc;
	int ret;

	ret = cli_connect(cli);
	if (!ret)
		ret = cli_tracked(cli, subject, &dev);
	if (ret)
		return ret;
	ret = blksnap_device_get(cli->session, dev, &device, &err);
	if (!ret)
		ret = blksnap_stats_get(cli->session, dev, &stats, &err);
	if (ret)
		return cli_fail(cli, subject, &err,
				ret == -ENODEV ?
					"`blksnap device list` shows what is tracked" :
					NULL);
	if (cli->args.json) {
		doc = json_document("device.show");
		json_object_set_new(doc, "device", json_device(&device));
		json_object_set_new(doc, "stats", json_stats(&stats));
		return cli_print_json(cli, doc);
	}
	view_device(&device);
	device_show_counters(&stats);
	return 0;
}
