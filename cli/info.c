// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * info: the module as a whole, and help.
 */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "help.h"
#include "info.h"
#include "json.h"
#include "out.h"
#include "text.h"

void info_print(const struct blksnap_info *info)
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

int info_help(struct cli *cli, const char *object, const struct command *command)
{
	struct text text;
	int ret = text_begin(cli, &text);

	if (ret)
		return ret;
	help_print(text.out, object, command);
	return text_end(cli, &text);
}

int help_cmd(struct cli *cli)
{
	const char *object = cli->args.n_args > 0 ? cli->args.args[0] : NULL;
	const char *verb = cli->args.n_args > 1 ? cli->args.args[1] : NULL;
	const struct command *found = object ? command_find(object, verb) : NULL;
	char why[256];

	if (object && !found && (verb || !command_is_object(object))) {
		command_unknown(object, verb, why, sizeof(why));
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, NULL, "see blksnap --help",
				  "%s", why);
	}
	return info_help(cli, object, found);
}
