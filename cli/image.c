// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * image: the devices that show the past.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "view.h"

int image_cmd_list(struct cli *cli)
{
	struct blksnap_snapshot *all;
	struct blksnap_error err;
	size_t count;
	int ret = cli_connect(cli);

	if (ret)
		return ret;
	if (blksnap_snapshot_list(cli->session, &all, &count, &err))
		return cli_fail(cli, NULL, &err, NULL);
	ret = view_images(cli, all, count);
	blksnap_snapshots_free(all, count);
	return ret;
}

static bool image_same(struct blksnap_dev a, struct blksnap_dev b)
{
	return a.major == b.major && a.minor == b.minor;
}

static int image_print_paths(struct cli *cli, const struct blksnap_snapshot *s,
			     const struct blksnap_dev *only, json_t *list)
{
	char path[OUT_PATH_MAX];
	const struct blksnap_member *m;
	size_t i;
	int found = 0;

	for (i = 0; i < s->n_members; i++) {
		m = &s->members[i];
		if ((only && !image_same(m->dev, *only)) ||
		    !BLKSNAP_HAS(m, MEMBER_IMAGE_NAME))
			continue;
		found++;
		json_array_append_new(list, view_image_json(s, m));
		if (!cli->args.json)
			printf("%s\n", out_path(m->image_name, path));
	}
	return found;
}

int image_cmd_path(struct cli *cli)
{
	const char *name = cli->args.args[0];
	const char *text = cli->args.n_args > 1 ? cli->args.args[1] : NULL;
	struct blksnap_snapshot snapshot;
	struct blksnap_dev dev;
	json_t *doc, *list;
	int ret;

	ret = text ? cli_tracked(cli, text, &dev) : 0;
	if (!ret)
		ret = cli_snapshot(cli, name, &snapshot);
	if (ret)
		return ret;
	doc = json_document("image.path");
	list = json_array();
	if (snapshot.state != BLKSNAP_SNAPSHOT_STATE_TAKEN)
		ret = cli_refuse(cli, BLKSNAP_EXIT_INVALID, name,
				 "`blksnap snapshot show` says why",
				 "its images cannot be read (state %s)",
				 blksnap_snapshot_state_word(snapshot.state));
	else if (!image_print_paths(cli, &snapshot, text ? &dev : NULL, list))
		ret = cli_refuse(cli, BLKSNAP_EXIT_NOT_FOUND, text ? text : name,
				 "`blksnap snapshot show` lists the members",
				 "the snapshot %s has no such image", name);
	json_object_set_new(doc, "images", list);
	if (!ret && cli->args.json)
		ret = cli_print_json(cli, doc);
	else
		json_decref(doc);
	blksnap_snapshot_clear(&snapshot);
	return ret;
}

static int image_release(struct cli *cli, const char *name, struct blksnap_dev dev,
			 const struct blksnap_extent *extents, size_t count,
			 uint64_t *released)
{
	struct blksnap_snapshot snapshot;
	struct blksnap_error err;
	int ret = cli_snapshot(cli, name, &snapshot);

	*released = 0;
	if (ret)
		return ret;
	if (!cli->args.dry &&
	    blksnap_image_release(cli->session, snapshot.id, dev, extents, count,
				  released, &err))
		ret = cli_fail(cli, name, &err, NULL);
	blksnap_snapshot_clear(&snapshot);
	return ret;
}

int image_cmd_release(struct cli *cli)
{
	const char *name = cli->args.args[0], *text = cli->args.args[1];
	int i, count = cli->args.n_args - 2;
	struct blksnap_extent *extents;
	char why[PARSE_WHY], size[OUT_SIZE_MAX];
	struct blksnap_dev dev;
	uint64_t released;
	json_t *doc;
	int ret = 0;

	extents = calloc((size_t)count, sizeof(*extents));
	if (!extents)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	for (i = 0; i < count && !ret; i++)
		if (parse_extent(cli->args.args[i + 2], &extents[i], why))
			ret = cli_refuse(cli, BLKSNAP_EXIT_USAGE, text, NULL,
					 "%s", why);
	if (!ret)
		ret = cli_tracked(cli, text, &dev);
	if (!ret)
		ret = image_release(cli, name, dev, extents, (size_t)count,
				    &released);
	free(extents);
	if (ret)
		return ret;
	if (!cli->args.json) {
		if (cli->args.dry)
			printf("%s: %d range%s would be given up\n", text, count,
			       count == 1 ? "" : "s");
		else
			printf("%s: %s given up\n", text,
			       out_size(released * 512, size));
		return 0;
	}
	doc = json_document("image.release");
	json_object_set_new(doc, "dev", json_dev(true, dev));
	json_object_set_new(doc, "released_bytes",
			    json_integer((json_int_t)(released * 512)));
	return cli_print_done(cli, doc, released || cli->args.dry);
}
