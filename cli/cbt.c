// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cbt: changed blocks.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "json.h"
#include "out.h"
#include "parse.h"

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
	struct cli *cli;
	json_t *list; /* NULL: print as they come */
};

static int cbt_on_extent(const struct blksnap_extent *extent, void *arg)
{
	struct cbt_export *out = arg;
	json_t *o;

	if (!out->list) {
		printf("%" PRIu64 "\t%" PRIu64 "\n",
		       extent->start_sectors * BLKSNAP_SECTOR_BYTES,
		       extent->count_sectors * BLKSNAP_SECTOR_BYTES);
		return ferror(stdout) ? -EPIPE : 0;
	}
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

int cbt_cmd_export(struct cli *cli)
{
	const char *format = command_value(&cli->args, "format", 0);
	const char *subject = cli->args.args[0];
	struct cbt_export out = { .cli = cli };
	struct blksnap_cbt since, upto;
	struct blksnap_error err;
	struct blksnap_dev dev;
	int ret;

	if (format && !strcmp(format, "json"))
		cli->args.json = true;
	else if (format && strcmp(format, "ranges"))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--format", NULL,
				  "\"%.40s\" is neither ranges nor json", format);
	ret = cbt_since(cli, &since);
	if (!ret)
		ret = cli_connect(cli);
	if (!ret)
		ret = cli_tracked(cli, subject, &dev);
	if (ret)
		return ret;
	if (cli->args.json)
		out.list = json_array();
	ret = blksnap_cbt_extents(cli->session, dev, &since, cbt_on_extent, &out,
				  &upto, &err);
	if (ret) {
		json_decref(out.list);
		return cli_fail(cli, subject, &err,
				ret == -ESTALE ? "make a full backup" :
				ret == -ENODEV ? "attach it first" :
						 NULL);
	}
	if (!out.list)
		return 0;
	return cli_print_json(cli, cbt_json(dev, &since, &upto, out.list));
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
	if (!ret && blksnap_cbt_mark(cli->session, dev, extents, (size_t)count,
				     &err))
		ret = cli_fail(cli, subject, &err, NULL);
	free(extents);
	if (ret)
		return ret;
	if (!cli->args.json)
		return 0;
	doc = json_document("cbt.mark");
	json_object_set_new(doc, "dev", json_dev(true, dev));
	json_object_set_new(doc, "marked", json_integer(count));
	return cli_print_json(cli, doc);
}
