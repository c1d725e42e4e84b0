// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cbt: changed blocks.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "changes.h"
#include "cli.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "take.h"

/* What was on its way to a device at the attach is out long before that. */
#define CBT_SETTLE_MS 10000

int cbt_cmd_info(struct cli *cli)
{
	const char *subject = cli->args.args[0];
	char text[OUT_SIZE_MAX], uuid[BLKSNAP_UUID_TEXT];
	struct blksnap_device d;
	struct blksnap_error err;
	struct blksnap_dev dev;
	json_t *doc;
	int ret;

	ret = cli_connect(cli);
	if (!ret)
		ret = cli_tracked(cli, subject, &dev);
	if (ret)
		return ret;
	if (blksnap_device_get(cli->session, dev, &d, &err))
		return cli_fail(cli, subject, &err,
				err.exit == BLKSNAP_EXIT_NOT_FOUND ?
					"attach it first" :
					NULL);
	if (cli->args.json) {
		doc = json_document("cbt.info");
		json_object_set_new(doc, "device", json_device(&d));
		return cli_print_json(cli, doc);
	}
	printf("generation  %s\n", blksnap_uuid_format(d.cbt_generation, uuid));
	printf("interval    %u\n", d.cbt_number);
	printf("cell        %s\n", out_size(d.cbt_cell_bytes, text));
	printf("memory      %s\n", out_size(d.cbt_memory_bytes, text));
	return 0;
}

struct cbt_export {
	struct changes changes;
	json_t *list; /* of CHANGES_JSON */
};

static int cbt_on_extent(const struct blksnap_extent *extent, void *arg)
{
	struct cbt_export *out = arg;
	json_t *o;

	if (!out->list)
		return changes_add(&out->changes, extent);
	o = json_object();
	json_object_set_new(o, "offset_bytes",
			    json_bytes(true, extent->start_sectors));
	json_object_set_new(o, "length_bytes",
			    json_bytes(true, extent->count_sectors));
	return json_array_append_new(out->list, o) ? -ENOMEM : 0;
}

static json_t *cbt_json(struct blksnap_dev dev, const struct blksnap_cbt *since,
			const struct blksnap_cbt *upto, json_t *list)
{
	json_t *doc = json_document("cbt.export");

	json_object_set_new(doc, "dev", json_dev(true, dev));
	json_object_set_new(doc, "generation",
			    json_uuid(true, upto->generation));
	json_object_set_new(doc, "since", json_integer(since->number));
	json_object_set_new(doc, "number", json_integer(upto->number));
	json_object_set_new(doc, "extents", list);
	return doc;
}

static int cbt_since(struct cli *cli, struct blksnap_cbt *since)
{
	const char *text = command_value(&cli->args, "since", 0);
	char why[PARSE_WHY];

	if (!text)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, cli->args.args[0],
				  "take the numbers from `snapshot show` of the last backup, or copy the whole image",
				  "--since is missing");
	if (parse_since(text, since, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--since", NULL, "%s",
				  why);
	return 0;
}

static int cbt_fail(struct cli *cli, const struct blksnap_error *err)
{
	return cli_fail(cli, cli->args.args[0], err,
			err->errnum == ESTALE ? "the chain is broken: make a full backup" :
			err->errnum == ENODEV ? "attach it first" :
						NULL);
}

/* What is exported: the image while there is one, otherwise the device. */
static int cbt_size(struct cli *cli, struct blksnap_dev dev, struct changes *changes)
{
	struct blksnap_snapshot s = { 0 };
	struct blksnap_device d;
	struct blksnap_error err;
	const struct blksnap_member *m;
	size_t i;

	if (blksnap_device_get(cli->session, dev, &d, &err))
		return cbt_fail(cli, &err);
	changes->total_sectors = d.capacity_sectors;
	if (!changes->block_sectors)
		changes->block_sectors = d.cbt_cell_bytes / BLKSNAP_SECTOR_BYTES;
	if (BLKSNAP_HAS(&d, DEVICE_SNAPSHOT_ID) &&
	    !blksnap_snapshot_get(cli->session, d.snapshot_id, &s, NULL))
		for (i = 0; i < s.n_members; i++) {
			m = &s.members[i];
			if (m->dev.major == dev.major && m->dev.minor == dev.minor &&
			    BLKSNAP_HAS(m, MEMBER_CAPACITY))
				changes->total_sectors = m->capacity_sectors;
		}
	blksnap_snapshot_clear(&s);
	if (!changes->total_sectors || !changes->block_sectors)
		return cli_refuse(cli, BLKSNAP_EXIT_OTHER, cli->args.args[0],
				  "use --format ranges",
				  "the size of the device is not known");
	return 0;
}

