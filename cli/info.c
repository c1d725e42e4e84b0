// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * info: the module as a whole, and help.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "help.h"
#include "json.h"
#include "out.h"
#include "view.h"

static void info_print(const struct blksnap_info *info)
{
	char a[OUT_SIZE_MAX], b[OUT_SIZE_MAX];

	printf("module    %s, instance %016llx\n", info->version,
	       (unsigned long long)info->instance);
	printf("events    %llu so far, replay from %llu\n",
	       (unsigned long long)info->seq,
	       (unsigned long long)info->seq_oldest);
	printf("memory    %s of %s\n", out_size(info->memory_used_bytes, a),
	       out_size(info->memory_budget_bytes, b));
}

int info_cmd(struct cli *cli)
{
	struct blksnap_error err;
	struct blksnap_info info;
	json_t *doc;
	int ret = cli_connect(cli);

	if (ret)
		return ret;
	if (blksnap_info_get(cli->session, &info, &err))
		return cli_fail(cli, NULL, &err, NULL);
	if (cli->args.json) {
		doc = json_document("info");
		json_object_set_new(doc, "module", json_info(&info));
		return cli_print_json(cli, doc);
	}
	info_print(&info);
	printf("requests  at most %u ranges\n", info.ranges_per_request);
	return 0;
}

struct status {
	struct blksnap_info info;
	struct blksnap_device *devices;
	size_t n_devices;
	struct blksnap_snapshot *snapshots;
	size_t n_snapshots;
};

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
				      json_snapshot(&st->snapshots[i]));
	json_object_set_new(doc, "module", json_info(&st->info));
	json_object_set_new(doc, "devices", devices);
	json_object_set_new(doc, "snapshots", snapshots);
	return doc;
}

int status_cmd(struct cli *cli)
{
	struct status st = { 0 };
	struct blksnap_error err;
	int ret = cli_connect(cli);

	if (ret)
		return ret;
	ret = blksnap_info_get(cli->session, &st.info, &err);
	if (!ret)
		ret = blksnap_device_list(cli->session, &st.devices,
					  &st.n_devices, &err);
	if (!ret)
		ret = blksnap_snapshot_list(cli->session, &st.snapshots,
					    &st.n_snapshots, &err);
	if (ret) {
		ret = cli_fail(cli, NULL, &err, NULL);
	} else if (cli->args.json) {
		ret = cli_print_json(cli, status_json(&st));
	} else {
		info_print(&st.info);
		putchar('\n');
		ret = view_devices(cli, st.devices, st.n_devices, st.snapshots,
				   st.n_snapshots);
		putchar('\n');
		if (!ret)
			ret = view_snapshots(cli, st.snapshots, st.n_snapshots);
	}
	free(st.devices);
	blksnap_snapshots_free(st.snapshots, st.n_snapshots);
	return ret;
}

int version_cmd(struct cli *cli)
{
	struct blksnap_info info = { 0 };
	json_t *doc;
	bool known;
	int ret = cli_connect(cli);

	if (ret)
		return ret;
	/* Works without the module. */
	known = !blksnap_info_get(cli->session, &info, NULL);
	if (cli->args.json) {
		doc = json_document("version");
		json_object_set_new(doc, "version",
				    json_text(true, blksnap_version()));
		json_object_set_new(doc, "module_version",
				    json_text(known, info.version));
		return cli_print_json(cli, doc);
	}
	printf("blksnap %s, module %s\n", blksnap_version(),
	       known ? info.version : "not loaded");
	return 0;
}

int help_cmd(struct cli *cli)
{
	const char *object = cli->args.n_args > 0 ? cli->args.args[0] : NULL;
	const char *verb = cli->args.n_args > 1 ? cli->args.args[1] : NULL;
	const struct command *c, *found = NULL;
	bool known = !object;
	size_t i;

	for (i = 0; object && i < command_count; i++) {
		c = &command_table[i];
		if (strcmp(c->object, object))
			continue;
		if (!verb)
			known = true;
		if (!c->verb || (verb && !strcmp(c->verb, verb)))
			found = c;
	}
	if (!known && !found)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, object,
				  "see blksnap --help", "there is no such command");
	help_print(stdout, object, found);
	return 0;
}