static int cbt_format(struct cli *cli, struct changes *changes)
{
	const char *format = command_value(&cli->args, "format", 0);
	const char *block = command_value(&cli->args, "block", 0);
	char why[PARSE_WHY];

	if (format && !changes_parse(format, &changes->format))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--format", NULL,
				  "\"%.40s\" is none of ranges, json, bitmap and ddrescue",
				  format);
	if (cli->args.json && format && changes->format != CHANGES_JSON)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--format", NULL,
				  "-j and %s exclude each other", format);
	if (cli->args.json)
		changes->format = CHANGES_JSON;
	if (block && changes->format != CHANGES_BITMAP)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--block", NULL,
				  "is for --format bitmap");
	if (block && parse_sectors(block, &changes->block_sectors, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--block", NULL, "%s", why);
	if (block && !changes->block_sectors)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--block", NULL,
				  "a size above 0 is needed");
	return 0;
}

int cbt_cmd_export(struct cli *cli)
{
	struct cbt_export out = { .changes = { .out = stdout } };
	struct blksnap_cbt since, upto;
	struct blksnap_error err;
	struct blksnap_dev dev = { 0 };
	int ret;

	ret = cbt_format(cli, &out.changes);
	if (!ret)
		ret = cbt_since(cli, &since);
	if (!ret)
		ret = cli_connect(cli);
	if (!ret)
		ret = cli_tracked(cli, cli->args.args[0], &dev);
	if (!ret && out.changes.format >= CHANGES_BITMAP)
		ret = cbt_size(cli, dev, &out.changes);
	if (ret)
		return ret;
	if (out.changes.format == CHANGES_JSON) {
		cli->args.json = true;
		out.list = json_array();
	}
	changes_begin(&out.changes);
	ret = blksnap_cbt_extents(cli->session, dev, &since, cbt_on_extent, &out,
				  &upto, &err);
	if (ret) {
		json_decref(out.list);
		return cbt_fail(cli, &err);
	}
	if (out.list)
		return cli_print_json(cli, cbt_json(dev, &since, &upto, out.list));
	return changes_end(&out.changes) ? BLKSNAP_EXIT_OTHER : 0;
}

static int cbt_on_first(const struct blksnap_extent *extent, void *arg)
{
	bool *changed = arg;

	*changed = true;
	return -ECANCELED; /* enough */
}

int cbt_cmd_check(struct cli *cli)
{
	struct blksnap_cbt since;
	struct blksnap_error err;
	struct blksnap_dev dev;
	bool any = false;
	json_t *doc;
	int ret;

	ret = cbt_since(cli, &since);
	if (!ret)
		ret = cli_connect(cli);
	if (!ret)
		ret = cli_tracked(cli, cli->args.args[0], &dev);
	if (ret)
		return ret;
	ret = blksnap_cbt_extents(cli->session, dev, &since, cbt_on_first, &any,
				  NULL, &err);
	if (ret && !any)
		return cbt_fail(cli, &err);
	if (!cli->args.json) {
		printf("%s: the chain is whole, %s\n", cli->args.args[0],
		       any ? "something changed" : "nothing changed");
		return 0;
	}
	doc = json_document("cbt.check");
	json_object_set_new(doc, "dev", json_dev(true, dev));
	json_object_set_new(doc, "whole", json_true());
	json_object_set_new(doc, "any", json_boolean(any));
	return cli_print_json(cli, doc);
}

int cbt_cmd_mark(struct cli *cli)
{
	int i, count = cli->args.n_args - 1;
	const char *subject = cli->args.args[0];
	struct blksnap_extent *extents;
	struct blksnap_error err;
	struct blksnap_dev dev;
	char why[PARSE_WHY];
	json_t *doc;
	int ret;

	extents = calloc((size_t)count, sizeof(*extents));
	if (!extents)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	for (i = 0; i < count; i++)
		if (parse_extent(cli->args.args[i + 1], &extents[i], why)) {
			free(extents);
			return cli_refuse(cli, BLKSNAP_EXIT_USAGE, subject, NULL,
					  "%s", why);
		}
	ret = cli_connect(cli);
	if (!ret)
		ret = cli_tracked(cli, subject, &dev);
	if (!ret && !cli->args.dry &&
	    blksnap_cbt_mark(cli->session, dev, extents, (size_t)count, &err))
		ret = cli_fail(cli, subject, &err, NULL);
	free(extents);
	if (ret)
		return ret;
	if (!cli->args.json) {
		printf("%s: %d range%s %smarked\n", subject, count,
		       count == 1 ? "" : "s", cli->args.dry ? "would be " : "");
		return 0;
	}
	doc = json_document("cbt.mark");
	json_object_set_new(doc, "dev", json_dev(true, dev));
	json_object_set_new(doc, "marked", json_integer(count));
	return cli_print_done(cli, doc, true);
}

/*
 * A tracker that comes after another has a generation of its own. In between no
 * write is seen, which is why nothing is told of it: all of the device counts as
 * changed. Signals wait until it is tracked again.
 */
static int cbt_again(struct cli *cli, const char *subject, struct blksnap_dev dev,
		     struct blksnap_device *d)
{
	uint32_t cell = d->cbt_cell_bytes;
	struct blksnap_error err;
	int fd = take_signals();
	int ret = 0;

	if (blksnap_device_detach(cli->session, dev, NULL, &err))
		ret = cli_fail(cli, subject, &err,
			       err.errnum == EBUSY ? "destroy its snapshot first" :
						     NULL);
	else if (blksnap_device_attach(cli->session, dev, cell, d, &err))
		ret = cli_fail(cli, subject, &err,
			       "it is not tracked any more: attach it");
	else if (d->state == BLKSNAP_DEVICE_STATE_SETTLING &&
		 blksnap_device_settle(cli->session, dev, CBT_SETTLE_MS, d, &err))
		ret = cli_fail(cli, subject, &err, NULL);
	if (fd >= 0)
		close(fd);
	return ret;
}

int cbt_cmd_reset(struct cli *cli)
{
	const char *subject = cli->args.args[0];
	char uuid[BLKSNAP_UUID_TEXT];
	struct blksnap_device d;
	struct blksnap_error err;
	struct blksnap_dev dev;
	json_t *doc;
	int ret;

	ret = cli_connect(cli);
	if (!ret)
		ret = cli_tracked(cli, subject, &dev);
	if (ret)
		return ret;
	if (blksnap_device_get(cli->session, dev, &d, &err))
		return cbt_fail(cli, &err);
	if (BLKSNAP_HAS(&d, DEVICE_SNAPSHOT_ID))
		return cli_refuse(cli, BLKSNAP_EXIT_CONFLICT, subject,
				  "destroy its snapshot first",
				  "is in a snapshot, whose changes it tells");
	if (!cli->args.dry)
		ret = cbt_again(cli, subject, dev, &d);
	if (ret)
		return ret;
	if (cli->args.json) {
		doc = json_document("cbt.reset");
		json_object_set_new(doc, "device", json_device(&d));
		return cli_print_done(cli, doc, true);
	}
	if (cli->args.dry)
		printf("%s: would begin a new generation\n", subject);
	else
		printf("%s: new generation %s\n", subject,
		       blksnap_uuid_format(d.cbt_generation, uuid));
	return 0;
}
